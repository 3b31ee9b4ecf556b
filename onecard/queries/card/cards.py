"""我的卡: a person's cards with their three functions side by side, and which one is live.

For the portal, the counter and the API; masked. What may be done is answered by the same rules
that guard the act.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from onecard import policy
from onecard.domain import collection
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.card import (
    STANDING,
    CardPolicy,
    HeldCard,
    is_expired,
    live_card,
    renewal_opens_on,
)
from onecard.domain.channels import ChannelPolicy, Matter, may_use_channel
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HR_FUNCTION, HrEvent, HrState
from onecard.domain.masking import mask_number
from onecard.domain.refusal import NotFound, Refusal, first
from onecard.domain.transit_purse import TransitState
from onecard.queries._reading import one_moment
from onecard.records.models import Card, OutboxRow, Outlet, Person, Shipment
from onecard.seams.clock import local_day

REGISTER = "hr_database"
_SEES_NO_CARDS = frozenset({Role.EMPLOYER_AGENT, Role.PARTNER})

_GOOD, _WAIT, _STOP, _OFF = "good", "wait", "stop", "off"
_HR_TONE = {
    HrState.SEALED: _WAIT,
    HrState.NORMAL: _GOOD,
    HrState.TEMPORARY_LOSS: _STOP,
    HrState.FORMAL_LOSS: _STOP,
    HrState.LOCKED: _STOP,
    HrState.CANCELLED: _OFF,
}
_FINANCIAL_TONE = {
    FinancialState.NONE: _OFF,
    FinancialState.OPENED: _WAIT,
    FinancialState.ACTIVATED: _GOOD,
    FinancialState.TEMPORARY_LOSS: _STOP,
    FinancialState.FORMAL_LOSS: _STOP,
    FinancialState.CLOSED: _OFF,
}
_TRANSIT_TONE = {TransitState.OPEN: _GOOD, TransitState.REFUND_PENDING: _WAIT}


@dataclass(frozen=True)
class Light:
    """One function of a card: its state, how it looks (`good wait stop off`), and its words.

    `word` names the state, `next` what its holder may do about it; both are keys, `next` is empty
    where nothing is to be done.
    """

    function: str
    state: str
    tone: str
    word: str
    next: str


@dataclass(frozen=True)
class CardSeen:
    """One card. `standing` is a value of `domain.card.Standing`.

    `register` is `pending` until the province's register has confirmed our last word about the
    card, then `confirmed`, and empty for a card the province told us of.
    """

    card: str
    application: str
    number: str
    bank: str
    generation: int
    standing: str
    lights: tuple[Light, ...]
    issued_on: date
    valid_to: date
    renewal_from: date
    expired: bool
    collected_at: datetime | None
    enabled_at: datetime | None
    register: str
    register_confirmed_at: datetime | None
    shipment: str
    replaces: str
    may_enable_online: Refusal | None


@dataclass(frozen=True)
class CardsSeen:
    """All cards of a person, the live one first and named (acceptance case A17)."""

    person: str
    live: CardSeen | None
    cards: tuple[CardSeen, ...]


def my_cards(*, as_seen_by: Actor, at: datetime) -> CardsSeen:
    """The signed-in citizen's own cards."""
    return cards_of(person=as_seen_by.ref, as_seen_by=as_seen_by, at=at)


def cards_of(*, person: str, as_seen_by: Actor, at: datetime) -> CardsSeen:
    """A person's cards; a bank's clerk sees those of the own bank (platform C5).

    Raises `NotFound` for whoever may not see them.
    """
    stranger = as_seen_by.role is Role.CITIZEN and person != as_seen_by.ref
    if stranger or as_seen_by.role in _SEES_NO_CARDS:
        raise NotFound("Person")
    with one_moment():
        if not Person.objects.filter(ref=person).exists():
            raise NotFound("Person")
        visible = Card.objects.filter(person=person)
        if as_seen_by.role is Role.BANK_CLERK:
            visible = visible.filter(bank=_bank_of(as_seen_by) or "-")
        rows = list(visible.select_related("application").order_by("-issued_on", "ref"))
        seen = {row.ref: one_card(row, as_seen_by, at) for row in rows}
    held = [HeldCard(row.ref, _state(row, at)) for row in rows]
    live = live_card(held)
    first_of_all = live.ref if live else ""
    cards = sorted(seen.values(), key=lambda card: card.card != first_of_all)
    return CardsSeen(person, seen.get(first_of_all), tuple(cards))


