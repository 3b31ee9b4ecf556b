"""注销: at an HR counter or service outlet, once every owner has closed its own part (16).

The province is asked first which benefits are still paid to the person; without its word nothing
is cancelled, for there is no way back (V7).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard import policy
from onecard.actions import _people, _province
from onecard.actions._history import move_hr
from onecard.actions._keeping import act, note, policy_version, tell, walk
from onecard.actions._stepping import step
from onecard.actions.collection.rows import Held, held, holder_of, who_took
from onecard.domain.authority import Actor
from onecard.domain.cancellation import (
    CancellationFigures,
    CancellationReason,
    Cancelling,
    CardToCancel,
    may_cancel,
)
from onecard.domain.channels import ChannelPolicy
from onecard.domain.contacts import Contacts
from onecard.domain.documents import DocumentPolicy
from onecard.domain.hr_function import LIVE, HrEvent, HrState
from onecard.domain.production import OPEN, ProductionEvent
from onecard.domain.refusal import NotFound, Refusal, require
from onecard.records.models import Application, Cancellation, Card
from onecard.seams.clock import local_day
from onecard.seams.world import world

GROUND = "rule book 16"


@dataclass(frozen=True)
class CancelCase:
    """A card that is to end, and what was said and laid on the desk for it."""

    card: str
    told: Cancelling


@dataclass(frozen=True)
class CancelReceipt:
    """The card as it is now: cancelled, for good."""

    card: str
    person: str
    hr_state: str
    notice: str = ""


@walk("card.cancel_at_counter")
def cancel(*, case: CancelCase, actor: Actor, at: datetime) -> CancelReceipt:
    """Ask the province what is still paid to the person, then end the card.

    Raises `Refused` with the first step of rule book 16 that is not done: `partner.silent`,
    `documents.*`, `card.*`.
    """
    owner = Card.objects.filter(ref=case.card).values_list("person_id", flat=True).first()
    if owner is None:
        raise NotFound("Card")
    benefits = _province.benefits_of(_people.number_of(owner))
    return cancel_now(case=case, benefits=benefits, actor=actor, at=at)


@act("card.cancel")
def cancel_now(
    *, case: CancelCase, benefits: tuple[str, ...] | None, actor: Actor, at: datetime
) -> CancelReceipt:
    """End the card. `benefits` are those still paid, None where the province did not say."""
    rows = held(case.card, actor=actor)
    card = rows.card
    if card.hr_state is HrState.CANCELLED:
        return _receipt(card, notice="card.already_cancelled")
    require(
        _province.must_answer(answered=benefits is not None),
        _may_cancel(rows, case.told, benefits or (), actor, at),
    )
    _write(rows, case.told, actor=actor, at=at)
    _close_application(rows.application, card, actor=actor, at=at)
    if case.told.reason is CancellationReason.DEATH:
        rows.person.deceased = True
        rows.person.save(update_fields=["deceased"])
    move_hr(card, HrEvent.CANCEL, reason=case.told.reason.value, by=actor, at=at)
    parties = ("hr_database",) if rows.person.deceased else ("hr_database", "sms")
    tell("card.cancelled", about=card.ref, at=at, parties=parties, state=HrState.CANCELLED.value)
    note(about=card.ref, by=actor, at=at, ground=GROUND, reason=case.told.reason.value)
    return _receipt(card)


def facts_of(
    card: Card, *, benefits: tuple[str, ...], deceased: bool, at: datetime
) -> CardToCancel:
    """The card as the rules read it, with what hangs on it."""
    return CardToCancel(
        state=card.state_at(at),
        bank=card.bank,
        financial=card.financial_state,
        transit=card.transit_state,
        benefits=benefits,
        successor_on_its_way=_has_successor(card),
        with_holder=card.hr_state is not HrState.SEALED or card.collected_at is not None,
        holder_deceased=deceased,
    )


def _may_cancel(
    rows: Held, told: Cancelling, benefits: tuple[str, ...], actor: Actor, at: datetime
) -> Refusal | None:
    day = local_day(at)
    facts = facts_of(rows.card, benefits=benefits, deceased=rows.person.deceased, at=at)
    return may_cancel(
        told=told,
        card=facts,
        holder=holder_of(rows.person),
        channel=actor.channel,
        on=day,
        figures=CancellationFigures(
            channels=policy.in_force("channels", ChannelPolicy, on=day),
            documents=policy.in_force("documents", DocumentPolicy, on=day),
            contacts=policy.in_force("contacts", Contacts, on=day),
        ),
    )


def _has_successor(card: Card) -> bool:
    """Whether another card stands or is being made in the place of this one."""
    made = Card.objects.filter(predecessor=card, hr_state__in=LIVE)
    asked = Application.objects.filter(predecessor=card, state__in=OPEN)
    return made.exists() or asked.exists()


def _write(rows: Held, told: Cancelling, *, actor: Actor, at: datetime) -> None:
    took = who_took(told.shown)
    Cancellation.objects.create(
        ref=world().ids.new("can"),
        card=rows.card,
        reason=told.reason,
        agent_name=took["collected_by_name"],
        agent_document=took["collected_by_document"],
        handed_in=told.handed_in,
        purse_given_up=told.purse_given_up,
        death_proof=told.death_proof,
        outlet=actor.outlet,
        actor_ref=actor.ref,
        policy_version=policy_version(),
        at=at,
    )


def _close_application(row: Application | None, card: Card, *, actor: Actor, at: datetime) -> None:
    """A card that nobody collected takes its application with it: the way is free for another."""
    if row is not None and row.state in OPEN and card.hr_state is HrState.SEALED:
        step(row, ProductionEvent.CANCEL_CARD, by=actor, at=at, reason="card_cancelled")


def _receipt(card: Card, *, notice: str = "") -> CancelReceipt:
    return CancelReceipt(card.ref, card.person_id, card.hr_state.value, notice)
