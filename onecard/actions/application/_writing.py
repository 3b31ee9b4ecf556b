"""Writes an application and what belongs to it: its number, papers, guardian, history, promise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError
from django.db.models import Q

from onecard import policy
from onecard.actions import hold
from onecard.actions._keeping import note, policy_version, tell
from onecard.actions._stepping import keep_step, step
from onecard.actions.application._gather import Told
from onecard.domain.application import (
    Answers,
    ApplicationKind,
    Guardian,
    MakingMode,
    OpenApplication,
    must_wait_for_no_card,
    receipt_number,
)
from onecard.domain.application.key_information import on_one_line
from onecard.domain.application.number import CHANCE_DIGITS
from onecard.domain.authority import Actor
from onecard.domain.channels import Matter
from onecard.domain.documents import ShownDocument
from onecard.domain.identity import canonical, canonical_phone
from onecard.domain.production import (
    ProductionEvent,
    ProductionPolicy,
    ProductionState,
    promise_for,
)
from onecard.domain.refusal import require
from onecard.domain.workdays import Calendar, WorkdayPolicy, calendar_of
from onecard.records.models import (
    Application,
    Card,
    Document,
    Draft,
    Guardianship,
    Person,
    Photo,
)
from onecard.seams.clock import local_day
from onecard.seams.rng import digits
from onecard.seams.world import world

GROUNDS = {
    ApplicationKind.FIRST: "rule book 8.1",
    ApplicationKind.REPLACEMENT: "rule book 21.2",
    ApplicationKind.EXCHANGE: "rule book 21.3",
    ApplicationKind.UPGRADE: "rule book 21.3",
}
GROUND = GROUNDS[ApplicationKind.FIRST]
TO_THE_HOLDER = ("sms",)


@dataclass(frozen=True)
class Plan:
    """How the card is to be made, and who waits for what next."""

    kind: ApplicationKind
    holder: str
    making_mode: MakingMode = MakingMode.FACTORY
    outlet: str = ""
    employer: str = ""
    agent_name: str = ""
    agent_document: ShownDocument | None = None
    predecessor: Card | None = None
    reason: str = ""
    draft: str = ""


def submit(
    person: Person, told: Told, plan: Plan, *, photo: Photo | None, by: Actor, at: datetime
) -> Application:
    """Write a held person's application. Two that race for one person: the second is refused."""
    try:
        row = _made(person, told, plan, photo, at)
    except IntegrityError as conflict:
        if "person" in str(conflict):
            require(must_wait_for_no_card(open_application=OpenApplication()))
        raise
    keep_step(row, "submit", before="", by=by, at=at)
    keep_contact(person, told.answers)
    keep_guardian(person, told.guardian, at)
    close_drafts(plan.draft, row, (by.ref, person.ref))
    ground = GROUNDS[plan.kind]
    note(about=row.ref, by=by, at=at, ground=ground, number=row.number, kind=plan.kind.value)
    tell("application.submitted", about=row.ref, at=at, parties=TO_THE_HOLDER)
    return row


def accept(row: Application, *, by: Actor, at: datetime) -> None:
    """自受理之日起: the promise begins. A corrected application keeps the promise it was given."""
    promised: dict[str, Any] = {}
    if row.accepted_at is None:
        day = local_day(at)
        promise = promise_for(
            accepted_on=day,
            mode=row.making_mode,
            figures=policy.in_force("production", ProductionPolicy, on=day),
            calendar=calendar_on(day),
        )
        promised = {
            "accepted_at": at,
            "promised_on": promise.promised_on,
            "limit_on": promise.limit_on,
        }
    step(row, ProductionEvent.ACCEPT, by=by, at=at, **promised)
    tell("application.accepted", about=row.ref, at=at, parties=TO_THE_HOLDER)


def calendar_on(day: date) -> Calendar:
    """The city's working days as they are known on that day."""
    return calendar_of(policy.in_force("workdays", WorkdayPolicy, on=day))


