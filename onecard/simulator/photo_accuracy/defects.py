"""Defects put into a good photo of the norm's size, each with a strength and the codes it owes.

The generators are those of the design (photo design 12.3), so that counts can be compared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from onecard.adapters.portrait.eyes.face import Face
from onecard.adapters.portrait.eyes.picture import Pixels, luma
from onecard.adapters.portrait.eyes.runtime import Floats

_WHITE = (255, 255, 255)
_CLOTH = 0.6
_ON_THE_WALL, _DARK_ENOUGH, _SEEN_AT_ALL = 0.1, 0.3, 0.04
_UPPER_LIDS = (
    (33, 246, 161, 160, 159, 158, 157, 173, 133),
    (362, 398, 384, 385, 386, 387, 388, 466, 263),
)
_LOWER_LIDS = (
    (33, 7, 163, 144, 145, 153, 154, 155, 133),
    (362, 382, 381, 380, 374, 373, 390, 249, 263),
)


@dataclass(frozen=True)
class Subject:
    """A good photo: its pixels, its face, its outline, and another person's photo."""

    picture: Pixels
    face: Face
    mask: Floats
    other: Pixels


@dataclass(frozen=True)
class Defect:
    """One class: the codes of which one must be flagged, and the share the design reached.

    `make` gives None where the photo has no room for it. `asked` classes are of visible strength
    and must reach 95 %; `retake` ones must be rejected.
    """

    name: str
    strength: str
    codes: tuple[str, ...]
    before: float | None
    make: Callable[[Subject], Pixels | None]
    asked: bool = False
    retake: bool = False


def _moved(
    turn: float = 0, x: float = 0, y: float = 0, scale: float = 1
) -> Callable[[Subject], Pixels]:
    def make(who: Subject) -> Pixels:
        matrix = cv2.getRotationMatrix2D(who.face.eye_mid, -turn, scale)
        matrix[:, 2] += np.array((x, y))
        size = (who.picture.shape[1], who.picture.shape[0])
        out = cv2.warpAffine(who.picture, matrix, size, flags=cv2.INTER_CUBIC, borderValue=_WHITE)
        return np.asarray(out, np.uint8)

    return make


def _wall(colour: tuple[int, int, int]) -> Callable[[Subject], Pixels]:
    return lambda who: _before(who, np.array(colour, np.float32))


def _before(who: Subject, wall: Floats) -> Pixels:
    alpha = np.clip((who.mask - 0.1) / 0.8, 0, 1)[..., None]
    out = who.picture - (1 - alpha) * 255 + (1 - alpha) * wall
    return _bytes(out)


def _gradient(who: Subject) -> Pixels:
    width = who.picture.shape[1]
    across = 235 * (1 + np.linspace(-0.125, 0.125, width, dtype=np.float32))
    return _before(who, np.minimum(across, 255)[None, :, None])


def _shadow(who: Subject) -> Pixels | None:
    """A shadow of the head on the wall; None where hair hides it."""
    moved = cv2.warpAffine(
        who.mask, np.array([[1, 0, 12], [0, 1, 26]], np.float32), who.mask.shape[::-1]
    )
    dark = cv2.GaussianBlur(moved, (0, 0), 9)
    wall = who.mask[: int(who.face.chin_y)] < _ON_THE_WALL
    seen = (dark[: int(who.face.chin_y)] > _DARK_ENOUGH)[wall]
    if not seen.size or seen.mean() < _SEEN_AT_ALL:
        return None
    return _before(who, (255 * (1 - 0.35 * dark))[..., None])


def _blur(sigma: float) -> Callable[[Subject], Pixels]:
    return lambda who: np.asarray(cv2.GaussianBlur(who.picture, (0, 0), sigma), np.uint8)


def _motion(who: Subject) -> Pixels:
    return np.asarray(cv2.blur(who.picture, (7, 1)), np.uint8)


def _enlarged(width: int) -> Callable[[Subject], Pixels]:
    def make(who: Subject) -> Pixels:
        height, whole = who.picture.shape[:2]
        small = (width, round(width * height / whole))
        shrunk = cv2.resize(who.picture, small, interpolation=cv2.INTER_AREA)
        return np.asarray(
            cv2.resize(shrunk, (whole, height), interpolation=cv2.INTER_CUBIC), np.uint8
        )

    return make


