"""The three functions of a card, cell by cell as the rule book has them (17, 18, 19)."""

from __future__ import annotations

from itertools import product

import pytest

from onecard.domain.financial_function import FINANCIAL_FUNCTION, FinancialEvent, FinancialState
from onecard.domain.hr_function import HR_FUNCTION, HrEvent, HrState, may_be_used
from onecard.domain.lifecycle import LifeCycle, NotInTable
from onecard.domain.refusal import Notice, Refusal
from onecard.domain.transit_purse import TRANSIT_PURSE, TransitEvent, TransitState

H, F = HrState, FinancialState

HR_COLUMNS = [
    HrEvent.REPORT_TEMPORARY,
    HrEvent.LAPSE,
    HrEvent.WITHDRAW_TEMPORARY,
    HrEvent.REPORT_FORMAL,
    HrEvent.WITHDRAW_FORMAL,
    HrEvent.ENABLE,
    HrEvent.APPLY_REPLACEMENT,
    HrEvent.APPLY_EXCHANGE,
    HrEvent.SUCCESSOR_ENABLED,
    HrEvent.LOCK,
    HrEvent.UNLOCK,
    HrEvent.CANCEL,
]
RULE_BOOK_17 = """
SEALED R:loss.card_not_enabled - N:loss.not_reported R:loss.card_not_enabled N:loss.not_reported
  NORMAL R:replacement.collect_first R:replacement.collect_first - - N:hr_function.not_locked
  CANCELLED
NORMAL TEMPORARY_LOSS - N:loss.not_reported FORMAL_LOSS N:loss.not_reported
  N:hr_function.already_enabled R:replacement.formal_loss_first NORMAL CANCELLED LOCKED
  N:hr_function.not_locked CANCELLED
TEMPORARY_LOSS N:loss.already_temporary NORMAL NORMAL FORMAL_LOSS R:loss.is_temporary
  R:hr_function.lost R:replacement.formal_loss_first R:replacement.card_is_lost - TEMPORARY_LOSS
  R:hr_function.lost CANCELLED
FORMAL_LOSS N:loss.already_formal - R:loss.is_formal N:loss.already_formal NORMAL
  R:hr_function.lost FORMAL_LOSS R:replacement.card_is_lost CANCELLED FORMAL_LOSS
  R:hr_function.lost CANCELLED
LOCKED TEMPORARY_LOSS - N:loss.not_reported FORMAL_LOSS N:loss.not_reported
  N:hr_function.already_enabled R:replacement.locked_unlock_first LOCKED CANCELLED LOCKED
  NORMAL CANCELLED
CANCELLED R:hr_function.cancelled - R:hr_function.cancelled R:hr_function.cancelled
  R:hr_function.cancelled R:hr_function.cancelled R:replacement.no_card R:replacement.no_card - -
  R:hr_function.cancelled N:card.already_cancelled
"""

FINANCIAL_COLUMNS = [
    FinancialEvent.OPEN,
    FinancialEvent.ACTIVATE,
    FinancialEvent.REPORT_TEMPORARY,
    FinancialEvent.LIFT_TEMPORARY,
    FinancialEvent.REPORT_FORMAL,
    FinancialEvent.WITHDRAW_FORMAL,
    FinancialEvent.RELINK_AWAY,
    FinancialEvent.CLOSE,
]
RULE_BOOK_18 = """
NONE OPENED R:financial_function.no_account R:financial_function.no_account -
  R:financial_function.no_account - - N:financial_function.no_account
OPENED N:financial_function.already_opened ACTIVATED R:financial_function.not_activated -
  R:financial_function.not_activated N:loss.not_reported CLOSED CLOSED
ACTIVATED N:financial_function.already_opened N:financial_function.already_activated
  TEMPORARY_LOSS N:loss.not_reported FORMAL_LOSS N:loss.not_reported CLOSED CLOSED
TEMPORARY_LOSS - R:financial_function.card_lost N:loss.already_temporary ACTIVATED FORMAL_LOSS
  R:loss.is_temporary CLOSED CLOSED
FORMAL_LOSS - R:financial_function.card_lost N:loss.already_formal - N:loss.already_formal
  ACTIVATED CLOSED CLOSED
CLOSED - R:financial_function.closed R:financial_function.closed - R:financial_function.closed
  R:financial_function.closed - N:financial_function.closed
"""


