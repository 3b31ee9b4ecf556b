"""一次贴卡的门: the steps of a tap as JSON between a page's script and the relay.

A page that can hold a card (a phone, a kiosk, an outlet's reader) asks for a step, carries it and
posts what the card said. A no comes as words in the reader's language, for the page to show.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from onecard.actions import demo_card, tap
from onecard.actions._tapping import TapStep
from onecard.actions.tap import Posted
from onecard.domain.authority import Actor
from onecard.domain.refusal import NotFound, Refused
from onecard.seams.world import world
from onecard.web import pages

MOST_BYTES = 64_000
MOST_ANSWERS = 16
AT_ONCE = 409
"""The same post may be sent again."""

Work = Callable[[], TapStep]
Ends = Callable[[TapStep], str]


def step_of(request: HttpRequest, work: Work, ends: Ends) -> HttpResponse:
    """The step that `work` gives, or the no it met; `ends` says which page follows a finished one.

    Where nothing else is to be told the page shows the outcome in words.
    """
    try:
        step = work()
    except Refused as refused:
        return _no(request, refused)
    said = pages.say(request, step.outcome, **_plain(step.facts))
    told = {**asdict(step), "said": said, "next": ends(step) if step.over else ""}
    return JsonResponse(told)


def posted_in(request: HttpRequest) -> tuple[str, Posted]:
    """Which tap a script posts to, and what the card said. Raises `NotFound` for anything else."""
    told = body_of(request)
    answers: Any = told.get("answers")
    lost = told.get("lost_after")
    fits = (
        isinstance(answers, list)
        and len(answers) <= MOST_ANSWERS
        and all(isinstance(one, str) for one in answers)
        and type(told.get("seq")) is int
        and (lost is None or type(lost) is int)
    )
    if not fits:
        raise NotFound("tap")
    error = str(told.get("reader_error", ""))
    return str(told.get("dialogue", "")), Posted(told["seq"], tuple(answers), lost, error)


def answered(request: HttpRequest, actor: Actor, ends: Ends) -> HttpResponse:
    """Take what the card said and give the next step."""

    def work() -> TapStep:
        ref, posted = posted_in(request)
        return tap.answer(tap=ref, posted=posted, actor=actor, at=world().clock.now())

    return step_of(request, work, ends)


def held(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Demo mode: give a step to a simulated card. Raises `NotFound` outside it."""
    told = body_of(request)
    step = told.get("step")
    try:
        brought = demo_card.hold(
            card=str(told.get("card", "")),
            step=step if isinstance(step, dict) else {},
            tear=str(told.get("tear", "")),
            actor=actor,
            at=world().clock.now(),
        )
    except Refused as refused:
        return _no(request, refused)
    return JsonResponse(dict(brought))


def body_of(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of a script's post. Raises `NotFound` for anything else."""
    if len(request.body) > MOST_BYTES:
        raise NotFound("tap")
    try:
        told = json.loads(request.body)
    except ValueError as wrong:
        raise NotFound("tap") from wrong
    if not isinstance(told, dict):
        raise NotFound("tap")
    return told


def desk_of(room: str) -> dict[str, str]:
    """The addresses a page's script needs, of a door with the usual three."""
    return {name: reverse(f"{room}{name}") for name in ("look", "tap", "hold")}


def _no(request: HttpRequest, refused: Refused) -> HttpResponse:
    """Custody that is silent may be asked again with the very same post."""
    no = pages.speak(refused.refusal, pages.reader_in(request).language)
    told = {"said": no.headline, "why": no.why, "next": no.next, "code": no.code}
    again = no.code == "topup.keys_unavailable"
    return JsonResponse(told | {"again": again}, status=AT_ONCE if again else pages.REFUSED)


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in facts.items() if value is not None}
