"""我能办吗: the guide on the first page. No personal answers, so they may stand in an address.

It asks the same rules as the act does, with the few facts a person gives, and names the way to go.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from onecard.domain.application.asked import Figures, HeldCard
from onecard.domain.application.held import must_hold_no_card
from onecard.domain.application.upgrade import ONE_CARD_GENERATION, must_come_in_person
from onecard.domain.authority import Channel
from onecard.domain.channels import Matter, may_use_channel
from onecard.domain.documents import (
    CLASS_OF,
    Applicant,
    DocumentKind,
    ShownDocument,
    may_use_all,
)
from onecard.domain.hr_function import HrState
from onecard.domain.person import ApplicantClass
from onecard.domain.refusal import Fix, FixKind, Refusal


class Held(Enum):
    """Which provincial card somebody says they hold."""

    NONE = "none"
    OLDER = "older"
    ONE_CARD = "one_card"
    LOST = "lost"
    UNSURE = "unsure"


class Where(Enum):
    """Where somebody wants to apply."""

    ONLINE = "online"
    OUTLET = "outlet"


class Outcome(Enum):
    """The way to go; its words are `application.way.<value>`."""

    APPLY_ONLINE = "apply_online"
    APPLY_AT_OUTLET = "apply_at_outlet"
    UPGRADE_AT_OUTLET = "upgrade_at_outlet"
    REPLACE_LOST = "replace_lost"
    KEEP_CARD = "keep_card"
    ASK_FIRST = "ask_first"


@dataclass(frozen=True)
class Situation:
    """What somebody answers before signing in. `age` in whole years."""

    held: Held
    age: int
    document: DocumentKind
    where: Where = Where.ONLINE
    id_card_issued: bool = True


@dataclass(frozen=True)
class Way:
    """The answer: where to go, with which papers, and which rule closes the way that was asked."""

    outcome: Outcome
    channels: tuple[Channel, ...]
    papers: tuple[str, ...]
    refusal: Refusal | None = None


def way_to_go(*, situation: Situation, on: date, figures: Figures) -> Way:
    """The way for this situation on that day. Every no in it is the rule's own."""
    if situation.held is Held.UNSURE:
        return Way(Outcome.ASK_FIRST, (Channel.PORTAL, Channel.PHONE), ())
    if situation.held is Held.LOST:
        return Way(Outcome.REPLACE_LOST, figures.channels.open_for(Matter.REPLACEMENT), ("own",))
    if situation.held is not Held.NONE:
        return _way_of_holder(situation, figures)
    no = _unfit_document(situation, on, figures) or _closed_online(situation, figures)
    if no is None and situation.where is Where.ONLINE:
        return Way(Outcome.APPLY_ONLINE, (Channel.PORTAL,), ())
    return Way(Outcome.APPLY_AT_OUTLET, _counters(figures), _papers(situation, figures), no)


def _way_of_holder(situation: Situation, figures: Figures) -> Way:
    one_card = situation.held is Held.ONE_CARD
    generation = ONE_CARD_GENERATION if one_card else ONE_CARD_GENERATION - 1
    no = must_hold_no_card(cards=(HeldCard(generation, "", HrState.NORMAL),))
    if one_card:
        return Way(Outcome.KEEP_CARD, figures.channels.open_for(Matter.EXCHANGE), (), no)
    if situation.where is Where.ONLINE:
        no = must_come_in_person(channel=Channel.PORTAL) and no
    else:
        no = None
    papers = (*_papers(situation, figures), "old_card")
    return Way(Outcome.UPGRADE_AT_OUTLET, figures.channels.open_for(Matter.EXCHANGE), papers, no)


def _closed_online(situation: Situation, figures: Figures) -> Refusal | None:
    if situation.where is Where.OUTLET:
        return None
    child = situation.age < figures.application.guardian_below_age
    if child and not figures.application.online_for_child_by_guardian:
        return Refusal(
            "application.child_offline_only",
            allowed={"age": figures.application.guardian_below_age},
            fix=Fix(FixKind.USE_CHANNEL, {"channel": Channel.SERVICE_OUTLET.value}),
        )
    return may_use_channel(
        act=Matter.FIRST_APPLICATION, channel=Channel.PORTAL, figures=figures.channels
    )


def _unfit_document(situation: Situation, on: date, figures: Figures) -> Refusal | None:
    """What the table of documents says of the kind alone; its number was not asked for."""
    holder = Applicant(
        applicant_class=CLASS_OF.get(situation.document, ApplicantClass.MAINLAND),
        born_on=_born_about(situation.age, on),
        id_card_issued=situation.id_card_issued,
    )
    shown = ShownDocument(situation.document, number="")
    every = may_use_all(document=shown, holder=holder, on=on, figures=figures.documents)
    return next((no for no in every if no.field == "kind"), None)


def _born_about(age: int, on: date) -> date:
    """A birth date that makes somebody `age` years old on that day."""
    first_of_month = on.replace(day=1)
    return first_of_month.replace(year=on.year - age)


def _papers(situation: Situation, figures: Figures) -> tuple[str, ...]:
    papers = ["own"]
    if situation.age < figures.application.guardian_below_age:
        papers.append("guardian")
    if situation.age >= figures.photo.required_from_age:
        papers.append("photo")
    return tuple(papers)


def _counters(figures: Figures) -> tuple[Channel, ...]:
    every = figures.channels.open_for(Matter.FIRST_APPLICATION)
    return tuple(channel for channel in every if channel is not Channel.PORTAL)