def key_information(answers: Answers) -> dict[str, Any]:
    """What the bank and the courier are told, as it is kept with the application."""
    return {
        "document_valid_to": answers.document_valid_to.isoformat()
        if answers.document_valid_to
        else "",
        "document_without_end": answers.document_without_end,
        "phone": canonical_phone(answers.phone),
        "address": on_one_line(answers.address),
        "occupation": answers.occupation,
        "nationality": answers.nationality,
        "post_to": on_one_line(answers.post_to),
        "postage_understood": answers.postage_understood,
    }


def answers_in(row: Application) -> Answers:
    """The answers an application holds, to be judged again."""
    kept = dict(row.key_information)
    day = kept.pop("document_valid_to", "")
    return Answers(
        bank=row.bank, document_valid_to=date.fromisoformat(day) if day else None, **kept
    )


def keep_contact(person: Person, answers: Answers) -> None:
    """How a held person is reached: the newest answer counts."""
    person.phone = canonical_phone(answers.phone) or person.phone
    person.address = on_one_line(answers.address) or person.address
    person.occupation = answers.occupation or person.occupation
    person.save(update_fields=["phone", "address", "occupation"])


def keep_guardian(person: Person, guardian: Guardian | None, at: datetime) -> None:
    """Who answers for a child, as told at this application."""
    if guardian is None:
        return
    Guardianship.objects.create(
        ref=world().ids.new("gua"),
        child=person,
        name=guardian.name,
        document_kind=guardian.document_kind,
        document_number=canonical(guardian.document_number),
        relation=guardian.relation,
        recorded_at=at,
    )


def guardian_of(person: Person) -> Guardian | None:
    """Who answers for the person, as told last."""
    kept = Guardianship.objects.filter(child=person).order_by("recorded_at").last()
    if kept is None:
        return None
    return Guardian(kept.name, kept.document_kind, kept.document_number, kept.relation)


def close_drafts(sent: str, row: Application, owners: tuple[str, ...]) -> None:
    """Drafts that became an application are opened no more: the one sent, and one begun online."""
    begun = Q(ref=sent, owner__in=owners)
    if row.kind is ApplicationKind.FIRST:
        begun |= Q(owner=row.person_id, purpose=Matter.FIRST_APPLICATION.value)
    for kept in hold.many(Draft.objects.filter(begun, submitted="")):
        kept.submitted = row.ref
        kept.save(update_fields=["submitted"])


def _made(person: Person, told: Told, plan: Plan, photo: Photo | None, at: datetime) -> Application:
    return Application.objects.create(
        ref=world().ids.new("app"),
        number=_new_number(local_day(at)),
        person=person,
        kind=plan.kind,
        reason=plan.reason,
        channel=told.channel,
        making_mode=plan.making_mode,
        collection=told.collection,
        state=ProductionState.SUBMITTED,
        bank=told.answers.bank,
        outlet_id=plan.outlet or None,
        collect_at_id=told.collect_at or None,
        employer_id=plan.employer or None,
        applied_by=told.applied_by,
        agent_name=plan.agent_name,
        agent_document=written(plan.agent_document),
        key_information=key_information(told.answers),
        document=_keep_document(person, told.papers.own, at),
        photo=photo,
        predecessor=plan.predecessor,
        policy_version=policy_version(),
        submitted_at=at,
        state_since=at,
        holder_of_the_moment=plan.holder,
    )


def _keep_document(person: Person, shown: ShownDocument | None, at: datetime) -> Document | None:
    if shown is None:
        return None
    number = canonical(shown.number)
    return Document.objects.create(
        ref=world().ids.new("doc"),
        person=person,
        kind=shown.kind,
        number=number,
        number_index=world().custody.blind_index("document", number),
        valid_from=shown.valid_from,
        valid_to=shown.valid_to,
        seen_at=at,
    )


def written(shown: ShownDocument | None) -> str:
    """Kind and number of a document somebody else showed, for a sealed column."""
    return f"{shown.kind.value} {canonical(shown.number)}" if shown else ""


def _new_number(day: date) -> str:
    """A number nobody holds yet."""
    while True:
        number = receipt_number(day=day, chance=digits(world().rng, CHANCE_DIGITS))
        if not Application.objects.filter(number=number).exists():
            return number
