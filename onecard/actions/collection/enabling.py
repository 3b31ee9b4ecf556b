"""启用: the card in hand, the person proven, the predecessor settled, then SEALED becomes NORMAL.

All of it is one transaction (V4, 21.4): there is no moment in which both cards can be used, and
none in which a person had one before and has none after. The province's register hears of it
through the outbox; until it has, the screen says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.actions._history import move_hr
from onecard.actions._keeping import act, note, tell
from onecard.actions._stepping import step
from onecard.actions.collection.rows import (
    Held,
    collected,
    held,
    may_enable_in_channel,
    must_be_in_hand,
    must_prove_person,
)
from onecard.domain import collection
from onecard.domain.application import ApplicationKind
from onecard.domain.authority import Actor
from onecard.domain.collection import CardInHand, Shown
from onecard.domain.hr_function import HR_FUNCTION, LIVE, HrEvent, HrState
from onecard.domain.masking import mask_number
from onecard.domain.production import OPEN, ProductionEvent
from onecard.domain.refusal import Notice, Refusal, Refused, require
from onecard.domain.replacement import is_relink_due
from onecard.records.models import Card, OutboxRow, Shipment
from onecard.seams.clock import local_day
from onecard.seams.failpoint import failpoint, register

GROUND = "rule book 11, 21.4"

register("replacement.between_old_and_new")


@dataclass(frozen=True)
class EnableReceipt:
    """The card as it is now; `predecessor` is the card that was cancelled with it, if any.

    `register_told` says whether the province has confirmed; until then its register follows.
    """

    card: str
    person: str
    hr_state: str
    enabled_at: datetime | None
    predecessor: str = ""
    register_told: bool = False
    notice: str = ""


@act("collection.enable")
def enable(
    *,
    card: str,
    proof: CardInHand,
    shown: Shown,
    old_card_handed_in: bool,
    actor: Actor,
    at: datetime,
) -> EnableReceipt:
    """Enable a card at a counter. A card that was not handed over yet counts as collected.

    Raises `Refused`: `application.channel_not_open`, `collection.*`, `documents.*`,
    `authority.*`, `hr_function.*`, `card.not_handed_in`.
    """
    rows = held(card, actor=actor)
    require(
        may_enable_in_channel(actor, rows.card, local_day(at)),
        must_be_in_hand(proof, rows.card),
        must_prove_person(shown, rows.person, local_day(at)),
    )
    return _enable(rows, shown, handed_in=old_card_handed_in, actor=actor, at=at)


@act("collection.enable_online")
def enable_online(*, card: str, card_number: str, actor: Actor, at: datetime) -> EnableReceipt:
    """个人领卡: the holder confirms receipt in the channel of the application, and enables.

    The number on the card proves that it is in hand; who signed in is proven already. Raises
    `Refused` as `enable`, and `collection.not_in_this_channel`, `collection.not_received`.
    """
    rows = held(card, actor=actor)
    row = rows.application
    shipment = Shipment.objects.filter(card=rows.card).first()
    require(
        may_enable_in_channel(actor, rows.card, local_day(at)),
        collection.may_enable_online(
            channel=actor.channel, applied_through=row.channel if row else None
        ),
        collection.must_have_arrived(
            delivery=shipment.state if shipment else None,
            collected=rows.card.collected_at is not None,
        ),
        must_be_in_hand(CardInHand(card_number=card_number), rows.card),
    )
    return _enable(rows, Shown(holder=None), handed_in=False, actor=actor, at=at)


def _enable(
    rows: Held, shown: Shown, *, handed_in: bool, actor: Actor, at: datetime
) -> EnableReceipt:
    """Everything after the proofs. The predecessor goes first: two are never in use (V3)."""
    card = rows.card
    answer = HR_FUNCTION.ask(card.state_at(at), HrEvent.ENABLE)
    if isinstance(answer, Refusal):
        raise Refused(answer)
    if isinstance(answer, Notice):
        return _receipt(card, at=at, notice=answer.code)
    predecessor = _predecessor(rows)
    require(
        _may_settle(predecessor, handed_in=handed_in, at=at), _must_be_only_card(rows, predecessor)
    )
    settled = _settle(predecessor, actor=actor, at=at)
    failpoint("replacement.between_old_and_new")
    _collect(rows, shown, actor=actor, at=at)
    card.enabled_at, card.reminded_at = at, None
    card.save(update_fields=["enabled_at", "reminded_at"])
    move_hr(card, HrEvent.ENABLE, reason="enabled", by=actor, at=at)
    tell(
        "card.enabled",
        about=card.ref,
        at=at,
        parties=("hr_database", "sms"),
        state=HrState.NORMAL.value,
    )
    if settled:
        _tell_of_succession(rows, settled, at=at)
    _warn_of_old_account(predecessor, card, at=at)
    note(about=card.ref, by=actor, at=at, ground=GROUND, predecessor=settled)
    return _receipt(card, at=at, predecessor=settled)


def _predecessor(rows: Held) -> Card | None:
    """The card this one replaces, among the held ones."""
    named = rows.card.predecessor_id or (
        rows.application.predecessor_id if rows.application else None
    )
    return next((card for card in rows.cards if card.ref == named), None)


def _may_settle(predecessor: Card | None, *, handed_in: bool, at: datetime) -> Refusal | None:
    if predecessor is None:
        return None
    state = predecessor.state_at(at)
    return collection.may_settle_predecessor(state=state, handed_in=handed_in)


def _must_be_only_card(rows: Held, predecessor: Card | None) -> Refusal | None:
    known = {rows.card.ref, predecessor.ref if predecessor else ""}
    others = [card for card in rows.cards if card.ref not in known and card.hr_state in LIVE]
    return collection.must_be_only_card(others=[mask_number(card.card_number) for card in others])


def _settle(predecessor: Card | None, *, actor: Actor, at: datetime) -> str:
    """Cancel the predecessor; a temporary loss that is over by time lapses before that."""
    if predecessor is None or predecessor.hr_state is HrState.CANCELLED:
        return ""
    event = HrEvent.SUCCESSOR_ENABLED
    move_hr(predecessor, event, reason="successor_enabled", by=actor, at=at)
    tell(
        "card.cancelled",
        about=predecessor.ref,
        at=at,
        parties=("hr_database",),
        state=HrState.CANCELLED.value,
    )
    note(about=predecessor.ref, by=actor, at=at, ground=GROUND, event=event.value)
    return predecessor.ref


def _tell_of_succession(rows: Held, predecessor: str, *, at: datetime) -> None:
    """Which card took the place of which, and on what ground; the holder hears what has ended."""
    row = rows.application
    lost = row is not None and row.kind is ApplicationKind.REPLACEMENT
    completed = "replacement.completed" if lost else "exchange.completed"
    tell("card.replaced", about=predecessor, at=at, parties=("sms",))
    tell(completed, about=rows.card.ref, at=at, parties=())


def _warn_of_old_account(predecessor: Card | None, card: Card, *, at: datetime) -> None:
    """金融账户转接: money goes to the old card's account until its bank has moved it (21.5)."""
    if predecessor is None:
        return
    same_bank = predecessor.bank == card.bank
    if is_relink_due(old=predecessor.financial_state, same_bank=same_bank):
        tell("replacement.relink_due", about=card.ref, at=at, parties=("sms",))


def _collect(rows: Held, shown: Shown, *, actor: Actor, at: datetime) -> None:
    """Whoever has the card in hand has collected it."""
    collected(rows.card, shown, at=at)
    if rows.application and rows.application.state in OPEN:
        step(rows.application, ProductionEvent.COLLECT, by=actor, at=at)


def _is_register_told(card: Card) -> bool:
    """Whether nothing about this card waits for the province's register any more."""
    waiting = OutboxRow.objects.filter(subject=card.ref, party="hr_database", delivered_at=None)
    return not waiting.exists()


def _receipt(card: Card, *, at: datetime, predecessor: str = "", notice: str = "") -> EnableReceipt:
    return EnableReceipt(
        card=card.ref,
        person=card.person_id,
        hr_state=card.state_at(at).value,
        enabled_at=card.enabled_at,
        predecessor=predecessor,
        register_told=_is_register_told(card),
        notice=notice,
    )
