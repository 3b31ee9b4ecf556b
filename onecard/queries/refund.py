"""退值单: where a purse refund stands, by which proof, and when it is paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from onecard.domain.authority import Actor, Role
from onecard.domain.refund import REFUND, RefundEvent, RefundState
from onecard.domain.refusal import NotFound
from onecard.queries._reading import one_moment
from onecard.queries.topup.orders import masked
from onecard.records.models import LoadAttempt, PurseRefund

_SEES_ALL = frozenset({Role.CARD_OUTLET_CLERK, Role.PLATFORM_OPERATOR, Role.AUDITOR, Role.SYSTEM})


@dataclass(frozen=True)
class DrainSeen:
    """One signed debit of the chip: how much, how it ended, and its proof in hex."""

    attempt: str
    kind_word: str
    amount_fen: int
    at: datetime
    state_word: str
    evidence_word: str
    proof: str


@dataclass(frozen=True)
class RefundSeen:
    """A purse refund. `amount_fen` None: what is inside is not proven yet.

    `payable_on`: the first day of payment of a card that cannot be read. `may_*`: what is open now.
    """

    refund: str
    purse: str
    card: str
    reason_word: str
    way_word: str
    state: str
    state_word: str
    amount_fen: int | None
    evidence_word: str
    outlet: str
    asked_at: datetime
    payable_on: date | None
    paid_at: datetime | None
    receipt: str
    may_tap: bool
    may_register_unreadable: bool
    may_pay_out: bool
    may_withdraw: bool
    drains: tuple[DrainSeen, ...]


def refund_seen(*, refund: str, as_seen_by: Actor) -> RefundSeen:
    """One refund, for the clerk or the card's holder. Raises `NotFound`, for foreign as absent."""
    with one_moment():
        row = PurseRefund.objects.filter(ref=refund).select_related("purse").first()
        if row is None or not _may_see(row, as_seen_by):
            raise NotFound(PurseRefund.__name__)
        return _seen(row)


def refunds_of(*, purse: str, as_seen_by: Actor) -> tuple[RefundSeen, ...]:
    """The refunds of a purse that the viewer may see, the newest first; withdrawn ones as well."""
    with one_moment():
        rows = PurseRefund.objects.filter(purse=purse).select_related("purse")
        mine = [row for row in rows.order_by("-asked_at", "-ref") if _may_see(row, as_seen_by)]
        return tuple(_seen(row) for row in mine)


def _may_see(row: PurseRefund, viewer: Actor) -> bool:
    if viewer.role is Role.CITIZEN:
        return row.person == viewer.ref
    return viewer.role in _SEES_ALL


def _seen(row: PurseRefund) -> RefundSeen:
    state = row.state
    drains = LoadAttempt.objects.filter(refund=row.ref).order_by("at", "ref")
    return RefundSeen(
        refund=row.ref,
        purse=row.purse_id,
        card=masked(row.purse),
        reason_word=f"refund.reason.{row.reason.value}",
        way_word=f"refund.way.{row.way.value}",
        state=state.value,
        state_word=f"refund.state.{state.value}",
        amount_fen=row.amount_fen,
        evidence_word=f"topup.evidence.{row.evidence.value}" if row.evidence else "",
        outlet=row.outlet,
        asked_at=row.asked_at,
        payable_on=row.payable_on,
        paid_at=row.paid_at,
        receipt=row.receipt,
        may_tap=state in _TAPS,
        may_register_unreadable=_may(state, RefundEvent.REGISTER_UNREADABLE),
        may_pay_out=_may(state, RefundEvent.PAY_OUT),
        may_withdraw=_may(state, RefundEvent.WITHDRAW),
        drains=tuple(_drain(one) for one in drains),
    )


def _may(state: RefundState, event: RefundEvent) -> bool:
    """A withdrawn refund is over and has no line in the table."""
    over = state is RefundState.WITHDRAWN
    return not over and isinstance(REFUND.ask(state, event), RefundState)


def _drain(row: LoadAttempt) -> DrainSeen:
    return DrainSeen(
        row.ref,
        f"topup.kind.{row.kind.value}",
        row.amount_fen,
        row.at,
        f"topup.attempt.{row.state.value}",
        f"topup.evidence.{row.evidence.value}" if row.evidence else "",
        row.tac,
    )


_TAPS = frozenset({RefundState.REQUESTED, RefundState.DRAINING, RefundState.IN_DOUBT})
"""The card may be held: to be emptied, or to say whether it was."""
