"""The fixer: everything a machine may do to a file, and nothing to what is in the picture."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image, ImageChops, ImageStat

from onecard import policy
from onecard.adapters import portrait
from onecard.domain import photo
from onecard.domain.photo import Intake, Mending, PhotoFile, PhotoPolicy
from tests import cast, pictures

FIGURES = policy.in_force("photo", PhotoPolicy, on=cast.MONDAY)
CAPS = photo.caps(figures=FIGURES, intake=Intake.WITH_FIXER)


def measured(content: bytes) -> PhotoFile:
    return portrait.measure(content, CAPS)


def plan_for(content: bytes) -> Mending:
    file = measured(content)
    found = photo.judge(file, figures=FIGURES, intake=Intake.WITH_FIXER)
    plan = photo.plan_mending(file, found, figures=FIGURES)
    assert plan is not None, found
    return plan


def mended(content: bytes) -> bytes:
    made = portrait.mend(content, plan_for(content)).content
    file = measured(made)
    assert photo.judge(file, figures=FIGURES, intake=Intake.WITH_FIXER) == ()
    return made


def picture(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGB")


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean difference per channel, 0 to 255."""
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)


def is_upright(content: bytes) -> bool:
    """Whether the red corner is on the upper left and the blue one on the lower right."""
    shown = picture(content)
    (red, _, not_blue), (not_red, _, blue) = shown.getpixel((8, 8)), shown.getpixel((350, 433))  # type: ignore[misc]
    return min(red, blue) > 200 and max(not_red, not_blue) < 90


@pytest.mark.parametrize("orientation", range(2, 9))
def test_every_orientation_note_is_obeyed_and_removed(orientation: int) -> None:
    """EXIF方向1至8:转正后不留标记。"""
    made = mended(pictures.turned(orientation))
    assert is_upright(made)
    assert picture(made).size == pictures.SIZE
    assert measured(made).orientation == 1


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_phone_picture_lying_on_its_side_is_turned_then_scaled(orientation: int) -> None:
    made = mended(pictures.turned(orientation, (1432, 1764)))
    assert is_upright(made)


@pytest.mark.parametrize(
    "content",
    [
        pictures.jpeg(pictures.upright().convert("CMYK")),
        pictures.png(pictures.upright().convert("RGBA")),
        pictures.png(pictures.upright().quantize(255)),
        pictures.png(),
        pictures.sixteen_bit_png(),
        pictures.jpeg(progressive=True),
    ],
    ids=["CMYK", "alpha", "palette", "PNG", "16 bit", "progressive"],
)
def test_every_colour_and_coding_becomes_a_baseline_jpeg_in_true_colour(content: bytes) -> None:
    """转换为基线式、24位真彩色的JPG,画面不变。"""
    made = mended(content)
    assert difference(picture(made), pictures.upright()) < 6
    assert measured(made).dpi == (350, 350)


def test_the_note_on_how_colours_were_turned_is_obeyed() -> None:
    """CMYK 文件的 Adobe 标记决定颜色换算,须照办。"""
    content = bytearray(pictures.jpeg(pictures.upright().convert("CMYK")))
    note = content.index(b"Adobe")
    content[note + 11] = 2
    assert difference(picture(mended(bytes(content))), picture(bytes(content))) < 6


def test_what_can_be_seen_through_stands_before_white() -> None:
    """透明背景衬白。"""
    clear = pictures.upright().convert("RGBA")
    clear.putalpha(Image.new("L", pictures.SIZE, 0))
    plan = plan_for(pictures.png(clear))
    made = portrait.mend(pictures.png(clear), plan).content
    assert picture(made).getextrema() == ((255, 255),) * 3


@pytest.mark.parametrize(
    "content",
    [
        pictures.with_jfif_density(1, 72),
        pictures.with_jfif_density(0, 1),
        pictures.jpeg(dpi=None),
        pictures.jpeg(exif=pictures.exif(gps=True, description="320499199001010024")),
        pictures.jpeg(comment="at home"),
    ],
    ids=["72", "none", "missing", "GPS and text", "comment"],
)
def test_words_around_the_picture_are_put_right_without_coding_it_anew(content: bytes) -> None:
    """只写分辨率、清除附加信息:图像数据一位不变。"""
    assert plan_for(content).keep_coded
    made = mended(content)
    assert picture(made).tobytes() == picture(content).tobytes()
    scan = content[content.index(b"\xff\xda") :]
    assert made.endswith(scan)


