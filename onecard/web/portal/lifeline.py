"""C1-37 一生一条线: everything about a person's cards in one line, whichever card it was (B10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from onecard import words
from onecard.domain.application import grouped
from onecard.domain.authority import Channel
from onecard.queries import card as cards
from onecard.queries import contacts
from onecard.queries.card import TimelineLine
from onecard.seams.clock import local_day
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.portal.citizens import actor_of, person_of, signed_in

MANY = 100
CLOCK = Channel.TIMER.value


@dataclass(frozen=True)
class Told:
    """One line in words: when, what and why, about which card or application, at which door."""

    at: datetime
    what: str
    about: str
    number: str
    because: str
    channel: str


@signed_in
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Newest first; replaced cards stay part of the same line."""
    before = _instant(request.GET.get("before", ""))
    actor, person = actor_of(request), person_of(request)
    lines = cards.timeline(person=person, as_seen_by=actor, before=before)
    language = pages.reader_in(request).language
    last = lines[-1].at if len(lines) >= MANY else None
    earlier = cards.timeline(person=person, as_seen_by=actor, before=last) if last else ()
    return pages.show(
        request,
        "portal/lifeline.html",
        code="C1-37",
        back="/cards",
        place="cards",
        lines=[tell(line, language) for line in lines],
        earlier=f"/timeline?{urlencode({'before': last.isoformat()})}" if earlier and last else "",
    )


def tell(line: TimelineLine, language: str) -> Told:
    """A line as its person reads it."""
    facts = line.facts
    if "function" in facts:
        function = words.text(f"card.function.{facts['function']}", language)
        about = words.text("lifeline.of_card", language, function=function)
        number = f"{facts['card']} {_bank(str(facts['bank']), language)}"
    elif "ems_number" in facts:
        about, number = words.text("lifeline.of_parcel", language), str(facts["ems_number"] or "")
    else:
        kind = words.text(f"application.kind.{facts['kind']}", language)
        about = words.text("lifeline.of_application", language, kind=kind)
        number = grouped(str(facts.get("number", "")))
    return Told(
        at=line.at,
        what=words.text(line.what, language),
        about=about,
        number=number,
        because=_said(f"lifeline.because.{line.because}", language),
        channel=""
        if line.channel == CLOCK
        else _said(f"channels.channel.{line.channel}", language),
    )


def _said(key: str, language: str) -> str:
    return words.text(key, language) if words.has(key, language) else ""


def _bank(key: str, language: str) -> str:
    bank = contacts.on(local_day(world().clock.now())).bank(key)
    if bank is None:
        return key
    return bank.zh if language == "zh" else bank.en


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None
