"""线下办理: the holder, a guardian or an agent stands at a counter with papers on the desk.

A clerk can go on while the province is silent: the slip is printed, the application waits for the
register and is accepted by the worker, so that a cut makes nobody come twice and no second card.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from onecard.actions import _people, _portraits, _province, hold
from onecard.actions._keeping import act, concerning, walk
from onecard.actions._people import Particulars
from onecard.actions._province import Province
from onecard.actions._register import keep_cards
from onecard.actions.application import _acceptance, _gather, _writing
from onecard.actions.application._gather import Told
from onecard.actions.application._writing import Plan
from onecard.actions.application.receipts import ApplicationReceipt, CounterCase
from onecard.domain.application import (
    Answers,
    ApplicationKind,
    Asked,
    Collection,
    Papers,
    may_apply_first,
    may_make_here,
    may_take_here,
    may_upgrade,
)
from onecard.domain.authority import Actor, must_not_be_own_case
from onecard.domain.documents import ShownDocument
from onecard.domain.hr_function import LIVE
from onecard.domain.production import OPEN
from onecard.domain.refusal import require
from onecard.records.models import Application, Card, Outlet, Person, Staff
from onecard.seams.clock import local_day

ALREADY_APPLIED = "replacement.already_applied"


@walk("application.accept_at_counter")
def accept_at_counter(*, case: CounterCase, actor: Actor, at: datetime) -> ApplicationReceipt:
    """Take one application at a counter: a first card, or the voluntary upgrade of an older one.

    Raises `Refused` with the first refusal of rule book 8.1 or 21.3.
    """
    province = _province.ask(_people.number_of(case.person))
    return take_at_counter(case=case, province=province, actor=actor, at=at)


@act("application.take_at_counter")
def take_at_counter(
    *, case: CounterCase, province: Province, actor: Actor, at: datetime
) -> ApplicationReceipt:
    """Judge the case and write it. An upgrade that was applied for already gives its receipt."""
    person = _held(case, province, actor, at)
    again = _already_upgrading(person, case)
    if again is not None:
        return ApplicationReceipt.of(again, notice=ALREADY_APPLIED)
    photo = _portraits.on_file(person, case.photo)
    told = _told(case, actor)
    _gather.must_be_serving(told.collect_at)
    asked = _gather.asked_of(person, told, province, photo=photo)
    _must_be_right(case, asked, actor, at)
    keep_cards(person, province.cards, by=actor, at=at)
    plan = Plan(
        kind=case.kind,
        holder=_acceptance.waits_for(photo),
        making_mode=case.making_mode,
        outlet=actor.outlet,
        agent_name=case.agent.name if case.agent else "",
        agent_document=case.agent.document if case.agent else None,
        predecessor=_predecessor(person, case),
        draft=case.draft,
    )
    row = _writing.submit(person, told, plan, photo=photo, by=actor, at=at)
    _acceptance.accept_if_clear(row, province, photo, by=actor, at=at)
    return ApplicationReceipt.of(row)


def _held(case: CounterCase, province: Province, actor: Actor, at: datetime) -> Person:
    """The person of the case, held and in step with the province; never the clerk's own."""
    person = hold.one(Person, ref=case.person)
    concerning(person.ref)
    if province.person is not None:
        person = _people.keep(Particulars.of(province.person), at=at)
    own = Staff.objects.filter(ref=actor.ref).values_list("person_id", flat=True).first()
    require(must_not_be_own_case(own_person=own or "", person=person.ref))
    return person


def _must_be_right(case: CounterCase, asked: Asked, actor: Actor, at: datetime) -> None:
    day = local_day(at)
    figures = _gather.figures_on(day)
    rule = may_upgrade if case.kind is ApplicationKind.UPGRADE else may_apply_first
    outlet = Outlet.objects.filter(ref=actor.outlet).first()
    require(
        may_take_here(kind=case.kind),
        rule(asked=asked, on=day, figures=figures),
        may_make_here(mode=case.making_mode, instant_issue=bool(outlet and outlet.instant_issue)),
    )


def _told(case: CounterCase, actor: Actor) -> Told:
    return Told(
        channel=actor.channel,
        applied_by=case.applied_by,
        answers=_with_expiry(case),
        papers=Papers(
            own=case.document,
            agent=_with_name(case),
            agent_letter=bool(case.agent and case.agent.letter),
            guardianship_proof=case.guardianship_proof,
        ),
        guardian=case.guardian,
        collection=case.collection,
        collect_at=_collect_at(case, actor),
        id_card_issued=case.id_card_issued,
        old_card_shown=case.old_card_shown,
    )


def _with_expiry(case: CounterCase) -> Answers:
    """The expiry date stands on the document on the desk; it says more than an answer."""
    shown, answers = case.document, case.answers
    if shown is None:
        return answers
    return replace(
        answers, document_valid_to=shown.valid_to, document_without_end=shown.valid_to is None
    )


def _with_name(case: CounterCase) -> ShownDocument | None:
    agent = case.agent
    if agent is None or agent.document is None:
        return None
    return replace(agent.document, name=agent.document.name or agent.name)


def _collect_at(case: CounterCase, actor: Actor) -> str:
    return "" if case.collection is Collection.POST else case.collect_at or actor.outlet


def _already_upgrading(person: Person, case: CounterCase) -> Application | None:
    if case.kind is not ApplicationKind.UPGRADE:
        return None
    open_ones = Application.objects.filter(person=person, state__in=OPEN, kind=case.kind)
    return open_ones.first()


def _predecessor(person: Person, case: CounterCase) -> Card | None:
    """The card that is handed in when the new one is enabled."""
    if case.kind is not ApplicationKind.UPGRADE:
        return None
    return Card.objects.filter(person=person, hr_state__in=LIVE).order_by("issued_on").last()
