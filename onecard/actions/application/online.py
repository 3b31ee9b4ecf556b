"""线上首次申请: base data and portrait come from the province, the applicant adds key information.

Who holds a card is stopped at the first step, not at the last. A silent province loses nothing:
the answers stay in the draft, and an application made meanwhile is accepted when it speaks again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from onecard.actions import _people, _portraits, _province
from onecard.actions._keeping import act, note, walk
from onecard.actions._province import Province
from onecard.actions._register import keep_cards
from onecard.actions.application import _acceptance, _citizen, _gather, _writing
from onecard.actions.application._writing import Plan
from onecard.actions.application.receipts import ApplicationReceipt
from onecard.domain import application as rules
from onecard.domain.application import (
    Answers,
    ApplicationKind,
    may_apply_first,
)
from onecard.domain.authority import THE_CLOCK, Actor
from onecard.domain.hr_function import LIVE
from onecard.domain.refusal import require
from onecard.seams.clock import local_day


@dataclass(frozen=True)
class BaseData:
    """What the province gave us. `photo` is empty for a child under the photo age."""

    person: str
    photo: str
    photo_verdict: str
    document_valid_to: date | None


@walk("application.fetch_base_data")
def fetch_base_data(*, actor: Actor, at: datetime) -> BaseData:
    """完成实名认证后系统自动获取申请人基础信息和照片. May be repeated as often as wanted.

    Raises `Refused` with `partner.silent`, `application.base_data_not_found`,
    `application.already_has_card`, `application.already_in_production`,
    `application.photo_not_found`, `application.child_offline_only`, `application.person_status`.
    """
    number = _people.number_of(actor.ref)
    province = _province.ask(number)
    photo_asked = True
    if _wants_portrait(actor.ref, province, at):
        photo_asked = _portraits.fetch(actor.ref, number, actor=actor, at=at)
    return keep_base_data(province=province, photo_asked=photo_asked, actor=actor, at=at)


@walk("application.apply_online")
def apply_online(
    *, answers: Answers, draft: str = "", actor: Actor, at: datetime
) -> ApplicationReceipt:
    """Ask the register once more, then submit; accepted at once if everything is clear."""
    province = _province.ask(_people.number_of(actor.ref))
    return submit_online(answers=answers, draft=draft, province=province, actor=actor, at=at)


@act("application.keep_base_data")
def keep_base_data(
    *, province: Province, photo_asked: bool, actor: Actor, at: datetime
) -> BaseData:
    """Keep what the province said, or say on the first page why it cannot go on online."""
    person = _citizen.held(actor, province, at)
    require(_province.must_answer(answered=province.answered and photo_asked))
    photo = _portraits.on_file(person)
    asked = _gather.asked_of(
        person, _citizen.told(person, Answers(), at), province, photo=photo, at=at
    )
    require(rules.may_begin_online(asked=asked, on=local_day(at), figures=_figures(at)))
    keep_cards(person, province.cards, by=actor, at=at)
    note(about=person.ref, by=actor, at=at, ground=_writing.GROUND, photo=photo is not None)
    return BaseData(
        person=person.ref,
        photo=photo.ref if photo else "",
        photo_verdict=photo.verdict if photo else "",
        document_valid_to=province.person.document_valid_to if province.person else None,
    )


@act("application.submit_online")
def submit_online(
    *, answers: Answers, draft: str, province: Province, actor: Actor, at: datetime
) -> ApplicationReceipt:
    """首次申请, online: all preconditions of 8.1 in their order, then one application.

    Nobody accepts their own application: acceptance is the system's, in the same transaction.
    """
    person = _citizen.held(actor, province, at)
    require(_province.must_answer(answered=province.answered or bool(person.person_number)))
    photo = _portraits.on_file(person)
    told = _citizen.told(person, answers, at)
    asked = _gather.asked_of(person, told, province, photo=photo, at=at)
    require(may_apply_first(asked=asked, on=local_day(at), figures=_figures(at)))
    plan = Plan(kind=ApplicationKind.FIRST, holder=_acceptance.waits_for(photo), draft=draft)
    row = _writing.submit(person, told, plan, photo=photo, by=actor, at=at)
    _acceptance.accept_if_clear(row, province, photo, by=THE_CLOCK, at=at)
    return ApplicationReceipt.of(row)


def _figures(at: datetime) -> rules.Figures:
    return _gather.figures_on(local_day(at))


def _wants_portrait(person: str, province: Province, at: datetime) -> bool:
    """Nobody's portrait is fetched who will be turned away, or who has one here already."""
    base = province.person
    if base is None or any(card.state in LIVE for card in province.cards):
        return False
    if not _portraits.is_needed(base.born_on, at):
        return False
    return not _portraits.is_on_file(person)
