"""Stories of the outlets: the crowd comes to the counter, with parents, agents and papers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from onecard.actions import application, person
from onecard.actions.application import AgentShown, CounterCase
from onecard.actions.person import CounterLook
from onecard.domain.application import AppliedBy, Guardian
from onecard.domain.authority import Actor
from onecard.domain.documents import DocumentKind
from onecard.seams.clock import local_day
from onecard.simulator.plan import plan
from onecard.simulator.population import GROWN, Inhabitant
from onecard.simulator.telling import CHILD, OCCUPATION, Story, age, answers, document

FIRST_HOUR, HOURS_BETWEEN, VISITORS = 9, 7, 45
EVERY = 3
TODAY = 14 * 24
ASKING = ("six", "seven_today", "fifteen", "sixteen_today", "deceased")
"""Who was looked up at the counter today, so that a clerk can go on with them."""


def stories(
    people: dict[str, Inhabitant], crowd: list[Inhabitant], hired: dict[str, Actor]
) -> list[Story]:
    """Each third of the crowd without an older card comes, every few hours one; children ask."""
    asked = [Story(TODAY, ask(people[key], hired["clerk"])) for key in ASKING]
    return asked + _applying(crowd, hired)


def _applying(crowd: list[Inhabitant], hired: dict[str, Actor]) -> list[Story]:
    parent = next(who for who in crowd if who.has_photo)
    return [
        Story(hour, visit(who, clerk, parent))
        for hour, who, clerk in visitors(crowd, (hired["clerk"], hired["hr"]))
    ]


def visitors(
    crowd: list[Inhabitant], clerks: tuple[Actor, ...]
) -> Iterator[tuple[int, Inhabitant, Actor]]:
    """Who comes, at which hour, to whom: every few hours one of those without an older card."""
    coming = [who for who in crowd[1::EVERY] if not who.cards][:VISITORS]
    for number, who in enumerate(coming):
        if who.has_photo or not who.person.id_card_issued:
            yield FIRST_HOUR + HOURS_BETWEEN * number, who, clerks[number % len(clerks)]


def ask(who: Inhabitant, clerk: Actor) -> Callable[[datetime], object]:
    """Come and ask; nothing is applied for yet."""
    return lambda at: person.find_at_counter(look=look_for(who), actor=clerk, at=at)


def visit(who: Inhabitant, clerk: Actor, parent: Inhabitant) -> Callable[[datetime], object]:
    """Come to the counter and apply; a child comes with a parent."""

    def happen(at: datetime) -> object:
        met = person.find_at_counter(look=look_for(who), actor=clerk, at=at)
        years = age(who, local_day(at))
        if years in range(7, GROWN):
            return met
        return application.accept_at_counter(
            case=case(met.person, who, parent if years < GROWN else None), actor=clerk, at=at
        )

    return happen


def look_for(who: Inhabitant) -> CounterLook:
    """What a clerk types from the document."""
    shown = document(who)
    kind = shown.kind
    if kind is DocumentKind.HOUSEHOLD_REGISTER:
        return CounterLook(DocumentKind.HOUSEHOLD_REGISTER, shown.number, who.person.name)
    return CounterLook(kind, shown.number, who.person.name)


def case(ref: str, who: Inhabitant, parent: Inhabitant | None) -> CounterCase:
    """The application as it lies on the desk."""
    occupation = CHILD if parent else OCCUPATION
    return CounterCase(
        person=ref,
        applied_by=AppliedBy.GUARDIAN if parent else AppliedBy.HOLDER,
        answers=answers(who, home=plan().homes.plain, occupation=occupation),
        document=document(who),
        agent=AgentShown(parent.person.name, document(parent)) if parent else None,
        guardian=guardian(parent) if parent else None,
    )


def guardian(parent: Inhabitant) -> Guardian:
    """A parent's data as the form asks for them."""
    shown = document(parent)
    return Guardian(parent.person.name, shown.kind, shown.number, plan().homes.relation)
