"""What anybody may ask: banks, outlets, figures with their source, numbers, eligibility."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from onecard.api.asked import Day
from onecard.api.house import Asked
from onecard.api.problems import document, status_of
from onecard.api.told import BankTold, FigureTold, NumberTold, PlaceTold
from onecard.domain import identity
from onecard.domain.identity import NumberKind
from onecard.domain.refusal import Refusal
from onecard.queries import contacts, figures, place
from onecard.seams.clock import local_day
from onecard.seams.world import world

router = Router(tags=["reference"])


class NumberAsked(Asked):
    """A number, and what it should be; without a kind it is recognised."""

    number: Annotated[str, Field(min_length=1, max_length=60)]
    kind: NumberKind | None = None


@router.get("/banks", response=list[BankTold], operation_id="banks", auth=None)
def banks(request: HttpRequest) -> object:  # noqa: ARG001
    """The co-operating banks of the city with their hotlines (FAQ 10, 15)."""
    return list(contacts.on(local_day(world().clock.now())).banks)


@router.get("/outlets", response=list[PlaceTold], operation_id="outlets", auth=None)
def outlets(request: HttpRequest, bank: str = "") -> object:  # noqa: ARG001
    """Every outlet that takes applications and hands out cards; `bank` keeps one bank's only."""
    return [PlaceTold.of(found) for found in place.serving_people(bank=bank)]


@router.get("/figures", response=list[FigureTold], operation_id="figures", auth=None)
def in_force(request: HttpRequest, on: Day | None = None) -> object:  # noqa: ARG001
    """Every figure in force on a day, with its standing and its source."""
    day = on or local_day(world().clock.now())
    return list(figures.figures_of("", on=day).figures)


@router.post("/numbers/checks", response=NumberTold, operation_id="check_number", auth=None)
def check_number(request: HttpRequest, asked: NumberAsked) -> object:
    """Whether an identity, credit-code, bank-card or EMS number is right; the answer is masked."""
    day = local_day(world().clock.now())
    checked = identity.check(asked.number, on=day, kind=asked.kind)
    facts = checked.facts
    return {
        "number": checked.masked,
        "kind": checked.kind.value,
        "valid": checked.valid,
        "born_on": facts.born_on if facts else None,
        "sex": facts.sex.value if facts and facts.sex else None,
        "problems": [_problem(request, refusal) for refusal in checked.refusals],
    }


def _problem(request: HttpRequest, refusal: Refusal) -> dict[str, Any]:
    """A wrong number is no error of the call: the problem stands inside a good answer."""
    told = document(request, (refusal,), status_of(refusal))
    kept = ("code", "title", "detail", "measured", "allowed", "minimal_fix")
    return {member: told[member] for member in kept}
