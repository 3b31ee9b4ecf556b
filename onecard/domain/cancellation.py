"""注销: the end of a card, step by step in the order of rule book 16. It cannot be taken back.

Benefits first, then the account at the bank, then the purse, then the card itself: each owner has
closed its own part before the HR function ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

from onecard.domain import documents
from onecard.domain.authority import Channel
from onecard.domain.channels import ChannelPolicy, Matter, may_use_channel
from onecard.domain.collection import Shown, must_prove_person
from onecard.domain.contacts import Contacts
from onecard.domain.documents import Applicant, DocumentPolicy
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.person import must_be_living
from onecard.domain.refusal import Fix, FixKind, Refusal, found
from onecard.domain.transit_purse import TransitState


class CancellationReason(Enum):
    """Why a card ends (16); a card that never reached its holder is cancelled to apply again."""

    DEATH = "death"
    SETTLED_ABROAD = "settled_abroad"
    MOVED_OUT = "moved_out"
    DUPLICATE = "duplicate"
    HOLDERS_REQUEST = "holders_request"
    LOST_BEFORE_ENABLING = "lost_before_enabling"


@dataclass(frozen=True)
class Cancelling:
    """What is said and laid on the desk. At a death `shown.agent` is the family member."""

    reason: CancellationReason
    shown: Shown
    death_proof: bool = False
    handed_in: bool = False
    purse_given_up: bool = False


@dataclass(frozen=True)
class CardToCancel:
    """The card as it stands now.

    `benefits` are word keys of the benefits still paid to it. `successor_on_its_way`: a new card
    was applied for in its place. `with_holder` is False for a card that still lies at an outlet.
    `holder_deceased` is what the province or an earlier act said.
    """

    state: HrState
    bank: str
    financial: FinancialState
    transit: TransitState
    benefits: tuple[str, ...] = ()
    successor_on_its_way: bool = False
    with_holder: bool = True
    holder_deceased: bool = False


@dataclass(frozen=True)
class CancellationFigures:
    """The figures that have a say when a card is cancelled."""

    channels: ChannelPolicy
    documents: DocumentPolicy
    contacts: Contacts


def may_cancel(
    *,
    told: Cancelling,
    card: CardToCancel,
    holder: Applicant,
    channel: Channel,
    on: date,
    figures: CancellationFigures,
) -> Refusal | None:
    """The first step of rule book 16 that is not done yet."""
    steps = _steps(told, card, holder, channel, on, figures)
    return next((no for no in steps if no is not None), None)


def may_cancel_all(
    *,
    told: Cancelling,
    card: CardToCancel,
    holder: Applicant,
    channel: Channel,
    on: date,
    figures: CancellationFigures,
) -> tuple[Refusal, ...]:
    """Every step that is not done yet, in the order in which they are to be done."""
    return found(_steps(told, card, holder, channel, on, figures))


def may_begin_cancellation(
    *, card: CardToCancel, channel: Channel, figures: CancellationFigures
) -> Refusal | None:
    """What greys the button out before a paper was shown: another owner's part is still open."""
    checks = (
        may_use_channel(act=Matter.CANCELLATION, channel=channel, figures=figures.channels),
        must_be_live(state=card.state),
        must_have_no_benefits(benefits=card.benefits),
        must_have_cleared_account(card=card, contacts=figures.contacts),
        must_await_no_successor(card=card),
    )
    return next((no for no in checks if no is not None), None)


def must_be_live(*, state: HrState) -> Refusal | None:
    """A cancelled card stays cancelled (V7); the act answers with a notice."""
    return Refusal("hr_function.cancelled") if state is HrState.CANCELLED else None


def must_fit_reason(*, reason: CancellationReason, state: HrState) -> Refusal | None:
    """Only a card that was never enabled can have been lost before enabling (10, 17.1 ¹)."""
    if reason is not CancellationReason.LOST_BEFORE_ENABLING or state is HrState.SEALED:
        return None
    return Refusal(
        "card.reason_does_not_fit",
        measured={"state": f"@hr_function.state.{state.value}"},
        field="reason",
        fix=Fix(FixKind.CHANGE_INPUT, {"field": "reason"}),
    )


