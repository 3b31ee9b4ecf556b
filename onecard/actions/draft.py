"""已保存,随时可以继续: answers that wait for their person, and a code that opens them elsewhere.

A draft belongs to the person it is about, whoever typed it; only an employer's or a clerk's draft
about nobody in particular belongs to them. The case code opens the same step at another door once;
there the person is asked who they are again (platform B22).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from onecard import policy
from onecard.actions import hold
from onecard.actions._keeping import act, concerning, note
from onecard.domain.application import CaseCodePolicy
from onecard.domain.authority import Actor, Role
from onecard.domain.refusal import NotFound
from onecard.records.models import Draft, Person
from onecard.seams.clock import local_day
from onecard.seams.rng import digits
from onecard.seams.world import world

GROUND = "platform B22"


@dataclass(frozen=True)
class DraftReceipt:
    """What is kept until the person comes back."""

    draft: str
    saved_at: datetime


@dataclass(frozen=True)
class CaseCode:
    """Six digits to read out or write down, and until when they work."""

    code: str
    until: datetime


@dataclass(frozen=True)
class OpenedDraft:
    """The answers as they were left."""

    draft: str
    purpose: str
    answers: dict[str, Any]


@act("draft.save")
def save(
    *, purpose: str, answers: Mapping[str, Any], person: str = "", actor: Actor, at: datetime
) -> DraftReceipt:
    """Keep answers under their purpose; what was answered before and is not named now stays.

    `person` is told by staff who draft for somebody. A submitted draft is not opened again: the
    next save begins a new one.
    """
    owner = _owner(person, actor)
    hold.name(f"draft:{owner}:{purpose}")
    row = hold.maybe(Draft, owner=owner, purpose=purpose, submitted="")
    if row is None:
        row = Draft(ref=world().ids.new("drf"), owner=owner, purpose=purpose)
    row.answers = {**row.answers, **answers}
    row.saved_at = at
    row.save()
    return DraftReceipt(row.ref, at)


@act("draft.make_case_code")
def make_case_code(*, draft: str, actor: Actor, at: datetime) -> CaseCode:
    """A code for another door, in place of the last one. Raises `NotFound` for a foreign draft."""
    row = _held(draft, actor)
    figures = policy.in_force("application", CaseCodePolicy, on=local_day(at))
    code = _free_code(figures.case_code_digits, at)
    row.case_code_index = _index(code)
    row.case_code_until = at + timedelta(minutes=figures.case_code_minutes)
    row.save(update_fields=["case_code_index", "case_code_until"])
    note(about=row.ref, by=actor, at=at, ground=GROUND)
    return CaseCode(code, row.case_code_until)


@act("draft.open_by_case_code")
def open_by_case_code(*, code: str, person: str, actor: Actor, at: datetime) -> OpenedDraft:
    """Open the draft of the person who was just identified; the code is used up.

    Wrong, used, late and somebody else's code look exactly the same: `NotFound`.
    """
    concerning(person)
    row = hold.one(
        Draft,
        case_code_index=_index(code),
        case_code_until__gt=at,
        owner=person,
        submitted="",
    )
    row.case_code_index, row.case_code_until = "", None
    row.save(update_fields=["case_code_index", "case_code_until"])
    note(about=row.ref, by=actor, at=at, ground=GROUND, purpose=row.purpose)
    return OpenedDraft(row.ref, row.purpose, row.answers)


def _owner(person: str, actor: Actor) -> str:
    if actor.role is Role.CITIZEN or not person:
        return actor.ref
    return hold.one(Person, ref=person).ref


def _held(draft: str, actor: Actor) -> Draft:
    """An open draft that the actor may hand on: a citizen only their own."""
    row = hold.one(Draft, ref=draft, submitted="")
    if row.owner != actor.ref and actor.role in {Role.CITIZEN, Role.EMPLOYER_AGENT}:
        raise NotFound(Draft.__name__)
    return row


def _free_code(length: int, at: datetime) -> str:
    """A code that opens nothing else meanwhile."""
    while True:
        code = digits(world().rng, length)
        if not Draft.objects.filter(case_code_index=_index(code), case_code_until__gt=at).exists():
            return code


def _index(code: str) -> str:
    return world().custody.blind_index("case_code", code)
