"""Which document serves whom, on which day: the decision table of rule book 4."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from onecard import policy, words
from onecard.domain import documents
from onecard.domain.documents import Applicant, DocumentKind, DocumentPolicy, ShownDocument
from onecard.domain.person import ApplicantClass, Sex
from onecard.domain.refusal import FixKind, Refusal
from tests import cast

K, C = DocumentKind, ApplicantClass
TODAY = cast.MONDAY
A_DAY = timedelta(days=1)
NUMBERS = {
    K.RESIDENT_ID: cast.ADULT,
    K.TEMPORARY_ID: cast.ADULT,
    K.HOUSEHOLD_REGISTER: cast.CHILD_BORN_2018_06_22,
    K.PASSPORT: "E12345678",
    K.PERMANENT_RESIDENCE: "932840198503150010",
    K.TRAVEL_PERMIT: "H12345678",
    K.RESIDENCE_PERMIT: "810000198503150017",
    K.SOCIAL_SECURITY_CARD: cast.ADULT,
}
BORN = {
    K.RESIDENT_ID: date(1990, 1, 1),
    K.TEMPORARY_ID: date(1990, 1, 1),
    K.HOUSEHOLD_REGISTER: date(2018, 6, 22),
    K.PASSPORT: date(1980, 5, 5),
    K.PERMANENT_RESIDENCE: date(1985, 3, 15),
    K.TRAVEL_PERMIT: date(1980, 5, 5),
    K.RESIDENCE_PERMIT: date(1985, 3, 15),
    K.SOCIAL_SECURITY_CARD: date(1990, 1, 1),
}


@pytest.fixture
def figures() -> DocumentPolicy:
    return policy.in_force("documents", DocumentPolicy, on=TODAY)


def shown(kind: DocumentKind, **other: object) -> ShownDocument:
    return replace(ShownDocument(kind, NUMBERS[kind]), **other)  # type: ignore[arg-type]


def holder(kind: DocumentKind, applicant_class: ApplicantClass, **other: object) -> Applicant:
    return replace(Applicant(applicant_class, BORN[kind]), **other)  # type: ignore[arg-type]


@pytest.mark.rule("SEED, FAQ 4")
@pytest.mark.parametrize("kind", list(K))
@pytest.mark.parametrize("applicant_class", list(C))
def test_each_document_serves_one_class_of_person(
    kind: DocumentKind, applicant_class: ApplicantClass, figures: DocumentPolicy
) -> None:
    """护照、永居证仅限外籍人员；通行证、居住证仅限港澳台人员。"""
    refusal = documents.may_use(
        document=shown(kind), holder=holder(kind, applicant_class), on=TODAY, figures=figures
    )
    if kind is K.SOCIAL_SECURITY_CARD:
        assert refusal is not None
        assert refusal.code == "documents.kind_not_accepted"
    elif documents.CLASS_OF[kind] is applicant_class:
        assert refusal is None
    else:
        assert refusal is not None
        assert refusal.code == "documents.not_for_this_applicant"
        assert refusal.facts["only_for"] == f"@person.class.{documents.CLASS_OF[kind].value}"


def test_a_refused_document_is_answered_with_the_ones_that_serve(figures: DocumentPolicy) -> None:
    refusal = documents.may_use(
        document=shown(K.PASSPORT), holder=holder(K.PASSPORT, C.MAINLAND), on=TODAY, figures=figures
    )
    assert refusal is not None
    assert refusal.allowed["kinds"] == (
        "@documents.kind.resident_id",
        "@documents.kind.temporary_id",
    )
    assert "居民身份证、临时居民身份证" in words.explain(refusal).next


@pytest.mark.rule("SEED, FAQ 4; rule book 27")
@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2034, 6, 21), None),
        (date(2034, 6, 22), "documents.register_age"),
        (date(2034, 6, 23), "documents.register_age"),
    ],
)
def test_the_register_serves_until_the_day_before_the_sixteenth_birthday(
    day: date, code: str | None, figures: DocumentPolicy
) -> None:
    """户口簿仅限不满十六周岁。"""
    child = holder(K.HOUSEHOLD_REGISTER, C.MAINLAND)
    refusal = documents.may_use(
        document=shown(K.HOUSEHOLD_REGISTER), holder=child, on=day, figures=figures
    )
    assert (refusal and refusal.code) == code
    if refusal:
        assert refusal.facts["since"] == date(2034, 6, 22)


@pytest.mark.rule("SEED, FAQ 4; rule book 27: born 29 Feb")
def test_a_leap_day_child_may_use_the_register_on_28_february(figures: DocumentPolicy) -> None:
    document = ShownDocument(K.HOUSEHOLD_REGISTER, cast.LEAP_DAY_CHILD)
    child = Applicant(C.MAINLAND, date(2020, 2, 29))
    for day, serves in ((date(2036, 2, 28), True), (date(2036, 2, 29), False)):
        refusal = documents.may_use(document=document, holder=child, on=day, figures=figures)
        assert (refusal is None) is serves


@pytest.mark.rule("SEED, FAQ 4")
def test_the_register_needs_that_no_id_card_was_issued(figures: DocumentPolicy) -> None:
    """已办理身份证的，不能用户口簿。"""
    child = holder(K.HOUSEHOLD_REGISTER, C.MAINLAND, id_card_issued=True)
    asked = shown(K.HOUSEHOLD_REGISTER)
    refusal = documents.may_use(document=asked, holder=child, on=TODAY, figures=figures)
    assert refusal is not None
    assert refusal.code == "documents.register_id_card_issued"
    assert K.HOUSEHOLD_REGISTER not in documents.usable_kinds(
        holder=child, on=TODAY, figures=figures
    )
    lenient = replace(figures, household_register_needs_no_id_card=False)
    assert documents.may_use(document=asked, holder=child, on=TODAY, figures=lenient) is None


@pytest.mark.rule("rule book 0.3, 27: document validity")
@pytest.mark.parametrize(
    ("valid_from", "valid_to", "code"),
    [
        (None, None, None),
        (TODAY, TODAY, None),
        (TODAY - A_DAY, TODAY, None),
        (None, TODAY - A_DAY, "documents.expired"),
        (TODAY + A_DAY, None, "documents.not_yet_valid"),
        (TODAY, TODAY + A_DAY, None),
    ],
)
def test_a_document_is_valid_on_its_first_and_its_last_day(
    valid_from: date | None, valid_to: date | None, code: str | None, figures: DocumentPolicy
) -> None:
    """有效期首尾两日均有效。"""
    document = shown(K.RESIDENT_ID, valid_from=valid_from, valid_to=valid_to)
    refusal = documents.may_use(
        document=document, holder=holder(K.RESIDENT_ID, C.MAINLAND), on=TODAY, figures=figures
    )
    assert (refusal and refusal.code) == code


def test_a_document_of_tomorrow_says_when_to_come_back(figures: DocumentPolicy) -> None:
    refusal = documents.may_use(
        document=shown(K.RESIDENT_ID, valid_from=TODAY + A_DAY),
        holder=holder(K.RESIDENT_ID, C.MAINLAND),
        on=TODAY,
        figures=figures,
    )
    assert refusal is not None
    assert refusal.fix is not None
    assert (refusal.fix.kind, refusal.fix.detail) == (FixKind.WAIT_UNTIL, {"day": TODAY + A_DAY})


@pytest.mark.rule("SEED, FAQ 3: 原件")
def test_a_copy_never_serves_and_the_real_name_check_stands_for_the_original(
    figures: DocumentPolicy,
) -> None:
    """须出示原件；线上以实名认证代替。"""
    person = holder(K.RESIDENT_ID, C.MAINLAND)

    def answer(figures: DocumentPolicy, **how: object) -> Refusal | None:
        document = shown(K.RESIDENT_ID, original=False, **how)
        return documents.may_use(document=document, holder=person, on=TODAY, figures=figures)

    copy = answer(figures)
    assert copy is not None
    assert copy.code == "documents.not_original"
    assert answer(figures, real_name_proven=True) is None
    assert answer(figures, electronic_certificate=True) is not None
    switched_on = replace(figures, electronic_certificate_replaces_original=True)
    assert answer(switched_on, electronic_certificate=True) is None


@pytest.mark.rule("rule book 4.2: order of checks")
def test_all_reasons_are_found_in_the_order_of_the_rule_book(figures: DocumentPolicy) -> None:
    document = ShownDocument(
        K.RESIDENT_ID,
        "320499199001010017",
        valid_to=TODAY - A_DAY,
        original=False,
        name="王方",
    )
    known = Applicant(C.MAINLAND, date(1990, 1, 1), name="王芳")
    found = documents.may_use_all(document=document, holder=known, on=TODAY, figures=figures)
    assert [refusal.code for refusal in found] == [
        "documents.check_digit",
        "documents.expired",
        "documents.not_original",
        "documents.data_mismatch",
    ]
    assert all(refusal.fix for refusal in found)
    first = documents.may_use(document=document, holder=known, on=TODAY, figures=figures)
    assert first == found[0]


@pytest.mark.rule("rule book 4.2, step 6")
@pytest.mark.parametrize(
    ("known", "fields"),
    [
        ({}, ()),
        ({"name": " 王芳 "}, ()),
        ({"name": "王方"}, ("name",)),
        ({"identity_number": cast.ADULT_MAN}, ("number",)),
        ({"born_on": date(1991, 1, 1)}, ("born_on",)),
        ({"sex": Sex.MALE}, ("sex",)),
        ({"name": "王方", "sex": Sex.MALE}, ("name", "sex")),
    ],
)
def test_a_document_must_speak_of_the_person_we_know(
    known: dict[str, object], fields: tuple[str, ...]
) -> None:
    """证件与基础信息一致；未知的不比。"""
    person = holder(K.RESIDENT_ID, C.MAINLAND, **known)
    refusal = documents.must_agree_with_base_data(
        document=shown(K.RESIDENT_ID, name="王芳"), holder=person, on=TODAY
    )
    named = refusal.facts["fields"] if refusal else ()
    assert named == tuple(f"@documents.field.{field}" for field in fields)


def test_a_new_passport_number_is_a_new_paper_not_another_person() -> None:
    """换发护照，人不变。"""
    person = holder(K.PASSPORT, C.FOREIGNER, identity_number="USA0E99999999")
    document = shown(K.PASSPORT)
    assert documents.must_agree_with_base_data(document=document, holder=person, on=TODAY) is None


def test_of_an_agent_nothing_is_known_but_the_document(figures: DocumentPolicy) -> None:
    for kind in (K.RESIDENT_ID, K.PASSPORT, K.TRAVEL_PERMIT, K.PERMANENT_RESIDENCE):
        document = shown(kind)
        assert documents.may_use(document=document, holder=None, on=TODAY, figures=figures) is None
    grown = ShownDocument(K.HOUSEHOLD_REGISTER, cast.ADULT)
    refusal = documents.may_use(document=grown, holder=None, on=TODAY, figures=figures)
    assert refusal is not None
    assert refusal.code == "documents.register_age"


def test_an_unreadable_number_is_what_is_wrong_not_the_age(figures: DocumentPolicy) -> None:
    document = ShownDocument(K.HOUSEHOLD_REGISTER, "320499")
    refusal = documents.may_use(document=document, holder=None, on=TODAY, figures=figures)
    assert refusal is not None
    assert refusal.code == "documents.number_malformed"


def test_the_social_security_card_serves_everybody_where_a_city_accepts_it() -> None:
    """省清单列有社会保障卡，本市未列；另一城市可以打开。"""
    with policy.in_pack("shanghai-sample"):
        elsewhere = policy.in_force("documents", DocumentPolicy, on=TODAY)
    refusal = documents.may_use(
        document=shown(K.SOCIAL_SECURITY_CARD),
        holder=holder(K.SOCIAL_SECURITY_CARD, C.MAINLAND),
        on=TODAY,
        figures=elsewhere,
    )
    assert refusal is None


@pytest.mark.rule("rule book 4.1, D8")
@pytest.mark.parametrize(
    ("listed", "switched_on", "serves"),
    [(True, True, True), (True, False, False), (False, True, False)],
)
def test_a_kind_serves_when_it_is_listed_and_not_switched_off(
    *, listed: bool, switched_on: bool, serves: bool, figures: DocumentPolicy
) -> None:
    card = K.SOCIAL_SECURITY_CARD
    city = replace(
        figures,
        accepted=(K.RESIDENT_ID, card) if listed else (K.RESIDENT_ID,),
        accept_social_security_card=switched_on,
    )
    person = holder(card, C.MAINLAND)
    refusal = documents.may_present(kind=card, holder=person, on=TODAY, figures=city)
    assert (refusal is None) is serves
    temporary = documents.may_present(kind=K.TEMPORARY_ID, holder=person, on=TODAY, figures=city)
    assert temporary is not None
    assert temporary.code == "documents.kind_not_accepted"
