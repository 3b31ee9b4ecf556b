"""A parcel moves as the rule book says, whatever order its news arrives in."""

from datetime import timedelta

import pytest

from onecard.domain.delivery import (
    DELIVERY,
    DeliveryEvent,
    DeliveryState,
    ScanVerdict,
    may_decide_on_return,
    may_give_address,
    must_have_address,
    verdict_on_scan,
)
from onecard.domain.refusal import Refusal
from tests.cast import MONDAY_9AM

S, E = DeliveryState, DeliveryEvent
HOUR = timedelta(hours=1)

RULE_BOOK = {
    (S.PACKED, E.HAND_OVER): S.HANDED_OVER,
    (S.HANDED_OVER, E.SCAN): S.IN_TRANSIT,
    (S.IN_TRANSIT, E.SCAN): S.IN_TRANSIT,
    (S.HANDED_OVER, E.DELIVER): S.DELIVERED,
    (S.IN_TRANSIT, E.DELIVER): S.DELIVERED,
    (S.HANDED_OVER, E.REFUSE): S.REFUSED,
    (S.IN_TRANSIT, E.REFUSE): S.REFUSED,
    (S.HANDED_OVER, E.RETURN): S.RETURNED,
    (S.IN_TRANSIT, E.RETURN): S.RETURNED,
    (S.REFUSED, E.RETURN): S.RETURNED,
    (S.RETURNED, E.CHOOSE_OUTLET): S.AT_OUTLET,
    (S.RETURNED, E.SEND_AGAIN): S.HANDED_OVER,
}


@pytest.mark.rule("rule book 10")
@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("event", E)
def test_only_the_moves_of_the_rule_book_exist(state: DeliveryState, event: DeliveryEvent) -> None:
    """寄递状态只按表中步骤变化,其他一律不予办理。"""
    answer = DELIVERY.ask(state, event)
    expected = RULE_BOOK.get((state, event))
    if expected is None:
        assert isinstance(answer, Refusal)
        assert answer.code == "delivery.not_in_this_state"
    else:
        assert answer is expected


@pytest.mark.rule("SEED, FAQ 6")
@pytest.mark.parametrize("address", ["", "   "])
def test_nothing_is_posted_without_an_address(address: str) -> None:
    """邮寄须有收件地址,邮费到付。"""
    refusal = must_have_address(address=address)
    assert refusal is not None
    assert refusal.code == "delivery.address_missing"
    assert must_have_address(address="文化宫1号") is None


def test_whoever_asked_for_another_parcel_has_decided() -> None:
    """已选择再次寄送的,不能再改为网点领取。"""
    asked = may_decide_on_return(state=S.RETURNED, event=E.CHOOSE_OUTLET, asked_again=True)
    assert asked is not None
    assert asked.code == "delivery.already_going_again"
    free = may_decide_on_return(state=S.RETURNED, event=E.CHOOSE_OUTLET, asked_again=False)
    assert free is None
    early = may_decide_on_return(state=S.IN_TRANSIT, event=E.CHOOSE_OUTLET, asked_again=False)
    assert early is not None
    assert early.code == "delivery.not_in_this_state"


def test_an_address_that_is_used_is_not_changed() -> None:
    """已装封且有地址的,不能再改地址。"""
    assert may_give_address(state=S.PACKED, address="") is None
    assert may_give_address(state=S.PACKED, address="文化宫1号") is not None
    assert may_give_address(state=S.IN_TRANSIT, address="") is not None


def _verdict(
    state: DeliveryState, event: DeliveryEvent, at: timedelta, *earlier: tuple[int, E]
) -> ScanVerdict:
    return verdict_on_scan(
        state=state,
        event=event,
        at=MONDAY_9AM + at,
        earlier=[(MONDAY_9AM + hours * HOUR, what) for hours, what in earlier],
    )


def test_a_scan_that_follows_is_applied() -> None:
    """按序到达的轨迹推进状态。"""
    assert _verdict(S.HANDED_OVER, E.SCAN, HOUR) is ScanVerdict.APPLIED
    assert _verdict(S.IN_TRANSIT, E.DELIVER, 2 * HOUR, (1, E.SCAN)) is ScanVerdict.APPLIED


def test_a_scan_that_comes_late_and_fits_in_between_changes_nothing() -> None:
    """迟到的轨迹只进记录,不改变状态。"""
    assert _verdict(S.DELIVERED, E.SCAN, HOUR, (2, E.DELIVER)) is ScanVerdict.LATE
    assert _verdict(S.RETURNED, E.REFUSE, 2 * HOUR, (1, E.SCAN), (3, E.RETURN)) is ScanVerdict.LATE


@pytest.mark.parametrize(
    ("state", "event", "at", "earlier"),
    [
        (S.DELIVERED, E.SCAN, 3, ((2, E.DELIVER),)),
        (S.DELIVERED, E.RETURN, 3, ((2, E.DELIVER),)),
        (S.RETURNED, E.DELIVER, 1, ((2, E.RETURN),)),
        (S.RETURNED, E.RETURN, 3, ((2, E.RETURN),)),
        (S.AT_OUTLET, E.DELIVER, 3, ((2, E.RETURN),)),
        (S.PACKED, E.SCAN, 1, ()),
    ],
)
def test_a_scan_the_table_does_not_know_is_a_discrepancy(
    state: DeliveryState, event: DeliveryEvent, at: int, earlier: tuple[tuple[int, E], ...]
) -> None:
    """表外的轨迹记为差错,状态不变。"""
    assert _verdict(state, event, at * HOUR, *earlier) is ScanVerdict.DISCREPANCY


@pytest.mark.parametrize("event", [E.HAND_OVER, E.CHOOSE_OUTLET, E.SEND_AGAIN])
def test_a_courier_reports_no_decision_of_ours(event: DeliveryEvent) -> None:
    """寄递公司不能替我们作决定。"""
    assert _verdict(S.RETURNED, event, HOUR) is ScanVerdict.DISCREPANCY
    assert _verdict(S.PACKED, event, HOUR) is ScanVerdict.DISCREPANCY
