"""Banks, hotlines and places (rule book 25)."""

import pytest

from onecard import policy, words
from onecard.domain.contacts import Contacts, Question, hotline_for, must_be_cooperating
from tests import cast


@pytest.fixture
def contacts() -> Contacts:
    return policy.in_force("contacts", Contacts, on=cast.MONDAY)


@pytest.mark.rule("SEED, FAQ 10 and 15")
def test_there_are_eight_banks_with_the_hotlines_of_the_page(contacts: Contacts) -> None:
    """8家合作银行及其电话。"""
    assert {bank.key: bank.hotline for bank in contacts.banks} == {
        "icbc": "95588",
        "abc": "95599",
        "ccb": "95533",
        "bocom": "95559",
        "boc": "95566",
        "jnrcb": "96008",
        "jsb": "95319",
        "psbc": "95580",
    }


@pytest.mark.rule("SEED, FAQ 10")
def test_a_bank_that_does_not_cooperate_is_answered_with_those_that_do(contacts: Contacts) -> None:
    assert must_be_cooperating(bank="icbc", contacts=contacts) is None
    refusal = must_be_cooperating(bank="招商银行", contacts=contacts)
    assert refusal is not None
    assert refusal.allowed["count"] == 8
    assert "江南农村商业银行" in words.explain(refusal).next


def test_a_bank_is_found_by_its_key_or_by_its_provincial_code(contacts: Contacts) -> None:
    """省级接口以银行电话为代码。"""
    by_code = contacts.bank("95559")
    assert by_code is not None
    assert by_code.key == "bocom"
    assert contacts.bank("12345") is None


@pytest.mark.rule("rule book 25: router")
def test_every_question_goes_to_whoever_owns_it(contacts: Contacts) -> None:
    asked = {q: hotline_for(question=q, card_face_bank="jsb", contacts=contacts) for q in Question}
    assert asked == {
        Question.HR: "12333",
        Question.FINANCIAL: "95319",
        Question.TRANSIT: None,
        Question.MEDICAL: "12393",
        Question.PARCEL: "11183",
        Question.CITY: "12345",
    }


def test_what_nobody_published_is_never_invented(contacts: Contacts) -> None:
    """市民卡电话和直营网点未见公布，保持为空。"""
    assert contacts.transit_hotline is None
    assert contacts.direct_outlets == ()
