"""再次确认身份: a one-time code to the telephone on file, for one purpose, used once.

The code leaves with the text message and is kept nowhere: only a keyed digest of it stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from onecard import policy, words
from onecard.actions import hold
from onecard.actions._keeping import act, concerning, note, walk
from onecard.actions._province import must_answer
from onecard.adapters.outcomes import PartnerSilent
from onecard.adapters.partners import partners
from onecard.domain import partner, step_up
from onecard.domain.authority import Actor
from onecard.domain.masking import mask_phone
from onecard.domain.refusal import NotFound, Refusal, require
from onecard.domain.step_up import CodeSent, Purpose, StepUpPolicy
from onecard.records.models import Card, Person, StepUp
from onecard.seams.clock import local_day
from onecard.seams.rng import digits
from onecard.seams.world import world

GROUND = "guarantees 13"


@dataclass(frozen=True)
class StepUpStarted:
    """A code is on its way to that telephone; it is good until `ends_at`."""

    step_up: str
    phone: str
    ends_at: datetime


@dataclass(frozen=True)
class StepUpProven:
    """Whether the code was right, and how often another may be tried."""

    step_up: str
    right: bool
    left: int


@walk("step_up.send_code")
def begin(*, purpose: Purpose, about: str, actor: Actor, at: datetime) -> StepUpStarted:
    """Send a code to the citizen's telephone, to do `purpose` about a card of theirs.

    Raises `NotFound`, `Refused`: `step_up.no_phone`, `step_up.too_many_codes`, `partner.silent`.
    """
    figures = _figures(at)
    code = digits(world().rng, figures.one_time_code_digits)
    digest = _digest(actor.ref, purpose, about, code)
    started = keep_code(purpose=purpose, about=about, digest=digest, actor=actor, at=at)
    person = Person.objects.get(ref=actor.ref)
    minutes = figures.one_time_code_minutes
    said = words.text(f"step_up.text.{purpose.value}", person.language, code=code, minutes=minutes)
    require(_sent_to(person.phone, said, message=started.step_up))
    return started


@act("step_up.begin")
def keep_code(
    *, purpose: Purpose, about: str, digest: str, actor: Actor, at: datetime
) -> StepUpStarted:
    """Keep the digest of a code that is about to be sent."""
    person = hold.one(Person, ref=actor.ref)
    concerning(person.ref)
    if not Card.objects.filter(ref=about, person=person).exists():
        raise NotFound(Card.__name__)
    figures = _figures(at)
    lately = StepUp.objects.filter(person=person, sent_at__gt=at - timedelta(hours=1)).count()
    require(step_up.may_send_code(phone=person.phone, sent_lately=lately, figures=figures))
    row = StepUp.objects.create(
        ref=world().ids.new("stp"),
        person=person,
        purpose=purpose,
        about=about,
        code_digest=digest,
        sent_at=at,
    )
    note(about=about, by=actor, at=at, ground=GROUND, purpose=purpose.value)
    ends_at = at + timedelta(minutes=figures.one_time_code_minutes)
    return StepUpStarted(row.ref, mask_phone(person.phone), ends_at)


@act("step_up.prove")
def prove(*, step_up: str, code: str, actor: Actor, at: datetime) -> StepUpProven:
    """Compare a typed code. A wrong one is counted, so it is an answer and no refusal.

    Raises `Refused("step_up.code_over")` when the code is too old, tried too often, or used.
    """
    row = hold.one(StepUp, ref=step_up, person=actor.ref)
    concerning(row.person_id)
    figures = _figures(at)
    require(may_try(row, at=at, figures=figures))
    right = is_right(code, row, figures)
    row.tries += 0 if right else 1
    row.proven_at = row.proven_at or (at if right else None)
    row.save(update_fields=["tries", "proven_at"])
    note(about=row.about, by=actor, at=at, ground=GROUND, right=right)
    return StepUpProven(row.ref, right, max(0, figures.one_time_code_tries - row.tries))


def used(
    proof: str,
    *,
    purpose: Purpose,
    about: str,
    signed_in_at: datetime | None,
    actor: Actor,
    at: datetime,
) -> None:
    """Use a proven code up, inside the act that asks for it. Raises `Refused("step_up.needed")`."""
    row = hold.maybe(StepUp, ref=proof, person=actor.ref, purpose=purpose, about=about)
    code = _sent(row) if row else None
    require(
        step_up.must_be_proven_strongly(
            code=code, signed_in_at=signed_in_at, at=at, figures=_figures(at)
        )
    )
    if row is not None:
        row.used_at = at
        row.save(update_fields=["used_at"])


def may_try(row: StepUp, *, at: datetime, figures: StepUpPolicy) -> Refusal | None:
    """Whether a code may still be typed."""
    return step_up.may_try_code(code=_sent(row), at=at, figures=figures)


def is_right(code: str, row: StepUp, figures: StepUpPolicy) -> bool:
    """Whether it is that code; anything that is no code at all is wrong."""
    if not step_up.is_code(code, figures=figures):
        return False
    return _digest(row.person_id, row.purpose, row.about, code) == row.code_digest


def _sent_to(phone: str, text: str, *, message: str) -> Refusal | None:
    """The text is on its way, or why not; nothing of it is kept here."""
    try:
        rejected = partners().sms.send(message_id=message, phone=phone, text=text)
    except PartnerSilent:
        return must_answer(answered=False, partner=partner.SMS)
    return step_up.no_phone() if rejected else None


def _sent(row: StepUp) -> CodeSent:
    return CodeSent(row.sent_at, row.tries, row.proven_at, row.used_at)


def _digest(person: str, purpose: Purpose, about: str, code: str) -> str:
    bound = f"{person}|{purpose.value}|{about}|{code}"
    return world().custody.sign("one-time-code", bound.encode())


def _figures(at: datetime) -> StepUpPolicy:
    return policy.in_force("security", StepUpPolicy, on=local_day(at))