def must_show_death_proof(*, reason: CancellationReason, death_proof: bool) -> Refusal | None:
    """家属凭本人证件和死亡证明 (OTHER-CITY S47)."""
    if reason is not CancellationReason.DEATH or death_proof:
        return None
    return documents.bring("card.death_proof_missing", "death_proof")


def must_have_no_benefits(*, benefits: tuple[str, ...]) -> Refusal | None:
    """待遇先停发或改发: after the end nothing can be paid to this card (S34)."""
    if not benefits:
        return None
    return Refusal(
        "card.benefits_linked",
        measured={"benefits": benefits},
        fix=Fix(FixKind.USE_CHANNEL, {"channel": Channel.HR_COUNTER.value}),
    )


def must_have_cleared_account(*, card: CardToCancel, contacts: Contacts) -> Refusal | None:
    """银行账户先结清 (S34). An account on a card nobody ever enabled was never used."""
    unused = card.state is HrState.SEALED and card.financial is FinancialState.OPENED
    if unused or card.financial in (FinancialState.NONE, FinancialState.CLOSED):
        return None
    bank = contacts.bank(card.bank)
    return Refusal(
        "card.account_open",
        {"bank": bank.name if bank else card.bank, "hotline": bank.hotline if bank else ""},
        measured={"state": f"@financial_function.state.{card.financial.value}"},
        fix=Fix(FixKind.USE_CHANNEL, {"channel": Channel.CARD_FACE_BANK.value}),
    )


def must_settle_purse(*, transit: TransitState, given_up: bool) -> Refusal | None:
    """交通余额先退值; whoever does not want it says so. A refund that is registered goes on."""
    if transit is not TransitState.OPEN or given_up:
        return None
    return Refusal(
        "card.purse_balance_left",
        field="purse_given_up",
        fix=Fix(FixKind.USE_CHANNEL, {"channel": Channel.DIRECT_OUTLET.value}),
    )


def must_hand_in(*, state: HrState, handed_in: bool, with_holder: bool) -> Refusal | None:
    """交回卡片; for a lost card the formal loss report stands instead (S34).

    A card that never came into its holder's hands cannot be handed in.
    """
    if handed_in or state is HrState.FORMAL_LOSS or not with_holder:
        return None
    return documents.bring("card.not_handed_in", "card")


def must_await_no_successor(*, card: CardToCancel) -> Refusal | None:
    """A new card that is being made in its place is dealt with first."""
    if not card.successor_on_its_way:
        return None
    fix = Fix(FixKind.DO_FIRST, {"act": "application.retract"})
    return Refusal("card.successor_on_its_way", fix=fix)


def _steps(
    told: Cancelling,
    card: CardToCancel,
    holder: Applicant,
    channel: Channel,
    on: date,
    figures: CancellationFigures,
) -> Iterator[Refusal | None]:
    yield may_use_channel(act=Matter.CANCELLATION, channel=channel, figures=figures.channels)
    yield must_fit_reason(reason=told.reason, state=card.state)
    if told.reason is CancellationReason.DEATH:
        agent = told.shown.agent
        yield documents.must_show_agents(agent=agent, on=on, figures=figures.documents)
        yield must_show_death_proof(reason=told.reason, death_proof=told.death_proof)
    else:
        yield must_be_living(deceased=card.holder_deceased)
        yield must_prove_person(shown=told.shown, holder=holder, on=on, figures=figures.documents)
    yield must_have_no_benefits(benefits=card.benefits)
    yield must_have_cleared_account(card=card, contacts=figures.contacts)
    yield must_settle_purse(transit=card.transit, given_up=told.purse_given_up)
    never_came = told.reason is CancellationReason.LOST_BEFORE_ENABLING
    yield must_hand_in(
        state=card.state,
        handed_in=told.handed_in,
        with_holder=card.with_holder and not never_came,
    )
    yield must_await_no_successor(card=card)
