"""An employer's own people: put on the list, follow, collect. Nothing of bank or purse."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router, Status

from onecard.actions import application as acts
from onecard.api.asked import PreparedAsked
from onecard.api.caller import caller_of, done_once
from onecard.api.told import ApplicationTold, EmployerRowTold
from onecard.queries import employer as queries
from onecard.seams.world import world

router = Router(tags=["employer"])
SCOPE = "employer.write"


@router.post("/people", response={201: ApplicationTold}, operation_id="prepare_for_employer")
@done_once
def prepare(request: HttpRequest, asked: PreparedAsked) -> object:
    """Put one person on the list; an outlet accepts the list with the originals."""
    caller = caller_of(request, SCOPE)
    receipt = acts.prepare_for_employer(
        prepared=asked.value(), actor=caller.actor, at=world().clock.now()
    )
    return Status(201, receipt)


@router.get("/people", response=list[EmployerRowTold], operation_id="employer_people")
def people(request: HttpRequest) -> object:
    """Everybody on the employer's list and where their card is."""
    caller = caller_of(request, SCOPE)
    return list(queries.people(as_seen_by=caller.actor, at=world().clock.now()))
