"""Pictures made on the spot: nobody's face, every kind of file. No photo is ever committed."""

from __future__ import annotations

import io
import zlib
from functools import cache
from typing import Any

from PIL import Image, ImageDraw, ImageFilter

from onecard.seams.rng import SeededRng

WIDTH, HEIGHT = 358, 441
SIZE = (WIDTH, HEIGHT)
DPI = (350, 350)
SIGNATURE = b"\x89PNG\r\n\x1a\n"


@cache
def upright(size: tuple[int, int] = SIZE, seed: int = 1) -> Image.Image:
    """A drawn head on white: a red corner on the upper left, a blue one on the lower right."""
    across, down = size[0] / WIDTH, size[1] / HEIGHT
    noise = Image.frombytes("L", SIZE, SeededRng(seed).bytes(WIDTH * HEIGHT))
    grain = noise.filter(ImageFilter.GaussianBlur(1)).resize(size).convert("RGB")
    drawn = Image.new("RGB", size, "white")
    pencil = ImageDraw.Draw(drawn)
    pencil.ellipse((60 * across, 330 * down, 300 * across, 560 * down), fill="#28446b")
    pencil.ellipse((80 * across, 40 * down, 278 * across, 350 * down), fill="#e8bf9c")
    picture = Image.blend(drawn, grain, 0.18)
    pencil = ImageDraw.Draw(picture)
    pencil.rectangle((0, 0, 40 * across, 40 * down), fill="red")
    pencil.rectangle((318 * across, 401 * down, size[0], size[1]), fill="blue")
    return picture


def jpeg(picture: Image.Image | None = None, **options: Any) -> bytes:
    """A JPEG file; without options one that passes the gate."""
    out = io.BytesIO()
    chosen = {"quality": 92, "subsampling": 0, "dpi": DPI} | options
    (picture or upright()).save(out, "JPEG", **{k: v for k, v in chosen.items() if v is not None})
    return out.getvalue()


def png(picture: Image.Image | None = None, **options: Any) -> bytes:
    """A PNG file."""
    out = io.BytesIO()
    (picture or upright()).save(out, "PNG", **({"dpi": DPI} | options))
    return out.getvalue()


def of_bytes(count: int) -> bytes:
    """A passing picture of exactly so many bytes, filled up with segments nobody reads."""
    content = next(made for q in (92, 85, 75, 60) if len(made := jpeg(quality=q)) <= count - 4)
    while len(content) < count:
        room = min(count - len(content), 60_000)
        if 0 < count - len(content) - room < 4:
            room -= 4
        content = content[:20] + segment(0xE7, bytes(room - 4)) + content[20:]
    return content


def segment(marker: int, content: bytes) -> bytes:
    """One JPEG segment."""
    return bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2, "big") + content


def with_segment(content: bytes, marker: int, payload: bytes) -> bytes:
    """A JPEG with one more segment behind its JFIF header."""
    return content[:20] + segment(marker, payload) + content[20:]


def exif(**tags: Any) -> Image.Exif:
    """An EXIF block: `orientation`, `description`, `comment`, `gps`, `density`."""
    block = Image.Exif()
    if "orientation" in tags:
        block[0x0112] = tags["orientation"]
    if "description" in tags:
        block[0x010E] = tags["description"]
    if "comment" in tags:
        block.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0" + tags["comment"].encode()
    if "gps" in tags:
        block.get_ifd(0x8825).update({1: "N", 2: (31.0, 46.0, 0.0), 3: "E", 4: (119.0, 57.0, 0.0)})
    if "density" in tags:
        block[0x011A] = block[0x011B] = float(tags["density"])
        block[0x0128] = tags.get("unit", 2)
    return block


def turned(orientation: int, size: tuple[int, int] = SIZE) -> bytes:
    """A file whose pixels lie as `orientation` says: upright once the note is obeyed."""
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    picture = upright(size)
    stored = picture.transpose(back[orientation]) if orientation in back else picture
    return jpeg(stored, exif=exif(orientation=orientation))


def with_jfif_density(unit: int, density: int) -> bytes:
    """A JPEG whose JFIF header states this density in this unit (0 none, 1 inch, 2 cm)."""
    content = bytearray(jpeg())
    content[13] = unit
    content[14:18] = density.to_bytes(2, "big") * 2
    return bytes(content)


def chunk(kind: bytes, content: bytes) -> bytes:
    """One PNG chunk."""
    check = zlib.crc32(kind + content)
    return len(content).to_bytes(4, "big") + kind + content + check.to_bytes(4, "big")


def header(width: int, height: int, depth: int = 8, colour: int = 2) -> bytes:
    """A PNG header chunk."""
    sizes = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return chunk(b"IHDR", sizes + bytes([depth, colour, 0, 0, 0]))


@cache
def packed(length: int) -> bytes:
    """So many zero bytes, deflated piece by piece."""
    press = zlib.compressobj(9)
    piece = bytes(1 << 20)
    parts = [press.compress(piece) for _ in range(length >> 20)]
    parts.append(press.compress(bytes(length & ((1 << 20) - 1))))
    return b"".join(parts) + press.flush()


def blank_png(width: int, height: int, depth: int = 8, colour: int = 2) -> bytes:
    """A black PNG of any size: small as a file, large as a picture."""
    channels = {0: 1, 2: 3, 4: 2, 6: 4}[colour]
    lines = packed(height * (1 + width * channels * depth // 8))
    body = header(width, height, depth, colour) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")
    return SIGNATURE + body


def sixteen_bit_png(size: tuple[int, int] = SIZE) -> bytes:
    """An RGB PNG with 16 bits a channel, which Pillow can read but not write."""
    rows = upright(size).tobytes()
    line = size[0] * 3
    raw = b"".join(
        b"\0" + bytes(part for value in rows[at : at + line] for part in (value, value))
        for at in range(0, len(rows), line)
    )
    body = header(*size, depth=16) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")
    return SIGNATURE + body


def with_chunk(content: bytes, kind: bytes, payload: bytes) -> bytes:
    """A PNG with one more chunk behind its header."""
    return content[:33] + chunk(kind, payload) + content[33:]


def many_scans(count: int, size: tuple[int, int] = SIZE) -> bytes:
    """A progressive JPEG whose last pass is repeated so many times."""
    content = jpeg(upright(size), progressive=True, quality=60)
    last = content.rindex(b"\xff\xda")
    return content[:last] + content[last:-2] * count + content[-2:]
