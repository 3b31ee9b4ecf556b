"""May this be done here and now: every act of a plan asks the rules that guard the real one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from onecard.domain import cancellation
from onecard.domain.application.upgrade import must_show_old_card
from onecard.domain.authority import Channel
from onecard.domain.cancellation import CardToCancel
from onecard.domain.channels import Matter, may_use_channel
from onecard.domain.collection import may_enable_online, may_settle_predecessor
from onecard.domain.financial_function import FINANCIAL_FUNCTION, FinancialEvent, FinancialState
from onecard.domain.hr_function import HR_FUNCTION, LOST_STATES, HrEvent, HrState
from onecard.domain.lifecycle import NotInTable
from onecard.domain.planner.kinds import Act, Case, Place, PlannerFigures, Situation, Wish
from onecard.domain.refund import Refunding, RefundReason, may_refund, outlet_kind_of
from onecard.domain.refusal import Fix, FixKind, Notice, Refusal
from onecard.domain.replacement import (
    OldCard,
    Replacing,
    exchange_facts,
    may_replace_online,
    must_be_exchangeable,
    must_be_replaceable,
    must_exchange_offline,
    must_have_right_data,
    must_have_settled_account,
)

NOTHING_TO_DO = Refusal("planner.nothing_to_do")
_NOT_HERE = Refusal("planner.not_here")
_FOR_A_NEW_CARD = (Wish.REPLACE, Wish.EXCHANGE)

Asked = Iterator[Refusal | None]
Ask = Callable[[Place, Situation, Case, PlannerFigures], Asked]


def may_do(
    *, act: Act, at: Place, now: Situation, case: Case, figures: PlannerFigures
) -> Refusal | None:
    """The first no of the rules to this act at this place; `planner.*` where it would be idle."""
    return next((no for no in _ASK[act](at, now, case, figures) if no is not None), None)


def old_card(now: Situation, case: Case) -> OldCard | None:
    """The card of the case as the rules of replacement read it."""
    if now.hr is None:
        return None
    return OldCard(
        state=now.hr,
        generation=case.generation,
        bank=case.bank,
        valid_to=case.valid_to,
        financial=now.financial,
        transit=now.transit,
    )


def _idle_unless(needed: bool) -> Refusal | None:  # noqa: FBT001 - reads as a sentence
    return None if needed else NOTHING_TO_DO


def _open_for(matter: Matter, channel: Channel, figures: PlannerFigures) -> Refusal | None:
    return may_use_channel(act=matter, channel=channel, figures=figures.channels)


def _online(at: Place, case: Case, figures: PlannerFigures) -> Refusal | None:
    """A child's card is not dealt with online (8.1)."""
    if at.channel is not Channel.PORTAL or case.online:
        return None
    fix = Fix(FixKind.USE_CHANNEL, {"channel": Channel.SERVICE_OUTLET.value})
    return Refusal(
        "application.child_offline_only",
        allowed={"age": figures.application.guardian_below_age},
        fix=fix,
    )


def _hr_allows(state: HrState | None, event: HrEvent) -> Refusal | None:
    """What the table says; a notice means that nothing would change."""
    try:
        answer = HR_FUNCTION.ask(state or HrState.CANCELLED, event)
    except NotInTable:
        return NOTHING_TO_DO
    if isinstance(answer, Notice):
        return NOTHING_TO_DO
    return answer if isinstance(answer, Refusal) else None


def _bank_allows(state: FinancialState, event: FinancialEvent) -> Refusal | None:
    try:
        answer = FINANCIAL_FUNCTION.ask(state, event)
    except NotInTable:
        return NOTHING_TO_DO
    if isinstance(answer, Notice):
        return NOTHING_TO_DO
    return answer if isinstance(answer, Refusal) else None


def _benefits(now: Situation) -> tuple[str, ...]:
    return ("@planner.benefits.linked",) if now.benefits else ()


def _finish_topup(at: Place, now: Situation, case: Case, figures: PlannerFigures) -> Asked:
    yield _idle_unless(case.wish is not Wish.USE and now.open_topup and now.in_hand)
    yield _open_for(Matter.TOP_UP, at.channel, figures)


