"""退值付款: exactly what the proof holds, once, by bank transfer to the holder (22.5)."""

from __future__ import annotations

from datetime import datetime

from onecard.actions import _ledger
from onecard.actions._keeping import act, note
from onecard.actions._purses import move_transit
from onecard.actions.refund._refunds import GROUND, RefundReceipt, enter, held, owe, receipt
from onecard.domain.authority import Actor
from onecard.domain.refund import REFUND, RefundEvent, RefundState, may_pay_out
from onecard.domain.refusal import Notice, require
from onecard.domain.transit_purse import TransitEvent
from onecard.records.models import PurseAccount, PurseRefund
from onecard.seams.clock import local_day


@act("refund.pay_out")
def pay_out(*, refund: str, actor: Actor, at: datetime) -> RefundReceipt:
    """Order the transfer of what was proven; asked again, the same receipt.

    Raises `Refused`: `refund.not_proven`, `refund.waiting`.
    """
    purse, row = held(refund)
    after = REFUND.after(row.state, RefundEvent.PAY_OUT)
    if isinstance(after, Notice):
        return receipt(row, notice=after.code)
    require(may_pay_out(payable_on=row.payable_on, on=local_day(at)))
    if row.state is RefundState.WAITING:
        _by_shadow(purse, row, by=actor, at=at)
    if row.amount_fen:
        row.receipt = _transfer(purse, row, at=at)
    row.paid_by, row.paid_at = actor.ref, at
    enter(row, after, at=at)
    note(about=row.ref, by=actor, at=at, ground=GROUND, amount_fen=row.amount_fen or 0)
    return receipt(row)


def _by_shadow(purse: PurseAccount, row: PurseRefund, *, by: Actor, at: datetime) -> None:
    """A card that cannot be read: the last proven balance, less the fares cleared since."""
    row.amount_fen = max(0, purse.shadow_balance_fen or 0)
    owe(purse, row, at=at)
    move_transit(purse, TransitEvent.PAY_OUT, reason="refund", by=by, at=at)


def _transfer(purse: PurseAccount, row: PurseRefund, *, at: datetime) -> str:
    """On its way by bank transfer; the number on the holder's receipt."""
    return _ledger.post(
        "refund.paid_out",
        debit="refunds_payable",
        credit="refund_clearing",
        amount_fen=row.amount_fen or 0,
        about=row.ref,
        card=purse.ref,
        at=at,
    )
