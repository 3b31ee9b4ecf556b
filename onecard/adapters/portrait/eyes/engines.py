"""Which engine looks: the mesh where its models are, else Haar, or YuNet by path; one interface.

An engine gives numbers or None. What it cannot measure is None, never a guess: the gate then says
未检测 and a person decides.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from onecard.adapters.portrait.eyes import models, runtime
from onecard.adapters.portrait.eyes.picture import Pixels
from onecard.adapters.portrait.eyes.runtime import Floats
from onecard.domain.photo.seen import Optics, Seen

ENGINE, FOLDER = "ONECARD_PHOTO_ENGINE", "ONECARD_PHOTO_MODELS"
"""Read by the darkroom's own process. ENGINE: auto, mesh, mesh+cv2, haar, yunet:<path>, drawn."""


class Eyes(Protocol):
    """Looks at one upright picture."""

    name: str

    def look(self, picture: Pixels, optics: Optics) -> Seen:
        """Every measure it can take, in px of the picture it is handed."""

    def outline(self, picture: Pixels) -> Floats | None:
        """How surely each pixel is the person, 0-1, 256 x 256; None if it cannot tell."""


def is_drawn() -> bool:
    """Whether the engine of tests is asked for, which sees a faultless face in everything."""
    return os.environ.get(ENGINE, "") == "drawn"


def chosen(setting: str = "", folder: str = "") -> Eyes:
    """The engine that is asked for. Raises `models.NotTheModel`, `ValueError`."""
    asked = setting or os.environ.get(ENGINE, "") or "auto"
    place = Path(folder or os.environ.get(FOLDER, "")) if folder or os.environ.get(FOLDER) else None
    if asked in {"auto", "mesh", "mesh+litert", "mesh+cv2"}:
        return _mesh(asked, place)
    if asked == "drawn":
        from onecard.adapters.portrait.eyes.drawn import DrawnEyes

        return DrawnEyes()
    return _plain(asked)


def _mesh(asked: str, place: Path | None) -> Eyes:
    contents = models.read(place)
    if contents is None:
        if asked == "auto":
            return _plain("haar")
        raise ValueError(f"{ENGINE}={asked}, but the model files are not there: make models")
    from onecard.adapters.portrait.eyes.looking import MeshEngine

    which = asked.partition("+")[2] or runtime.preferred()
    return MeshEngine(contents, which)


def _plain(asked: str) -> Eyes:
    from onecard.adapters.portrait.eyes.plain import HaarEyes, YunetEyes

    if asked == "haar":
        return HaarEyes()
    if asked.startswith("yunet:"):
        return YunetEyes(Path(asked.partition(":")[2]))
    raise ValueError(f"{ENGINE}={asked}: no such engine")
