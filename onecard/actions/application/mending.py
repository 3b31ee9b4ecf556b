"""更正与撤回: answers are mended and applications withdrawn until the card is being made (9.2)."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime

from onecard.actions import _portraits
from onecard.actions._keeping import act, note, tell
from onecard.actions._stepping import step
from onecard.actions.application import _acceptance, _gather, _old_card, _writing
from onecard.actions.application.acceptance import held_pair
from onecard.actions.application.receipts import ApplicationReceipt
from onecard.domain.application import Answers, must_be_complete, must_have_destination
from onecard.domain.authority import Actor, Role
from onecard.domain.production import Holder, ProductionEvent
from onecard.domain.refusal import NotFound, Refusal, require
from onecard.domain.replacement import must_have_settled_account
from onecard.records.models import Application
from onecard.seams.clock import local_day


@act("application.correct")
def correct(
    *, application: str, answers: Answers, photo: str = "", actor: Actor, at: datetime
) -> ApplicationReceipt:
    """Mend answers or portrait. Only what is given changes. What was accepted is accepted again.

    The promise given at the first acceptance stands. Raises `Refused` with
    `production.not_in_this_state` once the card is being made, or with what the answers lack.
    """
    person, row = held_pair(application)
    must_be_theirs(row, actor)
    mended = _merged(_writing.answers_in(row), answers)
    day = local_day(at)
    figures = _gather.figures_on(day)
    require(
        must_be_complete(answers=mended, figures=figures),
        _must_have_settled_account(row, mended.bank, at),
        must_have_destination(
            answers=mended, collection=row.collection, collect_at=row.collect_at_id or ""
        ),
    )
    portrait = _portraits.handed_in(photo, person, actor) if photo else row.photo
    step(
        row,
        ProductionEvent.CORRECT,
        by=actor,
        at=at,
        bank=mended.bank,
        key_information=_writing.key_information(mended),
        photo=portrait,
        holder_of_the_moment=_who_is_next(row, _acceptance.waits_for(portrait)),
    )
    _writing.keep_contact(person, mended)
    note(about=row.ref, by=actor, at=at, ground="rule book 9.2", number=row.number)
    if row.accepted_at is not None and _acceptance.photo_refusal(portrait) is None:
        _writing.accept(row, by=actor, at=at)
    return ApplicationReceipt.of(row)


@act("application.retract")
def retract(*, application: str, reason: str, actor: Actor, at: datetime) -> ApplicationReceipt:
    """Withdraw until batched, or after the bank failed. The person may apply again at once."""
    _, row = held_pair(application)
    must_be_theirs(row, actor)
    step(row, ProductionEvent.RETRACT, by=actor, at=at, reason=reason)
    note(about=row.ref, by=actor, at=at, ground="rule book 9.2", reason=reason)
    tell("application.retracted", about=row.ref, at=at, parties=_writing.TO_THE_HOLDER)
    return ApplicationReceipt.of(row)


def must_be_theirs(row: Application, actor: Actor) -> None:
    """A citizen touches their own, an employer its people's. Raises `NotFound` for all else."""
    if actor.role is Role.CITIZEN and row.person_id != actor.ref:
        raise NotFound(Application.__name__)
    if actor.role is Role.EMPLOYER_AGENT and row.employer_id != actor.employer:
        raise NotFound(Application.__name__)


def _must_have_settled_account(row: Application, bank: str, at: datetime) -> Refusal | None:
    """Another bank than before is a change of bank: the old card's account is settled first."""
    old = _old_card.facts_of(row.predecessor, at=at)
    if old is None or bank == row.bank:
        return None
    contacts = _gather.figures_on(local_day(at)).contacts
    return must_have_settled_account(card=old, bank=bank, settled=False, contacts=contacts)


def _merged(kept: Answers, given: Answers) -> Answers:
    """The kept answers with every answer that was given now."""
    empty = Answers()
    changed = {
        field.name: getattr(given, field.name)
        for field in fields(Answers)
        if getattr(given, field.name) != getattr(empty, field.name)
    }
    if "document_valid_to" in changed:
        changed["document_without_end"] = False
    if changed.get("document_without_end"):
        changed["document_valid_to"] = None
    return replace(kept, **changed)


def _who_is_next(row: Application, otherwise: str) -> str:
    """A prepared application goes on waiting for the outlet."""
    waits_for_outlet = row.holder_of_the_moment == Holder.OUTLET.value and not row.accepted_at
    return Holder.OUTLET.value if waits_for_outlet else otherwise
