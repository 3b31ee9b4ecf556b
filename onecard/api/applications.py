"""The citizen's own applications: apply online, follow, mend, take back."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router, Status

from onecard.actions import application as acts
from onecard.api.asked import CorrectionAsked, OnlineAsked, ReasonAsked
from onecard.api.caller import caller_of, done_once
from onecard.api.told import ApplicationTold, ProgressTold
from onecard.queries import application as queries
from onecard.seams.world import world

router = Router(tags=["applications"])
READ, WRITE, REVIEW = "application.read", "application.write", "application.review"


@router.post("", response={201: ApplicationTold}, operation_id="apply_online")
@done_once
def apply_online(request: HttpRequest, asked: OnlineAsked) -> object:
    """Apply online for a first card: only for somebody without a provincial card (FAQ 6)."""
    caller = caller_of(request, WRITE)
    return Status(
        201,
        acts.apply_online(
            answers=asked.answers.value(),
            draft=asked.draft,
            actor=caller.actor,
            at=world().clock.now(),
        ),
    )


@router.get("", response=list[ProgressTold], operation_id="my_applications")
def mine(request: HttpRequest) -> object:
    """Every application of the signed-in citizen, newest first."""
    caller = caller_of(request, READ)
    return list(queries.mine(as_seen_by=caller.actor, at=world().clock.now()))


@router.get("/{application}", response=ProgressTold, operation_id="application_progress")
def progress(request: HttpRequest, application: str) -> object:
    """Where one application is, who holds it and when the card is promised."""
    caller = caller_of(request, READ)
    return queries.progress(
        application=application, as_seen_by=caller.actor, at=world().clock.now()
    )


@router.post("/{application}/corrections", response=ApplicationTold, operation_id="correct")
@done_once
def correct(request: HttpRequest, application: str, asked: CorrectionAsked) -> object:
    """Mend data or photo before the card is batched, or after the bank's no."""
    caller = caller_of(request, WRITE)
    return acts.correct(
        application=application,
        answers=asked.answers.value(),
        photo=asked.photo,
        actor=caller.actor,
        at=world().clock.now(),
    )


@router.post("/{application}/retraction", response=ApplicationTold, operation_id="retract")
@done_once
def retract(request: HttpRequest, application: str, asked: ReasonAsked) -> object:
    """Take an application back, until it is batched or after the bank's no."""
    caller = caller_of(request, WRITE)
    return acts.retract(
        application=application, reason=asked.reason, actor=caller.actor, at=world().clock.now()
    )


@router.post("/{application}/acceptance", response=ApplicationTold, operation_id="accept_online")
@done_once
def accept(request: HttpRequest, application: str) -> object:
    """Accept an online application whose photo a person has looked at (platform operator)."""
    caller = caller_of(request, REVIEW)
    return acts.accept_online(application=application, actor=caller.actor, at=world().clock.now())
