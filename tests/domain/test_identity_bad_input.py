"""The bad-input catalogue D1, cases 1 to 27: each with its exact answer (guarantees 10.1)."""

from datetime import date, timedelta

import pytest

from onecard import policy
from onecard.domain import documents, identity
from onecard.domain.application import ApplicationPolicy
from onecard.domain.documents import Applicant, DocumentKind, ShownDocument
from onecard.domain.identity import NamePolicy
from onecard.domain.identity import NumberKind as K
from onecard.domain.person import ApplicantClass, Sex, must_be_living, must_have_guardian
from onecard.domain.refusal import Refusal
from tests import cast

TODAY = cast.MONDAY
RIGHT = "32049920100301001X"


def found(number: str, kind: K = K.RESIDENT_ID) -> Refusal | None:
    return identity.check_number(kind, number, on=TODAY)


def why(number: str) -> object:
    refusal = found(number)
    assert refusal is not None
    assert refusal.code == "documents.number_malformed"
    assert number not in repr(refusal)
    return refusal.facts["why"]


def a_name(name: str) -> Refusal | None:
    return identity.may_be_name(
        name=name, figures=policy.in_force("application", NamePolicy, on=TODAY)
    )


def test_1_a_wrong_check_digit() -> None:
    refusal = found("320499199001010017")
    assert refusal is not None
    assert refusal.code == "documents.check_digit"


def test_2_a_small_x() -> None:
    assert found("32049920100301001x") is None
    assert identity.canonical("32049920100301001x") == RIGHT


@pytest.mark.parametrize("number", ["３２０４９９２０１００３０１００１Ｘ", "32049920100301001ｘ"])
def test_3_full_width_digits_and_x(number: str) -> None:
    assert found(number) is None
    assert identity.canonical(number) == RIGHT


@pytest.mark.parametrize("odd", ["٣", "²", "३", "①", "Ⅹ", "𝟙", "Χ", "Х"])
def test_4_what_only_looks_like_a_digit_or_an_x(odd: str) -> None:
    """`str.isdigit` calls some of these digits, and NFKC would make digits of them."""
    assert why(RIGHT[:-1] + odd) == "@identity.why.charset"
    assert why(odd + RIGHT[1:]) == "@identity.why.charset"


def test_5_a_fifteen_digit_number_is_named_as_old_and_its_upgrade_only_offered() -> None:
    assert why("110105491231002") == "@identity.why.old_number"
    assert identity.upgraded("110105491231002") == "11010519491231002X"


@pytest.mark.parametrize("number", [RIGHT[:-1], RIGHT + "1", "1" * 40])
def test_6_too_few_or_too_many_digits(number: str) -> None:
    assert why(number) == "@identity.why.length"


@pytest.mark.parametrize("nothing", ["", " ", "\u3000\t"])
def test_6_nothing_at_all(nothing: str) -> None:
    refusal = found(nothing)
    assert refusal is not None
    assert refusal.facts["why"] == "@identity.why.empty"


def test_7_a_day_that_never_was() -> None:
    assert why("320499199902300014") == "@identity.why.date"


@pytest.mark.parametrize(
    ("days", "code"), [(-1, None), (0, None), (1, "@identity.why.date_future")]
)
def test_8_born_yesterday_today_and_tomorrow(days: int, code: str | None) -> None:
    body = f"320499{TODAY + timedelta(days=days):%Y%m%d}001"
    refusals = [found(body + last) for last in "0123456789X"]
    if code is None:
        assert refusals.count(None) == 1
    else:
        assert {r.facts.get("why") for r in refusals if r} == {code}


def test_9_born_before_1900() -> None:
    assert why("320499189912310016") == "@identity.why.date"
    on_the_edge = [found(f"32049919000101001{last}") for last in "0123456789X"]
    assert on_the_edge.count(None) == 1


def test_10_an_unknown_county_is_remarked_and_an_unknown_province_refused() -> None:
    assert identity.check(RIGHT, on=TODAY).valid
    assert why("990499199001010016") == "@identity.why.region"


def test_11_a_residence_permit_in_the_id_column_switches_the_kind() -> None:
    refusal = documents.check_number(DocumentKind.RESIDENT_ID, "810000198503150017", on=TODAY)
    assert refusal is not None
    assert refusal.fix is not None
    assert refusal.fix.detail == {"field": "kind", "to": "residence_permit"}
    switched = documents.check_number(DocumentKind.RESIDENCE_PERMIT, "810000198503150017", on=TODAY)
    assert switched is None


@pytest.mark.parametrize("number", ["932840198503150010", "USA320085031501"])
def test_12_both_permanent_residence_numbers(number: str) -> None:
    assert found(number, K.PERMANENT_RESIDENCE) is None


def test_13_a_passport_in_the_id_column() -> None:
    refusal = documents.check_number(DocumentKind.RESIDENT_ID, "E12345678", on=TODAY)
    assert refusal is not None
    assert refusal.code == "documents.kind_not_accepted"
    assert refusal.facts["why"] == "@documents.why.other_number"


@pytest.mark.parametrize("odd", ["\0", "\u200b", "\u202e", "\ufeff", "\u2028", " "])
def test_14_signs_nobody_sees(odd: str) -> None:
    assert why(RIGHT[:5] + odd + RIGHT[5:]) == "@identity.why.charset"