def _gamma(power: float) -> Callable[[Subject], Pixels]:
    return lambda who: _bytes(255 * (who.picture / 255.0) ** power)


def _lit(strength: float) -> Callable[[Subject], Pixels]:
    def make(who: Subject) -> Pixels:
        gain = np.linspace(1 + strength, 1 - strength, who.picture.shape[1])[None, :, None]
        alpha = who.mask[..., None]
        return _bytes(who.picture * (alpha * gain + 1 - alpha))

    return make


def _grey(who: Subject) -> Pixels:
    return _bytes(np.repeat(luma(who.picture)[..., None], 3, 2))


def _sepia(who: Subject) -> Pixels:
    return _bytes(luma(who.picture)[..., None] * np.array([1.05, 0.95, 0.80]))


def _cast(gains: tuple[float, float, float]) -> Callable[[Subject], Pixels]:
    return lambda who: _bytes(who.picture * np.array(gains))


def _white_top(who: Subject) -> Pixels:
    """The clothing to about 215, its folds kept."""
    out = who.picture.astype(np.float32)
    grey = luma(who.picture)
    rows = np.arange(out.shape[0])[:, None]
    columns = np.arange(out.shape[1])[None]
    x = who.face.eye_mid[0]
    neck = np.abs(columns - x) < 0.22 * who.face.width
    below = (rows > who.face.chin_y - 0.12 * who.face.width) & (who.mask > _CLOTH) & ~neck
    beard = (rows < who.face.chin_y + 6) & (np.abs(columns - x) < 0.47 * who.face.width)
    cloth = below & ~beard
    out[cloth] = (185 + 0.22 * grey[cloth])[:, None]
    return _bytes(out)


def _closed(who: Subject) -> Pixels:
    """Skin of the upper lid stretched down to the lower one, and a line of lashes there."""
    out = who.picture
    for upper, lower in zip(_UPPER_LIDS, _LOWER_LIDS, strict=True):
        out = _lid_down(out, who.face.points[list(upper), :2], who.face.points[list(lower), :2])
    return out


def _lid_down(picture: Pixels, upper: Floats, lower: Floats) -> Pixels:
    """Column by column: what lies between crease and upper lid now reaches to the lower lid."""
    height, width = picture.shape[:2]
    columns = np.arange(width, dtype=np.float32)
    edge = np.interp(columns, upper[:, 0], upper[:, 1])
    last = np.maximum(np.interp(columns, lower[:, 0], lower[:, 1]), edge) + 1
    room = 0.28 * float(upper[-1, 0] - upper[0, 0])
    rows = np.arange(height, dtype=np.float32)[:, None]
    crease = (edge - room)[None]
    down = crease + (rows - crease) * (room - 2) / np.maximum(last - edge + room, 1)[None]
    inside = (columns >= upper[0, 0]) & (columns <= upper[-1, 0])
    moved = inside[None] & (rows >= crease) & (rows <= last[None])
    source = np.where(moved, down, rows).astype(np.float32)
    across = np.repeat(columns[None], height, 0)
    out = np.asarray(cv2.remap(picture, across, source, cv2.INTER_LINEAR), np.uint8)
    line = np.rint(lower).astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(out, [line], isClosed=False, color=(60, 42, 36), thickness=2)
    return out


def _dark_lenses(who: Subject) -> Pixels:
    apart = who.face.eye_distance
    lens = np.zeros(who.picture.shape[:2], np.uint8)
    for eye in who.face.eyes:
        middle = (int(eye[0]), int(eye[1]))
        cv2.ellipse(lens, middle, (int(0.36 * apart), int(0.28 * apart)), 0, 0, 360, 1, -1)
    out = who.picture.astype(np.float32)
    out[lens > 0] = out[lens > 0] * 0.12 + 18
    return _bytes(out)


def _stretched(across: float, down: float) -> Callable[[Subject], Pixels]:
    def make(who: Subject) -> Pixels:
        height, width = who.picture.shape[:2]
        x, y = who.face.eye_mid
        matrix = np.array([[across, 0, x - across * x], [0, down, y - down * y]], np.float64)
        out = cv2.warpAffine(
            who.picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=_WHITE
        )
        return np.asarray(out, np.uint8)

    return make


