"""The photo gate against its floor in one run: bare decode and one face detection.

CPU time of this process, one core, medians. Called as `photo FOLDER ROUNDS`; the folder holds
portraits of the house's own (`portraits/` of ../shared/photos).
"""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import cv2
import numpy as np

from onecard.adapters.portrait import treating
from onecard.adapters.portrait.eyes.picture import Pixels
from onecard.adapters.portrait.measuring import measure
from onecard.domain.photo import Intake, LookedAt, Verdict, caps, plan_mending
from onecard.seams.clock import local_day
from onecard.seams.world import world
from onecard.simulator.photo_accuracy.lab import Lab, coded, decoded

_HEADERS = 10_000
_TELEPHONE = (4000, 3000)


def main(words: list[str]) -> None:
    """Measure and print."""
    folder, rounds = Path(words[0]), int(words[1])
    lab = Lab(local_day(world().clock.now()), "auto")
    sources = [file.read_bytes() for file in sorted(folder.rglob("portraits/*.jpg"))]
    made = [one for source in sources if (one := lab.fix(source)) is not None]
    good = [m.content for m in made if lab.look(m.content).checked.verdict is Verdict.PASS]
    if not good:
        raise SystemExit(f"{folder}: no portrait here that the doctor brings into the norm")
    mended = [source for source in sources if (lab.fix(source) or made[0]).whitened]
    print(json.dumps(_figures(lab, good, mended or sources[:3], rounds)))


def _figures(lab: Lab, good: list[bytes], sources: list[bytes], rounds: int) -> dict[str, Any]:
    walled = [coded(_before_a_wall(lab, decoded(content))) for content in good]
    floor = _each(good, rounds, lambda one: lab.eyes.faces(decoded(one)))
    outlined = _each(good, rounds, lambda one: _faces_and_outline(lab, decoded(one)))
    both = floor + outlined  # a fix is looked at before and after
    white = [one for one in good if lab.look(one).seen.background_by == "ring"] or good
    large = [coded(_enlarged(decoded(one))) for one in sources[:2]]
    return {
        "engine": lab.eyes.name,
        "profile": lab.figures.profile,
        "header": _headers(lab, good),
        "lines": [
            _line("check", _each(white, rounds, lab.look), floor),
            _line("check with outline", _each(walled, rounds, lab.look), outlined),
            _line("fix 358 px", _each(walled, rounds, lambda one: _fix(lab, one)), both),
            _line("fix 1024 px", _each(sources, rounds, lambda one: _fix(lab, one)), both),
            _line("fix 12 MP", _each(large, max(rounds // 4, 2), lambda one: _fix(lab, one)), both),
        ],
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _fix(lab: Lab, content: bytes) -> None:
    """Look, plan, treat, look again: all of what a door does."""
    looked = lab.look(content)
    plan = plan_mending(
        looked.file,
        looked.checked.findings,
        figures=lab.figures,
        looked=LookedAt(looked.seen, lab.norm),
    )
    if plan is not None:
        lab.look(treating.treat(content, plan, lab.eyes).content)


def _faces_and_outline(lab: Lab, picture: Pixels) -> None:
    lab.eyes.faces(picture)
    lab.eyes.outline(picture)


def _headers(lab: Lab, good: list[bytes]) -> dict[str, float]:
    """The file gate: everything that can be said without decoding, ten thousand times."""
    limits = caps(figures=lab.figures, intake=Intake.WITH_FIXER)
    begun = time.process_time()
    for number in range(_HEADERS):
        measure(good[number % len(good)], limits, decoding_later=True)
    spent = time.process_time() - begun
    return {"files": _HEADERS, "seconds": spent, "each_ms": 1000 * spent / _HEADERS}


def _each(contents: list[bytes], rounds: int, work: Callable[[bytes], object]) -> float:
    """The median CPU milliseconds of one."""
    for content in contents:
        work(content)
    spent = []
    for _ in range(rounds):
        for content in contents:
            begun = time.process_time()
            work(content)
            spent.append(1000 * (time.process_time() - begun))
    return median(spent)


def _line(name: str, spent: float, floor: float) -> dict[str, Any]:
    return {"name": name, "ms": spent, "floor_ms": floor, "ratio": spent / floor}


def _before_a_wall(lab: Lab, picture: Pixels) -> Pixels:
    """The same person before a plain blue wall."""
    alpha = np.clip((lab.mask(picture) - 0.1) / 0.8, 0, 1)[..., None]
    wall = np.array((67, 142, 219), np.float32)
    return np.asarray(np.clip(picture - (1 - alpha) * (255 - wall), 0, 255), np.uint8)


def _enlarged(picture: Pixels) -> Pixels:
    """A picture as large as a telephone's, the person in the middle."""
    width, height = _TELEPHONE
    side = min(width, height)
    square = cv2.resize(picture, (side, side), interpolation=cv2.INTER_CUBIC)
    left = (width - side) // 2
    return np.asarray(
        cv2.copyMakeBorder(
            square, 0, height - side, left, width - side - left, cv2.BORDER_REPLICATE
        ),
        np.uint8,
    )
