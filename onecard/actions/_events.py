"""What an act told others, kept as events that partners read: written when the act is done.

One event for each thing that happened, however many parties were told of it. It says how the card
stands when the act ends, and is numbered without a gap, for the card is held.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from onecard.domain.event import PUBLIC
from onecard.domain.partner_scope import Function
from onecard.domain.refusal import Fact
from onecard.records.models import Application, Card, Event, Shipment, Transition
from onecard.seams.world import world

FUNCTIONS = {"hr": Function.HR, "financial": Function.FINANCIAL, "transit": Function.TRANSIT}
"""How a function is named in our history, and in what partners read."""


@dataclass(frozen=True)
class Happened:
    """One thing that was told: our word for it, the row it is about, what was said."""

    what: str
    about: str
    at: datetime
    payload: Mapping[str, Fact] = field(default_factory=dict, compare=False)
    client: str = ""


_happened: ContextVar[list[Happened] | None] = ContextVar("happened", default=None)


@contextmanager
def gathering() -> Iterator[None]:
    """Everything that happens inside is published at the end, in the same transaction."""
    token = _happened.set([])
    try:
        yield
        _publish(_happened.get() or [])
    finally:
        _happened.reset(token)


def happened(thing: Happened) -> None:
    """Remember one thing, unless it was remembered already or is nobody else's business."""
    gathered = _happened.get()
    if gathered is not None and thing.what in PUBLIC and thing not in gathered:
        gathered.append(thing)


def versions_of(card: Card) -> dict[str, int]:
    """The version of each function of a card: the number of its last line in the history."""
    lines = Transition.objects.filter(card=card).order_by("sequence")
    return dict(lines.values_list("function", "sequence"))


def _publish(things: list[Happened]) -> None:
    for thing in things:
        last = Event.objects.filter(about=thing.about).order_by("-sequence").first()
        card, bank, data = _facts(thing)
        Event.objects.create(
            ref=world().ids.new("evt"),
            type=PUBLIC[thing.what],
            about=thing.about,
            sequence=last.sequence + 1 if last else 1,
            subject=str(thing.payload.get("loss") or thing.about),
            bank=bank,
            card=card,
            client=thing.client,
            data=data,
            at=thing.at,
        )


def _facts(thing: Happened) -> tuple[str, str, dict[str, Any]]:
    """Card, card-face bank, and what the event says."""
    card = Card.objects.filter(ref=thing.about).first()
    if card is not None:
        return card.ref, card.bank, _of_card(card, thing)
    parcel = Shipment.objects.filter(ref=thing.about).select_related("application").first()
    application = parcel.application if parcel else _application(thing.about)
    data: dict[str, Any] = {"effective_at": thing.at.isoformat()}
    if parcel is None and application is None:
        data |= thing.payload
    if parcel is not None:
        data |= {"shipment_id": parcel.ref, "card_id": parcel.card_id, "state": parcel.state.value}
    if application is not None:
        data |= {"application_id": application.ref}
    return (parcel.card_id if parcel else ""), (application.bank if application else ""), data


def _application(ref: str) -> Application | None:
    return Application.objects.filter(ref=ref).first()


def _of_card(card: Card, thing: Happened) -> dict[str, Any]:
    version = versions_of(card)
    states = {
        "hr": card.state_at(thing.at),
        "financial": card.financial_state,
        "transit": card.transit_state,
    }
    functions = [
        {
            "function": FUNCTIONS[name].value,
            "state": state.value,
            "state_version": version.get(name, 0),
        }
        for name, state in states.items()
    ]
    named = {"loss_id": str(thing.payload["loss"])} if thing.payload.get("loss") else {}
    until = {"expires_at": card.loss_ends_at.isoformat()} if card.loss_ends_at else {}
    return {
        **named,
        "card_id": card.ref,
        "effective_at": thing.at.isoformat(),
        "functions": functions,
        **until,
    }
