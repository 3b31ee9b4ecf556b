"""Proof that the doctor leaves a face alone: his photo against the same frame without him."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from onecard.adapters.portrait import treating
from onecard.adapters.portrait.eyes.whitening import sure_person
from onecard.domain.photo import LookedAt, plan_mending
from onecard.simulator.photo_accuracy.lab import Lab, decoded


def difference(lab: Lab, content: bytes) -> float | None:
    """The mean difference (8-bit) inside the sure person between framed and framed-and-whitened.

    Both come from one transform, so that resampling cancels out; what is left is whitening and
    coding. None where nothing was whitened.
    """
    norm = lab.lifted()
    looked = lab.look(content, norm)
    found = looked.checked.findings
    both = [
        plan_mending(
            looked.file,
            found,
            figures=lab.figures,
            looked=LookedAt(looked.seen, norm, keep_background=keep),
        )
        for keep in (False, True)
    ]
    whole, framed = both
    if whole is None or framed is None or whole.framing is None:
        return None
    made = treating.treat(content, whole, lab.eyes)
    plain = treating.treat(content, replace(framed, framing=whole.framing), lab.eyes)
    if not made.whitened:
        return None
    before, after = decoded(plain.content), decoded(made.content)
    inside = sure_person(lab.mask(before))
    return float(np.abs(before.astype(int) - after.astype(int))[inside].mean())
