"""A case as it is kept between its pages: what was typed, the portrait, the kind of card."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from onecard.actions import draft as drafts
from onecard.domain.application import ApplicationKind
from onecard.queries import draft
from onecard.queries.staff import Me
from onecard.seams.world import world

CASE = "counter.case"


@dataclass(frozen=True)
class Kept:
    """`form` is what was typed into the form, `scanned` the document that opened the person."""

    draft: str = ""
    kind: ApplicationKind = ApplicationKind.FIRST
    form: dict[str, Any] = field(default_factory=dict)
    scanned: dict[str, str] = field(default_factory=dict)
    photo: str = ""


def kept(person: str, me: Me) -> Kept:
    """The case that is open for this person; a fresh one if there is none."""
    saved = draft.resume(purpose=CASE, as_seen_by=me.actor, person=person)
    if saved is None:
        return Kept()
    told = saved.answers
    return Kept(
        draft=saved.draft,
        kind=ApplicationKind(told.get("kind") or ApplicationKind.FIRST.value),
        form=told.get("form") or {},
        scanned=told.get("scanned") or {},
        photo=told.get("photo") or "",
    )


def keep(person: str, me: Me, **answers: Any) -> None:
    """Keep some answers of the case; the others stay."""
    drafts.save(
        purpose=CASE, answers=answers, person=person, actor=me.actor, at=world().clock.now()
    )
