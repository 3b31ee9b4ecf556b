"""Cards, their functions and their history, for whoever may know of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import ConfigDict, Field

from onecard.actions import financial
from onecard.actions import partner as acts
from onecard.actions.financial import News
from onecard.api.asked import Text
from onecard.api.house import Asked
from onecard.api.partner.asking import (
    CardPageAsked,
    Page,
    PageAsked,
    Serial,
    done_once,
    etag,
    page,
    place_in,
)
from onecard.api.partner.door import allowed
from onecard.api.partner.told import CardTold, FunctionTold, MatchTold, NewsTold, TransitionTold
from onecard.domain.financial_function import FinancialEvent
from onecard.domain.partner_scope import (
    CARD_READ,
    CARD_SEARCH,
    FUNCTION_READ,
    FUNCTION_WRITE,
    PERSON_SEARCH,
    TRANSITION_READ,
    Function,
)
from onecard.queries import partner as queries
from onecard.seams.world import world

router = Router(tags=["cards"])
CARDS, TRANSITIONS = "cards", "card_transitions"


class PairAsked(Asked):
    """What was presented: the number on the card, and the holder's identity number."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"card_number": "B12345678", "identity_number": "320499199001010024"}]
        },
    )
    card_number: Text
    identity_number: Text


class NewsAsked(Asked):
    """What the bank's own system says of the account on a card.

    `sequence` counts your messages about this card: an older one never undoes a newer one. `names`
    is the report that a withdrawal lifts, by our id or by your own serial number.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "event": "close",
                    "sequence": 4,
                    "happened_at": "2026-03-02T08:59:00+08:00",
                    "biz_serial_no": "20260302000004",
                }
            ]
        },
    )
    event: FinancialEvent
    sequence: Annotated[int, Field(ge=1, le=2**53, strict=True)]
    happened_at: datetime
    biz_serial_no: Annotated[str, Field(min_length=1, max_length=64, pattern="^[!-~]+$")]
    names: Serial = ""


@router.post("/persons/search", response=MatchTold, operation_id="search_person")
def search_person(request: HttpRequest, asked: PairAsked) -> object:
    """Whether a presented card and identity number belong together: yes or no, never which one."""
    caller = allowed(request, PERSON_SEARCH)
    found = _presented(caller, asked)
    return {"match": found.match, "pseudonym": found.pseudonym, "card_id": found.card}


@router.post("/cards/search", response=Page[CardTold], operation_id="search_card")
def search_card(request: HttpRequest, asked: PairAsked) -> object:
    """The card that was presented, if the pair fits and you may know of it; else an empty list."""
    caller = allowed(request, CARD_SEARCH)
    found, now = _presented(caller, asked), world().clock.now()
    cards = [queries.card(caller=caller, card=found.card, at=now)] if found.match else []
    return {"data": cards, "next_cursor": None, "has_more": False}


@router.get("/cards", response=Page[CardTold], operation_id="list_cards")
def list_cards(request: HttpRequest, asked: Query[PageAsked]) -> object:
    """Every card you may know of: a bank its own, a hospital those that were presented to it."""
    caller = allowed(request, CARD_READ)
    after = place_in(asked.after, of=CARDS, client=caller.ref)
    found = queries.cards(caller=caller, after=after, limit=asked.limit, at=world().clock.now())
    return page(found, asked.limit, of=CARDS, client=caller.ref)


@router.get("/cards/{card_id}", response=CardTold, operation_id="read_card")
def read_card(request: HttpRequest, card_id: str) -> object:
    """One card with the functions you may see."""
    caller = allowed(request, CARD_READ)
    return queries.card(caller=caller, card=card_id, at=world().clock.now())


@router.get(
    "/cards/{card_id}/functions/{function}", response=FunctionTold, operation_id="read_function"
)
def read_function(
    request: HttpRequest, response: HttpResponse, card_id: str, function: Function
) -> object:
    """One function of a card as it stands now; `ETag` is its `state_version`."""
    caller = allowed(request, FUNCTION_READ)
    seen = queries.function(caller=caller, card=card_id, function=function, at=world().clock.now())
    response["ETag"] = etag(seen.state_version)
    return seen


@router.post("/cards/{card_id}/functions/fin/news", response=NewsTold, operation_id="tell_news")
@done_once
def tell_news(request: HttpRequest, card_id: str, asked: NewsAsked) -> object:
    """Tell what happened to the account: activated, lost for now, lifted, closed, moved away.

    News carry their own order, so no `If-Match` is asked: what comes late never undoes what is
    newer, and what the life cycle does not know is kept as a discrepancy and answered as one.
    """
    caller = allowed(request, FUNCTION_WRITE)
    news = News(
        card=card_id,
        event=asked.event,
        serial=asked.biz_serial_no,
        sequence=asked.sequence,
        happened_at=asked.happened_at,
        names=asked.names,
    )
    return financial.take_news(news=news, actor=caller.actor, at=world().clock.now())


@router.get(
    "/card_transitions", response=Page[TransitionTold], operation_id="list_card_transitions"
)
def list_transitions(request: HttpRequest, asked: Query[CardPageAsked]) -> object:
    """Every change of state, of one card or of all: who, through which door, under which rules."""
    caller = allowed(request, TRANSITION_READ)
    after = place_in(asked.after, of=TRANSITIONS, client=caller.ref)
    found = queries.transitions(caller=caller, card=asked.card_id, after=after, limit=asked.limit)
    return page(found, asked.limit, of=TRANSITIONS, client=caller.ref)


def _presented(caller: queries.PartnerCaller, asked: PairAsked) -> acts.Presented:
    return acts.present(
        client=caller.ref,
        reach=caller.rights.reach,
        bank=caller.bank,
        card_number=asked.card_number,
        identity_number=asked.identity_number,
        actor=caller.actor,
        at=world().clock.now(),
    )
