"""Batches: accepted factory applications of one bank, oldest first, up to a size."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet

from onecard import policy
from onecard.actions import hold
from onecard.actions._keeping import act, concerning, each, note, walk
from onecard.actions._stepping import keep_step, step
from onecard.actions.production import _orders
from onecard.adapters import exchange_files
from onecard.domain.application import MakingMode
from onecard.domain.authority import Actor
from onecard.domain.contacts import Contacts
from onecard.domain.exchange import CARD_VENDOR, FileKind, Row
from onecard.domain.production import (
    Holder,
    ProductionEvent,
    ProductionPolicy,
    ProductionState,
    held_back_facts,
    held_back_word,
)
from onecard.domain.refusal import Refusal
from onecard.records.models import Application, Batch
from onecard.seams.clock import local_day
from onecard.seams.world import world

FACTORY = "factory"


@dataclass(frozen=True)
class HeldBack:
    """An application that a partner's file cannot carry; it waits for a correction."""

    application: str
    number: str
    partner: str
    code: str
    field: str


@dataclass(frozen=True)
class BatchReceipt:
    """A batch that was made; `batch` is empty when nobody was waiting."""

    batch: str
    number: str
    bank: str
    size: int
    held_back: tuple[HeldBack, ...] = ()


@act("production.make_batch")
def make_batch(*, bank: str, actor: Actor, at: datetime) -> BatchReceipt:
    """Batch the accepted factory applications of one bank, oldest first, up to the batch size."""
    figures = policy.in_force("production", ProductionPolicy, on=local_day(at))
    waiting = hold.next_of(_waiting().filter(bank=bank), most=figures.batch_size)
    found = {application.ref: _unfit(application) for application in waiting}
    held_back = tuple(
        _hold_back(application, unfit, actor, at)
        for application in waiting
        if (unfit := found[application.ref]) is not None
    )
    fitting = [application for application in waiting if found[application.ref] is None]
    if not fitting:
        return BatchReceipt("", "", bank, 0, held_back)
    batch = _new_batch(bank, len(fitting), at)
    for application in fitting:
        concerning(application.person_id)
        step(application, ProductionEvent.BATCH, by=actor, at=at, batch=batch)
        note(about=application.ref, by=actor, at=at, ground="rule book 9.2", batch=batch.ref)
    return BatchReceipt(batch.ref, batch.number, bank, batch.size, held_back)


@walk("production.make_batches")
def make_batches(*, bank: str = "", actor: Actor, at: datetime) -> tuple[BatchReceipt, ...]:
    """Batch everybody who waits, of one bank or of all; one act for each batch."""
    made: list[BatchReceipt] = []
    for waiting in [bank] if bank else _all_banks(at):
        for count in itertools.count():
            with each(f"{waiting}|{count}"):
                receipt = make_batch(bank=waiting, actor=actor, at=at)
            if not (receipt.size or receipt.held_back):
                break
            made.append(receipt)
    return tuple(made)


def _all_banks(at: datetime) -> list[str]:
    """Every bank, also those for which nobody waits: the same request asks the same banks again."""
    contacts = policy.in_force("contacts", Contacts, on=local_day(at))
    waiting = _waiting().order_by().values_list("bank", flat=True)
    return sorted({*(bank.key for bank in contacts.banks), *waiting})


@walk("production.make_due_batches")
def make_due_batches(*, actor: Actor, at: datetime) -> tuple[BatchReceipt, ...]:
    """Batch for every bank that has a full batch, or somebody who has waited long enough."""
    made = [make_batches(bank=bank, actor=actor, at=at) for bank in _banks_due(at)]
    return tuple(receipt for receipts in made for receipt in receipts)


def _banks_due(at: datetime) -> list[str]:
    figures = policy.in_force("production", ProductionPolicy, on=local_day(at))
    long_enough = at - timedelta(minutes=figures.batch_wait_minutes)
    waiting = _waiting().order_by().values("bank")
    rows = waiting.annotate(count=Count("ref"), since=Min("accepted_at")).order_by("bank")
    full = rows.filter(Q(count__gte=figures.batch_size) | Q(since__lte=long_enough))
    return [row["bank"] for row in full]


def _waiting() -> QuerySet[Application]:
    return _orders.people(
        state=ProductionState.ACCEPTED, making_mode=MakingMode.FACTORY, failure=""
    ).order_by("accepted_at", "ref")


def _unfit(application: Application) -> tuple[str, Refusal] | None:
    """Which partner's file could not carry this person's data, the bank's or the vendor's."""
    orders: tuple[tuple[str, FileKind, Row], ...] = (
        (application.bank, FileKind.ACCOUNT_ORDER, _orders.account_order(application, attempt=1)),
        (CARD_VENDOR, FileKind.CARD_ORDER, _orders.card_order(application, attempt=1)),
    )
    for partner, kind, row in orders:
        refusal = exchange_files.fits(kind, row, partner=partner)
        if refusal is not None:
            return partner, refusal
    return None


def _hold_back(
    application: Application, unfit: tuple[str, Refusal], actor: Actor, at: datetime
) -> HeldBack:
    """Leave it accepted with its reason, so that no batch takes it before it is corrected."""
    partner, refusal = unfit
    concerning(application.person_id)
    application.failure = held_back_word(refusal)
    application.holder_of_the_moment = Holder.REVIEWER.value
    application.save(update_fields=["failure", "holder_of_the_moment"])
    state, reason = application.state.value, application.failure
    keep_step(application, "hold_back", before=state, by=actor, at=at, reason=reason)
    facts = held_back_facts(refusal, partner=partner)
    note(about=application.ref, by=actor, at=at, ground="platform D7", **facts)
    return HeldBack(application.ref, application.number, partner, refusal.code, refusal.field)


def _new_batch(bank: str, size: int, at: datetime) -> Batch:
    stem = f"B{local_day(at):%Y%m%d}-"
    hold.name(f"batch|{stem}")
    last = Batch.objects.filter(number__startswith=stem).order_by("-number").first()
    count = int(last.number.removeprefix(stem)) + 1 if last else 1
    return Batch.objects.create(
        ref=world().ids.new("bat"),
        number=f"{stem}{count:04d}",
        bank=bank,
        mode=FACTORY,
        size=size,
        made_at=at,
    )