def _refund(at: Place, now: Situation, case: Case, figures: PlannerFigures) -> Asked:
    yield _idle_unless(case.wish is not Wish.USE)
    yield _open_for(Matter.PURSE_REFUND, at.channel, figures)
    cancelling = case.wish is Wish.CANCEL
    asked = Refunding(
        at=outlet_kind_of(at.channel),
        transit=now.transit,
        card_present=now.in_hand,
        lost=now.hr in LOST_STATES,
        open_topup=now.open_topup,
        reason=RefundReason.CANCELLATION if cancelling else RefundReason.EXCHANGE,
    )
    answer = may_refund(asked=asked, figures=figures.refund, contacts=figures.contacts)
    yield NOTHING_TO_DO if isinstance(answer, Notice) else answer


def _correct_data(at: Place, now: Situation, case: Case, figures: PlannerFigures) -> Asked:
    del figures
    yield _idle_unless(case.wish in _FOR_A_NEW_CARD and not now.base_data_right)
    yield None if at.channel is Channel.HR_COUNTER else _NOT_HERE


def _stop_benefits(at: Place, now: Situation, case: Case, figures: PlannerFigures) -> Asked:
    del figures
    yield _idle_unless(case.wish is Wish.CANCEL and now.benefits)
    yield None if at.channel is Channel.HR_COUNTER else _NOT_HERE


def _close_account(at: Place, now: Situation, case: Case, figures: PlannerFigures) -> Asked:
    """Before a card ends, what is paid to the account is stopped first (16, in order)."""
    del figures
    ends = case.wish is Wish.CANCEL
    yield _idle_unless(ends or (case.wish in _FOR_A_NEW_CARD and case.new_bank != case.bank))
    if ends:
        yield cancellation.must_have_no_benefits(benefits=_benefits(now))
    yield None if at.towards(case.bank) is Channel.CARD_FACE_BANK else _NOT_HERE
    yield _bank_allows(now.financial, FinancialEvent.CLOSE)


def _report_loss(at: Place, now: Situation, case: Case, figures: PlannerFigures) -> Asked:
    yield _idle_unless(not now.in_hand)
    yield _online(at, case, figures)
    yield _open_for(Matter.FORMAL_LOSS, at.towards(case.bank), figures)
    yield _hr_allows(now.hr, HrEvent.REPORT_FORMAL)


def _withdraw_loss(at: Place, now: Situation, case: Case, figures: PlannerFigures) -> Asked:
    yield _idle_unless(now.in_hand and not now.replacement_applied)
    formal = now.hr is HrState.FORMAL_LOSS
    matter = Matter.WITHDRAW_FORMAL_LOSS if formal else Matter.WITHDRAW_TEMPORARY_LOSS
    event = HrEvent.WITHDRAW_FORMAL if formal else HrEvent.WITHDRAW_TEMPORARY
    yield _hr_allows(now.hr, event)
    yield _online(at, case, figures)
    yield _open_for(matter, at.towards(case.bank), figures)
    yield _NOT_HERE if formal and at.channel is not case.loss_at else None


def _unlock(at: Place, now: Situation, case: Case, figures: PlannerFigures) -> Asked:
    yield _idle_unless(case.wish is Wish.USE)
    yield _hr_allows(now.hr, HrEvent.UNLOCK)
    yield _open_for(Matter.HR_PIN_RESET, at.towards(case.bank), figures)


def _apply_replacement(at: Place, now: Situation, case: Case, figures: PlannerFigures) -> Asked:
    yield _idle_unless(case.wish in _FOR_A_NEW_CARD and not now.making and now.successor is None)
    yield may_replace_online(channel=at.channel, figures=figures.replacement)
    yield _open_for(Matter.REPLACEMENT, at.towards(case.bank), figures)
    yield _online(at, case, figures)
    card = old_card(now, case)
    yield must_be_replaceable(card=card)
    yield must_have_right_data(base_data_right=now.base_data_right)
    if card is not None:
        yield must_have_settled_account(
            card=card, bank=case.new_bank, settled=False, contacts=figures.contacts
        )


