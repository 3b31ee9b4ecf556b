"""12333身份核对: the caller says who they are; whoever is believed may report for one conversation.

Every number that is tried is written down, right or wrong, and found again by the person it belongs
to (platform C6.4).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.actions import _people, hold
from onecard.actions._keeping import act, concerning, note, walk
from onecard.actions._losing import figures_on
from onecard.domain.authority import Actor
from onecard.domain.loss import Given, Known, must_be_current_call, must_be_identified
from onecard.domain.refusal import Refusal, Refused, require
from onecard.records.models import Card, Person, PhoneCall
from onecard.seams.clock import local_day
from onecard.seams.world import world


@dataclass(frozen=True)
class CallerReceipt:
    """Who calls. `call` is empty when the caller was not believed; `cards` are the person's."""

    call: str
    person: str
    cards: tuple[str, ...]


@walk("loss.identify")
def identify_caller(
    *, name: str, identity_number: str, card_number: str = "", actor: Actor, at: datetime
) -> CallerReceipt:
    """Whether the caller is who they say. Raises `Refused("loss.caller_not_identified")`.

    One answer for every mismatch, and for a number that nobody has.
    """
    given = Given(name, identity_number, card_number)
    receipt = check_caller(given=given, actor=actor, at=at)
    if not receipt.call:
        raise Refused(_not_identified(given, at))
    return receipt


@act("loss.identify_caller")
def check_caller(*, given: Given, actor: Actor, at: datetime) -> CallerReceipt:
    """Compare what a caller says with what is known; the attempt is kept either way."""
    row = _people.find(given.identity_number)
    cards = list(Card.objects.filter(person=row).order_by("ref")) if row else []
    known = _known(row, cards)
    refusal = must_be_identified(given=given, known=known, figures=figures_on(local_day(at)))
    if row is not None:
        concerning(row.ref)
    tried = world().custody.blind_index("identity", given.identity_number)
    note(
        about=row.ref if row else "",
        by=actor,
        at=at,
        ground="rule book 20.1; platform C6",
        identified=refusal is None,
        told=given.told,
        tried=tried[:16],
    )
    if refusal is not None or row is None:
        return CallerReceipt("", "", ())
    call = PhoneCall.objects.create(
        ref=world().ids.new("cal"),
        operator=actor.ref,
        person=row,
        checked=list(given.told),
        at=at,
    )
    return CallerReceipt(call.ref, row.ref, tuple(hold.refs(cards)))


def held_call(call: str, *, actor: Actor, at: datetime) -> PhoneCall:
    """The call of this operator, still going on. Raises `NotFound`, `Refused("loss.call_over")`."""
    row = hold.one(PhoneCall, ref=call)
    figures = figures_on(local_day(at))
    same = row.operator == actor.ref
    require(must_be_current_call(identified_at=row.at, same_operator=same, at=at, figures=figures))
    return row


def _known(row: Person | None, cards: list[Card]) -> Known | None:
    if row is None:
        return None
    numbers = tuple(card.card_number for card in cards)
    return Known(row.name, row.identity_number, numbers)


def _not_identified(given: Given, at: datetime) -> Refusal:
    figures = figures_on(local_day(at))
    refusal = must_be_identified(given=given, known=None, figures=figures)
    if refusal is None:
        raise AssertionError(given.told)
    return refusal
