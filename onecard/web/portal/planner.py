"""C1-36 最少跑一次: what somebody wants, then the shortest order of visits, for printing (P11).

The answers are not personal and stand in the address.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from onecard import words
from onecard.domain.planner import Wish
from onecard.domain.replacement import ExchangeReason
from onecard.queries import contacts, planner
from onecard.queries.planner import Asked, PlanSeen
from onecard.seams.clock import local_day
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.portal.citizens import actor_of, person_of, signed_in

CODE = "C1-36"
REASONS = tuple(ExchangeReason)
REPLACEMENT = "planner.act.apply_replacement"


@dataclass(frozen=True)
class Option:
    """One answer: its words, and the page behind it."""

    label: str
    href: str


@signed_in
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """What is wanted."""
    language = pages.reader_in(request).language
    options = [
        Option(words.text(f"planner.wish.{wish.value}", language), f"/plan/{wish.value}")
        for wish in Wish
    ]
    return _ask(request, "wish", options, back="/")


@signed_in
@require_safe
def plan(request: HttpRequest, wish: str) -> HttpResponse:
    """The plan; an exchange asks for its reason first, a change of bank for the bank."""
    wanted = next((one for one in Wish if one.value == wish), None)
    if wanted is None:
        raise Http404
    reason = next((one for one in REASONS if one.value == request.GET.get("reason")), None)
    bank = request.GET.get("bank", "")
    if wanted is Wish.EXCHANGE and reason is None:
        return _ask_reason(request)
    if reason is ExchangeReason.BANK_CHANGE and not bank:
        return _ask_bank(request)
    asked = Asked(wanted, reason=reason, bank=bank, lost="lost" in request.GET)
    return _show(request, asked)


def _show(request: HttpRequest, asked: Asked) -> HttpResponse:
    now = world().clock.now()
    seen = planner.for_person(
        person=person_of(request), asked=asked, as_seen_by=actor_of(request), at=now
    )
    language = pages.reader_in(request).language
    replaces = asked.wish is Wish.EXCHANGE and _applies_for_replacement(seen)
    in_hand = asked.wish in (Wish.CANCEL, Wish.EXCHANGE) and not asked.lost and not replaces
    warnings = [_said(one.code, one.facts, language) for one in seen.warnings]
    return pages.show(
        request,
        "portal/plan.html",
        code=CODE,
        back="/plan",
        seen=seen,
        wish=(Wish.REPLACE if replaces else asked.wish).value,
        no=pages.speak(seen.refusal, language) if seen.refusal else None,
        warnings=[*_instead(language, replaces=replaces), *warnings],
        lost_href=f"{request.get_full_path()}{_joint(request)}lost=1" if in_hand else "",
        printed_at=now,
    )


def _applies_for_replacement(seen: PlanSeen) -> bool:
    return any(act.act == REPLACEMENT for visit in seen.visits for act in visit.acts)


def _instead(language: str, *, replaces: bool) -> list[str]:
    """An exchange was asked for, and a lost card can only be replaced."""
    return [words.text("plan_pages.instead", language)] if replaces else []


def _said(code: str, facts: Any, language: str) -> str:
    room, _, reason = code.partition(".")
    return words.text(f"{room}.notice.{reason}", language, **facts)


def _joint(request: HttpRequest) -> str:
    return "&" if request.GET else "?"


def _ask_reason(request: HttpRequest) -> HttpResponse:
    language = pages.reader_in(request).language
    options = [
        Option(
            words.text(f"replacement.reason.{reason.value}", language),
            f"/plan/exchange?reason={reason.value}",
        )
        for reason in REASONS
    ]
    return _ask(request, "reason", options, back="/plan")


def _ask_bank(request: HttpRequest) -> HttpResponse:
    named = "zh" if pages.reader_in(request).language == "zh" else "en"
    here = "/plan/exchange?reason=bank_change"
    options = [
        Option(getattr(bank, named), f"{here}&bank={bank.key}")
        for bank in contacts.on(local_day(world().clock.now())).banks
    ]
    return _ask(request, "bank", options, back="/plan/exchange")


def _ask(request: HttpRequest, question: str, options: list[Option], *, back: str) -> HttpResponse:
    return pages.show(
        request, "portal/plan_ask.html", code=CODE, back=back, question=question, options=options
    )
