"""单位办理: an employer prepares its people online; an outlet accepts them with originals (X9).

Prepared means SUBMITTED and held by the outlet. Each person of the list is judged for themself: one
who cannot be taken never holds up the others.
"""

from __future__ import annotations

from datetime import datetime

from onecard.actions import _people, _portraits, _province, hold
from onecard.actions import person as people
from onecard.actions._keeping import act, concerning, each, note, walk
from onecard.actions._people import Particulars
from onecard.actions._province import Province
from onecard.actions._register import keep_cards
from onecard.actions._stepping import keep_step
from onecard.actions.application import _acceptance, _gather, _writing
from onecard.actions.application._gather import Told
from onecard.actions.application._writing import Plan
from onecard.actions.application.acceptance import held_pair
from onecard.actions.application.receipts import (
    ApplicationReceipt,
    EmployerAcceptance,
    EmployerPapers,
    PreparedPerson,
    RowRefused,
)
from onecard.domain.application import (
    ApplicationKind,
    AppliedBy,
    Papers,
    may_apply_first,
    may_prepare_first,
)
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.production import Holder, ProductionEvent
from onecard.domain.refusal import NotFound, Refusal, Refused, require
from onecard.records.models import Application, Employer, Person, Photo
from onecard.seams.clock import local_day


@walk("application.prepare_for_employer")
def prepare_for_employer(
    *, prepared: PreparedPerson, actor: Actor, at: datetime
) -> ApplicationReceipt:
    """Put one person on the employer's list: looked up, judged, kept; no paper is seen yet.

    Raises `Refused` with what 8.1 says against this person. The portrait may follow.
    """
    province = people.ask_about(look=prepared.look, at=at)
    fits = people.is_named_right(look=prepared.look, province=province)
    met = people.meet(look=prepared.look, province=province, actor=actor, at=at, name_fits=fits)
    people.fetch_portrait(person=met.person, province=province, actor=actor, at=at)
    return prepare(person=met.person, prepared=prepared, province=province, actor=actor, at=at)


@walk("application.accept_for_employer")
def accept_for_employer(
    *, applications: tuple[str, ...], papers: EmployerPapers, actor: Actor, at: datetime
) -> EmployerAcceptance:
    """The employer's agent stands at an outlet with the papers: accept the list, each by itself."""
    accepted, refused = [], []
    for application in applications:
        number, identity_number = _on_list(application, papers.employer)
        province = _province.ask(identity_number)
        try:
            with each(application):
                receipt = accept_one(
                    application=application,
                    papers=papers,
                    province=province,
                    actor=actor,
                    at=at,
                )
        except Refused as no:
            refused.append(RowRefused(application, number, no.refusals))
        else:
            accepted.append(receipt)
    return EmployerAcceptance(tuple(accepted), tuple(refused))


@act("application.prepare_for_employer")
def prepare(
    *,
    person: str,
    prepared: PreparedPerson,
    province: Province,
    actor: Actor,
    at: datetime,
) -> ApplicationReceipt:
    """Judge one person of the list without papers, and keep the application for the outlet."""
    row = hold.one(Person, ref=person)
    concerning(row.ref)
    employer = hold.one(Employer, ref=_employer_of(prepared, actor))
    photo = _portraits.handed_in(prepared.photo, row, actor)
    told = Told(
        channel=Channel.EMPLOYER,
        applied_by=AppliedBy.EMPLOYER,
        answers=prepared.answers,
        papers=Papers(),
        guardian=prepared.guardian,
        collection=prepared.collection,
        collect_at=prepared.collect_at,
    )
    _gather.must_be_serving(told.collect_at)
    asked = _gather.asked_of(row, told, province, photo=photo, at=at)
    day = local_day(at)
    require(may_prepare_first(asked=asked, on=day, figures=_gather.figures_on(day)))
    plan = Plan(kind=ApplicationKind.FIRST, holder=Holder.OUTLET.value, employer=employer.ref)
    return ApplicationReceipt.of(_writing.submit(row, told, plan, photo=photo, by=actor, at=at))


@act("application.accept_for_employer")
def accept_one(
    *,
    application: str,
    papers: EmployerPapers,
    province: Province,
    actor: Actor,
    at: datetime,
) -> ApplicationReceipt:
    """Accept one person of a list: employer's paper, agent's original, then the whole of 8.1."""
    person, row = held_pair(application)
    if province.person is not None:
        person = _people.keep(Particulars.of(province.person), at=at)
    require(_must_wait_for_outlet(row))
    photo = _portraits.on_file(person)
    told = _told_again(row, papers, actor)
    asked = _gather.asked_of(person, told, province, photo=photo, at=at, beside=row)
    day = local_day(at)
    require(may_apply_first(asked=asked, on=day, figures=_gather.figures_on(day)))
    keep_cards(person, province.cards, by=actor, at=at)
    _keep_papers(row, told, papers, photo, actor)
    keep_step(row, "papers_seen", before=row.state.value, by=actor, at=at)
    _acceptance.accept_if_clear(row, province, photo, by=actor, at=at)
    paper = papers.paper.value if papers.paper else ""
    note(about=row.ref, by=actor, at=at, ground=_writing.GROUND, paper=paper)
    return ApplicationReceipt.of(row)


def _employer_of(prepared: PreparedPerson, actor: Actor) -> str:
    """An employer's agent acts for their own employer, whatever the form says."""
    return actor.employer if actor.role is Role.EMPLOYER_AGENT else prepared.employer


def _on_list(application: str, employer: str) -> tuple[str, str]:
    """Receipt number and identity number of somebody on this employer's list."""
    rows = Application.objects.filter(ref=application, employer=employer)
    row = rows.select_related("person").first()
    if row is None:
        raise NotFound(Application.__name__)
    return row.number, row.person.identity_number


def _must_wait_for_outlet(row: Application) -> Refusal | None:
    """Only what was prepared and not yet accepted is accepted here."""
    if row.holder_of_the_moment == Holder.OUTLET.value and row.accepted_at is None:
        return None
    return Refusal(
        "production.not_in_this_state",
        {
            "state": f"@production.state.{row.state.value}",
            "act": f"@production.event.{ProductionEvent.ACCEPT.value}",
        },
    )


def _told_again(row: Application, papers: EmployerPapers, actor: Actor) -> Told:
    return Told(
        channel=Channel.EMPLOYER,
        applied_by=AppliedBy.EMPLOYER,
        answers=_writing.answers_in(row),
        papers=Papers(
            agent=papers.agent.document,
            employer_paper=papers.paper,
            employer_paper_original=papers.paper_original,
        ),
        guardian=_writing.guardian_of(row.person),
        collection=row.collection,
        collect_at=row.collect_at_id or actor.outlet,
    )


def _keep_papers(
    row: Application, told: Told, papers: EmployerPapers, photo: Photo | None, actor: Actor
) -> None:
    """Who brought the list, where, and with which portrait it goes on."""
    row.outlet_id, row.collect_at_id = actor.outlet or None, told.collect_at or None
    row.agent_name = papers.agent.name
    row.agent_document = _writing.written(papers.agent.document)
    row.photo = photo
    row.holder_of_the_moment = _acceptance.waits_for(photo)
    row.save(
        update_fields=[
            "outlet",
            "collect_at",
            "agent_name",
            "agent_document",
            "photo",
            "holder_of_the_moment",
        ]
    )