def _bank_of(clerk: Actor) -> str:
    outlets = Outlet.objects.filter(ref=clerk.outlet)
    return outlets.values_list("bank", flat=True).first() or ""


def _state(row: Card, at: datetime) -> HrState:
    return row.state_at(at)


def one_card(row: Card, viewer: Actor, at: datetime) -> CardSeen:
    """One card as its viewer sees it; who may see it at all is asked before."""
    day = local_day(at)
    figures = policy.in_force("card", CardPolicy, on=day)
    shipment = Shipment.objects.filter(card=row).first()
    register, confirmed_at = _register(row)
    may_enable = _may_enable_online(row, shipment, at)
    return CardSeen(
        card=row.ref,
        application=row.application_id or "",
        number=mask_number(row.card_number),
        bank=row.bank,
        generation=row.generation,
        standing=STANDING[_state(row, at)].value,
        lights=_lights(row, viewer, may_enable, at),
        issued_on=row.issued_on,
        valid_to=row.valid_to,
        renewal_from=renewal_opens_on(valid_to=row.valid_to, figures=figures),
        expired=is_expired(valid_to=row.valid_to, on=day),
        collected_at=row.collected_at,
        enabled_at=row.enabled_at,
        register=register,
        register_confirmed_at=confirmed_at,
        shipment=shipment.ref if shipment else "",
        replaces=_predecessor(row),
        may_enable_online=may_enable,
    )


def _predecessor(row: Card) -> str:
    return row.predecessor_id or (row.application.predecessor_id if row.application else "") or ""


def _register(row: Card) -> tuple[str, datetime | None]:
    """Whether the province has confirmed everything we said about this card, and when."""
    said = OutboxRow.objects.filter(subject=row.ref, party=REGISTER).order_by("-sequence")
    last = said.filter(delivered_at__isnull=False).first()
    if not said.exists():
        return "", None
    pending = said.filter(delivered_at=None).exists()
    return "pending" if pending else "confirmed", last.delivered_at if last else None


def _may_enable_online(row: Card, shipment: Shipment | None, at: datetime) -> Refusal | None:
    """Everything that can be answered before the number on the card is typed."""
    channels = policy.in_force("channels", ChannelPolicy, on=local_day(at))
    applied_through = row.application.channel if row.application else None
    answer = HR_FUNCTION.ask(_state(row, at), HrEvent.ENABLE)
    return first(
        lambda: answer if isinstance(answer, Refusal) else None,
        lambda: collection.may_hand_over(state=_state(row, at)),
        lambda: may_use_channel(act=Matter.ENABLING, channel=Channel.PORTAL, figures=channels),
        lambda: collection.may_enable_online(
            channel=Channel.PORTAL, applied_through=applied_through
        ),
        lambda: collection.must_have_arrived(
            delivery=shipment.state if shipment else None, collected=row.collected_at is not None
        ),
    )


def _lights(
    row: Card, viewer: Actor, may_enable: Refusal | None, at: datetime
) -> tuple[Light, ...]:
    """人社、金融、交通三项功能: three owners, three states, never mixed."""
    state, money, purse = _state(row, at), row.financial_state, row.transit_state
    hr_next = f"card.next.hr.{state.value}"
    if state is HrState.SEALED and viewer.role is Role.CITIZEN and may_enable is None:
        hr_next = "card.next.hr.enable_here"
    tone = _TRANSIT_TONE.get(purse, _OFF)
    return (
        _light("hr", "hr_function", state.value, _HR_TONE[state], hr_next),
        _light("financial", "financial_function", money.value, _FINANCIAL_TONE[money]),
        _light("transit", "transit_purse", purse.value, tone),
    )


def _light(function: str, room: str, state: str, tone: str, next_: str = "") -> Light:
    return Light(
        function=function,
        state=state,
        tone=tone,
        word=f"{room}.state.{state}",
        next=next_ or f"card.next.{function}.{state}",
    )