def _apply_exchange(at: Place, now: Situation, case: Case, figures: PlannerFigures) -> Asked:
    yield _idle_unless(case.wish in _FOR_A_NEW_CARD and not now.making and now.successor is None)
    yield must_exchange_offline(channel=at.channel, figures=figures.replacement)
    yield _open_for(Matter.EXCHANGE, at.towards(case.bank), figures)
    card = old_card(now, case)
    yield must_be_exchangeable(card=card)
    yield must_show_old_card(shown=now.in_hand)
    told = Replacing(
        reason=case.reason, base_data_right=now.base_data_right, open_topup=now.open_topup
    )
    if card is not None:
        yield from exchange_facts(
            card=card, bank=case.new_bank, told=told, on=case.today, figures=figures
        )


def _wait(at: Place, now: Situation, case: Case, figures: PlannerFigures) -> Asked:
    del at, case, figures
    yield _idle_unless(now.making)


def _enable(at: Place, now: Situation, case: Case, figures: PlannerFigures) -> Asked:
    new = now.successor is not None
    yield _hr_allows(now.successor if new else now.hr, HrEvent.ENABLE)
    yield _idle_unless(new or now.in_hand or case.lies_at is not None)
    yield None if case.lies_at in (None, at) else _NOT_HERE
    channel = at.towards(case.new_bank if new else case.bank)
    yield _open_for(Matter.ENABLING, channel, figures)
    if at.channel is Channel.PORTAL:
        through = Channel.PORTAL if now.posted else None
        yield may_enable_online(channel=at.channel, applied_through=through)
    if new and now.hr is not None:
        yield may_settle_predecessor(state=now.hr, handed_in=now.in_hand)


def _activate(at: Place, now: Situation, case: Case, figures: PlannerFigures) -> Asked:
    new = now.successor is not None
    bank, state = (case.new_bank, now.successor) if new else (case.bank, now.hr)
    yield _idle_unless(state in (HrState.NORMAL, HrState.LOCKED) and (new or now.in_hand))
    yield _open_for(Matter.FINANCIAL_ACTIVATION, at.towards(bank), figures)
    yield _bank_allows(now.new_financial if new else now.financial, FinancialEvent.ACTIVATE)


def _cancel(at: Place, now: Situation, case: Case, figures: PlannerFigures) -> Asked:
    yield _idle_unless(case.wish is Wish.CANCEL)
    yield _hr_allows(now.hr, HrEvent.CANCEL)
    yield _open_for(Matter.CANCELLATION, at.channel, figures)
    if now.hr is None:
        return
    on_its_way = now.making or now.successor is not None
    card = CardToCancel(
        now.hr, case.bank, now.financial, now.transit, successor_on_its_way=on_its_way
    )
    yield cancellation.must_have_no_benefits(benefits=_benefits(now))
    yield cancellation.must_have_cleared_account(card=card, contacts=figures.contacts)
    yield cancellation.must_settle_purse(transit=now.transit, given_up=not now.in_hand)
    yield cancellation.must_hand_in(
        state=now.hr,
        handed_in=now.in_hand,
        with_holder=now.in_hand or now.hr is not HrState.SEALED,
    )
    yield cancellation.must_await_no_successor(card=card)


_ASK: Mapping[Act, Ask] = {
    Act.FINISH_TOPUP: _finish_topup,
    Act.REFUND: _refund,
    Act.CORRECT_DATA: _correct_data,
    Act.STOP_BENEFITS: _stop_benefits,
    Act.CLOSE_ACCOUNT: _close_account,
    Act.REPORT_LOSS: _report_loss,
    Act.WITHDRAW_LOSS: _withdraw_loss,
    Act.UNLOCK: _unlock,
    Act.APPLY_REPLACEMENT: _apply_replacement,
    Act.APPLY_EXCHANGE: _apply_exchange,
    Act.WAIT: _wait,
    Act.ENABLE: _enable,
    Act.ACTIVATE: _activate,
    Act.CANCEL: _cancel,
}