@pytest.mark.parametrize("number", [f"  {RIGHT} ", f"\t{RIGHT}\r\n", f"\u3000{RIGHT}\u3000"])
def test_15_blanks_around_it_make_no_other_person(number: str) -> None:
    assert found(number) is None
    assert identity.is_same_number(number, RIGHT)


def test_16_a_number_rounded_by_a_spreadsheet_is_nobodys() -> None:
    assert why("1.10105194912310E+17") == "@identity.why.precision"
    refusal = identity.must_keep_precision(text="1.10105194912310E+17", row=7)
    assert refusal is not None
    assert (refusal.code, refusal.facts["row"]) == ("sheet.precision_lost", 7)
    assert identity.must_keep_precision(text=RIGHT, row=7) is None
    assert found("5E12345", K.PASSPORT) is None


def test_17_another_sex_than_the_form_says() -> None:
    shown = ShownDocument(DocumentKind.RESIDENT_ID, cast.ADULT_MAN)
    woman = Applicant(ApplicantClass.MAINLAND, date(1990, 1, 1), sex=Sex.FEMALE)
    refusal = documents.must_agree_with_base_data(document=shown, holder=woman, on=TODAY)
    assert refusal is not None
    assert refusal.code == "documents.data_mismatch"
    assert refusal.facts["fields"] == ("@documents.field.sex",)


def test_18_one_number_with_two_names_waits_for_a_person() -> None:
    refusal = documents.must_agree_on_name(known_name="王芳", given_name="王方")
    assert refusal is not None
    assert refusal.code == "documents.conflict"
    assert documents.must_agree_on_name(known_name="王芳", given_name=" 王芳") is None


def test_19_the_same_person_in_two_rows_is_taken_once() -> None:
    seen = {identity.canonical(RIGHT): 3}
    refusal = identity.must_be_first(number="32049920100301001x", seen=seen)
    assert refusal is not None
    assert (refusal.code, refusal.facts["row"]) == ("sheet.duplicate_row", 3)
    assert identity.must_be_first(number=cast.ADULT, seen=seen) is None


@pytest.mark.parametrize(
    "rare", ["𠀀", "𪚥", "𫝀", "𬺰", "𭀀", "𮯠", "𰀀", "\U00031350", "〇", "々"]
)
def test_20_rare_characters_of_every_plane_are_names(rare: str) -> None:
    """生僻字照收照印，不变成问号。"""
    assert a_name(f"王{rare}") is None
    assert rare in identity.canonical_name(f"王{rare}")


@pytest.mark.parametrize("dot", ["\u00b7", "\u2022", "\u30fb", " · "])
def test_21_every_middle_dot_is_one_middle_dot(dot: str) -> None:
    """间隔号写法不同，仍是同一个名字；显示照原样。"""
    name = f"阿卜杜拉{dot}买买提"
    assert a_name(name) is None
    assert identity.is_same_name(name, "阿卜杜拉·买买提")


def test_22_a_name_of_two_hundred_characters() -> None:
    refusal = a_name("长" * 200)
    assert refusal is not None
    assert (refusal.code, refusal.facts["why"]) == ("person.name", "@person.why.length")
    longest = policy.in_force("application", NamePolicy, on=TODAY).name_longest
    assert a_name("长" * longest) is None
    assert a_name("长" * (longest + 1)) is not None


@pytest.mark.parametrize(
    "name",
    ["王\0芳", "王\u200b芳", "<script>", "王芳😀", "王芳1", "a=b", "{x}", "王\ue000", "王\ufffd"],
)
def test_23_signs_that_no_name_holds(name: str) -> None:
    refusal = a_name(name)
    assert refusal is not None
    assert refusal.facts["why"] == "@person.why.charset"
    assert name not in repr(refusal)


def test_24_a_blank_behind_the_name_is_no_other_name() -> None:
    assert identity.is_same_name("王芳 ", "王芳")
    assert identity.is_same_name("ＪＯＨＮ　SMITH", "John  Smith")
    assert not identity.is_same_name("王芳", "王方")


@pytest.mark.parametrize(
    "phone",
    [
        "13800138000",
        "+86 138 0013 8000",
        "008613800138000",
        "138-0013-8000",
        "１３８００１３８０００",
    ],
)
def test_25_a_mobile_number_however_it_is_written(phone: str) -> None:
    assert identity.may_be_phone(phone=phone) is None
    assert identity.canonical_phone(phone) == "13800138000"


@pytest.mark.parametrize("phone", ["17012345678", "19912345678"])
def test_25_virtual_operators_count(phone: str) -> None:
    assert identity.may_be_phone(phone=phone) is None


@pytest.mark.parametrize("phone", ["", "12800138000", "1380013800", "138001380000", "0519-12333"])
def test_25_what_is_no_mobile_number_is_refused(phone: str) -> None:
    refusal = identity.may_be_phone(phone=phone)
    assert refusal is not None
    assert refusal.code == "person.phone"


def test_26_a_child_without_a_guardian() -> None:
    refusal = must_have_guardian(
        born_on=date(2018, 6, 22),
        guardian=None,
        on=TODAY,
        figures=policy.in_force("application", ApplicationPolicy, on=TODAY),
    )
    assert refusal is not None
    assert refusal.code == "application.guardian_required"


def test_27_a_person_who_is_dead_or_struck_off() -> None:
    refusal = must_be_living(deceased=True)
    assert refusal is not None
    assert refusal.code == "application.person_status"
    assert must_be_living(deceased=False) is None
