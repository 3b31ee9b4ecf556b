"""The doctor's hands: brings a head into the frame and whitens the wall. Never touches the face."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from onecard.adapters.portrait import jpeg, pixels
from onecard.adapters.portrait.eyes import plate, whitening
from onecard.adapters.portrait.eyes.engines import Eyes
from onecard.adapters.portrait.eyes.ground import REDUCED, WHITE, lowest, reduced
from onecard.adapters.portrait.eyes.picture import Pixels, lab, similarity
from onecard.adapters.portrait.eyes.plate import Plate
from onecard.adapters.portrait.eyes.runtime import Floats
from onecard.adapters.portrait.mending import encode
from onecard.adapters.portrait.pixels import Decoded
from onecard.domain.photo.framing import Framing
from onecard.domain.photo.mending import Made, Mending, Whitening

_SHRINK, _SPARE = 0.6, 1.25
_PERCENT_SEEN = 0.999


@dataclass(frozen=True)
class Wall:
    """What is behind the person, in the picture as it is framed."""

    mask: Floats
    plate: Plate | None


def treat(content: bytes, plan: Mending, eyes: Eyes) -> Made:
    """The picture framed, whitened where that is asked for and plain enough, coded anew.

    Raises `pixels.NotWhole` or one of `decoding.BROKEN`.
    """
    decoded = _decoded(content, plan)
    framed, missing = _framed(decoded, plan)
    filled = bool(missing.any())
    wall = _wall(framed, eyes) if filled or plan.whitening else None
    if filled:
        framed = _filled(framed, missing, wall)
    made = _named(Made(b"", 0, filled=filled), wall)
    if plan.whitening and wall and _may_be_whitened(framed, wall, plan.whitening):
        framed = whitening.whitened(framed, wall.mask, cast("Plate", wall.plate))
        made = replace(made, whitened=True)
    coded = encode(lambda quality, halved: _coded(framed, quality, plan.dpi, halved=halved), plan)
    return replace(made, content=coded.content, quality=coded.quality)


def _named(made: Made, wall: Wall | None) -> Made:
    """With what the wall was, and how well it was understood."""
    if wall is None or wall.plate is None:
        return made
    return replace(made, plate_residual=round(wall.plate.residual, 2), was=wall.plate.mean)


def _decoded(content: bytes, plan: Mending) -> Decoded:
    """No larger than the frame needs; that it is whole was proved when it was looked at."""
    walked = jpeg.walk(content) if content.startswith(b"\xff\xd8") else None
    if walked is None or not pixels.is_plain(walked):
        return pixels.of_anything(content, plan.orientation, plan.decode_pixels, plan.stored_width)
    frame = walked.frame()
    factor = min(1.0, _SPARE * plan.framing.scale) if plan.framing else 1.0
    short = min(frame.width, frame.height) if frame else 0
    return pixels.of_jpeg(walked, plan.orientation, short * factor, lambda: True)


def _framed(decoded: Decoded, plan: Mending) -> tuple[Pixels, NDArray[np.bool_]]:
    """The picture through the planned transform, and where the source had nothing to give."""
    size = (plan.width, plan.height)
    if plan.framing is None:
        return decoded.pixels, np.zeros(decoded.pixels.shape[:2], bool)
    source, matrix, scale = _matrix(decoded, plan.framing)
    how = cv2.INTER_CUBIC if scale > 1 or source is not decoded.pixels else cv2.INTER_LINEAR
    framed = cv2.warpAffine(source, matrix, size, flags=how, borderMode=cv2.BORDER_REPLICATE)
    inside = np.ones(source.shape[:2], np.float32)
    there = cv2.warpAffine(inside, matrix, size, flags=cv2.INTER_LINEAR)
    return np.asarray(framed, np.uint8), np.asarray(there < _PERCENT_SEEN)


def _matrix(decoded: Decoded, framing: Framing) -> tuple[Pixels, NDArray[np.float64], float]:
    """The transform for the decoded px; a picture far too large is made smaller by area first."""
    scale = framing.scale / decoded.scale
    at = (framing.at[0] * decoded.scale, framing.at[1] * decoded.scale)
    source = decoded.pixels
    if scale < _SHRINK:
        height, width = source.shape[:2]
        smaller = (max(round(width * _SPARE * scale), 1), max(round(height * _SPARE * scale), 1))
        source = np.asarray(cv2.resize(source, smaller, interpolation=cv2.INTER_AREA), np.uint8)
        factor = smaller[0] / width
        at, scale = (at[0] * factor, at[1] * factor), scale / factor
    return source, similarity(at=at, to=framing.to, scale=scale, degrees=framing.degrees), scale


def _wall(picture: Pixels, eyes: Eyes) -> Wall | None:
    outline = eyes.outline(picture)
    if outline is None:
        return None
    height, width = picture.shape[:2]
    mask = np.asarray(
        cv2.resize(outline, (width, height), interpolation=cv2.INTER_LINEAR), np.float32
    )
    return Wall(mask, plate.fit(reduced(picture), outline))


def _filled(picture: Pixels, missing: NDArray[np.bool_], wall: Wall | None) -> Pixels:
    """What the source did not hold, in the colour of the wall; white where there is no plate."""
    out = picture.copy()
    if wall is None or wall.plate is None:
        out[missing] = 255
        return out
    size = (picture.shape[1], picture.shape[0])
    out[missing] = np.rint(wall.plate.at(size)[missing]).astype(np.uint8)
    return out


def _may_be_whitened(picture: Pixels, wall: Wall, order: Whitening) -> bool:
    """Plain enough, near enough to white if so ordered, and not white already."""
    small = reduced(picture)
    mask = cv2.resize(wall.mask, REDUCED, interpolation=cv2.INTER_AREA)
    behind = small[mask < whitening.WALL]
    if wall.plate is None or wall.plate.residual > order.most_residual or not len(behind):
        return False
    colours = lab(behind)
    delta = float(np.linalg.norm(colours.mean(0) - np.array([100, 0, 0], np.float32)))
    share = float((lowest(behind) >= WHITE).mean())
    white = share >= order.share and delta <= order.delta_e
    even = float(colours.std(0).max()) <= order.spread
    return delta <= order.most_delta_e and not (white and even)


def _coded(picture: Pixels, quality: int, dpi: int, *, halved: bool) -> bytes:
    """A baseline JPEG that states its density and nothing else."""
    sampling = "420" if halved else "444"
    plain = simplejpeg.encode_jpeg(np.ascontiguousarray(picture), quality, "RGB", sampling)
    return jpeg.walk(plain).bare(head=jpeg.jfif(dpi))
