"""最少跑一次: the plan for one person, with the outlets to go to (novel B5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from onecard import policy
from onecard.domain import photo
from onecard.domain.application import ApplicationKind, Collection, MakingMode
from onecard.domain.authority import Actor, Channel
from onecard.domain.card import HeldCard
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.loss import Side
from onecard.domain.person import is_guardian_needed
from onecard.domain.planner import (
    Act,
    Case,
    Place,
    PlannerFigures,
    Situation,
    Visit,
    Wish,
    plan,
)
from onecard.domain.production import OPEN, ProductionPolicy, promise_for
from onecard.domain.refund import RefundPolicy
from onecard.domain.refusal import Notice, Refusal
from onecard.domain.replacement import ExchangeReason, card_to_replace
from onecard.domain.stock import OutletKind
from onecard.domain.workdays import WorkdayPolicy, calendar_of
from onecard.queries._reading import one_moment
from onecard.queries.place import Place as OutletSeen
from onecard.queries.place import of_kind
from onecard.queries.replacement import payments_ahead, replacement_figures_on, seen_person
from onecard.queries.topup import has_unfinished
from onecard.records.models import Application, Card, Document, LossSide, Outlet, Person
from onecard.seams.clock import local_day

MOST_OUTLETS = 8
_KINDS = {
    Channel.SERVICE_OUTLET: OutletKind.SERVICE,
    Channel.HR_COUNTER: OutletKind.HR_COUNTER,
    Channel.CARD_FACE_BANK: OutletKind.BANK,
    Channel.DIRECT_OUTLET: OutletKind.DIRECT,
}
_REPLACING = (ApplicationKind.REPLACEMENT, ApplicationKind.EXCHANGE, ApplicationKind.UPGRADE)


@dataclass(frozen=True)
class Asked:
    """What somebody wants, and what only they can tell.

    `bank` is the bank of the new card, empty to stay with the old one; `lost` whether the card is
    not in their hands.
    """

    wish: Wish
    reason: ExchangeReason | None = None
    bank: str = ""
    lost: bool = False
    base_data_right: bool = True
    open_topup: bool = False


@dataclass(frozen=True)
class ActSeen:
    """One act of a visit: word keys, and the refusal it would otherwise run into."""

    act: str
    papers: tuple[str, ...]
    because: Refusal | None


@dataclass(frozen=True)
class VisitSeen:
    """One place to go to, from `on`; `outlets` is empty at home and where none is published."""

    place: str
    at_home: bool
    bank: str
    on: date
    acts: tuple[ActSeen, ...]
    outlets: tuple[OutletSeen, ...]


@dataclass(frozen=True)
class PlanSeen:
    """The shortest way for this person today."""

    visits: tuple[VisitSeen, ...]
    trips: int
    warnings: tuple[Notice, ...]
    refusal: Refusal | None


@dataclass(frozen=True)
class _Known:
    """What the archive says of a person's cards and of the one that is being made."""

    person: Person
    card: Card | None
    successor: Card | None
    application: Application | None


def for_person(*, person: str, asked: Asked, as_seen_by: Actor, at: datetime) -> PlanSeen:
    """The plan of one person. Raises `NotFound` for whoever may not see them."""
    with one_moment():
        known = _known(seen_person(person, as_seen_by), at)
        start, case = _situation(known, asked, at), _case(known, asked, at)
    found = plan(start=start, case=case, figures=_figures(local_day(at)))
    is_first = asked.wish is Wish.USE and _is_first(known)
    return PlanSeen(
        visits=tuple(_visit(one, case, is_first=is_first) for one in found.visits),
        trips=found.trips,
        warnings=found.warnings,
        refusal=found.refusal,
    )


def _known(person: Person, at: datetime) -> _Known:
    cards = list(Card.objects.filter(person=person).order_by("issued_on", "ref"))
    rows = Application.objects.filter(person=person, state__in=OPEN, kind__in=_REPLACING)
    row = rows.select_related("collect_at").first()
    new = next((one for one in cards if one.predecessor_id and _is_sealed(one, at)), None)
    others = [HeldCard(one.ref, one.state_at(at)) for one in cards if one is not new]
    chosen = card_to_replace(others)
    card = next((one for one in cards if chosen and one.ref == chosen.ref), None)
    return _Known(person, card, new, row or (new.application if new else None))


def _is_first(known: _Known) -> bool:
    """Whether there was no card before, and none is on its way."""
    on_its_way = known.application or known.successor
    return known.card is not None and not known.card.predecessor_id and not on_its_way


def _is_sealed(card: Card, at: datetime) -> bool:
    return card.state_at(at) is HrState.SEALED


