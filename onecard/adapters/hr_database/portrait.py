"""Portraits for people who do not exist: drawn, always the same for the same number.

They show nobody, and pass the file gate: 358 x 441, 350 dpi, 24 bit, 15-100 KB, white behind.
"""

from __future__ import annotations

import io
from datetime import date
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from onecard.adapters import chance
from onecard.domain.person import Sex

SIZE = (358, 441)
DPI = (350, 350)
_FINE = 2
"""Drawn larger and scaled down, so that edges are smooth."""
_GRAIN = 13
_QUALITY = 94
_GREY_FROM = 62
_SKIN = ("#f1cfb0", "#e8bf9c", "#deb08b", "#f5d8bf")
_HAIR = ("#1d1a19", "#2a211d", "#15161a")
_GREY_HAIR = "#9a9894"
_TOPS = ("#28446b", "#5b2333", "#2f5d50", "#4b3f72", "#7a4b1f", "#37474f")

Colour = str
Box = tuple[float, float, float, float]


def draw(*, number: str, sex: Sex, born_on: date, on: date, seed: int) -> bytes:
    """The JPEG file of a portrait."""
    dice = Random(chance.digest(seed, "portrait", number))
    grey = on.year - born_on.year >= _GREY_FROM
    hair = _GREY_HAIR if grey else dice.choice(_HAIR)
    sketch = Image.new("RGB", (SIZE[0] * _FINE, SIZE[1] * _FINE), "white")
    _draw_person(_Pencil(sketch), dice, sex, hair)
    picture = _with_grain(sketch.resize(SIZE, Image.Resampling.LANCZOS), dice)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=_QUALITY, subsampling=0, dpi=DPI, optimize=True)
    return file.getvalue()


class _Pencil:
    """Draws in the coordinates of the finished picture."""

    def __init__(self, sketch: Image.Image) -> None:
        self._draw = ImageDraw.Draw(sketch)

    def oval(self, box: Box, colour: Colour) -> None:
        """A filled ellipse."""
        self._draw.ellipse([_FINE * edge for edge in box], fill=colour)

    def arc(self, box: Box, start: int, end: int, colour: Colour, width: int) -> None:
        """Part of an ellipse's line; degrees clockwise from three o'clock."""
        large = [_FINE * edge for edge in box]
        self._draw.arc(large, start, end, fill=colour, width=width * _FINE)

    def block(self, box: Box, colour: Colour) -> None:
        """A filled rectangle with round corners."""
        large = [_FINE * edge for edge in box]
        self._draw.rounded_rectangle(large, radius=24 * _FINE, fill=colour)


def _draw_person(pencil: _Pencil, dice: Random, sex: Sex, hair: Colour) -> None:
    skin, top = dice.choice(_SKIN), dice.choice(_TOPS)
    half = 100 + dice.randint(-5, 5)
    if sex is Sex.FEMALE:
        pencil.block((179 - half - 14, 110, 179 + half + 14, 360), hair)
    pencil.oval((20, 372, 338, 620), top)
    pencil.block((140, 320, 218, 400), _shade(skin))
    pencil.oval((134, 366, 224, 412), _shade(skin))
    pencil.oval((179 - half - 8, 14, 179 + half + 8, 260), hair)
    pencil.oval((179 - half - 11, 200, 179 - half + 17, 260), skin)
    pencil.oval((179 + half - 17, 200, 179 + half + 11, 260), skin)
    pencil.oval((179 - half, 66, 179 + half, 366), skin)
    pencil.arc((179 - half - 4, 20, 179 + half + 4, 220), 186, 354, hair, 46)
    _draw_face(pencil, dice, hair, skin)


def _draw_face(pencil: _Pencil, dice: Random, hair: Colour, skin: Colour) -> None:
    eyes, apart = 202 + dice.randint(-4, 4), 44 + dice.randint(-4, 4)
    for middle in (179 - apart, 179 + apart):
        pencil.arc((middle - 26, eyes - 34, middle + 26, eyes - 2), 200, 340, hair, 6)
        pencil.oval((middle - 18, eyes - 9, middle + 18, eyes + 9), "#fbfaf7")
        pencil.oval((middle - 9, eyes - 9, middle + 9, eyes + 9), "#241c18")
        pencil.oval((middle - 4, eyes - 6, middle + 1, eyes - 1), "#ffffff")
    pencil.arc((163, 212, 195, 266), 20, 160, _shade(skin), 5)
    wide = 34 + dice.randint(-4, 6)
    pencil.oval((179 - wide, 298, 179 + wide, 320), "#b5655d")
    pencil.arc((179 - wide, 286, 179 + wide, 316), 20, 160, "#8f4741", 4)


def _shade(colour: Colour) -> Colour:
    """The colour in half shadow."""
    parts = [int(colour[place : place + 2], 16) * 22 // 25 for place in (1, 3, 5)]
    return "#" + "".join(f"{part:02x}" for part in parts)


def _with_grain(picture: Image.Image, dice: Random) -> Image.Image:
    """Film grain on the person, none on the white behind: a drawing alone is too small a file."""
    noise = Image.frombytes("L", SIZE, dice.randbytes(SIZE[0] * SIZE[1]))
    grain = noise.point([128 + (value - 128) * _GRAIN // 128 for value in range(256)])
    soft = grain.filter(ImageFilter.GaussianBlur(0.6)).convert("RGB")
    grainy = ImageChops.add(picture, soft, scale=1, offset=-128)
    behind = Image.new("RGB", SIZE, "white")
    person = ImageChops.difference(picture, behind).convert("L").point([0] * 3 + [255] * 253)
    return Image.composite(grainy, behind, person)