@pytest.mark.parametrize(
    "secret", [b"320499199001010024", b"<?php", b"GPS", b"Exif", b"ICC_PROFILE", b"ns.adobe.com"]
)
def test_nothing_beside_the_picture_survives_the_fixer(secret: bytes) -> None:
    """附加信息、配置文件、文件尾部内容一律不留。"""
    content = pictures.jpeg(
        exif=pictures.exif(gps=True, description="320499199001010024", comment="GPS")
    )
    content = pictures.with_segment(content, 0xE2, b"ICC_PROFILE\0\1\1" + bytes(500))
    content = pictures.with_segment(content, 0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>")
    content += b"<?php system($_GET['x']); ?>"
    assert secret in content
    assert secret not in mended(content)


def test_a_file_with_a_tail_is_coded_anew() -> None:
    """图像之后有内容的文件重新编码。"""
    content = pictures.jpeg() + b"<?php"
    made = portrait.mend(content, plan_for(content))
    assert made.quality == 92


@pytest.mark.parametrize("size", [(716, 882), (1024, 1024), (295, 413), (3024, 4032)])
def test_any_size_that_may_be_mended_comes_out_at_the_asked_size(size: tuple[int, int]) -> None:
    """裁剪并缩放为358×441像素。"""
    made = mended(pictures.jpeg(pictures.upright(size), quality=80))
    assert picture(made).size == pictures.SIZE


def test_a_picture_of_the_right_shape_is_scaled_and_not_cut() -> None:
    assert is_upright(mended(pictures.jpeg(pictures.upright((716, 882)), quality=80)))


def test_scaling_never_stretches() -> None:
    """A circle stays a circle."""
    round_one = Image.new("RGB", (1000, 1000), "white")
    round_one.paste("black", (300, 300, 700, 700))
    plan = replace(plan_for(pictures.jpeg(round_one)), min_bytes=0)
    shown = picture(portrait.mend(pictures.jpeg(round_one), plan).content).convert("L")
    left, top, right, bottom = shown.point([255] * 128 + [0] * 128).getbbox() or (0, 0, 0, 1)
    assert (right - left) / (bottom - top) == pytest.approx(1, abs=0.02)


def test_twelve_million_pixels_are_decoded_at_a_smaller_scale() -> None:
    """大图按比例解码,不整幅展开。"""
    large = pictures.jpeg(pictures.upright((3000, 4000)), quality=60)
    little = portrait.Limits(address_bytes=90 << 20)
    plan = plan_for(large)
    assert portrait.mend(large, plan, little).content
    with pytest.raises(portrait.DidNotSurvive):
        portrait.mend(large, replace(plan, decode_pixels=1 << 40), little)


def noisy(size: tuple[int, int] = pictures.SIZE) -> Image.Image:
    return Image.effect_noise(size, 120).convert("RGB")


def test_a_file_that_is_too_big_goes_down_the_ladder_until_it_fits() -> None:
    """过大:依次用85、75、60,4:2:0。"""
    content = pictures.jpeg(noisy(), quality=100)
    assert len(content) > FIGURES.max_bytes
    made = portrait.mend(content, plan_for(content))
    assert made.quality in FIGURES.encode_quality_when_too_big
    assert len(made.content) <= FIGURES.max_bytes


def test_a_file_that_is_too_small_goes_up_the_ladder() -> None:
    """过小:依次用97、100。"""
    content = pictures.jpeg(quality=55, subsampling=2)
    plan = replace(plan_for(pictures.turned(3)), orientation=1, min_bytes=40_000)
    made = portrait.mend(content, plan)
    assert made.quality in FIGURES.encode_quality_when_too_small


def test_a_drawing_too_plain_for_the_range_is_given_as_it_is() -> None:
    """全白图像达不到15KB:不凑字节,由人判断。"""
    plain = pictures.jpeg(Image.new("RGB", pictures.SIZE, "white"))
    made = portrait.mend(plain, plan_for(plain))
    assert made.quality == 100
    assert len(made.content) < FIGURES.min_bytes


def test_the_fixer_changes_no_tone_beyond_resampling_and_coding() -> None:
    """绝不修饰人像。"""
    original = pictures.upright((716, 882))
    made = picture(mended(pictures.jpeg(original)))
    plain = original.resize(pictures.SIZE, Image.Resampling.BICUBIC, reducing_gap=2.0)
    assert difference(made, plain) < 2


def test_of_several_pictures_only_the_first_is_kept() -> None:
    out = io.BytesIO()
    second = Image.new("RGB", pictures.SIZE, "black")
    pictures.upright().save(out, "MPO", save_all=True, append_images=[second], dpi=pictures.DPI)
    made = mended(out.getvalue())
    assert is_upright(made)
    assert made.count(b"\xff\xd8\xff") == 1