def cells(table: str, states: type, columns: list) -> dict[tuple[object, object], str]:  # type: ignore[type-arg]
    """The table as it is printed: one row for each state, one cell for each event."""
    words = table.split()
    wide = len(columns) + 1
    assert len(words) == wide * len(states)  # type: ignore[arg-type]
    rows = [words[place : place + wide] for place in range(0, len(words), wide)]
    return {
        (states[row[0]], event): cell  # type: ignore[misc]
        for row in rows
        for event, cell in zip(columns, row[1:], strict=True)
    }


def answered(cycle: LifeCycle, state: object, event: object) -> str:  # type: ignore[type-arg]
    """A cell of ours as the rule book writes it."""
    try:
        answer = cycle.ask(state, event)  # type: ignore[arg-type]
    except NotInTable:
        return "-"
    if isinstance(answer, Notice):
        return f"N:{answer.code}"
    return f"R:{answer.code}" if isinstance(answer, Refusal) else answer.name


HR_CELLS = cells(RULE_BOOK_17, HrState, HR_COLUMNS)
FINANCIAL_CELLS = cells(RULE_BOOK_18, FinancialState, FINANCIAL_COLUMNS)


@pytest.mark.rule("rule book 17")
@pytest.mark.parametrize(("state", "event"), list(product(HrState, HrEvent)), ids=lambda m: m.name)
def test_every_cell_of_the_hr_function_is_the_rule_books(state: HrState, event: HrEvent) -> None:
    """人社功能状态表逐格核对。"""
    assert answered(HR_FUNCTION, state, event) == HR_CELLS[state, event]


@pytest.mark.rule("rule book 18")
@pytest.mark.parametrize(
    ("state", "event"), list(product(FinancialState, FinancialEvent)), ids=lambda m: m.name
)
def test_every_cell_of_the_financial_function_is_the_rule_books(
    state: FinancialState, event: FinancialEvent
) -> None:
    """金融功能状态表逐格核对。"""
    assert answered(FINANCIAL_FUNCTION, state, event) == FINANCIAL_CELLS[state, event]


@pytest.mark.rule("SEED, FAQ 12; rule book 19")
def test_the_transit_purse_has_no_loss_no_lock_and_no_blacklist() -> None:
    """交通功能没有挂失、锁定、黑名单事件。"""
    names = {event.name for event in TransitEvent}
    assert names == {"OPEN", "LOAD", "PURCHASE", "PURSE_REFUND", "REGISTER_UNREADABLE", "PAY_OUT"}
    for state, event in product(TransitState, TransitEvent):
        assert answered(TRANSIT_PURSE, state, event)


@pytest.mark.rule("rule book 17.3")
@pytest.mark.parametrize(
    ("state", "code", "with_pin"),
    [
        (H.SEALED, "hr_function.not_enabled", "hr_function.not_enabled"),
        (H.NORMAL, "", ""),
        (H.TEMPORARY_LOSS, "hr_function.lost", "hr_function.lost"),
        (H.FORMAL_LOSS, "hr_function.lost", "hr_function.lost"),
        (H.LOCKED, "", "hr_function.locked"),
        (H.CANCELLED, "hr_function.cancelled", "hr_function.cancelled"),
    ],
)
def test_a_card_that_is_not_usable_says_exactly_why(
    state: HrState, code: str, with_pin: str
) -> None:
    """卡不能用时,准确说明未启用、临时挂失、正式挂失、锁定或注销。"""
    for asked, pin in ((code, False), (with_pin, True)):
        refusal = may_be_used(state=state, with_pin=pin)
        assert (refusal.code if refusal else "") == asked
        if asked == "hr_function.lost":
            assert refusal is not None
            assert refusal.measured["state"] == f"@hr_function.state.{state.value}"
