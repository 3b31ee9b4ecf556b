"""The doctor's plan: one similarity into the norm's frame, and what he refuses."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from onecard.domain.photo import (
    LookedAt,
    Measure,
    PhotoFile,
    check,
    edits_of,
    plan_mending,
)
from onecard.domain.photo.framing import Framing, frame_of, is_bottom_missing
from onecard.domain.photo.mending import Made, Mending
from onecard.domain.photo.seen import HeadPlace, Seen
from tests.faces import FIGURES, HEAD, NORM, WITH_FIXER, faultless

PHONE = PhotoFile(
    byte_count=900_000, format="JPEG", complete=True, width=1024, height=1400, bits=24
)


def seen_as(head: HeadPlace, **more: float) -> Seen:
    return faultless(**(vars(head) | more))


def planned(seen: Seen, file: PhotoFile = PHONE, *, keep: bool = False) -> Mending | None:
    checked = check(file, seen, figures=FIGURES, norm=NORM, intake=WITH_FIXER)
    looked = LookedAt(seen, NORM, keep_background=keep)
    return plan_mending(file, checked.findings, figures=FIGURES, looked=looked)


@pytest.mark.rule("社会保障卡制证用数字相片技术要求")
def test_a_head_comes_to_lie_where_the_norm_wants_it() -> None:
    """脸宽207、头顶距14、两眼居中,眼睛距下边不小于207。"""
    framing = frame_of(HEAD, 1400, figures=NORM)
    assert framing.scale == pytest.approx(0.5)
    assert framing.to == (179, pytest.approx(14 + 400 * 0.5))
    assert framing.back(framing.to) == pytest.approx(framing.at)


def test_a_tilt_is_taken_out() -> None:
    framing = frame_of(replace(HEAD, roll=10.0), 2000, figures=NORM)
    x, y = framing.back((179 + 100, framing.to[1]))
    turned = math.degrees(math.atan2(y - framing.at[1], x - framing.at[0]))
    assert turned == pytest.approx(10.0)


def test_a_tall_head_is_made_smaller_and_then_loses_hair() -> None:
    """头高的先缩小到最窄脸宽,再不够则保眼线、裁头发。"""
    tall = frame_of(replace(HEAD, crown_y=HEAD.eye_y - 460), 2000, figures=NORM)
    assert (tall.note, tall.face_width >= 193) == ("shrunk", True)
    assert tall.to[1] == pytest.approx(234)
    very_tall = frame_of(replace(HEAD, crown_y=HEAD.eye_y - 499), 2000, figures=NORM)
    assert (very_tall.note, very_tall.face_width) == ("hair_cut", pytest.approx(193))


def test_what_the_norm_leaves_free_is_used_where_the_picture_ends_early() -> None:
    """下边差一点时,先用足头顶距,再用足脸宽。"""
    plain = frame_of(HEAD, 2000, figures=NORM)
    height = plain.back((0.0, 440.0))[1] - 8
    framing = frame_of(HEAD, height, figures=NORM)
    assert framing.to[1] == pytest.approx(221)
    assert not is_bottom_missing(framing, height, figures=NORM)


def test_shoulders_are_never_invented() -> None:
    """下边没有画面时不取景,转人工。"""
    low = replace(PHONE, height=850)
    checked = check(low, seen_as(HEAD), figures=FIGURES, norm=NORM, intake=WITH_FIXER)
    told = {one.measure: one.outcome.value for one in checked.findings}
    assert (told[Measure.SHOULDERS], told[Measure.SIZE]) == ("HUMAN", "HUMAN")
    assert planned(seen_as(HEAD), low) is None


def test_a_framed_picture_may_be_whitened_and_crop_only_is_on_request() -> None:
    """换白底须墙面够平;可要求只裁剪、保留原背景。"""
    plan = planned(seen_as(HEAD))
    assert plan is not None
    assert (plan.framing is not None, plan.whitening is not None) == (True, True)
    only = planned(seen_as(HEAD), keep=True)
    assert only is not None
    assert (only.framing is not None, only.whitening) == (True, None)


def test_a_face_that_is_too_small_is_not_blown_up() -> None:
    small = HeadPlace(160, 200, 200, 330, 60, 0)
    assert planned(seen_as(small), replace(PHONE, width=400, height=500)) is None


def test_scale_is_the_same_across_and_down() -> None:
    """横竖同比,绝不拉伸。"""
    framing = frame_of(replace(HEAD, roll=-7.0), 2000, figures=NORM)
    origin, right, down = (framing.back(p) for p in ((0, 0), (100, 0), (0, 100)))
    across = math.dist(origin, right)
    assert across == pytest.approx(math.dist(origin, down))
    assert across == pytest.approx(100 / framing.scale)


def test_every_change_is_listed_with_its_values() -> None:
    """逐项列出改动和数值。"""
    plan = planned(seen_as(replace(HEAD, roll=4.0)))
    assert plan is not None
    made = Made(b"x" * 20_000, 92, 4.6, (200, 210, 220), whitened=True, filled=True)
    edits = {edit.kind: edit.facts for edit in edits_of(PHONE, plan, made)}
    assert list(edits) == ["level", "frame", "filled", "whitened", "encode", "dpi"]
    assert edits["level"] == {"degrees": 4.0}
    assert edits["whitened"] == {"was": "rgb(200, 210, 220)", "residual": 4.6}


def test_the_frame_is_a_plain_value() -> None:
    assert Framing(0.5, 0.0, (1, 2), (3, 4), 207).back((3, 4)) == (1, 2)
