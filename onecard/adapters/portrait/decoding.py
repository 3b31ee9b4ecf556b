"""Decodes pictures with Pillow, handed nothing but the coded picture itself.

Everything beside it (EXIF, profiles, texts, further pictures) was taken away before, so that most
of the decoder's doors are never knocked at.
"""

from __future__ import annotations

import io
import struct
import zlib
from types import MappingProxyType

from PIL import Image, JpegImagePlugin

from onecard.adapters.portrait import jpeg, png
from onecard.domain.photo.judging import Caps

BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    ArithmeticError,
    LookupError,
    TypeError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Warning,
)
"""What Pillow raises for a file it cannot read; a lack of memory is not among it."""

_T = Image.Transpose
TURNS = MappingProxyType(
    {
        1: None,
        2: _T.FLIP_LEFT_RIGHT,
        3: _T.ROTATE_180,
        4: _T.FLIP_TOP_BOTTOM,
        5: _T.TRANSPOSE,
        6: _T.ROTATE_270,
        7: _T.TRANSVERSE,
        8: _T.ROTATE_90,
    }
)
"""What brings a picture upright, by its EXIF orientation."""

_SCALES = (1, 2, 4, 8)
_FILLER = bytes(range(1, 255)) * 8


def decode(content: bytes, most_pixels: int) -> Image.Image:
    """The first picture of a JPEG or PNG, a JPEG at the largest scale of `most_pixels`.

    Raises one of `BROKEN`.
    """
    if content.startswith(png.SIGNATURE):
        return _decoded_png(png.walk(content))
    return _decoded_jpeg(jpeg.walk(content).bare(), most_pixels)


def in_true_colour(picture: Image.Image) -> Image.Image:
    """Red, green, blue; what can be seen through stands before white, as on the card."""
    if picture.mode in {"P", "RGBA", "LA"} or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        white = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(white, clear).convert("RGB")
    return picture.convert("RGB")


def is_whole(walked: jpeg.Jpeg, caps: Caps) -> bool:
    """Whether the coded picture can be decoded and reaches to its last line.

    A decoder paints what is missing before an end marker without a word. So the picture is decoded
    twice, once with other bytes before the end: only where they are needed do they change a pixel.
    """
    try:
        plain = _decoded_jpeg(walked.bare(), caps.decode_pixels)
        filled = _decoded_jpeg(walked.bare(before_end=_FILLER), caps.decode_pixels)
    except BROKEN:
        return False
    return plain.tobytes() == filled.tobytes()


def is_readable_png(walked: png.Png) -> bool:
    """Whether the first picture can be decoded to its end."""
    try:
        _decoded_png(walked)
    except BROKEN:
        return False
    return True


def _decoded_jpeg(bare: bytes, most_pixels: int) -> Image.Image:
    picture = JpegImagePlugin.JpegImageFile(io.BytesIO(bare))
    scale = next((s for s in _SCALES if _pixels(picture) <= most_pixels * s * s), _SCALES[-1])
    if scale > 1:
        picture.draft(None, (picture.width // scale, picture.height // scale))
    picture.load()
    return picture


def _decoded_png(walked: png.Png) -> Image.Image:
    picture = Image.open(io.BytesIO(walked.bare()), formats=("PNG",))
    picture.load()
    return picture


def _pixels(picture: Image.Image) -> int:
    return picture.width * picture.height