def _second_face(who: Subject) -> Pixels:
    out = who.picture.copy()
    out[:148, :120] = cv2.resize(who.other, (120, 148), interpolation=cv2.INTER_AREA)
    return out


def _bytes(values: Floats) -> Pixels:
    return np.asarray(np.clip(np.rint(values), 0, 255), np.uint8)


_FRAME = ("I05", "I06", "I07", "I08", "I23")
_GROUND = ("I09", "I10")

DEFECTS: tuple[Defect, ...] = (
    *(
        Defect("tilt", f"{turn} deg", ("I04",), share, _moved(turn=turn), asked=turn > 3)  # noqa: PLR2004
        for turn, share in ((3, 39 / 45), (6, 1), (10, 1), (15, 1))
    ),
    *(Defect("off-centre", f"{x} px", ("I06",), 1, _moved(x=x), asked=True) for x in (20, 35)),
    Defect("vertical", "-20 px", _FRAME, 44 / 45, _moved(y=-20)),
    Defect("vertical", "+25 px", _FRAME, 1, _moved(y=25)),
    Defect("vertical", "+50 px", _FRAME, 1, _moved(y=50)),
    *(
        Defect("scale", f"{scale}", ("I05",), share, _moved(scale=scale), asked=True)
        for scale, share in ((0.7, 1), (0.85, 1), (1.15, 44 / 45), (1.3, 1))
    ),
    *(
        Defect("wall", name, _GROUND, 1, _wall(colour), asked=True)
        for name, colour in (
            ("grey 238", (238, 238, 238)),
            ("grey 225", (225, 225, 225)),
            ("grey 200", (200, 200, 200)),
            ("blue", (67, 142, 219)),
            ("cream", (245, 235, 215)),
            ("red", (214, 48, 48)),
            ("light blue", (215, 230, 245)),
        )
    ),
    Defect("gradient", "25 %", _GROUND, 1, _gradient, asked=True),
    Defect("shadow", "35 %", _GROUND, 1, _shadow, asked=True),
    Defect("blur", "sigma 0.7", ("I13",), 2 / 45, _blur(0.7)),
    Defect("blur", "sigma 1.0", ("I13",), 40 / 45, _blur(1.0)),
    Defect("blur", "sigma 1.5", ("I13",), 1, _blur(1.5), asked=True, retake=True),
    Defect("enlarged", "from 180 px", ("I13",), 15 / 45, _enlarged(180)),
    Defect("enlarged", "from 120 px", ("I13",), 1, _enlarged(120), asked=True),
    Defect("motion", "7 px", ("I13",), 7 / 45, _motion),
    Defect("gamma", "2.4", ("I14", "I22"), 29 / 45, _gamma(2.4)),
    Defect("gamma", "1.7", ("I14", "I22"), 7 / 45, _gamma(1.7)),
    Defect("gamma", "0.6", ("I14",), 2 / 45, _gamma(0.6)),
    Defect("gamma", "0.45", ("I14",), 16 / 45, _gamma(0.45)),
    Defect("side light", "0.5", ("I15",), 1 / 45, _lit(0.5)),
    Defect("side light", "0.7", ("I15",), 2 / 45, _lit(0.7)),
    Defect("closed eyes", "", ("I16",), 44 / 45, _closed, asked=True),
    Defect("dark lenses", "", ("I19",), 1, _dark_lenses, asked=True),
    Defect("white top", "L* 70-90", ("I20",), 1, _white_top, asked=True),
    Defect("grey picture", "", ("I11",), 1, _grey, asked=True, retake=True),
    Defect("sepia", "", ("I12", "I09"), 1, _sepia, asked=True),
    *(
        Defect("stretch across", f"{by}", ("I21", "I05"), share, _stretched(by, 1))
        for by, share in ((1.1, 40 / 45), (1.15, 42 / 45), (1.25, 1))
    ),
    *(
        Defect("stretch down", f"{by}", ("I21",), share, _stretched(1, by))
        for by, share in ((1.1, 4 / 45), (1.15, 13 / 45), (1.25, 28 / 45))
    ),
    Defect("colour cast", "blue", ("I22", "I09"), 1, _cast((0.85, 0.95, 1.20))),
    Defect("colour cast", "yellow", ("I22", "I09"), 1, _cast((1.10, 1.00, 0.70))),
    Defect("two faces", "", ("I01",), 1, _second_face, asked=True, retake=True),
)
