"""现金: what goes into a clerk's drawer or out of it, in the transaction that causes it.

Each line has a receipt number without a gap, and the ledger knows the drawer by its shift.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.actions import _ledger, hold
from onecard.domain.authority import Actor
from onecard.domain.cash import (
    INTO_DRAWER,
    CashKind,
    ShiftState,
    must_be_enough,
    must_have_shift,
    receipt_number,
)
from onecard.domain.ledger import Account
from onecard.domain.refusal import NotFound, require
from onecard.records.models import CashLine, CashShift, LedgerAccount
from onecard.seams.clock import LOCAL
from onecard.seams.world import world


@dataclass(frozen=True)
class Movement:
    """A movement of cash: which kind of transfer it is, and the account at its other end."""

    kind: CashKind
    transfer: str
    other: str


TOPUP = Movement(CashKind.TAKEN, "topup.paid", "awaiting_load")
PAYMENT_BACK = Movement(CashKind.PAID_OUT, "payment.refunded", "refunds_payable")
PURSE_REFUND = Movement(CashKind.PAID_OUT, "refund.paid_out", "refunds_payable")


def take(
    *,
    about: str,
    amount_fen: int,
    card: str | None,
    by: Actor,
    at: datetime,
    movement: Movement = TOPUP,
) -> str:
    """Cash came over the counter; the receipt number, the same one when told again.

    Raises `Refused`: `cash.no_open_shift`.
    """
    return move(open_shift_of(by), movement, amount_fen, about=about, card=card, by=by, at=at)


def pay_out(
    *,
    about: str,
    amount_fen: int,
    card: str | None,
    by: Actor,
    at: datetime,
    movement: Movement = PURSE_REFUND,
) -> str:
    """Cash goes over the counter. Raises `Refused`: `cash.no_open_shift`, `cash.drawer_too_low`."""
    shift = open_shift_of(by)
    known = _known(movement.kind, about)
    if known is None:
        require(must_be_enough(amount_fen=amount_fen, drawer_fen=book_fen(shift)))
    return move(shift, movement, amount_fen, about=about, card=card, by=by, at=at)


def open_shift_of(by: Actor) -> CashShift:
    """The clerk's drawer, held. Raises `Refused("cash.no_open_shift")`."""
    shift = hold.maybe(CashShift, clerk=by.ref, outlet=by.outlet, state=ShiftState.OPEN)
    require(must_have_shift(has_open=shift is not None))
    if shift is None:
        raise NotFound(CashShift.__name__)
    return shift


def book_fen(shift: CashShift) -> int:
    """What lies in a drawer by the books."""
    part = LedgerAccount.objects.filter(account=Account.CASH_DRAWER, part=shift.ref)
    return int(part.values_list("balance_fen", flat=True).first() or 0)


def move(
    shift: CashShift,
    movement: Movement,
    amount_fen: int,
    *,
    about: str,
    card: str | None,
    by: Actor,
    at: datetime,
) -> str:
    """One line of a held drawer with its transfer; the receipt number."""
    known = _known(movement.kind, about)
    if known is not None:
        return known
    drawer, into = f"cash_drawer:{shift.ref}", movement.kind in INTO_DRAWER
    _ledger.post(
        movement.transfer,
        debit=drawer if into else movement.other,
        credit=movement.other if into else drawer,
        amount_fen=amount_fen,
        about=about,
        card=card,
        at=at,
    )
    shift.receipts += 1
    shift.save(update_fields=["receipts"])
    day = f"{at.astimezone(LOCAL):%Y%m%d}"
    line = CashLine.objects.create(
        ref=world().ids.new("csl"),
        shift=shift,
        kind=movement.kind,
        receipt_no=receipt_number(day=day, shift=shift.ref, number=shift.receipts),
        amount_fen=amount_fen,
        about=about,
        card=card or "",
        by=by.ref,
        at=at,
    )
    return line.receipt_no


def _known(kind: CashKind, about: str) -> str | None:
    return (
        CashLine.objects.filter(kind=kind, about=about).values_list("receipt_no", flat=True).first()
    )
