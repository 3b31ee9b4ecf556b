"""领卡: an outlet hands a made card to its holder or to an agent. It stays sealed (11.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.actions._keeping import act, note, tell
from onecard.actions._stepping import step
from onecard.actions.collection.rows import (
    at_this_outlet,
    card_of,
    collected,
    held,
    must_be_in_hand,
    must_prove_person,
)
from onecard.domain import collection
from onecard.domain.authority import Actor
from onecard.domain.collection import CardInHand, Shown
from onecard.domain.production import ProductionEvent, ProductionState
from onecard.domain.refusal import NotFound, require
from onecard.records.models import Application
from onecard.seams.clock import local_day


@dataclass(frozen=True)
class CollectionReceipt:
    """A card in somebody's hand; `state` is that of the application."""

    application: str
    card: str
    person: str
    state: str
    notice: str = ""


@act("collection.hand_over")
def hand_over(
    *, application: str, proof: CardInHand, shown: Shown, actor: Actor, at: datetime
) -> CollectionReceipt:
    """Hand the card of an application over at the outlet where it lies.

    Raises `Refused`: `collection.*`, `documents.*`, `authority.*`,
    `production.not_in_this_state`.
    """
    rows = held(card_of(application), actor=actor)
    row, card = rows.application, rows.card
    if row is None:
        raise NotFound("Application")
    if row.state is ProductionState.COLLECTED:
        return _receipt(row, card.ref, "collection.already_collected")
    require(
        at_this_outlet(row, actor),
        must_be_in_hand(proof, card),
        must_prove_person(shown, rows.person, local_day(at)),
        collection.may_hand_over(state=card.state_at(at)),
    )
    step(row, ProductionEvent.COLLECT, by=actor, at=at)
    collected(card, shown, at=at)
    tell("card.collected", about=card.ref, at=at, parties=("sms",))
    by_agent = shown.agent is not None
    note(about=card.ref, by=actor, at=at, ground="rule book 11.3; SEED FAQ 3", by_agent=by_agent)
    return _receipt(row, card.ref)


def _receipt(row: Application, card: str, notice: str = "") -> CollectionReceipt:
    return CollectionReceipt(row.ref, card, row.person_id, row.state.value, notice)
