"""钱箱查询: a clerk's drawer with its lines, and the counts of the outlet that two have to see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from onecard.domain.authority import Actor, Role
from onecard.domain.cash import ShiftState
from onecard.domain.ledger import Account
from onecard.domain.refusal import NotFound
from onecard.queries._reading import one_moment
from onecard.records.models import CashLine, CashShift, LedgerAccount

_MOST_LINES = 100


@dataclass(frozen=True)
class DrawerLine:
    """One movement of cash under its receipt number."""

    receipt_no: str
    kind_word: str
    amount_fen: int
    at: datetime


@dataclass(frozen=True)
class ShiftSeen:
    """A shift at a drawer. `book_fen` is what should lie in it; `mine`: the viewer's own."""

    shift: str
    state: str
    mine: bool
    opened_on: date
    opened_at: datetime
    book_fen: int
    counted_fen: int | None
    reason: str
    lines: tuple[DrawerLine, ...]


def my_shift(*, as_seen_by: Actor) -> ShiftSeen | None:
    """The clerk's own shift that is not closed yet, if any. Raises `NotFound`."""
    _must_be_clerk(as_seen_by)
    with one_moment():
        mine = CashShift.objects.filter(clerk=as_seen_by.ref, outlet=as_seen_by.outlet)
        row = mine.exclude(state=ShiftState.CLOSED).first()
        return _seen(row, as_seen_by) if row else None


def counted_shifts(*, as_seen_by: Actor) -> tuple[ShiftSeen, ...]:
    """Counts of this outlet with a difference, for another person to see. Raises `NotFound`."""
    _must_be_clerk(as_seen_by)
    with one_moment():
        rows = CashShift.objects.filter(outlet=as_seen_by.outlet, state=ShiftState.COUNTED)
        return tuple(_seen(row, as_seen_by) for row in rows.order_by("counted_at", "ref"))


def receipt_of(*, about: str) -> str:
    """The receipt number of cash taken for an order or paid out for a refund; empty if none was."""
    return CashLine.objects.filter(about=about).values_list("receipt_no", flat=True).first() or ""


def _must_be_clerk(viewer: Actor) -> None:
    if viewer.role is not Role.CARD_OUTLET_CLERK:
        raise NotFound(CashShift.__name__)


def _seen(row: CashShift, viewer: Actor) -> ShiftSeen:
    part = LedgerAccount.objects.filter(account=Account.CASH_DRAWER, part=row.ref)
    book_fen = part.values_list("balance_fen", flat=True).first() or 0
    lines = row.lines.order_by("-at", "-ref")[:_MOST_LINES]
    return ShiftSeen(
        shift=row.ref,
        state=row.state.value,
        mine=row.clerk == viewer.ref,
        opened_on=row.opened_on,
        opened_at=row.opened_at,
        book_fen=book_fen if row.book_fen is None else row.book_fen,
        counted_fen=row.counted_fen,
        reason=row.reason,
        lines=tuple(
            DrawerLine(one.receipt_no, f"cash.kind.{one.kind.value}", one.amount_fen, one.at)
            for one in lines
        ),
    )
