"""受理: applications that waited for the province or for a look at the portrait are accepted.

Each is judged once more on that day: somebody may have received a card elsewhere meanwhile. What
can never become right is turned down with its reason; everything else goes on waiting.
"""

from __future__ import annotations

from datetime import datetime

from onecard.actions import _people, _province, hold
from onecard.actions._keeping import act, concerning, note, tell, walk
from onecard.actions._province import Province
from onecard.actions._register import keep_cards
from onecard.actions._stepping import step
from onecard.actions.application import _acceptance, _gather, _writing
from onecard.actions.application.receipts import ApplicationReceipt, Swept
from onecard.domain.application import (
    ApplicationKind,
    must_hold_no_card,
    must_wait_for_no_card,
)
from onecard.domain.authority import Actor, Channel
from onecard.domain.hr_function import HrState
from onecard.domain.person import must_be_living
from onecard.domain.production import Holder, ProductionEvent, ProductionState
from onecard.domain.refusal import NotFound, Refusal, Refused, require
from onecard.records.models import Application, Person

FINAL = frozenset(
    {
        "application.already_has_card",
        "application.already_in_production",
        "application.person_status",
        "replacement.no_card",
    }
)
"""Refusals that no waiting mends: the application is turned down."""

_WAITING = (ProductionState.SUBMITTED, ProductionState.CORRECTED)
_BY_ITSELF = (Holder.PROVINCE.value, Holder.REVIEWER.value)


@walk("application.accept_online")
def accept_online(*, application: str, actor: Actor, at: datetime) -> ApplicationReceipt:
    """An operator accepts one application, after the portrait was looked at."""
    province = _province.ask(_number_of_applicant(application))
    return accept(application=application, province=province, actor=actor, at=at)


@walk("application.accept_waiting")
def accept_waiting(*, actor: Actor, at: datetime, most: int = 100) -> Swept:
    """Accept what waits only for the province; stop as soon as the province is silent."""
    accepted = turned_down = 0
    refs = _waiting(most)
    for application in refs:
        province = _province.ask(_number_of_applicant(application))
        if not province.answered:
            break
        try:
            accept(application=application, province=province, actor=actor, at=at)
            accepted += 1
        except Refused as refused:
            code = refused.refusal.code
            if code in FINAL:
                turn_down(application=application, reason=code, actor=actor, at=at)
                turned_down += 1
    return Swept(accepted, turned_down, len(refs) - accepted - turned_down)


@act("application.accept")
def accept(
    *, application: str, province: Province, actor: Actor, at: datetime
) -> ApplicationReceipt:
    """Accept a submitted or corrected application that is still right today."""
    person, row = held_pair(application)
    require(_province.must_answer(answered=province.answered))
    require(_must_be_accepted_here(row))
    require(*_still_right(person, row, province, at))
    keep_cards(person, province.cards, by=actor, at=at)
    _writing.accept(row, by=actor, at=at)
    note(about=row.ref, by=actor, at=at, ground="rule book 9.2", number=row.number)
    return ApplicationReceipt.of(row)


@act("application.turn_down")
def turn_down(*, application: str, reason: str, actor: Actor, at: datetime) -> ApplicationReceipt:
    """End an application that cannot become right any more; `reason` is the refusal's code."""
    _, row = held_pair(application)
    step(row, ProductionEvent.RETRACT, by=actor, at=at, reason=reason)
    note(about=row.ref, by=actor, at=at, ground="rule book 9.2", reason=reason)
    tell("application.turned_down", about=row.ref, at=at, parties=_writing.TO_THE_HOLDER)
    return ApplicationReceipt.of(row)


def held_pair(application: str) -> tuple[Person, Application]:
    """The person first, then the application, both held. Raises `NotFound`."""
    found = Application.objects.filter(ref=application).values_list("person_id", flat=True)
    person = hold.one(Person, ref=found.first() or "")
    concerning(person.ref)
    return person, hold.one(Application, ref=application)


def _must_be_accepted_here(row: Application) -> Refusal | None:
    """An employer's list is accepted at an outlet, with the papers on the desk (X9)."""
    if row.channel is not Channel.EMPLOYER or row.holder_of_the_moment != Holder.OUTLET.value:
        return None
    return Refusal("application.list_accepted_at_outlet")


def _still_right(
    person: Person, row: Application, province: Province, at: datetime
) -> tuple[Refusal | None, ...]:
    elsewhere = province.person is not None and province.person.deceased
    first = row.kind is ApplicationKind.FIRST
    cards = _gather.held_cards(person, province, at=at) if first else ()
    return (
        must_be_living(deceased=person.deceased or elsewhere),
        must_hold_no_card(cards=cards),
        _must_have_predecessor(row),
        must_wait_for_no_card(
            open_application=_gather.open_application(person, province, beside=row)
        ),
        _acceptance.photo_refusal(row.photo),
    )


def _must_have_predecessor(row: Application) -> Refusal | None:
    """A card that is exchanged or replaced must not have ended meanwhile (21.2, 21.3)."""
    ended = row.predecessor is not None and row.predecessor.hr_state is HrState.CANCELLED
    return Refusal("replacement.no_card") if ended else None


def _number_of_applicant(application: str) -> str:
    found = Application.objects.filter(ref=application).values_list("person_id", flat=True)
    person = found.first()
    if person is None:
        raise NotFound(Application.__name__)
    return _people.number_of(person)


def _waiting(most: int) -> list[str]:
    """What nobody but the province holds up, the oldest first."""
    rows = Application.objects.filter(state__in=_WAITING, holder_of_the_moment__in=_BY_ITSELF)
    clear = rows.filter(_acceptance.PRINTABLE).order_by("submitted_at", "ref")
    return list(clear.values_list("ref", flat=True)[:most])
