"""对账单: every fen of one order, line by line: who, when, from where to where, by which proof."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.domain.authority import Actor
from onecard.queries._reading import one_moment
from onecard.queries.topup._seeing import order_for
from onecard.queries.topup.orders import OrderSeen, order_seen
from onecard.records.models import AuditRow, ChipDialogue, LedgerTransfer, LoadAttempt


@dataclass(frozen=True)
class MoneyLine:
    """One transfer of the ledger, in fen."""

    transfer: str
    kind: str
    debit: str
    credit: str
    amount_fen: int
    at: datetime


@dataclass(frozen=True)
class AttemptLine:
    """One signed write: what was tried, how it ended, and the proof itself in hex."""

    attempt: str
    kind: str
    amount_fen: int
    balance_before_fen: int
    counter: int
    at: datetime
    state: str
    evidence: str
    tac: str
    closed_at: datetime | None


@dataclass(frozen=True)
class DeedLine:
    """Who did what; staff by role and reference, no names."""

    act: str
    result: str
    by_role: str
    by: str
    channel: str
    at: datetime
    facts: dict[str, object]


@dataclass(frozen=True)
class TapLine:
    """One tap: how it ended, and its exchange with the card, secrets as stars."""

    tap: str
    started_at: datetime
    channel: str
    outcome: str
    trail: tuple[str, ...]


@dataclass(frozen=True)
class Statement:
    """An order, explained."""

    order: OrderSeen
    money: tuple[MoneyLine, ...]
    attempts: tuple[AttemptLine, ...]
    taps: tuple[TapLine, ...]
    deeds: tuple[DeedLine, ...]


def statement(*, order: str, as_seen_by: Actor, at: datetime) -> Statement:
    """Everything that is kept about one order. Raises `NotFound`."""
    with one_moment():
        row = order_for(order, as_seen_by)
        attempts = list(row.attempts.order_by("at", "ref"))
        about = [row.ref, *(attempt.ref for attempt in attempts)]
        transfers = LedgerTransfer.objects.filter(about=row.ref).order_by("at", "ref")
        taps = ChipDialogue.objects.filter(order=row).order_by("started_at", "ref")
        deeds = AuditRow.objects.filter(about__in=about).order_by("at", "pk")
        return Statement(
            order=order_seen(order=row.ref, as_seen_by=as_seen_by, at=at),
            money=tuple(_money(transfer) for transfer in transfers),
            attempts=tuple(_attempt(attempt) for attempt in attempts),
            taps=tuple(_tap(tap) for tap in taps),
            deeds=tuple(_deed(deed) for deed in deeds),
        )


def _money(row: LedgerTransfer) -> MoneyLine:
    return MoneyLine(row.ref, row.kind, row.debit, row.credit, row.amount_fen, row.at)


def _attempt(row: LoadAttempt) -> AttemptLine:
    return AttemptLine(
        attempt=row.ref,
        kind=f"topup.kind.{row.kind.value}",
        amount_fen=row.amount_fen,
        balance_before_fen=row.old_balance & _MONEY,
        counter=row.counter,
        at=row.at,
        state=f"topup.attempt.{row.state.value}",
        evidence=f"topup.evidence.{row.evidence.value}" if row.evidence else "",
        tac=row.tac,
        closed_at=row.closed_at,
    )


def _tap(row: ChipDialogue) -> TapLine:
    outcome = row.outcome or "topup.tap.hold"
    channel = f"channels.channel.{row.channel.value}"
    return TapLine(row.ref, row.started_at, channel, outcome, tuple(row.trail.get("lines", ())))


def _deed(row: AuditRow) -> DeedLine:
    return DeedLine(
        act=row.act,
        result=row.result,
        by_role=f"authority.role.{row.actor_role}",
        by=row.actor_ref,
        channel=f"channels.channel.{row.channel}",
        at=row.at,
        facts=dict(row.facts),
    )


_MONEY = 0x7FFFFFFF
"""Bit 31 of a balance is a mark of the card system, not money."""
