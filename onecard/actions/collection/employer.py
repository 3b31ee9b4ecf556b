"""单位领卡: an employer's agent collects for its people; the cards stay sealed (11.7).

Each row is judged on its own: one that cannot be collected stops no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard import policy
from onecard.actions import hold
from onecard.actions._keeping import act, note, tell
from onecard.actions._stepping import step
from onecard.actions.application import EmployerPapers
from onecard.actions.collection.rows import at_this_outlet, collected
from onecard.domain import collection
from onecard.domain.application import Papers
from onecard.domain.application.papers import employer_papers
from onecard.domain.authority import Actor, Role
from onecard.domain.collection import Shown
from onecard.domain.documents import DocumentPolicy
from onecard.domain.hr_function import HrState
from onecard.domain.production import PRODUCTION, ProductionEvent, ProductionState
from onecard.domain.refusal import NotFound, Notice, Refusal, first, require
from onecard.records.models import Application, Card
from onecard.seams.clock import local_day


@dataclass(frozen=True)
class RowNotCollected:
    """One person whose card was not handed over, and why: the code and what its words need."""

    application: str
    code: str
    facts: dict[str, str]


@dataclass(frozen=True)
class EmployerCollection:
    """What the employer's agent took along, and what stayed."""

    employer: str
    collected: tuple[str, ...]
    refused: tuple[RowNotCollected, ...]


@act("collection.collect_for_employer")
def collect_for_employer(
    *, applications: tuple[str, ...], papers: EmployerPapers, actor: Actor, at: datetime
) -> EmployerCollection:
    """Hand the cards of an employer's people to its agent, at the outlet where they lie.

    Raises `Refused`: `authority.employer_paper_missing`, `authority.agent_original_missing`,
    `documents.*`.
    """
    employer = papers.employer
    if actor.role is Role.EMPLOYER_AGENT and actor.employer != employer:
        raise NotFound("Employer")
    figures = policy.in_force("documents", DocumentPolicy, on=local_day(at))
    require(*employer_papers(_laid_on_the_desk(papers), local_day(at), figures))
    shown = Shown(holder=None, agent=papers.agent.document, agent_name=papers.agent.name)
    cards = hold.many(Card.objects.filter(application__in=applications, hr_state=HrState.SEALED))
    rows = {row.ref: row for row in hold.many(Application.objects.filter(ref__in=applications))}
    by_application = {card.application_id: card for card in cards}
    taken, refused = [], []
    for ref in sorted(set(applications)):
        row, card = rows.get(ref), by_application.get(ref)
        refusal = _may_collect(row, card, employer, actor)
        if refusal is None and row is not None and card is not None:
            _collect(row, card, shown, actor=actor, at=at)
            taken.append(ref)
        elif refusal is not None:
            facts = {name: str(fact) for name, fact in refusal.all_facts().items()}
            refused.append(RowNotCollected(ref, refusal.code, facts))
    note(about=employer, by=actor, at=at, ground="rule book 11.7", cards=len(taken))
    return EmployerCollection(employer, tuple(taken), tuple(refused))


def _may_collect(
    row: Application | None, card: Card | None, employer: str, actor: Actor
) -> Refusal | None:
    """The first no. An application of nobody's and one of somebody else's look the same."""
    if row is None:
        return Refusal("collection.not_for_this_employer")
    return first(
        lambda: collection.may_collect_for_employer(
            collection=row.collection, employer=row.employer_id or "", asking=employer
        ),
        lambda: _can_be_collected(row),
        lambda: at_this_outlet(row, actor),
        lambda: None if card else Refusal("collection.no_card_yet"),
    )


def _can_be_collected(row: Application) -> Refusal | None:
    if row.state is ProductionState.COLLECTED_BY_EMPLOYER:
        return Refusal("collection.employer_has_it")
    answer = PRODUCTION.ask(row.state, ProductionEvent.COLLECT_BY_EMPLOYER)
    if isinstance(answer, Notice):
        return None
    return answer if isinstance(answer, Refusal) else None


def _laid_on_the_desk(papers: EmployerPapers) -> Papers:
    return Papers(
        agent=papers.agent.document,
        employer_paper=papers.paper,
        employer_paper_original=papers.paper_original,
    )


def _collect(row: Application, card: Card, shown: Shown, *, actor: Actor, at: datetime) -> None:
    step(row, ProductionEvent.COLLECT_BY_EMPLOYER, by=actor, at=at)
    collected(card, shown, at=at)
    tell("card.collected_by_employer", about=card.ref, at=at, parties=("sms",))
    note(about=card.ref, by=actor, at=at, ground="rule book 11.7")
