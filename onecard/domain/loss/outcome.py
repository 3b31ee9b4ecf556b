"""What becomes of both functions by a formal report, or by its withdrawal (20.2; architecture 3.1).

Each side answers for itself: that one is lost already, or has nothing to lose, never keeps the
other from being protected.
"""

from __future__ import annotations

from dataclasses import dataclass

from onecard.domain.financial_function import (
    FINANCIAL_FUNCTION,
    FinancialEvent,
    FinancialState,
)
from onecard.domain.hr_function import HR_FUNCTION, HrEvent, HrState
from onecard.domain.lifecycle import Event, LifeCycle, State
from onecard.domain.refusal import Notice, Refusal

ELSEWHERE = Notice("loss.financial_side_elsewhere")


@dataclass(frozen=True)
class FormalOutcome:
    """Both states afterwards. An answer of None says that this side changed.

    `asks_bank`: whether the financial side was asked at all; otherwise its answer is only told.
    """

    hr: HrState
    financial: FinancialState
    hr_answer: Notice | Refusal | None
    financial_answer: Notice | Refusal | None
    asks_bank: bool

    @property
    def changes_hr(self) -> bool:
        """Whether the HR function changes."""
        return self.hr_answer is None

    @property
    def changes_financial(self) -> bool:
        """Whether the financial function changes."""
        return self.financial_answer is None

    @property
    def changes_nothing(self) -> bool:
        """Whether nothing is written."""
        return not (self.changes_hr or self.changes_financial)

    @property
    def notice(self) -> Notice | None:
        """What to say when nothing changes because it is so already."""
        if not self.changes_nothing:
            return None
        return next((said for said in self._said if isinstance(said, Notice)), None)

    @property
    def refusal(self) -> Refusal | None:
        """The no, where nothing changes and nothing was so before."""
        if not self.changes_nothing or self.notice is not None:
            return None
        return next((said for said in self._said if isinstance(said, Refusal)), None)

    @property
    def _said(self) -> tuple[Notice | Refusal | None, ...]:
        return (self.hr_answer, self.financial_answer) if self.asks_bank else (self.hr_answer,)


def formal_at_bank(*, hr: HrState, financial: FinancialState) -> FormalOutcome:
    """正式挂失在卡面银行网点: HR and financial together (SEED, question 11).

    Reported online before: the HR side answers with a notice and the financial side is lost all the
    same. Never activated: the HR side is accepted and the bank has nothing to report (ASSUMPTION).
    """
    hr_after, hr_answer = _asked(HR_FUNCTION, hr, HrEvent.REPORT_FORMAL)
    money, money_answer = _asked(FINANCIAL_FUNCTION, financial, FinancialEvent.REPORT_FORMAL)
    return FormalOutcome(hr_after, money, hr_answer, money_answer, asks_bank=True)


def formal_hr_only(*, hr: HrState, financial: FinancialState) -> FormalOutcome:
    """线上或人社窗口正式挂失: the HR side alone; the bank's is elsewhere (SEED, question 11)."""
    hr_after, hr_answer = _asked(HR_FUNCTION, hr, HrEvent.REPORT_FORMAL)
    return FormalOutcome(hr_after, financial, hr_answer, ELSEWHERE, asks_bank=False)


def withdrawn_at_bank(*, hr: HrState, financial: FinancialState) -> FormalOutcome:
    """正式挂失的解挂在卡面银行网点: both sides, as far as they are formally lost (20.3)."""
    if financial is not FinancialState.FORMAL_LOSS:
        return withdrawn_hr_only(hr=hr, financial=financial)
    hr_after, hr_answer = _asked(HR_FUNCTION, hr, HrEvent.WITHDRAW_FORMAL)
    money, money_answer = _asked(FINANCIAL_FUNCTION, financial, FinancialEvent.WITHDRAW_FORMAL)
    return FormalOutcome(hr_after, money, hr_answer, money_answer, asks_bank=True)


def withdrawn_hr_only(*, hr: HrState, financial: FinancialState) -> FormalOutcome:
    """线上或人社窗口解挂: the HR side alone; what the bank took in stays until it lifts it."""
    hr_after, hr_answer = _asked(HR_FUNCTION, hr, HrEvent.WITHDRAW_FORMAL)
    return FormalOutcome(hr_after, financial, hr_answer, ELSEWHERE, asks_bank=False)


def _asked(
    cycle: LifeCycle[State, Event], state: State, event: Event
) -> tuple[State, Notice | Refusal | None]:
    """The state afterwards, and the answer given instead of a change."""
    answer = cycle.ask(state, event)
    if isinstance(answer, (Notice, Refusal)):
        return state, answer
    return answer, None
