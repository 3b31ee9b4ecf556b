"""The photo norm, judged on measured facts: every limit at its edge, every defect at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from onecard import policy, words
from onecard.domain import photo
from onecard.domain.photo import (
    Coding,
    Colour,
    Extra,
    Finding,
    Intake,
    Measure,
    Outcome,
    PhotoFile,
    PhotoPolicy,
    Verdict,
    verdict_of,
)
from onecard.queries import photo as told
from tests import cast

FIGURES = policy.in_force("photo", PhotoPolicy, on=cast.MONDAY)
KB = 1024
GOOD = PhotoFile(
    byte_count=20 * KB,
    format="JPEG",
    complete=True,
    width=358,
    height=441,
    bits=24,
    dpi=(350.0, 350.0),
    scans=1,
    quality=92,
)


def judged(intake: Intake = Intake.WITH_FIXER, **changes: object) -> tuple[Finding, ...]:
    file = replace(GOOD, **changes)  # type: ignore[arg-type]
    return photo.judge(file, figures=FIGURES, intake=intake)


def codes(**changes: object) -> list[tuple[str, Outcome]]:
    return [(finding.code, finding.outcome) for finding in judged(**changes)]


@pytest.mark.rule("SEED, FAQ 5")
def test_a_file_that_meets_the_norm_has_no_finding() -> None:
    """358×441像素，350dpi,24位真彩色，jpg,15~100K。"""
    assert judged() == ()
    assert verdict_of(()) is Verdict.PASS


@pytest.mark.rule("SEED, FAQ 5; ASSUMPTION: both ends inclusive, K = 1024")
@pytest.mark.parametrize(
    ("count", "measured"),
    [(15_359, 14.9), (15_360, None), (102_400, None), (102_401, 100.1), (1, 0.0)],
)
def test_the_size_is_inclusive_at_both_ends_and_never_rounded_into_the_range(
    count: int, measured: float | None
) -> None:
    """15×1024至102400字节，含两端。"""
    found = judged(byte_count=count)
    assert [f.measured for f in found] == ([] if measured is None else [measured])
    assert all(f.code == "F04" and f.allowed == "15-100" for f in found)


@pytest.mark.rule("rule book 6, P5: generally")
def test_where_the_size_is_only_a_custom_it_is_advice_and_the_file_passes() -> None:
    """「一般」：不严格的城市只作提示。"""
    relaxed = replace(FIGURES, size_strict=False)
    found = photo.judge(
        replace(GOOD, byte_count=14 * KB), figures=relaxed, intake=Intake.WITH_FIXER
    )
    assert [(f.code, f.outcome) for f in found] == [("F04", Outcome.ADVICE)]
    assert verdict_of(found) is Verdict.PASS


@pytest.mark.rule("rule book 27, A1")
def test_every_defect_is_said_at_once_with_measured_and_allowed() -> None:
    """14.6 KB、未标明分辨率：两项一次说全。"""
    found = judged(byte_count=14_951, dpi=None)
    assert [(f.code, f.measured, f.allowed) for f in found] == [
        ("F03", None, 350),
        ("F04", 14.6, "15-100"),
    ]


@pytest.mark.parametrize(
    ("dpi", "measured"),
    [
        ((350, 350), "passes"),
        ((349, 351), "passes"),
        ((350.52, 350.52), "passes"),
        ((351.1, 350), "351.1x350"),
        ((348.9, 348.9), 348.9),
        ((72, 72), 72),
        ((300, 350), "300x350"),
        (None, None),
    ],
)
def test_the_density_may_differ_by_one_dot_both_ways(
    dpi: tuple[float, float] | None, measured: object
) -> None:
    """350±1dpi;138像素/厘米即350.52dpi，通过。"""
    found = judged(dpi=dpi)
    assert [f.measured for f in found] == ([] if measured == "passes" else [measured])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"width": 295, "height": 413}, [("F02", Outcome.FIXABLE)]),
        ({"width": 1024, "height": 1024}, [("F02", Outcome.FIXABLE)]),
        ({"width": 225, "height": 275}, [("F02", Outcome.RETAKE)]),
        ({"width": 1, "height": 1}, [("F02", Outcome.RETAKE)]),
        ({"width": 1600, "height": 900}, [("F02", Outcome.HUMAN)]),
        ({"width": 441, "height": 358, "orientation": 6}, [("F02", Outcome.FIXABLE)]),
    ],
    ids=["small crop", "square", "too small", "one pixel", "landscape", "on its side"],
)
def test_a_size_is_mended_within_limits_only(
    changes: dict[str, object], expected: list[tuple[str, Outcome]]
) -> None:
    """放大不超过1.25倍，自动裁剪不超过四分之一，否则重拍或转人工。"""
    assert [pair for pair in codes(**changes) if pair[0] == "F02"] == expected


@pytest.mark.parametrize(
    ("changes", "code", "outcome", "measured"),
    [
        ({"colour": Colour.CMYK, "bits": 32}, "F05", Outcome.FIXABLE, "CMYK 32"),
        ({"colour": Colour.GREY, "bits": 8}, "F05", Outcome.RETAKE, "@photo.value.grey"),
        ({"bits": 48}, "F05", Outcome.FIXABLE, "RGB 48"),
        ({"colour": Colour.PALETTE, "bits": 8}, "F05", Outcome.FIXABLE, "@photo.value.palette"),
        ({"colour": Colour.RGBA, "bits": 32}, "F05", Outcome.FIXABLE, "RGBA 32"),
        ({"orientation": 3}, "F06", Outcome.FIXABLE, 3),
        ({"coding": Coding.PROGRESSIVE, "scans": 10}, "F07", Outcome.FIXABLE, None),
        ({"coding": Coding.OTHER}, "F07", Outcome.FIXABLE, None),
        ({"quality": 49}, "F08", Outcome.HUMAN, 49),
        ({"extras": (Extra.GPS, Extra.TAIL)}, "F09", Outcome.FIXABLE, None),
    ],
)
def test_each_defect_of_the_file_has_its_code_and_outcome(
    changes: dict[str, object], code: str, outcome: Outcome, measured: object
) -> None:
    """F05至F09。"""
    (found,) = judged(**changes)
    assert (found.code, found.outcome) == (code, outcome)
    assert measured is None or found.measured == measured


def test_a_quality_at_the_limit_and_one_nobody_can_tell_are_no_defect() -> None:
    assert judged(quality=50) == judged(quality=None) == ()


def test_a_broken_file_is_told_only_that() -> None:
    """不完整的文件：其余不再判断。"""
    assert codes(complete=False, byte_count=1, dpi=None) == [("F01", Outcome.RETAKE)]


def test_another_format_is_converted_where_the_fixer_is_offered_else_refused() -> None:
    """PNG：可转换的窗口自动转换，接口处请另存为JPG。"""
    png = {"format": "PNG", "quality": None}
    assert codes(**png) == [("F01", Outcome.FIXABLE)]
    assert codes(intake=Intake.AS_IT_IS, **png) == [("F01", Outcome.RETAKE)]
    assert codes(format="SVG") == [("F01", Outcome.RETAKE)]


def test_a_phone_that_takes_heic_is_told_how_to_take_jpeg() -> None:
    (found,) = judged(format="HEIC", complete=False)
    assert found.remedy == "export_jpeg_from_phone"


@pytest.mark.parametrize(
    ("changes", "intake", "code"),
    [
        ({"width": 5_000, "height": 5_001}, Intake.WITH_FIXER, "IMG_PIXELS"),
        ({"width": 5_000, "height": 5_000}, Intake.WITH_FIXER, None),
        ({"width": 2_001, "height": 2_000}, Intake.AS_IT_IS, "IMG_PIXELS"),
        ({"width": 2_000, "height": 2_000}, Intake.AS_IT_IS, None),
        (
            {"width": 2_001, "height": 2_000, "format": "PNG"},
            Intake.WITH_FIXER,
            "IMG_PIXELS",
        ),
        ({"metadata_bytes": (1 << 20) + 1}, Intake.WITH_FIXER, "IMG_META"),
        ({"metadata_bytes": 1 << 20}, Intake.WITH_FIXER, None),
        ({"scans": 101}, Intake.WITH_FIXER, "IMG_COST"),
        (
            {"coding": Coding.PROGRESSIVE, "width": 2_001, "height": 2_000},
            Intake.WITH_FIXER,
            "IMG_COST",
        ),
    ],
)
def test_a_picture_over_a_cap_is_told_only_that(
    changes: dict[str, object], intake: Intake, code: str | None
) -> None:
    """像素、附加信息、编码遍数：超出上限即不打开。"""
    found = [finding.code for finding in judged(intake, **changes)]
    assert found == [code] if code else not any(c.startswith("IMG") for c in found)


@pytest.mark.parametrize(
    ("count", "intake", "code"),
    [
        (0, Intake.WITH_FIXER, "FILE_EMPTY"),
        (20_480 * KB, Intake.WITH_FIXER, None),
        (20_480 * KB + 1, Intake.WITH_FIXER, "FILE_SIZE"),
        (5_120 * KB + 1, Intake.AS_IT_IS, "FILE_SIZE"),
        (5_120 * KB, Intake.AS_IT_IS, None),
    ],
)
def test_an_empty_file_and_one_over_the_limit_are_not_opened(
    count: int, intake: Intake, code: str | None
) -> None:
    found = photo.may_be_opened(byte_count=count, figures=FIGURES, intake=intake)
    assert (found and found.code) == code


def test_the_worst_outcome_is_the_verdict() -> None:
    """有重拍即重拍，否则有转人工即转人工，否则可修正。"""
    finding = Finding(Measure.SIZE, Outcome.FIXABLE, "a", "b", "crop.we")
    human = replace(finding, outcome=Outcome.HUMAN)
    retake = replace(finding, outcome=Outcome.RETAKE)
    assert verdict_of([finding]) is Verdict.FIXABLE
    assert verdict_of([finding, human]) is Verdict.HUMAN
    assert verdict_of([finding, human, retake]) is Verdict.RETAKE


def test_a_measure_joins_by_being_added_to_the_list() -> None:
    def always(file: PhotoFile, _: PhotoPolicy, __: Intake) -> Finding:
        return Finding(Measure.QUALITY, Outcome.ADVICE, file.width, "none", "by_hand")

    found = photo.judge(GOOD, figures=FIGURES, intake=Intake.WITH_FIXER, measures=[always])
    assert [finding.measured for finding in found] == [358]


def test_mending_hides_nothing_that_a_person_has_to_see() -> None:
    """过度压缩的照片重新编码后仍须人工确认。"""
    before = judged(byte_count=4_491, quality=13)
    assert [f.code for f in photo.still_open(before, ())] == ["F08"]


def test_what_the_machine_could_not_mend_goes_to_a_person() -> None:
    left = photo.still_open((), judged(byte_count=9_000))
    assert [(f.code, f.outcome, f.remedy) for f in left] == [("F04", Outcome.HUMAN, "by_hand")]


def test_nothing_is_planned_for_a_file_that_passes_or_has_to_be_taken_again() -> None:
    grey = replace(GOOD, colour=Colour.GREY, bits=8, dpi=None)
    for file in (GOOD, grey):
        found = photo.judge(file, figures=FIGURES, intake=Intake.WITH_FIXER)
        assert photo.plan_mending(file, found, figures=FIGURES) is None


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"dpi": None}, True),
        ({"extras": (Extra.GPS, Extra.TEXT)}, True),
        ({"extras": (Extra.TAIL,)}, False),
        ({"dpi": None, "orientation": 3}, False),
        ({"dpi": None, "width": 716, "height": 882}, False),
    ],
)
def test_the_coded_picture_is_kept_when_only_the_words_around_it_are_wrong(
    changes: dict[str, object], *, kept: bool
) -> None:
    """只改分辨率和附加信息时不重新压缩；图像之后有内容的一律重新编码。"""
    file = replace(GOOD, **changes)  # type: ignore[arg-type]
    plan = photo.plan_mending(file, judged(**changes), figures=FIGURES)
    assert plan is not None
    assert plan.keep_coded is kept


def test_a_tall_picture_is_cut_below_a_wide_one_on_both_sides() -> None:
    """裁剪时保头部：上边不裁，左右各裁一半。"""
    for size, expected in (((358, 882), (0, 0, 1, 0.5)), ((716, 441), (0.25, 0, 0.75, 1))):
        file = replace(GOOD, width=size[0], height=size[1])
        found = (Finding(Measure.SIZE, Outcome.FIXABLE, "", "", "crop.we"),)
        plan = photo.plan_mending(file, found, figures=FIGURES)
        assert plan is not None
        assert plan.crop == pytest.approx(expected)


@pytest.mark.rule("SEED, FAQ 3")
@pytest.mark.parametrize(
    ("on", "required"),
    [
        (date(2025, 6, 21), False),
        (date(2025, 6, 22), True),
        (date(2025, 6, 23), True),
    ],
)
def test_a_photo_is_required_from_the_seventh_birthday_on(on: date, *, required: bool) -> None:
    """满7周岁须有照片。"""
    child = date(2018, 6, 22)
    assert photo.is_photo_required(born_on=child, on=on, figures=FIGURES) is required
    refusal = photo.must_have_photo(born_on=child, on=on, has_photo=False, figures=FIGURES)
    assert (refusal is not None) is required
    assert refusal is None or refusal.code == "photo.required"
    assert photo.must_have_photo(born_on=child, on=on, has_photo=True, figures=FIGURES) is None


@pytest.mark.rule("SEED, FAQ 3; born on 29 February")
@pytest.mark.parametrize(("on", "required"), [(date(2027, 2, 28), False), (date(2027, 3, 1), True)])
def test_a_child_born_on_a_leap_day_turns_seven_on_the_first_of_march(
    on: date, *, required: bool
) -> None:
    """2月29日出生，平年3月1日满岁。"""
    leap = date(2020, 2, 29)
    assert photo.is_photo_required(born_on=leap, on=on, figures=FIGURES) is required


def test_a_photo_for_a_person_to_judge_goes_onto_no_card_before_that() -> None:
    refusal = photo.may_be_printed(verdict=Verdict.HUMAN, looked_at=False)
    assert refusal is not None
    assert refusal.code == "photo.content_review"
    assert photo.may_be_printed(verdict=Verdict.HUMAN, looked_at=True) is None
    assert photo.may_be_printed(verdict=Verdict.PASS, looked_at=False) is None
    assert photo.may_be_printed(verdict=Verdict.RETAKE, looked_at=True) is not None


def test_the_original_is_kept_until_some_days_after_the_card_was_made() -> None:
    """原始照片：制卡后30天。"""
    taken, made = date(2026, 1, 1), date(2026, 2, 1)
    keep = photo.original_kept_until
    assert keep(taken_on=taken, made_on=None, is_being_made=True, figures=FIGURES) is None
    assert keep(taken_on=taken, made_on=made, is_being_made=True, figures=FIGURES) == date(
        2026, 3, 3
    )
    assert keep(taken_on=taken, made_on=None, is_being_made=False, figures=FIGURES) == date(
        2026, 1, 31
    )


@pytest.mark.parametrize("pack", policy.pack_names())
def test_every_city_has_the_figures_of_the_gate(pack: str) -> None:
    with policy.in_pack(pack):
        figures = policy.in_force("photo", PhotoPolicy, on=cast.MONDAY)
    assert figures.min_bytes < figures.max_bytes


EVERY_WAY_TO_FAIL: tuple[dict[str, object], ...] = (
    {"format": "SVG"},
    {"format": ""},
    {"format": "HEIC"},
    {"format": "PNG"},
    {"complete": False},
    {"width": 1},
    {"width": 5_000},
    {"width": 295, "height": 413},
    {"width": 441, "height": 358, "orientation": 6},
    {"dpi": None},
    {"dpi": (72, 72)},
    {"byte_count": 1},
    {"colour": Colour.GREY},
    {"colour": Colour.PALETTE},
    {"colour": Colour.CMYK, "bits": 32},
    {"coding": Coding.PROGRESSIVE},
    {"coding": Coding.OTHER},
    {"quality": 3},
    {"extras": tuple(Extra)},
    {"width": 9_000, "height": 9_000},
    {"metadata_bytes": 1 << 30},
    {"scans": 10_000},
)


@pytest.mark.parametrize("intake", Intake)
@pytest.mark.parametrize("changes", EVERY_WAY_TO_FAIL, ids=str)
def test_every_finding_speaks_both_languages_with_value_limit_and_remedy(
    changes: dict[str, object], intake: Intake
) -> None:
    """每项都说出实测值、要求和下一步，绝不只说「不合格」。"""
    for finding in judged(intake, **changes):
        said = told.told(finding)
        explained = words.explain(finding.refusal(), "zh")
        assert said.remedy_zh in said.message_zh
        assert said.remedy_en in said.message_en
        assert said.remedy_zh.strip("。")
        assert explained.why
        assert explained.source
        assert "不合格" not in said.message_zh
        assert "{" not in said.message_zh + said.message_en
        assert "@" not in said.message_zh + said.message_en


def test_people_read_typeset_values_and_programs_plain_ones() -> None:
    (found,) = judged(width=295, height=413)
    said = told.told(found)
    assert (said.measured, said.allowed) == ("295x413", "358x441")
    assert said.message_zh == "尺寸为295×413像素，应为358×441像素。系统可裁剪为标准尺寸。"
    assert said.message_en == "Size 295×413 px, must be 358×441 px. We can crop it to size."


def test_a_finding_comes_back_from_the_record_as_it_was() -> None:
    for changes in EVERY_WAY_TO_FAIL:
        for finding in judged(**changes):
            assert Finding.of_plain(finding.as_plain()) == finding


@pytest.mark.parametrize("pack", policy.pack_names())
@pytest.mark.parametrize("language", words.LANGUAGES)
def test_the_norm_is_told_from_the_figures(pack: str, language: str) -> None:
    with policy.in_pack(pack):
        norm = told.norm(cast.MONDAY, language)
        figures = policy.in_force("photo", PhotoPolicy, on=cast.MONDAY)
    said = " ".join(norm.sentences)
    for figure in (figures.width_px, figures.height_px, figures.dpi, figures.min_kb):
        assert str(figure) in said
    assert norm.accept == ("image/jpeg", "image/png")
