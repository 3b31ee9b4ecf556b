"""I01-I23: each measure with its value, its limits and what comes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from onecard import policy, words
from onecard.domain.photo import (
    FacePolicy,
    Finding,
    Measure,
    Outcome,
    PhotoFile,
    Seen,
    Verdict,
    check,
    head_lines,
    norm_lines,
)
from onecard.domain.photo.findings import FOR_PEOPLE
from tests.faces import FIGURES, NORM, ON, WITH_FIXER, faultless

GOOD = PhotoFile(
    byte_count=40_000,
    format="JPEG",
    complete=True,
    width=358,
    height=441,
    bits=24,
    dpi=(350.0, 350.0),
    quality=92,
)


def checked(seen: Seen | None = None, file: PhotoFile = GOOD, norm: FacePolicy = NORM) -> Any:
    return check(file, seen or faultless(), figures=FIGURES, norm=norm, intake=WITH_FIXER)


def found(**seen: Any) -> dict[str, str]:
    return {one.code: one.outcome.value for one in checked(faultless(**seen)).findings}


def test_a_faultless_photo_passes_and_every_measure_is_told() -> None:
    """每项都有结果:通过也列出,人工项始终为未检测。"""
    told = checked()
    assert (told.verdict, told.findings) == (Verdict.PASS, ())
    codes = [f"F0{n}" for n in range(1, 10)] + [f"I{n:02}" for n in range(1, 24)]
    assert [one.code for one in told.checks] == [*codes, "N1", "N2", "N3", "N4"]
    for one in told.checks:
        people = one.measure in FOR_PEOPLE
        assert one.outcome is (Outcome.NOT_ASSESSED if people else Outcome.PASS), one


@pytest.mark.rule("GA 461-2004; 社会保障卡制证用数字相片技术要求")
@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ({"faces": 0}, {"I01": "RETAKE"}),
        ({"faces": 2}, {"I01": "RETAKE"}),
        ({"yaw": 12.0}, {}),
        ({"yaw": -12.1}, {"I02": "HUMAN"}),
        ({"yaw": 18.1}, {"I02": "RETAKE"}),
        ({"pitch": -13.0}, {"I03": "HUMAN"}),
        ({"pitch": 19.0}, {"I03": "RETAKE"}),
        ({"roll": 2.5}, {}),
        ({"roll": -2.6}, {"I04": "FIXABLE"}),
        ({"roll": 15.1}, {"I04": "RETAKE"}),
        ({"face_width": 193.0}, {}),
        ({"face_width": 192.0}, {"I05": "FIXABLE"}),
        ({"face_width": 221.5}, {"I05": "HUMAN"}),  # made smaller, it would end above the edge
        ({"face_width": 149.0}, {"I05": "HUMAN"}),
        ({"face_width": 99.0}, {"I05": "RETAKE"}),
        ({"eye_x": 161.0}, {"I06": "FIXABLE"}),
        ({"eye_y": 235.0}, {}),
        ({"eye_y": 235.1}, {"I07": "FIXABLE"}),
        ({"crown_y": 5.0}, {}),
        ({"crown_y": 4.0}, {"I08": "FIXABLE"}),
        ({"crown_y": 0.0}, {"I08": "HUMAN"}),
        ({"background_share": 0.94}, {"I09": "FIXABLE"}),
        ({"background_delta_e": 3.1}, {"I09": "FIXABLE"}),
        ({"background_delta_e": 9.0, "plate_residual": 14.1}, {"I09": "HUMAN"}),
        ({"background_pixels": 149}, {"I09": "HUMAN", "I10": "HUMAN"}),
        ({"background_range": 4.1}, {"I10": "FIXABLE"}),
        ({"background_spread": 4.1, "plate_residual": 20.0}, {"I10": "HUMAN"}),
        ({"chroma": 7.9}, {"I11": "RETAKE"}),
        ({"tint": 0.9}, {"I12": "HUMAN"}),
        ({"sharpness": 0.444}, {"I13": "HUMAN"}),
        ({"sharpness": 0.399}, {"I13": "RETAKE"}),
        ({"eyes_open": 0.154}, {"I16": "HUMAN"}),
        ({"eyes_open": 0.099}, {"I16": "RETAKE"}),
        ({"mouth": 0.171}, {"I17": "HUMAN"}),
        ({"glasses": 11.0}, {"I18": "ADVICE"}),
        ({"top_lightness": 68.0, "top_chroma": 13.9}, {"I20": "HUMAN"}),
        ({"top_lightness": 68.0, "top_chroma": 14.0}, {}),
        ({"face_ratio": 1.43}, {"I21": "HUMAN"}),
        ({"eye_ratio": 0.78}, {"I21": "HUMAN"}),
        ({"blank_share": 0.51}, {"I23": "HUMAN"}),
    ],
)
def test_each_limit_stands_where_the_profile_says(
    seen: dict[str, Any], expected: dict[str, str]
) -> None:
    """每项限值在规格里,边界含在内。"""
    assert found(**seen) == expected


@pytest.mark.parametrize(
    "seen",
    [
        {"face_light": 1.0, "dark_share": 1.0, "light_range": 0.0},
        {"face_light": 255.0, "bright_share": 1.0},
        {"side_light": 100.0},
        {"lens_ratio": 0.0},
        {"colour_cast": 200.0},
    ],
)
def test_what_depends_on_the_colour_of_a_skin_never_rejects(seen: dict[str, Any]) -> None:
    """亮度、侧光、镜片、肤色只转人工,从不退回。"""
    assert set(found(**seen).values()) == {"HUMAN"}


def test_exposure_says_which_of_its_limits_failed() -> None:
    told = checked(faultless(face_light=80.0, light_range=90.0))
    (finding,) = told.findings
    assert finding.measured == ("@photo.value.too_dark", "@photo.value.flat")


@pytest.mark.parametrize("name", [f for f, v in vars(faultless()).items() if isinstance(v, float)])
def test_what_could_not_be_measured_is_never_a_pass(name: str) -> None:
    """测不了的项目报「未检测」并转人工,绝不当作通过。"""
    told = checked(faultless(**{name: None}))
    advice = {"glasses"}
    spared = {"plate_residual", "top_lightness", "top_chroma", "top_light_share", "shade_share"}
    partial = {"dark_share", "bright_share", "light_range", "eye_ratio", "chin_y"}
    if name in advice | spared | partial | {"background_share"}:
        return
    assert told.verdict in {Verdict.HUMAN, Verdict.FIXABLE}, name
    unknown = [one for one in told.checks if one.outcome is Outcome.NOT_ASSESSED]
    assert len(unknown) > len(FOR_PEOPLE) or told.findings


def test_an_engine_that_finds_only_a_face_leaves_the_rest_to_a_person() -> None:
    told = checked(Seen("haar", faces=1, roll=0.5, eye_x=179.0, eye_y=230.0))
    assert told.verdict is Verdict.HUMAN
    unknown = {one.code for one in told.findings if one.outcome is Outcome.NOT_ASSESSED}
    assert {"I02", "I05", "I08", "I09", "I13", "I16", "I20"} <= unknown
    assert {"I04", "I06", "I07"}.isdisjoint(unknown)


def test_the_frame_of_a_picture_of_another_size_is_judged_after_the_fix() -> None:
    """尺寸未裁好时,取景各项待复检,只有可自动修正的问题存在时才会待复检。"""
    file = replace(GOOD, width=1024, height=1024)
    head = {"face_width": 414.0, "eye_x": 500.0, "eye_y": 500.0, "crown_y": 100.0, "chin_y": 838.0}
    told = checked(faultless(**head), file)
    deferred = {one.code for one in told.checks if one.outcome is Outcome.DEFERRED}
    assert deferred == {"I05", "I06", "I07", "I08", "I23"}
    assert told.verdict is Verdict.FIXABLE


def test_a_picture_that_would_have_to_be_blown_up_goes_to_a_person() -> None:
    """放大超过1.25倍不自动处理。"""
    file = replace(GOOD, width=400, height=500)
    head = {"face_width": 160.0, "eye_x": 200.0, "eye_y": 200.0, "crown_y": 60.0, "chin_y": 330.0}
    told = {one.code: one.outcome for one in checked(faultless(**head), file).findings}
    assert told["I05"] is told["F02"] is Outcome.HUMAN


def test_two_faces_say_nothing_of_either() -> None:
    told = checked(faultless(faces=2), replace(GOOD, dpi=None))
    assert [one.code for one in told.findings] == ["F03", "I01"]


def test_a_tall_head_may_lose_hair_where_the_norm_says_so() -> None:
    """规格冲突:优先保证眼睛高度,允许头发略被裁。"""
    told = found(face_width=193.0, eye_y=234.0, crown_y=0.0)
    assert told == {"I08": "ADVICE"}


def test_whitening_follows_the_citys_choice() -> None:
    """换白底范围由城市决定:不换、仅近白、任何纯色。"""
    blue = faultless(background_delta_e=62.0)
    near = faultless(background_delta_e=6.0)

    def outcome(seen: Seen, choice: str) -> str:
        told = checked(seen, norm=replace(NORM, background_replacement=choice))
        return next(one.outcome.value for one in told.findings if one.code == "I09")

    assert outcome(blue, "plain") == outcome(near, "plain") == "FIXABLE"
    assert (outcome(blue, "near_white"), outcome(near, "near_white")) == ("HUMAN", "FIXABLE")
    assert outcome(blue, "off") == outcome(near, "off") == "HUMAN"


def test_a_file_alone_is_judged_by_its_file_alone() -> None:
    told = check(GOOD, None, figures=FIGURES, norm=NORM, intake=WITH_FIXER)
    assert {one.code[0] for one in told.checks} == {"F"}


def test_a_wider_city_takes_wider_faces() -> None:
    """城市规格包可放宽到179-255。"""
    with policy.in_pack("shanghai_sample"):
        wide = policy.in_force("photo", FacePolicy, on=ON)
    told = checked(faultless(face_width=240.0), norm=wide)
    assert told.verdict is Verdict.PASS


@pytest.mark.parametrize("measure", [m for m in Measure if m.code[1:].isdigit()])
@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_measure_has_its_words_and_its_unit(measure: Measure, language: str) -> None:
    """每项都有中英文名称、说明和下一步。"""
    finding = Finding(measure, Outcome.HUMAN, 1, "<=2", "")
    explained = words.explain(finding.refusal(), language)
    assert explained.headline
    assert explained.next
    assert words.text(f"photo.measure.{finding.name}", language)


def test_findings_survive_the_record() -> None:
    told = checked(faultless(face_light=80.0, yaw=13.0))
    for one in told.checks:
        assert Finding.of_plain(one.as_plain()) == one


def test_what_was_seen_survives_the_record() -> None:
    seen = faultless(models=("a", "b"))
    assert Seen.of_plain(seen.as_plain()) == seen


def test_the_lines_over_a_picture_are_the_norms_and_the_heads() -> None:
    """取景线与实测线,坐标为像素。"""
    norm, head = norm_lines(NORM), head_lines(faultless(), GOOD)
    assert (norm.crown, norm.eye_lowest, norm.eye_x) == ((7, 21), 234, (162, 196))
    assert head is not None
    assert (head.face_left, head.face_right, head.crown_y) == (75.5, 282.5, 14.0)
    assert head_lines(Seen("haar", faces=1), GOOD) is None