def _situation(known: _Known, asked: Asked, at: datetime) -> Situation:
    card, new, row = known.card, known.successor, known.application
    replaced = row is not None and row.kind is ApplicationKind.REPLACEMENT
    return Situation(
        hr=card.state_at(at) if card else None,
        financial=card.financial_state if card else FinancialState.NONE,
        transit=card.transit_state if card else Situation(None).transit,
        in_hand=not (asked.lost or asked.wish is Wish.REPLACE or replaced),
        open_topup=asked.open_topup or (card is not None and has_unfinished(card.ref)),
        base_data_right=asked.base_data_right,
        benefits=bool(payments_ahead(person=known.person.ref, at=at)),
        making=row is not None and new is None,
        posted=_is_posted(new or card, row),
        replacement_applied=replaced,
        successor=HrState.SEALED if new else None,
        new_financial=new.financial_state if new else FinancialState.NONE,
    )


def _is_posted(card: Card | None, row: Application | None) -> bool:
    row = row or (card.application if card else None)
    return row is not None and row.collection is Collection.POST


def _case(known: _Known, asked: Asked, at: datetime) -> Case:
    today, card, row = local_day(at), known.card, known.application
    figures = _figures(today)
    born_on = date.fromisoformat(known.person.born_on)
    child = is_guardian_needed(born_on=born_on, on=today, figures=figures.application)
    bank = card.bank if card else ""
    return Case(
        wish=asked.wish,
        today=today,
        made_on=max(today, (row.promised_on if row else None) or _promised(today)),
        bank=bank,
        new_bank=row.bank if row else asked.bank or bank,
        reason=asked.reason,
        generation=card.generation if card else Case.generation,
        valid_to=card.valid_to if card else date.max,
        document_valid_to=_document_valid_to(known.person),
        online=not child or figures.application.online_for_child_by_guardian,
        photo_needed=photo.is_photo_required(born_on=born_on, on=today, figures=figures.photo),
        guardian_needed=child,
        instant=_instant(),
        loss_at=_loss_at(card),
        lies_at=_lies_at(known.successor or card),
    )


def _promised(today: date) -> date:
    """The day a card is promised for that is applied for today."""
    return promise_for(
        accepted_on=today,
        mode=MakingMode.FACTORY,
        figures=policy.in_force("production", ProductionPolicy, on=today),
        calendar=calendar_of(policy.in_force("workdays", WorkdayPolicy, on=today)),
    ).promised_on


def _document_valid_to(person: Person) -> date | None:
    newest = Document.objects.filter(person=person).order_by("seen_at").last()
    return newest.valid_to if newest else None


def _instant() -> frozenset[Place]:
    """The kinds of place where some outlet makes cards on the spot."""
    rows = Outlet.objects.filter(instant_issue=True, kind__in=_KINDS.values())
    return frozenset(_place_of(row) for row in rows)


def _loss_at(card: Card | None) -> Channel:
    side = LossSide.objects.filter(card=card, function=Side.HR, ended_at=None).first()
    return side.report.channel if side else Case.loss_at


def _lies_at(card: Card | None) -> Place | None:
    """The outlet where a sealed card waits; None once it is in somebody's hands, or by post."""
    row = card.application if card else None
    if card is None or row is None or card.collected_at or row.collect_at is None:
        return None
    return _place_of(row.collect_at)


def _place_of(outlet: Outlet) -> Place:
    channel = next(channel for channel, kind in _KINDS.items() if kind is outlet.kind)
    return Place(channel, outlet.bank if channel is Channel.CARD_FACE_BANK else "")


def _figures(day: date) -> PlannerFigures:
    return PlannerFigures(
        **vars(replacement_figures_on(day)),
        refund=policy.in_force("refund", RefundPolicy, on=day),
    )


def _visit(one: Visit, case: Case, *, is_first: bool) -> VisitSeen:
    return VisitSeen(
        place=f"channels.channel.{one.place.channel.value}",
        at_home=not one.place.is_visit,
        bank=one.place.bank,
        on=one.on,
        acts=tuple(
            ActSeen(
                act=_act_word(act.act, is_first=is_first),
                papers=tuple(f"planner.paper.{paper}" for paper in act.papers),
                because=act.because,
            )
            for act in one.acts
        ),
        outlets=_outlets(one, case),
    )


def _act_word(act: Act, *, is_first: bool) -> str:
    """With a first card there is no account to move."""
    if act is Act.ACTIVATE and is_first:
        return "planner.act.activate_first"
    return f"planner.act.{act.value}"


def _outlets(visit: Visit, case: Case) -> tuple[OutletSeen, ...]:
    """Where that is; of a bank its own outlets, and with a printer where the plan needs one."""
    kind = _KINDS.get(visit.place.channel)
    if kind is None:
        return ()
    applies = any(one.act in (Act.APPLY_EXCHANGE, Act.APPLY_REPLACEMENT) for one in visit.acts)
    on_the_spot = applies and visit.place in case.instant
    found = (one for one in of_kind(kind) if visit.place.bank in ("", one.bank))
    fit = (one for one in found if one.instant_issue or not on_the_spot)
    return tuple(fit)[:MOST_OUTLETS]
