"""The first page, and the pages that explain: help, lost card, accessibility, personal data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from onecard import words
from onecard.queries import contacts, demo, draft, place
from onecard.seams.clock import local_day
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.portal import applications, cards
from onecard.web.portal.apply import FIRST_APPLICATION
from onecard.web.portal.citizens import actor_of, person_of, signed_in

NEWS_SHOWN = 2


@dataclass(frozen=True)
class Door:
    """One task of the first page; its words are `portal.start.door.<name>`."""

    name: str
    icon: str
    href: str


DOORS = (
    Door("apply", "card", "/apply"),
    Door("progress", "clock", "/applications"),
    Door("enable", "check", "/cards"),
    Door("cards", "shield", "/cards"),
    Door("lost", "alert", "/lost"),
    Door("upgrade", "place", "/apply/held/older"),
    Door("check", "info", "/check"),
    Door("photo", "photo", "/photo"),
)


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The few tasks, in citizens' words; for somebody signed in also what is under way."""
    return pages.show(
        request,
        "portal/start.html",
        code="C1-01",
        place="start",
        doors=DOORS,
        demo_sign_ins=demo.demo_sign_ins() if settings.ENVIRONMENT.demo else (),
        demo_password=demo.PASSWORD,
        **_under_way(request),
    )


@signed_in
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """The first page, for somebody who has just signed in."""
    return start(request)


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Every line and place, the banks with their own numbers."""
    numbers = contacts.on(local_day(world().clock.now()))
    language = pages.reader_in(request).language
    lines = tuple(
        pages.Line(words.text(f"portal.help.line.{name}", language), number or "")
        for name, number in (
            ("hr", numbers.hr_hotline),
            ("medical", numbers.medical_hotline),
            ("transit", numbers.transit_hotline),
            ("parcel", numbers.parcel_hotline),
            ("city", numbers.city_hotline),
        )
    )
    return pages.show(
        request,
        "portal/help.html",
        code="C1-17",
        back="/",
        lines=lines,
        banks=numbers.banks,
        places=place.serving_people(),
    )


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What this site does so that everybody can use it."""
    parts = ("size", "keyboard", "reader", "phone", "tell")
    return _text(request, "accessibility", parts, "C1-18")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about people, why, and who looks at it."""
    parts = ("what", "why", "who", "how", "rights")
    return _text(request, "privacy", parts, "C1-19")


def _text(request: HttpRequest, page: str, parts: tuple[str, ...], code: str) -> HttpResponse:
    return pages.show(request, "portal/text.html", code=code, back="/", page=page, parts=parts)


def _under_way(request: HttpRequest) -> dict[str, Any]:
    if not person_of(request):
        return {}
    actor = actor_of(request)
    return {
        "draft": draft.resume(purpose=FIRST_APPLICATION, as_seen_by=actor),
        "running": applications.running(request)[:NEWS_SHOWN],
        "to_enable": cards.to_enable(request),
    }
