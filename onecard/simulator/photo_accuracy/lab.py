"""The gate and the doctor without doors: pixels in, findings out; limits can be lifted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import cv2
import numpy as np
import simplejpeg

from onecard import policy
from onecard.adapters.portrait import decoding, examining, jpeg, mending, pixels, treating
from onecard.adapters.portrait.eyes.engines import chosen
from onecard.adapters.portrait.eyes.face import Face
from onecard.adapters.portrait.eyes.looking import MeshEngine
from onecard.adapters.portrait.eyes.picture import Pixels
from onecard.adapters.portrait.eyes.runtime import Floats
from onecard.domain.photo import (
    Caps,
    Checked,
    FacePolicy,
    Intake,
    LookedAt,
    Made,
    PhotoFile,
    PhotoPolicy,
    Seen,
    caps,
    check,
    plan_mending,
)

_QUALITY = 92
_LIFTED = 1_000_000.0


class NoEyes(Exception):
    """Accuracy is that of the mesh engine; its models are not here (`make models`)."""


@dataclass(frozen=True)
class Looked:
    """One picture as the gate saw it."""

    checked: Checked
    file: PhotoFile
    seen: Seen

    def flagged(self) -> dict[str, str]:
        """Outcome by code, of everything that is not fine."""
        return {one.code: one.outcome.value for one in self.checked.findings}


class Lab:
    """One engine, the norm of one day."""

    def __init__(self, on: date, engine: str = "mesh") -> None:
        cv2.setNumThreads(1)
        eyes = chosen(engine)
        if not isinstance(eyes, MeshEngine):
            raise NoEyes
        self.eyes = eyes
        self.figures = policy.in_force("photo", PhotoPolicy, on=on)
        self.norm = policy.in_force("photo", FacePolicy, on=on)
        self._caps: Caps = caps(figures=self.figures, intake=Intake.WITH_FIXER)

    def look(self, content: bytes, norm: FacePolicy | None = None) -> Looked:
        """A file through the gate."""
        asked = norm or self.norm
        file, seen = examining.examine(content, self._caps, asked.optics(), self.eyes)
        checked = check(file, seen, figures=self.figures, norm=asked, intake=Intake.WITH_FIXER)
        return Looked(checked, file, seen)

    def fix(self, content: bytes, *, lifted: bool = False) -> Made | None:
        """A file through the doctor; `lifted` takes away his limits, to see what he could do."""
        norm = self.lifted() if lifted else self.norm
        looked = self.look(content, norm)
        plan = plan_mending(
            looked.file,
            looked.checked.findings,
            figures=self.figures,
            looked=LookedAt(looked.seen, norm),
        )
        if plan is None:
            return None
        try:
            if plan.framing or plan.whitening:
                return treating.treat(content, plan, self.eyes)
            return mending.mend(content, plan)
        except (pixels.NotWhole, *decoding.BROKEN):
            return None

    def lifted(self) -> FacePolicy:
        """The norm without the limits of what may be enlarged and whitened."""
        return replace(
            self.norm,
            max_upscale=_LIFTED,
            source_face_width_refer=0,
            source_face_width_reject=0,
            plate_residual_max=_LIFTED,
        )

    def face(self, picture: Pixels) -> Face:
        """The one face."""
        return self.eyes.faces(picture)[0]

    def mask(self, picture: Pixels) -> Floats:
        """The outline at the picture's size."""
        outline = self.eyes.outline(picture)
        size = (picture.shape[1], picture.shape[0])
        return np.asarray(cv2.resize(np.asarray(outline), size), np.float32)


def decoded(content: bytes) -> Pixels:
    """A JPEG's pixels as they are stored."""
    return np.asarray(simplejpeg.decode_jpeg(content, "RGB"), np.uint8)


def coded(picture: Pixels, quality: int = _QUALITY) -> bytes:
    """A JPEG at 350 dpi."""
    plain = simplejpeg.encode_jpeg(np.ascontiguousarray(picture), quality, "RGB", "444")
    return jpeg.walk(plain).bare(head=jpeg.jfif(350))
