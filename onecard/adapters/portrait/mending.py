"""Mends a portrait file as ordered: runs in the darkroom's child. Nothing here touches a face."""

from __future__ import annotations

import io

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
    return _encode(_frame(_in_true_colour(picture), plan), plan)


def _in_true_colour(picture: Image.Image) -> Image.Image:
    """Red, green, blue; what can be seen through stands before white, as on the card."""
    if picture.mode in {"P", "RGBA", "LA"} or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        white = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(white, clear).convert("RGB")
    return picture.convert("RGB")


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


def _encode(picture: Image.Image, plan: Mending) -> Made:
    """One encode is enough for practically all; the others are tried in the order of the plan."""
    made = _encoded(picture, plan, plan.quality, _FULL_COLOUR)
    if len(made.content) > plan.max_bytes:
        ladder, colour = plan.when_too_big, _HALF_COLOUR
    else:
        ladder, colour = plan.when_too_small, _FULL_COLOUR
    for quality in ladder:
        if plan.min_bytes <= len(made.content) <= plan.max_bytes:
            break
        made = _encoded(picture, plan, quality, colour)
    return made


def _encoded(picture: Image.Image, plan: Mending, quality: int, colour: int) -> Made:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, subsampling=colour, dpi=(plan.dpi, plan.dpi))
    return Made(out.getvalue(), quality)
