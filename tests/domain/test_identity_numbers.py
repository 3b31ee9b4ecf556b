"""Every number people and things are known by: the vectors of the rule book, and its traps."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.domain import identity
from onecard.domain.identity import NumberKind as K
from onecard.domain.identity.things import s10_check_digit
from onecard.domain.person import Sex
from onecard.domain.refusal import Refusal
from tests import cast

TODAY = cast.MONDAY
DIGITS = "0123456789"


def refusal(kind: K, number: str, on: date = TODAY) -> Refusal:
    found = identity.check_number(kind, number, on=on)
    assert found is not None, number
    return found


def why(kind: K, number: str, on: date = TODAY) -> str:
    return str(refusal(kind, number, on).facts["why"])


@pytest.mark.rule("GB 11643; rule book 5.2")
@pytest.mark.parametrize(
    ("number", "born_on", "sex"),
    [
        ("320499199001010016", date(1990, 1, 1), Sex.MALE),
        ("320499199001010024", date(1990, 1, 1), Sex.FEMALE),
        ("32049920100301001X", date(2010, 3, 1), Sex.MALE),
        ("32049920100301001x", date(2010, 3, 1), Sex.MALE),
        ("320499201003010028", date(2010, 3, 1), Sex.FEMALE),
        ("320499201806220010", date(2018, 6, 22), Sex.MALE),
        ("320499202002290018", date(2020, 2, 29), Sex.MALE),
        ("11010519491231002X", date(1949, 12, 31), Sex.FEMALE),
    ],
)
def test_a_resident_number_tells_birth_and_sex(number: str, born_on: date, sex: Sex) -> None:
    found = identity.check(number, on=TODAY)
    assert found.valid
    assert found.kind is K.RESIDENT_ID
    assert found.facts == identity.NumberFacts(born_on, sex)


@pytest.mark.rule("rule book 5.1; I1, I2")
@pytest.mark.parametrize("area", ["320219", "321119", "320499", "320405"])
def test_an_abolished_or_unknown_county_never_refuses_a_living_person(area: str) -> None:
    """撤销的区县仍在有效证件上，区划只作提示。"""
    body = f"{area}19900101001"
    number = next(
        body + c
        for c in "0123456789X"
        if not identity.check_number(K.RESIDENT_ID, body + c, on=TODAY)
    )
    assert identity.check(number, on=TODAY).valid


def test_an_unknown_county_is_remarked_upon_and_a_known_one_is_not() -> None:
    assert [n.code for n in identity.check(cast.ADULT, on=TODAY).notices] == [
        "identity.county_unknown"
    ]
    assert not identity.check("11010519491231002X", on=TODAY).notices


@pytest.mark.rule("rule book 5.2")
def test_thirty_february_is_refused_though_its_check_digit_is_right() -> None:
    assert why(K.RESIDENT_ID, "320499199002300015") == "@identity.why.date"


@pytest.mark.rule("rule book 5.1; S26")
@pytest.mark.parametrize(
    "number", ["810000198503150017", "820000198503150019", "830000198503150029"]
)
def test_residence_permits_are_right_and_are_no_resident_ids(number: str) -> None:
    """港澳台居民居住证。"""
    assert identity.check(number, on=TODAY).kind is K.RESIDENCE_PERMIT
    assert identity.check_number(K.RESIDENCE_PERMIT, number, on=TODAY) is None
    assert why(K.RESIDENT_ID, number) == "@identity.why.region"


@pytest.mark.rule("GA 2102-2023; I3")
@pytest.mark.parametrize(
    ("number", "born_on"),
    [("932840198503150010", date(1985, 3, 15)), ("93227619900515018X", date(1990, 5, 15))],
)
def test_new_permanent_residence_numbers_carry_their_province_one_place_on(
    number: str, born_on: date
) -> None:
    """新版外国人永久居留身份证：首位9，第2—3位才是省份。"""
    found = identity.check(number, on=TODAY)
    assert (found.kind, found.valid) == (K.PERMANENT_RESIDENCE, True)
    assert found.facts == identity.NumberFacts(born_on)


def test_a_new_permanent_residence_number_of_no_province_is_refused() -> None:
    assert why(K.PERMANENT_RESIDENCE, "999840198503150010") == "@identity.why.region"


def test_an_old_permanent_residence_number_is_dated_in_the_plausible_century() -> None:
    assert identity.facts_of("USA320085031501", on=TODAY) == identity.NumberFacts(date(1985, 3, 15))
    assert identity.facts_of("USA320015031501", on=TODAY) == identity.NumberFacts(date(2015, 3, 15))
    today = f"USA3200{TODAY:%y%m%d}01"
    assert identity.facts_of(today, on=TODAY) == identity.NumberFacts(TODAY)
    assert why(K.PERMANENT_RESIDENCE, "USA320085023001") == "@identity.why.date"
    assert why(K.PERMANENT_RESIDENCE, "US1320085031501") == "@identity.why.form"


@pytest.mark.rule("GB 32100; rule book 5.2")
@pytest.mark.parametrize(
    "number", ["91110000600037341L", "91320499MA1XX0000N", "91320499MA1XX00030"]
)
def test_credit_codes_are_right_even_where_the_sum_is_nothing(number: str) -> None:
    """加权和为31的倍数时校验位是0，不是越界。"""
    assert identity.check(number, on=TODAY).kind is K.CREDIT_CODE
    assert identity.check_number(K.CREDIT_CODE, number, on=TODAY) is None


def test_a_credit_code_of_a_department_written_as_a_letter_is_a_credit_code() -> None:
    """登记管理部门代码可为字母（N、Y、A）。"""
    body = "N2320499MA1XX0000"
    right = [c for c in "0123456789ABCDEFGHJKLMNPQRTUWXY" if _credit(body + c) is None]
    assert len(right) == 1


def _credit(number: str) -> Refusal | None:
    return identity.check_number(K.CREDIT_CODE, number, on=TODAY)


@pytest.mark.parametrize("letter", "IOSVZ")
def test_a_credit_code_never_holds_a_letter_that_looks_like_a_digit(letter: str) -> None:
    number = f"91320499MA1XX000{letter}N"
    assert why(K.CREDIT_CODE, number) == "@identity.why.form"


@pytest.mark.rule("rule book 5.1")
def test_bank_cards_pass_luhn_and_begin_with_62() -> None:
    for number in ("6214990000000000003", "6214990000000019"):
        assert identity.check(number, on=TODAY).kind is K.BANK_CARD
    assert refusal(K.BANK_CARD, "6214990000000000004").allowed["expected"] == "3"
    assert why(K.BANK_CARD, "4111111111111111") == "@identity.why.form"
    assert why(K.BANK_CARD, "621499000000001") == "@identity.why.form"


@pytest.mark.rule("UPU S10; rule book 5.2")
def test_ems_numbers_carry_the_s10_check_digit_or_none() -> None:
    assert identity.check_number(K.EMS, "EA123456785CN", on=TODAY) is None
    assert identity.check_number(K.EMS, "1234567890123", on=TODAY) is None
    assert refusal(K.EMS, "EA123456786CN").allowed["expected"] == "5"
    assert s10_check_digit("20000001") == "0"
    assert s10_check_digit("20000004") == "5"


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        (K.TRAVEL_PERMIT, "H12345678", "X12345678"),
        (K.TRAVEL_PERMIT, "M1234567802", "M123456780"),
        (K.TRAVEL_PERMIT, "12345678", "1234567"),
        (K.TRAVEL_PERMIT, "012345678A", "01234567AA"),
        (K.PASSPORT, "E1234", "E123"),
        (K.PASSPORT, "e12345678", "E12-45678"),
        (K.PASSPORT, "A" * 20, "A" * 21),
        (K.CARD_NUMBER, "A12345678", "A1234567"),
        (K.CARD_IDENTIFIER, "0123456789abcdef" * 2, "0123456789abcdeg" * 2),
        (K.FOREIGNER_SOCIAL_SECURITY, "USA0E12345678", "US0E12345678"),
        (K.FOREIGNER_SOCIAL_SECURITY, "932840198503150010", "932840198503150011"),
        (K.FOREIGNER_SOCIAL_SECURITY, "USA0ABCDEFGHIJKLMN", "USA0ABCDEFGHIJKLMNO"),
        (K.SOCIAL_SECURITY, "320499199001010016", "320499199001010017"),
        (K.SOCIAL_SECURITY, "810000198503150017", "810000198503150018"),
        (K.SOCIAL_SECURITY, "USA0E12345678", "USAE12345678"),
    ],
)
def test_a_number_is_of_its_form_or_it_is_refused(kind: K, right: str, wrong: str) -> None:
    assert identity.check_number(kind, right, on=TODAY) is None
    assert identity.check_number(kind, wrong, on=TODAY) is not None


def test_a_check_number_is_shown_masked_wherever_it_is_printed() -> None:
    found = identity.check(cast.ADULT, on=TODAY)
    assert found.masked == "3" + "*" * 16 + "4"
    assert cast.ADULT not in repr(found)
    said = refusal(K.RESIDENT_ID, "320499199001010017")
    assert "320499199001010017" not in repr(said)


@st.composite
def resident_numbers(draw: st.DrawFn) -> str:
    area = draw(st.sampled_from(("110105", "320499", "320219", "540102", "650100")))
    born_on = draw(st.dates(date(1900, 1, 1), TODAY))
    body = f"{area}{born_on:%Y%m%d}{draw(st.integers(1, 999)):03d}"
    return next(body + c for c in "0123456789X" if _resident(body + c) is None)


def _resident(number: str) -> Refusal | None:
    return identity.check_number(K.RESIDENT_ID, number, on=TODAY)


@pytest.mark.rule("ISO 7064 MOD 11-2")
@given(resident_numbers(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_no_single_slip_in_a_resident_number_goes_unseen(number: str, at: int, other: str) -> None:
    """任何一位写错都能查出。"""
    slipped = number[:at] + other + number[at + 1 :]
    assert (_resident(slipped) is None) == (slipped == number)


@given(resident_numbers())
def test_a_wrong_check_character_is_answered_with_the_right_one(number: str) -> None:
    for last in set("0123456789X") - {number[-1]}:
        found = refusal(K.RESIDENT_ID, number[:-1] + last)
        assert found.code == "documents.check_digit"
        assert found.allowed == {"expected": number[-1]}
        assert found.measured == {"found": last}


@given(st.text("0123456789", min_size=13, max_size=16), st.integers(0, 18), st.sampled_from(DIGITS))
def test_no_single_slip_in_a_bank_card_number_goes_unseen(body: str, at: int, other: str) -> None:
    whole = "62" + body
    number = next(whole + c for c in DIGITS if _bank_card(whole + c) is None)
    at %= len(number)
    slipped = number[:at] + other + number[at + 1 :]
    assert (_bank_card(slipped) is None) == (slipped == number)


def _bank_card(number: str) -> Refusal | None:
    return identity.check_number(K.BANK_CARD, number, on=TODAY)


@given(st.text(max_size=40))
def test_no_text_whatever_breaks_a_check(text: str) -> None:
    """任何输入都有明确答复。"""
    for kind in K:
        found = identity.check_number(kind, text, on=TODAY)
        assert found is None or found.code.startswith("documents.")
    assert identity.check(text, on=TODAY).kind in K


@given(st.text(max_size=40))
def test_the_canonical_form_is_its_own_canonical_form(text: str) -> None:
    once = identity.canonical(text)
    assert identity.canonical(once) == once
