"""My history: who did what for me, through which door, and what was refused and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from onecard import words
from onecard.domain.refusal import Refusal
from onecard.queries import person
from onecard.queries.person import HistoryLine
from onecard.web import pages
from onecard.web.portal.citizens import actor_of, person_of, signed_in


@dataclass(frozen=True)
class Told:
    """One line of the history, in words."""

    at: datetime
    what: str
    who: str
    channel: str
    refused: bool
    why: str


@signed_in
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Every line, newest first."""
    language = pages.reader_in(request).language
    lines = person.history(person=person_of(request), as_seen_by=actor_of(request))
    return pages.show(
        request,
        "portal/history.html",
        code="C1-25",
        place="history",
        lines=[tell(line, language) for line in lines],
    )


def tell(line: HistoryLine, language: str) -> Told:
    """A line of the audit as its own person reads it."""
    return Told(
        at=line.at,
        what=words.text(line.act, language),
        who=words.text("portal.history.myself" if line.by_themself else line.by_role, language),
        channel=words.text(line.channel, language),
        refused=not line.done,
        why=_why(line, language),
    )


def _why(line: HistoryLine, language: str) -> str:
    if not line.refusal:
        return ""
    facts = {name: tuple(f) if isinstance(f, list) else f for name, f in line.facts.items()}
    try:
        return words.in_one_breath(Refusal(line.refusal, facts), language)
    except words.MissingWord:
        return line.refusal
