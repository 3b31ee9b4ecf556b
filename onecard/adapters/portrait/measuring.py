"""Measures a portrait file: runs in the darkroom's child, on bytes nobody has looked at yet."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PIL import Image

from onecard.adapters.portrait import decoding, jpeg, png
from onecard.domain.photo.facts import ORIENTATIONS, UPRIGHT, Coding, Colour, Extra, PhotoFile
from onecard.domain.photo.judging import Caps

_LOOKS_LIKE = (
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"%PDF", "PDF"),
    (b"%!PS", "EPS"),
    (b"\xc5\xd0\xd3\xc6", "EPS"),
    (b"SIMPLE", "FITS"),
    (b"RIFF", "WEBP"),
    (b"\0\0\0\x0cjP", "JPEG 2000"),
    (b"PK", "ZIP"),
)
_BRANDS = {b"avif": "AVIF", b"avis": "AVIF", b"mif1": "HEIC", b"msf1": "HEIC"}
_CENTIMETRES = 3
_PER_INCH = 2.54
_METRE = 0.0254
_EXIF_IFD, _GPS_IFD, _ORIENTATION = 0x8769, 0x8825, 0x0112
_X_DENSITY, _Y_DENSITY, _DENSITY_UNIT = 0x011A, 0x011B, 0x0128
_TEXTS = (0x010E, 0x9C9B, 0x9C9C, 0x9C9D, 0x9C9E, 0x9C9F)
_USER_COMMENT = 0x9286
_XMP_HEAD = b"http://ns.adobe.com/x"
_CAPTIONS = b"8BIM\x04\x04"
_CODINGS = {0xC0: Coding.BASELINE, 0xC1: Coding.BASELINE, 0xC2: Coding.PROGRESSIVE}
_JPEG_COLOURS = {1: Colour.GREY, 4: Colour.CMYK}
_PNG_COLOURS = {0: Colour.GREY, 2: Colour.RGB, 3: Colour.PALETTE, 4: Colour.GREY, 6: Colour.RGBA}
_PNG_CHANNELS = {Colour.RGB: 3, Colour.RGBA: 4}


def measure(content: bytes, caps: Caps, *, decoding_later: bool = False) -> PhotoFile:
    """What can be said of the file; the picture is decoded only if the caps hold.

    With `decoding_later` a JPEG's `complete` says only that it has an end and may be decoded.
    """
    if content.startswith(b"\xff\xd8"):
        return _of_jpeg(content, caps, decoding_later=decoding_later)
    if content.startswith(png.SIGNATURE):
        return _of_png(content, caps)
    return PhotoFile(len(content), looks_like(content))


def looks_like(content: bytes) -> str:
    """The name of what a file seems to be by its first bytes; empty if it looks like nothing."""
    if content[4:8] == b"ftyp":
        brand = content[8:12]
        return _BRANDS.get(brand, "HEIC" if brand.startswith(b"hei") else "MP4")
    for head, name in _LOOKS_LIKE:
        if content.startswith(head):
            return name
    start = content[:256].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<svg", b"<?xml")):
        return "SVG"
    return "HTML" if start.startswith((b"<!doctype", b"<html")) else ""


def _of_jpeg(content: bytes, caps: Caps, *, decoding_later: bool) -> PhotoFile:
    walked = jpeg.walk(content)
    file = PhotoFile(len(content), "JPEG", metadata_bytes=walked.metadata_bytes())
    frame = walked.frame()
    if frame is None or not frame.width or not frame.height:
        return file
    exif = _exif(next((p for p in walked.each(jpeg.APP1) if p.startswith(jpeg.EXIF_HEAD)), b""))
    file = replace(
        file,
        width=frame.width,
        height=frame.height,
        colour=_JPEG_COLOURS.get(frame.components, Colour.RGB),
        bits=frame.components * frame.precision,
        dpi=_jfif_density(walked) or _exif_density(exif),
        orientation=_orientation(exif),
        coding=_CODINGS.get(frame.marker, Coding.OTHER),
        scans=walked.scans(),
        quality=walked.quality(),
        extras=_jpeg_extras(walked, exif),
    )
    may_be = bool(walked.end) and caps.hold(file)
    whole = may_be and (decoding_later or decoding.is_whole(walked, caps))
    return replace(file, complete=whole)


def _of_png(content: bytes, caps: Caps) -> PhotoFile:
    walked = png.walk(content)
    metadata = walked.metadata_bytes(caps.metadata_bytes)
    file = PhotoFile(len(content), "PNG", metadata_bytes=metadata)
    head = walked.first(b"IHDR")
    if len(head) != 13 or head[9] not in _PNG_COLOURS:  # noqa: PLR2004 - IHDR is 13 bytes
        return file
    exif = _exif(walked.first(b"eXIf"))
    colour = _PNG_COLOURS[head[9]]
    found = ((Extra.TEXT, walked.has(png.TEXTS)), (Extra.TAIL, bool(walked.tail)))
    file = replace(
        file,
        width=int.from_bytes(head[:4], "big"),
        height=int.from_bytes(head[4:8], "big"),
        colour=colour,
        bits=_PNG_CHANNELS.get(colour, 1) * head[8],
        dpi=_png_density(walked.first(b"pHYs")),
        orientation=_orientation(exif),
        extras=_exif_extras(exif) + tuple(extra for extra, there in found if there),
    )
    if not file.pixels or not caps.hold(file):
        return file
    return replace(file, complete=decoding.is_readable_png(walked))


def _exif(payload: bytes) -> Image.Exif:
    """The EXIF of a file; empty where it cannot be read, for it is only beside the picture."""
    exif = Image.Exif()
    try:
        if payload:
            exif.load(payload)
            exif.get_ifd(_EXIF_IFD)
    except decoding.BROKEN:
        exif = Image.Exif()
    return exif


def _orientation(exif: Image.Exif) -> int:
    told = exif.get(_ORIENTATION, UPRIGHT)
    return told if isinstance(told, int) and told in ORIENTATIONS else UPRIGHT


def _jfif_density(walked: jpeg.Jpeg) -> tuple[float, float] | None:
    head = next((p for p in walked.each(jpeg.APP0) if p.startswith(b"JFIF\0")), b"")
    if len(head) < 12 or head[7] not in {1, 2}:  # noqa: PLR2004 - unit at 7, densities behind
        return None
    factor = 1 if head[7] == 1 else _PER_INCH
    across, down = int.from_bytes(head[8:10], "big"), int.from_bytes(head[10:12], "big")
    return (across * factor, down * factor) if across and down else None


def _exif_density(exif: Image.Exif) -> tuple[float, float] | None:
    across, down = _number(exif.get(_X_DENSITY)), _number(exif.get(_Y_DENSITY))
    factor = _PER_INCH if exif.get(_DENSITY_UNIT) == _CENTIMETRES else 1
    return (across * factor, down * factor) if across > 0 and down > 0 else None


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError, ZeroDivisionError):
        return 0.0


def _png_density(chunk: bytes) -> tuple[float, float] | None:
    if len(chunk) != 9 or chunk[8] != 1:  # noqa: PLR2004 - two numbers and the unit: metres
        return None
    across, down = int.from_bytes(chunk[:4], "big"), int.from_bytes(chunk[4:8], "big")
    return round(across * _METRE, 2), round(down * _METRE, 2)


def _exif_extras(exif: Image.Exif) -> tuple[Extra, ...]:
    told = [exif.get(tag) for tag in _TEXTS] + [exif.get_ifd(_EXIF_IFD).get(_USER_COMMENT)]
    text = any(_says_something(value) for value in told)
    found = ((Extra.GPS, _GPS_IFD in exif), (Extra.TEXT, text))
    return tuple(extra for extra, there in found if there)


def _says_something(value: Any) -> bool:
    raw = value.encode() if isinstance(value, str) else value
    return isinstance(raw, bytes) and bool(raw[8:].strip(b"\0 ") or raw[:8].strip(b"\0 ASCII"))


def _jpeg_extras(walked: jpeg.Jpeg, exif: Image.Exif) -> tuple[Extra, ...]:
    told = list(_exif_extras(exif))
    beside = (
        any(walked.each(jpeg.COM))
        or any(p.startswith(_XMP_HEAD) for p in walked.each(jpeg.APP1))
        or any(_CAPTIONS in p for p in walked.each(jpeg.APP13))
    )
    if beside and Extra.TEXT not in told:
        told.append(Extra.TEXT)
    if walked.end and walked.end < len(walked.data):
        told.append(Extra.TAIL)
    return tuple(told)
