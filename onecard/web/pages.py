"""How a page is answered: the frame every page shares, and the page that says no.

`show(...)` renders a template with its page code and the hotlines; `refuse(...)` turns a `Refused`
into the page of platform 6.4 with its seven parts in their fixed order.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from onecard import words
from onecard.domain.refusal import Facts, FixKind, Refusal, Refused
from onecard.queries import contacts, figures, place
from onecard.seams.clock import local_day
from onecard.seams.world import world
from onecard.web.reader import Reader
from onecard.words.speech import spoken

REFUSED = 422
GO_THERE = frozenset({FixKind.USE_CHANNEL, FixKind.BRING, FixKind.ASK_PERSON})
PLACES_SHOWN = 3


@dataclass(frozen=True)
class Line:
    """One telephone line of the help block."""

    about: str
    number: str
    href: str = ""


@dataclass(frozen=True)
class Measure:
    """A value found or a limit, with its name."""

    name: str
    value: str


@dataclass(frozen=True)
class SpokenRefusal:
    """A refusal ready for a page: words, values, places, and the rule behind it."""

    code: str
    headline: str
    why: str
    next: str
    source: str
    measures: tuple[Measure, ...]
    places: tuple[place.Place, ...]
    hotline: str
    version: str
    at: datetime


def reader_in(request: HttpRequest) -> Reader:
    """How the asker reads."""
    return getattr(request, "reader", None) or Reader()


def say(request: HttpRequest, key: str, **facts: Any) -> str:
    """A word in the asker's language."""
    return words.text(key, reader_in(request).language, **facts)


def show(
    request: HttpRequest, template: str, *, code: str = "", status: int = 200, **context: Any
) -> HttpResponse:
    """A page with its code and the help block. `bank` in the context names the bank's own line."""
    lines = hotlines(reader_in(request).language, bank=context.get("help_bank", ""))
    context = {"page_code": code, "hotlines": lines, "said": _said(request), **context}
    return render(request, template, context, status=status)


def new_token() -> str:
    """A one-time token for a form: the same form sent twice has its effect once."""
    return world().ids.new("frm")


def digest_of(shown: object) -> str:
    """What stands on a page that asks for a yes, so that nothing else can be done from it.

    Somebody else, or the same person in another tab, may have changed it meanwhile.
    """
    body = json.dumps(asdict(shown), sort_keys=True, default=str)  # type: ignore[call-overload]
    return world().custody.sign("shown", body.encode())


def tell_next_page(request: HttpRequest, sentence: str) -> None:
    """Keep one sentence for the next page, which announces it as a status message."""
    request.session["said"] = sentence


def hotlines(language: str, *, bank: str = "") -> tuple[Line, ...]:
    """The lines of the help block, always in this order: HR, the card-face bank, the city."""
    numbers = contacts.if_known(local_day(world().clock.now()))
    if numbers is None:
        return ()
    own = numbers.bank(bank)
    lines = [Line(words.text("common.help.hr", language), numbers.hr_hotline)]
    if own is not None:
        lines.append(Line(own.zh if language == "zh" else own.en, own.hotline))
    else:
        banks = words.text("common.help.banks", language, count=len(numbers.banks))
        lines.append(Line(words.text("common.help.bank", language), banks, "/help#banks"))
    lines.append(Line(words.text("common.help.city", language), numbers.city_hotline))
    return tuple(lines)


def refuse(
    request: HttpRequest, refused: Refused, *, code: str = f"E-{REFUSED}", **more: Any
) -> HttpResponse:
    """The page that says no: one page for the first refusal, the others named below it."""
    language = reader_in(request).language
    spoken_ones = [speak(refusal, language) for refusal in refused.refusals]
    return show(
        request,
        "portal/refused.html" if "citizen" in request.session else "errors/refused.html",
        code=code,
        status=REFUSED,
        no=spoken_ones[0],
        others=spoken_ones[1:],
        **more,
    )


def speak(refusal: Refusal, language: str) -> SpokenRefusal:
    """A refusal in words, with the values it was decided on and where to go."""
    said = words.explain(refusal, language)
    at = world().clock.now()
    numbers = contacts.if_known(local_day(at))
    goes_somewhere = refusal.fix is not None and refusal.fix.kind in GO_THERE
    return SpokenRefusal(
        code=refusal.code,
        headline=said.headline,
        why=said.why,
        next=said.next,
        source=said.source,
        measures=_measures("measured", refusal.measured, language)
        + _measures("allowed", refusal.allowed, language),
        places=place.serving_people()[:PLACES_SHOWN] if goes_somewhere else (),
        hotline=numbers.hr_hotline if numbers else "",
        version=figures.version(),
        at=at,
    )


def _measures(kind: str, facts: Facts, language: str) -> tuple[Measure, ...]:
    """The values that have a name: found `measured`, or named by the rule `allowed`."""
    return tuple(
        Measure(
            words.text(f"common.refusal.{kind}", language, name=f"@common.measure.{name}"),
            spoken(fact, language),
        )
        for name, fact in facts.items()
        if words.has(f"common.measure.{name}", language) and fact is not None
    )


def _said(request: HttpRequest) -> str:
    return str(request.session.pop("said", "")) if hasattr(request, "session") else ""
