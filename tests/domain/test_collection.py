"""Who may have a card, and what must be settled before it starts to work."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from onecard import policy
from onecard.domain import collection
from onecard.domain.application import Collection
from onecard.domain.authority import Channel
from onecard.domain.collection import CardInHand, Shown
from onecard.domain.delivery import DeliveryState
from onecard.domain.documents import Applicant, DocumentKind, DocumentPolicy, ShownDocument
from onecard.domain.hr_function import HrState
from onecard.domain.person import ApplicantClass, Sex
from onecard.domain.refusal import Refusal
from tests import cast
from tests.cast import MONDAY, MONDAY_9AM

DAY = timedelta(days=1)
HOLDER = Applicant(
    ApplicantClass.MAINLAND,
    date(1990, 1, 1),
    name="王芳",
    identity_number=cast.ADULT,
    sex=Sex.FEMALE,
)
OWN = ShownDocument(
    DocumentKind.RESIDENT_ID, cast.ADULT, date(2020, 1, 1), date(2040, 1, 1), name="王芳"
)
AGENTS = replace(OWN, number=cast.ADULT_MAN, name="李强")


def _code(refusal: Refusal | None) -> str:
    return refusal.code if refusal else ""


def _proven(shown: Shown) -> str:
    figures = policy.in_force("documents", DocumentPolicy, on=MONDAY)
    return _code(
        collection.must_prove_person(shown=shown, holder=HOLDER, on=MONDAY, figures=figures)
    )


@pytest.mark.rule("rule book 11.5")
def test_the_card_is_in_hand_before_anything_else() -> None:
    """持卡在手:输入卡号或读卡,且就是这张卡。"""
    nothing = collection.must_be_in_hand(proof=CardInHand(), is_this_card=False)
    other = collection.must_be_in_hand(proof=CardInHand(card_number="X"), is_this_card=False)
    assert _code(nothing) == "collection.card_not_in_hand"
    assert _code(other) == "collection.other_card"
    chip = CardInHand(card_identifier="A1")
    assert collection.must_be_in_hand(proof=chip, is_this_card=True) is None


@pytest.mark.rule("SEED, FAQ 3")
def test_the_holder_shows_the_own_original() -> None:
    """本人携带有效身份证件原件。"""
    assert _proven(Shown(OWN)) == ""
    assert _proven(Shown(None)) == "documents.not_original"
    assert _proven(Shown(replace(OWN, original=False))) == "documents.not_original"
    assert _proven(Shown(replace(OWN, valid_to=date(2026, 3, 1)))) == "documents.expired"
    assert _proven(Shown(AGENTS)) == "documents.data_mismatch"


@pytest.mark.rule("SEED, FAQ 3")
def test_an_agent_shows_both_originals() -> None:
    """代办需携带双方有效身份证件原件。"""
    assert _proven(Shown(OWN, AGENTS, "李强")) == ""
    assert _proven(Shown(None, AGENTS)) == "authority.holder_original_missing"
    assert _proven(Shown(replace(OWN, original=False), AGENTS)) == (
        "authority.holder_original_missing"
    )
    copied = replace(AGENTS, original=False)
    assert _proven(Shown(OWN, copied)) == "authority.agent_original_missing"


@pytest.mark.rule("rule book 21.4, 17.2")
@pytest.mark.parametrize(
    ("state", "handed_in", "code"),
    [
        (HrState.CANCELLED, False, ""),
        (HrState.FORMAL_LOSS, False, ""),
        (HrState.NORMAL, True, ""),
        (HrState.NORMAL, False, "card.not_handed_in"),
        (HrState.LOCKED, True, ""),
        (HrState.LOCKED, False, "card.not_handed_in"),
        (HrState.TEMPORARY_LOSS, True, "collection.predecessor_not_settled"),
        (HrState.TEMPORARY_LOSS, False, "collection.predecessor_not_settled"),
        (HrState.SEALED, True, "collection.predecessor_not_settled"),
    ],
)
def test_the_predecessor_is_lost_for_good_or_handed_in(
    state: HrState,
    handed_in: bool,  # noqa: FBT001
    code: str,
) -> None:
    """旧卡须已正式挂失或交回,新卡才能启用。"""
    assert _code(collection.may_settle_predecessor(state=state, handed_in=handed_in)) == code


@pytest.mark.rule("PROVINCIAL, rule book 11.2")
@pytest.mark.parametrize(
    ("channel", "applied_through", "allowed"),
    [
        (Channel.PORTAL, Channel.PORTAL, True),
        (Channel.PORTAL, Channel.SERVICE_OUTLET, False),
        (Channel.PORTAL, None, False),
        (Channel.SERVICE_OUTLET, Channel.SERVICE_OUTLET, False),
    ],
)
def test_online_a_card_is_enabled_only_where_it_was_applied_for(
    channel: Channel,
    applied_through: Channel | None,
    allowed: bool,  # noqa: FBT001
) -> None:
    """网上申请的,在同一渠道完成个人领卡。"""
    answer = collection.may_enable_online(channel=channel, applied_through=applied_through)
    assert (answer is None) is allowed


@pytest.mark.parametrize("state", [None, *DeliveryState])
def test_receipt_is_confirmed_for_what_can_have_arrived(state: DeliveryState | None) -> None:
    """未收到的卡不能确认收卡。"""
    arrived = {DeliveryState.HANDED_OVER, DeliveryState.IN_TRANSIT, DeliveryState.DELIVERED}
    answer = collection.must_have_arrived(delivery=state, collected=False)
    assert (answer is None) is (state in arrived)
    assert collection.must_have_arrived(delivery=state, collected=True) is None


@pytest.mark.rule("rule book 11.7")
def test_an_employer_collects_only_for_its_own_people() -> None:
    """单位只为本单位统一申请的人员领卡。"""
    may = collection.may_collect_for_employer
    assert may(collection=Collection.EMPLOYER, employer="a", asking="a") is None
    assert may(collection=Collection.EMPLOYER, employer="b", asking="a") is not None
    assert may(collection=Collection.OUTLET, employer="a", asking="a") is not None


def test_a_card_is_handed_over_where_it_lies() -> None:
    """卡在哪个网点,就在哪个网点领。"""
    may = collection.may_hand_over_here
    assert may(collect_at="here", outlet="here", outlet_name="天宁") is None
    refusal = may(collect_at="there", outlet="here", outlet_name="新北网点")
    assert _code(refusal) == "collection.at_other_outlet"
    assert refusal is not None
    assert refusal.all_facts()["outlet"] == "新北网点"


def test_reminders_come_every_so_many_days_and_end() -> None:
    """逾期未启用只作提醒,到期不再提醒。"""

    def due(*, after: timedelta, reminded: timedelta | None = None) -> bool:
        return collection.is_reminder_due(
            since=MONDAY_9AM,
            reminded_at=MONDAY_9AM + reminded if reminded is not None else None,
            every_days=7,
            end_days=30,
            at=MONDAY_9AM + after,
        )

    just_before = timedelta(microseconds=-1)
    assert not due(after=7 * DAY + just_before)
    assert due(after=7 * DAY)
    assert not due(after=8 * DAY, reminded=7 * DAY)
    assert due(after=14 * DAY, reminded=7 * DAY)
    assert due(after=7 * DAY, reminded=-20 * DAY)
    assert due(after=30 * DAY + just_before)
    assert not due(after=30 * DAY)
