"""Mends a portrait file as ordered: runs in the darkroom's child. Nothing here touches a face."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image

from onecard.adapters.portrait import decoding, jpeg
from onecard.domain.photo.mending import Made, Mending

_FULL_COLOUR, _HALF_COLOUR = 0, 2
"""Pillow's names for 4:4:4 and 4:2:0."""


def mend(content: bytes, plan: Mending) -> Made:
    """The mended file. Raises one of `decoding.BROKEN` if the picture cannot be decoded."""
    if plan.keep_coded:
        kept = jpeg.walk(content).bare(head=jpeg.jfif(plan.dpi))
        if plan.min_bytes <= len(kept) <= plan.max_bytes:
            return Made(kept, 0)
    picture = decoding.decode(content, plan.decode_pixels)
    framed = _frame(decoding.in_true_colour(picture), plan)
    return encode(lambda quality, halved: _coded(framed, plan, quality, halved=halved), plan)


def _frame(picture: Image.Image, plan: Mending) -> Image.Image:
    """Upright, cut to the ordered part, at the ordered size: equal scale across and down."""
    turn = decoding.TURNS[plan.orientation]
    upright = picture if turn is None else picture.transpose(turn)
    if plan.crop is None:
        return upright
    left, top, right, bottom = plan.crop
    across, down = upright.size
    box = (left * across, top * down, right * across, bottom * down)
    return upright.resize(
        (plan.width, plan.height), Image.Resampling.BICUBIC, box=box, reducing_gap=2.0
    )


def encode(coded: Callable[[int, bool], bytes], plan: Mending) -> Made:
    """One encode is enough for practically all; the others are tried in the order of the plan.

    `coded` makes the file at a quality, with halved colours or whole ones.
    """
    quality, content = plan.quality, coded(plan.quality, False)
    too_big = len(content) > plan.max_bytes
    for quality_now in plan.when_too_big if too_big else plan.when_too_small:
        if plan.min_bytes <= len(content) <= plan.max_bytes:
            break
        quality, content = quality_now, coded(quality_now, too_big)
    return Made(content, quality)


def _coded(picture: Image.Image, plan: Mending, quality: int, *, halved: bool) -> bytes:
    colour = _HALF_COLOUR if halved else _FULL_COLOUR
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, subsampling=colour, dpi=(plan.dpi, plan.dpi))
    return out.getvalue()
