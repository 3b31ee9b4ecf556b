"""Stories of an employer: people put on its list; some are accepted at the outlet already."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from onecard.actions import application
from onecard.actions.application import AgentShown, EmployerPapers, PreparedPerson
from onecard.domain.application import EmployerPaper
from onecard.domain.authority import Actor
from onecard.seams.clock import local_day
from onecard.simulator.at_counter import look_for
from onecard.simulator.plan import plan
from onecard.simulator.population import GROWN, Inhabitant
from onecard.simulator.telling import Story, age, answers, document

EARLY, LATE = 20, 13 * 24
PEOPLE = 8
WORKING_AGE = range(GROWN, 60)


def stories(crowd: list[Inhabitant], agent: Actor, clerk: Actor) -> list[Story]:
    """Half of the list is taken to the outlet early, the other half waits."""
    fit = [who for who in crowd[2::3] if who.has_photo and not who.cards]
    early, late, papers = fit[: PEOPLE // 2], fit[PEOPLE // 2 : PEOPLE], fit[PEOPLE]
    return [
        Story(EARLY, put_on_list(early, agent, clerk, papers)),
        Story(LATE, put_on_list(late, agent, None, papers)),
    ]


def put_on_list(
    people: list[Inhabitant], agent: Actor, clerk: Actor | None, papers: Inhabitant
) -> Callable[[datetime], object]:
    """Prepare people online; with a clerk, take the list to the counter at once."""

    def happen(at: datetime) -> object:
        grown = [who for who in people if age(who, local_day(at)) in WORKING_AGE]
        listed = [
            application.prepare_for_employer(
                prepared=PreparedPerson(look_for(who), answers(who, home=plan().homes.plain)),
                actor=agent,
                at=at,
            )
            for who in grown
        ]
        if clerk is None:
            return listed
        return application.accept_for_employer(
            applications=tuple(receipt.application for receipt in listed),
            papers=EmployerPapers(
                employer=agent.employer,
                paper=EmployerPaper.AUTHORISATION_LETTER,
                paper_original=True,
                agent=AgentShown(papers.person.name, document(papers)),
            ),
            actor=clerk,
            at=at,
        )

    return happen
