"""What an outlet's own system may do: find people, accept applications, hand over and enable."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router, Status

from onecard.actions import application as acts
from onecard.actions import collection, person
from onecard.actions.collection import CardInHand, Shown
from onecard.api.asked import CaseAsked, HandAsked, LookAsked, PapersAsked
from onecard.api.caller import caller_of, done_once
from onecard.api.told import AcceptanceTold, ApplicationTold, CollectedTold, EnabledTold, MetTold
from onecard.seams.world import world

router = Router(tags=["counter"])
SCOPE = "counter.write"


@router.post("/people/search", response=MetTold, operation_id="find_person")
def find(request: HttpRequest, asked: LookAsked) -> object:
    """Find a person by document number; the province is asked when we do not know them."""
    caller = caller_of(request, SCOPE)
    return person.find_at_counter(look=asked.value(), actor=caller.actor, at=world().clock.now())


@router.post("/applications", response={201: ApplicationTold}, operation_id="accept_at_counter")
@done_once
def accept(request: HttpRequest, asked: CaseAsked) -> object:
    """Accept an application of a holder, an agent with both originals, or a child."""
    caller = caller_of(request, SCOPE)
    receipt = acts.accept_at_counter(case=asked.value(), actor=caller.actor, at=world().clock.now())
    return Status(201, receipt)


@router.post("/employer-lists", response=AcceptanceTold, operation_id="accept_for_employer")
@done_once
def accept_list(request: HttpRequest, asked: PapersAsked) -> object:
    """Accept the people of an employer: certificate or letter, and its agent's own document."""
    caller = caller_of(request, SCOPE)
    outcome = acts.accept_for_employer(
        applications=tuple(asked.applications),
        papers=asked.value(),
        actor=caller.actor,
        at=world().clock.now(),
    )
    refused = [
        {
            "application": row.application,
            "number": row.number,
            "codes": [refusal.code for refusal in row.refusals],
        }
        for row in outcome.refused
    ]
    return {"accepted": list(outcome.accepted), "refused": refused}


@router.post(
    "/applications/{application}/handover", response=CollectedTold, operation_id="hand_over_card"
)
@done_once
def hand_over(request: HttpRequest, application: str, asked: HandAsked) -> object:
    """Hand a made card to its holder or an agent; it stays sealed until it is enabled."""
    caller = caller_of(request, SCOPE)
    return collection.hand_over(
        application=application,
        proof=CardInHand(asked.card_number, asked.card_identifier),
        shown=_shown(asked),
        actor=caller.actor,
        at=world().clock.now(),
    )


@router.post("/cards/{card}/enabling", response=EnabledTold, operation_id="enable_at_counter")
@done_once
def enable(request: HttpRequest, card: str, asked: HandAsked) -> object:
    """Enable the HR function with card and person in front of the clerk."""
    caller = caller_of(request, SCOPE)
    return collection.enable(
        card=card,
        proof=CardInHand(asked.card_number, asked.card_identifier),
        shown=_shown(asked),
        old_card_handed_in=asked.old_card_handed_in,
        actor=caller.actor,
        at=world().clock.now(),
    )


def _shown(asked: HandAsked) -> Shown:
    return Shown(
        holder=asked.holder.value() if asked.holder else None,
        agent=asked.agent.value() if asked.agent else None,
        agent_name=asked.agent_name,
    )
