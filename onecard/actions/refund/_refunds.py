"""One step of a purse refund, with the purse, the money and the news that go with it.

The purse is held by the act that calls. What the table does not know leaves the refund alone and
is kept as an incident: money may have left a chip for which nobody asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from onecard.actions import _ledger, hold
from onecard.actions._attempts import Closing, when_resolved
from onecard.actions._keeping import note, tell
from onecard.actions._purses import hold_purse, move_transit, note_incident, saw, watch
from onecard.domain.authority import Actor
from onecard.domain.refund import RefundEvent, RefundState, after_drain
from onecard.domain.refusal import NotFound
from onecard.domain.topup import AttemptKind, Evidence
from onecard.domain.transit_purse import TransitEvent
from onecard.records.models import LoadAttempt, PurseAccount, PurseRefund

GROUND = "rule book 22.5"


@dataclass(frozen=True)
class RefundReceipt:
    """A refund after an act. `amount_fen` None: what is inside the card is not proven yet.

    `receipt` is the number of the cash receipt, `payable_on` the first day of payment for a card
    that cannot be read.
    """

    refund: str
    purse: str
    state: str
    amount_fen: int | None
    payable_on: date | None = None
    receipt: str = ""
    notice: str = ""


def receipt(row: PurseRefund, *, notice: str = "") -> RefundReceipt:
    """As a door gets it."""
    return RefundReceipt(
        row.ref,
        row.purse_id,
        row.state.value,
        row.amount_fen,
        row.payable_on,
        row.receipt,
        notice,
    )


def held(refund: str) -> tuple[PurseAccount, PurseRefund]:
    """The purse, then its refund. Raises `NotFound`."""
    known = PurseRefund.objects.filter(ref=refund).values_list("purse", flat=True).first()
    if known is None:
        raise NotFound(PurseRefund.__name__)
    purse = hold_purse(known)
    return purse, hold.one(PurseRefund, ref=refund)


@when_resolved(AttemptKind.UNLOAD, AttemptKind.DRAIN)
def drain_resolved(purse: PurseAccount, attempt: LoadAttempt, closing: Closing) -> None:
    """What an attempt's outcome means for its refund."""
    row = hold.one(PurseRefund, ref=attempt.refund)
    if closing.again:
        watch(purse, "negative_proof_forged", about=row.ref, at=closing.at)
    event = _event(closing)
    if event is not RefundEvent.PROVEN_DRAINED:
        step(row, event, by=closing.by, at=closing.at, purse=purse)
        return
    row.amount_fen, row.evidence = attempt.amount_fen, closing.evidence
    if step(row, event, by=closing.by, at=closing.at, purse=purse):
        after = attempt.counter + (attempt.kind is AttemptKind.UNLOAD)
        saw(purse, balance_fen=0, counter=after, at=closing.at)
        drained(purse, row, by=closing.by, at=closing.at)


def drained(purse: PurseAccount, row: PurseRefund, *, by: Actor, at: datetime) -> None:
    """The chip is empty: what was in it is owed to its holder, and the purse is closed."""
    owe(purse, row, at=at)
    move_transit(purse, TransitEvent.PURSE_REFUND, reason="refund", by=by, at=at)


def owe(purse: PurseAccount, row: PurseRefund, *, at: datetime) -> None:
    """What was on the card is from now on to be paid out."""
    if row.amount_fen:
        _ledger.post(
            "refund.drained",
            debit="on_cards",
            credit="refunds_payable",
            amount_fen=row.amount_fen,
            about=row.ref,
            card=purse.ref,
            at=at,
        )


def step(
    row: PurseRefund, event: RefundEvent, *, by: Actor, at: datetime, purse: PurseAccount
) -> bool:
    """Move a refund by what happened on the chip; False where the table has no such step."""
    now = after_drain(row.state, event)
    if now is None:
        why = f"refund_{event.value}_when_{row.state.value}"
        note_incident(purse, why, about=row.ref, at=at)
        return False
    enter(row, now, at=at)
    facts = {"event": event.value, "state": now.value}
    if row.evidence is not None:
        facts["evidence"] = row.evidence.value
    note(about=row.ref, by=by, at=at, ground=GROUND, **facts)
    return True


def enter(row: PurseRefund, state: RefundState, *, at: datetime) -> None:
    """Write the state down, and tell who listens."""
    if row.state is not state:
        row.state, row.state_since = state, at
    row.save()
    tell(
        f"refund.{state.value}",
        about=row.ref,
        at=at,
        parties=(),
        purse=row.purse_id,
        amount_fen=row.amount_fen or 0,
    )


def _event(closing: Closing) -> RefundEvent:
    if closing.evidence is None:
        return RefundEvent.SILENCE
    if closing.evidence is Evidence.U:
        return RefundEvent.COUNTER_MOVED
    return RefundEvent.PROVEN_DRAINED if closing.written else RefundEvent.PROVEN_NOT_DRAINED
