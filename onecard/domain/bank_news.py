"""银行来报: which of the bank's news about the financial function are taken, and what they change.

The bank is the owner of that function, so its news are followed, by the table. Messages may come
late, twice or crossed: a report of loss counts unless its own withdrawal is known already; a
withdrawal lifts only the report it names; everything else gives way to a newer sequence number.
So no older message ever un-loses a card, and loss wins a tie (V6, C4).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from onecard.domain.financial_function import FINANCIAL_FUNCTION, FinancialEvent, FinancialState
from onecard.domain.lifecycle import NotInTable
from onecard.domain.refusal import Notice, Refusal

REPORTS = frozenset({FinancialEvent.REPORT_TEMPORARY, FinancialEvent.REPORT_FORMAL})
WITHDRAWALS = frozenset({FinancialEvent.LIFT_TEMPORARY, FinancialEvent.WITHDRAW_FORMAL})
LOST = frozenset({FinancialState.TEMPORARY_LOSS, FinancialState.FORMAL_LOSS})


class NewsResult(Enum):
    """What became of a piece of news."""

    APPLIED = "applied"
    NOTICE = "notice"
    STALE = "stale"
    DISCREPANCY = "discrepancy"


@dataclass(frozen=True)
class Told:
    """A piece of news. `serial` is its own name at the bank, `names` the report it withdraws."""

    event: FinancialEvent
    serial: str
    sequence: int
    names: str = ""


@dataclass(frozen=True)
class Situation:
    """What is known when it comes.

    `last_sequence` is the highest number taken so far; `stands_as` are the names of the loss that
    stands (ours and the bank's), `ended` those of losses that are over, `withdrawn` the serials
    that some withdrawal has named, its report seen or not.
    """

    state: FinancialState
    last_sequence: int = 0
    stands_as: frozenset[str] = frozenset()
    ended: frozenset[str] = frozenset()
    withdrawn: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Judged:
    """The verdict, and the state afterwards."""

    result: NewsResult
    state: FinancialState


def judge(*, told: Told, known: Situation) -> Judged:
    """What a piece of news changes."""
    if told.event in REPORTS and told.serial in known.withdrawn | known.ended:
        return Judged(NewsResult.STALE, known.state)
    if told.event in WITHDRAWALS and told.names not in known.stands_as:
        return Judged(_of_unknown_report(told, known), known.state)
    if told.event not in REPORTS | WITHDRAWALS and told.sequence <= known.last_sequence:
        return Judged(NewsResult.STALE, known.state)
    return _by_table(told.event, known.state)


def _of_unknown_report(told: Told, known: Situation) -> NewsResult:
    """A withdrawal of a report that does not stand: over long ago, not heard of yet, or wrong."""
    if told.names in known.ended or known.state not in LOST:
        return NewsResult.STALE
    return NewsResult.DISCREPANCY


def _by_table(event: FinancialEvent, state: FinancialState) -> Judged:
    try:
        answer = FINANCIAL_FUNCTION.ask(state, event)
    except NotInTable:
        return Judged(NewsResult.DISCREPANCY, state)
    if isinstance(answer, Refusal):
        return Judged(NewsResult.DISCREPANCY, state)
    if isinstance(answer, Notice):
        return Judged(NewsResult.NOTICE, state)
    return Judged(NewsResult.APPLIED, answer)
