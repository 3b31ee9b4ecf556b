"""银行来报: which of the bank's news about the financial function are taken, and what they change.

The bank is the owner of that function, so its news are followed, by the table. Messages may come
late, twice or crossed: a report of loss counts unless its own withdrawal is known already; a
withdrawal lifts only the report it names, and the loss goes on while another report stands;
everything else gives way to a newer sequence number. So no older message ever un-loses a card, no
report is forgotten, and loss wins a tie (V6, C4).
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
class Heard:
    """A report beside the one that stands: it came on top of it, or was made formal by it."""

    serial: str
    sequence: int
    formal: bool


@dataclass(frozen=True)
class Situation:
    """What is known when it comes.

    `last_sequence` is the highest number taken so far; `stands_as` are the names of the loss that
    stands (ours and the bank's) and `stands_since` the number of its report; `also` are the other
    reports beside it. `ended` names losses that are over, `withdrawn` the serials that some
    withdrawal has named, its report seen or not.
    """

    state: FinancialState
    last_sequence: int = 0
    stands_as: frozenset[str] = frozenset()
    stands_since: int = 0
    also: tuple[Heard, ...] = ()
    ended: frozenset[str] = frozenset()
    withdrawn: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Judged:
    """The verdict, and the state afterwards. `goes_on_as` is the report that stands from now on."""

    result: NewsResult
    state: FinancialState
    goes_on_as: str = ""


def judge(*, told: Told, known: Situation) -> Judged:
    """What a piece of news changes."""
    if told.event in REPORTS and told.serial in known.withdrawn | known.ended:
        return Judged(NewsResult.STALE, known.state)
    if told.event in WITHDRAWALS and told.names not in known.stands_as:
        return Judged(_of_unknown_report(told, known), known.state)
    if told.event not in REPORTS | WITHDRAWALS and told.sequence <= known.last_sequence:
        return Judged(NewsResult.STALE, known.state)
    judged = _by_table(told.event, known.state)
    if told.event in WITHDRAWALS and judged.result is NewsResult.APPLIED:
        return _goes_on(known) or judged
    return judged


def _goes_on(known: Situation) -> Judged | None:
    """The loss stands on as another report that nobody has withdrawn, the formal ones first.

    A temporary report that is older than the formal one which replaced it is over with that.
    """
    was_formal = known.state is FinancialState.FORMAL_LOSS
    standing = [
        heard
        for heard in known.also
        if heard.serial not in known.withdrawn
        and (heard.formal or not was_formal or heard.sequence > known.stands_since)
    ]
    if not standing:
        return None
    heard = max(standing, key=lambda heard: (heard.formal, heard.sequence))
    state = FinancialState.FORMAL_LOSS if heard.formal else FinancialState.TEMPORARY_LOSS
    return Judged(NewsResult.APPLIED, state, heard.serial)


def _of_unknown_report(told: Told, known: Situation) -> NewsResult:
    """A withdrawal of a report that does not stand: over long ago, not heard of yet, or wrong."""
    heard = {report.serial for report in known.also}
    if told.names in known.ended | heard or known.state not in LOST:
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
