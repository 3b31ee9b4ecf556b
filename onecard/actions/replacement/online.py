"""线上补领: for the card that its holder has reported lost for good; the new one comes by post."""

from __future__ import annotations

from datetime import datetime

from onecard.actions import _people, _portraits, _province, hold
from onecard.actions._keeping import act, note, walk
from onecard.actions._province import Province
from onecard.actions._register import keep_cards
from onecard.actions.application import (
    ApplicationReceipt,
    BaseData,
    _acceptance,
    _citizen,
    _gather,
    _old_card,
    _writing,
)
from onecard.actions.application._taking import ALREADY_APPLIED
from onecard.actions.application._writing import Plan
from onecard.actions.replacement import _following
from onecard.domain.application import Answers, ApplicationKind, Asked
from onecard.domain.authority import THE_CLOCK, Actor
from onecard.domain.refusal import Refusal, require
from onecard.domain.replacement import OldCard, Replacing, may_begin_replacement, may_replace
from onecard.records.models import Card, Person, Photo
from onecard.seams.clock import local_day

KIND = ApplicationKind.REPLACEMENT


@walk("replacement.begin_online")
def begin_online(*, actor: Actor, at: datetime) -> BaseData:
    """Fetch base data, portrait and cards, for the first page. May be repeated as often as wanted.

    Raises `Refused` with `partner.silent`, `application.photo_not_found`, or with what closes the
    way before a question is asked (rule book 21.2).
    """
    province, photo_asked = _fetch(actor, at)
    return keep_base_data(province=province, photo_asked=photo_asked, actor=actor, at=at)


@walk("replacement.apply_online")
def apply_online(
    *, answers: Answers, replacing: Replacing, draft: str = "", actor: Actor, at: datetime
) -> ApplicationReceipt:
    """Ask the register once more, then submit. Applied for already: that receipt once more.

    Raises `Refused` with the first refusal of rule book 21.2.
    """
    province, _ = _fetch(actor, at)
    return submit_online(
        answers=answers, replacing=replacing, draft=draft, province=province, actor=actor, at=at
    )


@act("replacement.keep_base_data")
def keep_base_data(
    *, province: Province, photo_asked: bool, actor: Actor, at: datetime
) -> BaseData:
    """Keep what the province said, or say on the first page why it cannot go on online."""
    person = _citizen.held(actor, province, at)
    require(_province.must_answer(answered=province.answered and photo_asked))
    photo, card = _portraits.on_file(person), _held_card(person, province, actor, at)
    asked = _asked(person, Answers(), province, photo, at)
    figures = _gather.replacement_figures_on(local_day(at))
    facts = _old_card.facts_of(card, at=at)
    require(may_begin_replacement(asked=asked, card=facts, on=local_day(at), figures=figures))
    note(about=person.ref, by=actor, at=at, ground="rule book 21.2", photo=photo is not None)
    return BaseData(
        person=person.ref,
        photo=photo.ref if photo else "",
        photo_verdict=photo.verdict if photo else "",
        document_valid_to=province.person.document_valid_to if province.person else None,
    )


@act("replacement.submit_online")
def submit_online(
    *,
    answers: Answers,
    replacing: Replacing,
    draft: str,
    province: Province,
    actor: Actor,
    at: datetime,
) -> ApplicationReceipt:
    """补领, online: the checks of 21.2 in their order, then one application and no way back.

    Nobody accepts their own application: acceptance is the system's, in the same transaction.
    """
    person = _citizen.held(actor, province, at)
    require(_province.must_answer(answered=province.answered or bool(person.person_number)))
    again = _old_card.open_application(person, KIND)
    if again is not None:
        return ApplicationReceipt.of(again, notice=ALREADY_APPLIED)
    card, photo = _held_card(person, province, actor, at), _portraits.on_file(person)
    asked = _asked(person, answers, province, photo, at)
    require(_may_replace(asked, _old_card.facts_of(card, at=at), replacing, at))
    plan = Plan(
        kind=KIND,
        holder=_acceptance.waits_for(photo),
        predecessor=card,
        reason=_old_card.LOST,
        draft=draft,
    )
    told = _citizen.told(person, answers, at)
    row = _writing.submit(person, told, plan, photo=photo, by=actor, at=at)
    _old_card.mark(card, row, by=actor, at=at)
    _following.keep_confirmed(row.ref, person.ref, replacing, by=actor, at=at)
    _acceptance.accept_if_clear(row, province, photo, by=THE_CLOCK, at=at)
    return ApplicationReceipt.of(row)


def _fetch(actor: Actor, at: datetime) -> tuple[Province, bool]:
    """What the province says, and the portrait if one is needed and not here yet."""
    number = _people.number_of(actor.ref)
    province = _province.ask(number)
    base = province.person
    if base is None or _portraits.is_on_file(actor.ref):
        return province, True
    if not _portraits.is_needed(base.born_on, at):
        return province, True
    return province, _portraits.fetch(actor.ref, number, actor=actor, at=at)


def _held_card(person: Person, province: Province, actor: Actor, at: datetime) -> Card | None:
    """The card that is to be replaced; every card of the person is held from here on."""
    hold.many(Card.objects.filter(person=person))
    keep_cards(person, province.cards, by=actor, at=at)
    return _old_card.of(hold.many(Card.objects.filter(person=person)), KIND, at=at)


def _asked(
    person: Person, answers: Answers, province: Province, photo: Photo | None, at: datetime
) -> Asked:
    told = _citizen.told(person, answers, at)
    return _gather.asked_of(person, told, province, photo=photo, at=at)


def _may_replace(
    asked: Asked, card: OldCard | None, told: Replacing, at: datetime
) -> Refusal | None:
    day = local_day(at)
    figures = _gather.replacement_figures_on(day)
    return may_replace(asked=asked, card=card, told=told, on=day, figures=figures)
