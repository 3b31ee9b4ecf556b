"""Every file of the bad-input catalogue is measured in a child, and our process lives on."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from onecard.adapters import portrait
from onecard.domain.photo import Caps, Coding, Colour, Extra, PhotoFile
from tests import pictures

CAPS = Caps(
    pixels=25_000_000,
    decode_pixels=4_000_000,
    progressive_pixels=4_000_000,
    scans=100,
    metadata_bytes=1 << 20,
)


def measured(content: bytes) -> PhotoFile:
    return portrait.measure(content, CAPS)


def test_a_good_file_is_measured_to_the_byte() -> None:
    content = pictures.jpeg()
    assert measured(content) == PhotoFile(
        byte_count=len(content),
        format="JPEG",
        complete=True,
        width=358,
        height=441,
        colour=Colour.RGB,
        bits=24,
        dpi=(350.0, 350.0),
        coding=Coding.BASELINE,
        scans=1,
        quality=92,
        metadata_bytes=18,
    )


@pytest.mark.parametrize("quality", [30, 50, 70, 75, 92, 95])
def test_the_quality_is_read_from_the_tables(quality: int) -> None:
    """压缩质量由量化表估计。"""
    assert abs((measured(pictures.jpeg(quality=quality)).quality or 0) - quality) <= 1


@pytest.mark.parametrize("lost", [2, 100, 5_000, 15_000])
def test_a_file_that_ends_too_early_is_not_complete(lost: int) -> None:
    assert not measured(pictures.jpeg()[:-lost]).complete


@pytest.mark.parametrize("lost", [400, 5_000, 15_000])
@pytest.mark.parametrize("progressive", [False, True])
def test_an_end_marker_put_behind_a_cut_picture_deceives_nobody(
    lost: int, *, progressive: bool
) -> None:
    """文件被截断后补上结束标记,仍属残缺。"""
    cut = pictures.jpeg(progressive=progressive)[:-lost] + b"\xff\xd9"
    assert not measured(cut).complete


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8", b"\xff\xd8\xff\xd9", b"\xff\xd8\xff\xe0\xff"]
)
def test_a_stump_is_not_complete(content: bytes) -> None:
    assert not measured(content).complete


def test_two_frame_headers_are_no_picture() -> None:
    """The first could state one size and the second another."""
    content = pictures.jpeg()
    frame = content[content.index(b"\xff\xc0") :][:19]
    assert not measured(content[:20] + frame + content[20:]).complete


@pytest.mark.parametrize(
    ("content", "dpi"),
    [
        (pictures.with_jfif_density(1, 72), (72, 72)),
        (pictures.with_jfif_density(1, 350), (350, 350)),
        (pictures.with_jfif_density(2, 138), (350.52, 350.52)),
        (pictures.with_jfif_density(0, 1), None),
        (pictures.with_jfif_density(1, 0), None),
        (pictures.jpeg(dpi=None, exif=pictures.exif(density=350)), (350, 350)),
        (pictures.jpeg(dpi=None, exif=pictures.exif(density=138, unit=3)), (350.52, 350.52)),
        (pictures.png(), (350.01, 350.01)),
    ],
    ids=["72", "350", "138 per cm", "none", "zero", "EXIF inch", "EXIF cm", "PNG"],
)
def test_the_density_is_read_wherever_it_is_written(
    content: bytes, dpi: tuple[float, float] | None
) -> None:
    """分辨率:JFIF(英寸或厘米),否则EXIF,否则未标明。"""
    assert measured(content).dpi == (dpi and pytest.approx(dpi))


@pytest.mark.parametrize(
    ("content", "colour", "bits"),
    [
        (pictures.jpeg(pictures.upright().convert("L")), Colour.GREY, 8),
        (pictures.jpeg(pictures.upright().convert("CMYK")), Colour.CMYK, 32),
        (pictures.png(pictures.upright().convert("RGBA")), Colour.RGBA, 32),
        (pictures.png(pictures.upright().quantize(64)), Colour.PALETTE, 8),
        (pictures.png(pictures.upright().convert("LA")), Colour.GREY, 8),
        (pictures.sixteen_bit_png(), Colour.RGB, 48),
        (pictures.png(), Colour.RGB, 24),
    ],
    ids=["grey", "CMYK", "alpha", "palette", "grey alpha", "16 bit", "RGB"],
)
def test_the_depth_is_components_times_bits(content: bytes, colour: Colour, bits: int) -> None:
    file = measured(content)
    assert (file.colour, file.bits, file.complete) == (colour, bits, True)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_orientation_note_is_read(orientation: int) -> None:
    file = measured(pictures.turned(orientation))
    assert file.orientation == orientation
    assert file.upright_size() == pictures.SIZE


@pytest.mark.parametrize("nonsense", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_is_none(nonsense: int) -> None:
    assert measured(pictures.jpeg(exif=pictures.exif(orientation=nonsense))).orientation == 1


@pytest.mark.parametrize(
    ("content", "extras"),
    [
        (pictures.jpeg(exif=pictures.exif(gps=True)), {Extra.GPS}),
        (pictures.jpeg(exif=pictures.exif(description="320499199001010024")), {Extra.TEXT}),
        (pictures.jpeg(exif=pictures.exif(comment="at home")), {Extra.TEXT}),
        (pictures.jpeg(comment="made by somebody"), {Extra.TEXT}),
        (
            pictures.with_segment(pictures.jpeg(), 0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>"),
            {Extra.TEXT},
        ),
        (
            pictures.with_segment(pictures.jpeg(), 0xED, b"Photoshop 3.0\08BIM\x04\x04\0\0cap"),
            {Extra.TEXT},
        ),
        (pictures.jpeg() + b"<?php system($_GET['x']); ?>", {Extra.TAIL}),
        (pictures.jpeg() + b"\0", {Extra.TAIL}),
        (pictures.png() + b"<html>", {Extra.TAIL}),
        (pictures.with_chunk(pictures.png(), b"tEXt", b"Comment\0at home"), {Extra.TEXT}),
        (pictures.jpeg(exif=pictures.exif(orientation=1)), set()),
        (pictures.with_segment(pictures.jpeg(), 0xE2, b"ICC_PROFILE\0\1\1" + bytes(900)), set()),
    ],
    ids=[
        "GPS",
        "ImageDescription",
        "UserComment",
        "COM",
        "XMP",
        "IPTC",
        "PHP tail",
        "one byte tail",
        "PNG tail",
        "PNG text",
        "orientation only",
        "profile only",
    ],
)
def test_what_a_file_carries_beside_the_picture_is_named(
    content: bytes, extras: set[Extra]
) -> None:
    """拍摄地点、文字说明、图像之后的内容。"""
    file = measured(content)
    assert (set(file.extras), file.complete) == (extras, True)


@pytest.mark.parametrize(
    "broken", [b"Exif\0\0", b"Exif\0\0MM\0*\xff\xff\xff\xff", b"Exif\0\0" * 99]
)
def test_an_exif_block_nobody_can_read_harms_nothing(broken: bytes) -> None:
    file = measured(pictures.with_segment(pictures.jpeg(), 0xE1, broken))
    assert (file.complete, file.orientation, file.extras) == (True, 1, ())


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"<?xml version='1.0'?><svg/>", "SVG"),
        (b"GIF89a<html><script>alert(1)</script>", "GIF"),
        (b"<!DOCTYPE html><html>", "HTML"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "EPS"),
        (b"II*\0" + bytes(20), "TIFF"),
        (b"SIMPLE  =                    T", "FITS"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
        (b"\0\0\0\x1cftypavif" + bytes(20), "AVIF"),
        (b"\0\0\0\x18ftypheic" + bytes(20), "HEIC"),
        (b"\0\0\0\x18ftypmif1" + bytes(20), "HEIC"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "WEBP"),
        (b"BM" + bytes(60), "BMP"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04", "ZIP"),
        (b"hello", ""),
        (bytes(100), ""),
    ],
)
def test_whatever_is_no_jpeg_is_only_called_by_its_name(content: bytes, name: str) -> None:
    """只收允许清单内的格式;其余不打开。"""
    assert measured(content) == PhotoFile(len(content), name)


def test_a_header_of_fifty_thousand_squared_is_never_decoded() -> None:
    """2 500 000 000 pixels in 74 bytes."""
    bomb = pictures.SIGNATURE + pictures.header(50_000, 50_000)
    bomb += pictures.chunk(b"IDAT", bytes(17)) + pictures.chunk(b"IEND", b"")
    assert len(bomb) == 74
    file = measured(bomb)
    assert (file.width, file.height, file.complete) == (50_000, 50_000, False)


def test_eighty_one_million_pixels_in_a_quarter_megabyte_are_never_decoded() -> None:
    bomb = pictures.blank_png(9_000, 9_000)
    assert len(bomb) < 250_000
    assert not measured(bomb).complete


@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt"])
def test_a_packed_text_of_a_hundred_megabytes_is_unpacked_no_further_than_the_cap(
    kind: bytes,
) -> None:
    stream = pictures.packed(100_000_000)
    head = b"k\0\0" if kind == b"zTXt" else b"k\0\1\0\0\0"
    bomb = pictures.with_chunk(pictures.png(), kind, head + stream)
    assert len(bomb) < 400_000
    file = portrait.measure(bomb, CAPS, portrait.Limits(address_bytes=120 << 20))
    assert file.metadata_bytes > CAPS.metadata_bytes
    assert not file.complete


def test_a_profile_that_unpacks_without_end_is_not_unpacked() -> None:
    """ICC 配置文件一律丢弃,不解开。"""
    bomb = pictures.with_chunk(pictures.png(), b"iCCP", b"p\0\0" + pictures.packed(100_000_000))
    file = measured(bomb)
    assert file.complete
    assert file.metadata_bytes < CAPS.metadata_bytes


def test_two_megabytes_of_segments_are_counted_not_read() -> None:
    content = pictures.jpeg()
    for _ in range(40):
        content = pictures.with_segment(content, 0xE9, bytes(60_000))
    assert measured(content).metadata_bytes > CAPS.metadata_bytes


def test_ten_thousand_passes_are_counted_before_one_is_decoded() -> None:
    file = measured(pictures.many_scans(10_000))
    assert file.coding is Coding.PROGRESSIVE
    assert file.scans > 10_000
    assert not file.complete


def test_of_several_pictures_the_first_is_the_picture() -> None:
    """MPO 与动态 PNG 取第一幅。"""
    out = io.BytesIO()
    second = Image.new("RGB", pictures.SIZE, "black")
    pictures.upright().save(out, "MPO", save_all=True, append_images=[second], dpi=pictures.DPI)
    file = measured(out.getvalue())
    assert (file.format, file.complete, file.extras) == ("JPEG", True, (Extra.TAIL,))
    out = io.BytesIO()
    pictures.upright().save(out, "PNG", save_all=True, append_images=[second], dpi=pictures.DPI)
    assert b"acTL" in out.getvalue()
    assert measured(out.getvalue()).complete


def test_a_picture_of_one_pixel_is_measured_like_any_other() -> None:
    file = measured(pictures.jpeg(Image.new("RGB", (1, 1), "white")))
    assert (file.width, file.height, file.complete) == (1, 1, True)


@pytest.mark.parametrize("damage", range(40))
def test_no_damaged_file_ever_raises(damage: int) -> None:
    """任何损坏的文件都有答复,绝不报系统错误。"""
    content = bytearray(pictures.jpeg() if damage % 2 else pictures.png())
    for place in range(damage + 2, len(content), 97 + 13 * damage):
        content[place] ^= 0xFF
    measured(bytes(content))
