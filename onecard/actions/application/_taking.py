"""受理一件: the one road by which every application across a counter is judged and written.

What differs between a first card, a replacement, an exchange and an upgrade is the rule that
judges; it is handed in. The person is held first, then all cards of the person (V2, V3).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from onecard.actions import _people, _portraits, hold
from onecard.actions._keeping import concerning
from onecard.actions._people import Particulars
from onecard.actions._province import Province
from onecard.actions._register import keep_cards
from onecard.actions.application import _acceptance, _gather, _old_card, _writing
from onecard.actions.application._gather import Told
from onecard.actions.application._writing import Plan
from onecard.actions.application.receipts import ApplicationReceipt, CounterCase
from onecard.domain.application import Answers, Asked, Collection, Papers, may_make_here
from onecard.domain.authority import Actor, Channel, must_not_be_own_case
from onecard.domain.documents import ShownDocument
from onecard.domain.refusal import Refusal, require
from onecard.records.models import Card, Outlet, Person, Staff

ALREADY_APPLIED = "replacement.already_applied"


@dataclass(frozen=True)
class Desk:
    """What a rule judges: the case, its facts, and the card that is to be replaced, if any."""

    case: CounterCase
    asked: Asked
    old_card: Card | None
    at: datetime


Judge = Callable[[Desk], Refusal | None]


def take(
    case: CounterCase, province: Province, *, judge: Judge, actor: Actor, at: datetime
) -> ApplicationReceipt:
    """Judge a case and write it. A card that is being replaced already gives that receipt."""
    person = _held(case, province, actor, at)
    hold.many(Card.objects.filter(person=person))
    again = _old_card.open_application(person, case.kind)
    if again is not None:
        return ApplicationReceipt.of(again, notice=ALREADY_APPLIED)
    keep_cards(person, province.cards, by=actor, at=at)
    cards = hold.many(Card.objects.filter(person=person))
    old_card = _old_card.of(cards, case.kind, at=at)
    photo = _portraits.handed_in(case.photo, person, actor)
    told = _told(case, _gather.channel_at(actor, old_card), actor)
    _gather.must_be_serving(told.collect_at)
    asked = _gather.asked_of(person, told, province, photo=photo, at=at)
    require(judge(Desk(case, asked, old_card, at)), _may_make_here(case, actor))
    plan = Plan(
        kind=case.kind,
        holder=_acceptance.waits_for(photo),
        making_mode=case.making_mode,
        outlet=actor.outlet,
        agent_name=case.agent.name if case.agent else "",
        agent_document=case.agent.document if case.agent else None,
        predecessor=old_card,
        reason=_old_card.reason_of(case.kind, case.replacing),
        draft=case.draft,
    )
    row = _writing.submit(person, told, plan, photo=photo, by=actor, at=at)
    _old_card.mark(old_card, row, by=actor, at=at)
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


def _may_make_here(case: CounterCase, actor: Actor) -> Refusal | None:
    outlet = Outlet.objects.filter(ref=actor.outlet).first()
    printer = bool(outlet and outlet.instant_issue)
    return may_make_here(mode=case.making_mode, instant_issue=printer)


def _told(case: CounterCase, channel: Channel, actor: Actor) -> Told:
    return Told(
        channel=channel,
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
