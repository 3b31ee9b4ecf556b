"""How long a card is good, and which of several counts."""

from datetime import date, timedelta

import pytest

from onecard import policy
from onecard.domain.card import (
    CardPolicy,
    HeldCard,
    hr_state_at,
    is_expired,
    live_card,
    renewal_opens_on,
    valid_to,
)
from onecard.domain.hr_function import HrState
from tests.cast import MONDAY, MONDAY_9AM

S = HrState


def _figures() -> CardPolicy:
    return policy.in_force("card", CardPolicy, on=MONDAY)


@pytest.mark.rule("rule book 14")
def test_a_card_is_good_for_ten_years() -> None:
    """卡有效期10年,到期前60天可换领。"""
    assert valid_to(issued_on=MONDAY, figures=_figures()) == date(2036, 3, 2)
    assert valid_to(issued_on=date(2024, 2, 29), figures=_figures()) == date(2034, 3, 1)
    assert renewal_opens_on(valid_to=date(2036, 3, 2), figures=_figures()) == date(2036, 1, 2)


def test_a_card_is_good_on_its_last_day() -> None:
    """有效期最后一天仍然有效。"""
    assert not is_expired(valid_to=MONDAY, on=MONDAY)
    assert is_expired(valid_to=MONDAY, on=MONDAY + timedelta(days=1))


@pytest.mark.rule("acceptance case A17; V2")
@pytest.mark.parametrize(
    ("states", "live"),
    [
        ((S.CANCELLED, S.NORMAL), 1),
        ((S.NORMAL, S.SEALED), 0),
        ((S.FORMAL_LOSS, S.SEALED), 1),
        ((S.LOCKED, S.SEALED), 0),
        ((S.TEMPORARY_LOSS, S.SEALED), 0),
        ((S.FORMAL_LOSS,), 0),
        ((S.CANCELLED, S.CANCELLED), None),
        ((), None),
    ],
)
def test_of_several_cards_one_is_the_live_one(
    states: tuple[HrState, ...], live: int | None
) -> None:
    """手上有几张卡的,状态查询只指出一张有效卡。"""
    cards = [HeldCard(str(place), state) for place, state in enumerate(states)]
    found = live_card(cards)
    assert (found.ref if found else None) == (str(live) if live is not None else None)


@pytest.mark.rule("SEED, FAQ 11")
def test_a_temporary_loss_is_over_when_its_time_is_swept_or_not() -> None:
    """临时挂失逾期自动解挂,不待定时任务。"""
    just_before = MONDAY_9AM - timedelta(microseconds=1)
    assert hr_state_at(S.TEMPORARY_LOSS, ends_at=MONDAY_9AM, at=just_before) is S.TEMPORARY_LOSS
    assert hr_state_at(S.TEMPORARY_LOSS, ends_at=MONDAY_9AM, at=MONDAY_9AM) is S.NORMAL
    assert hr_state_at(S.FORMAL_LOSS, ends_at=MONDAY_9AM, at=MONDAY_9AM) is S.FORMAL_LOSS
