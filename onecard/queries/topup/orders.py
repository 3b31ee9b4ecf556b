"""钱在哪里: where the money of a top-up is, by which proof, and what its owner can do next.

Nothing is called loaded before a proof was verified, and nothing paid back before it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard import policy
from onecard.domain.authority import Actor
from onecard.domain.masking import mask_number
from onecard.domain.refusal import Fact, Notice, Refusal
from onecard.domain.topup import (
    HOLDING,
    TOPUP,
    UNFINISHED,
    OrderEvent,
    OrderState,
    TopUpPolicy,
    largest_allowed_fen,
    may_ask_payment_refund,
    offered_fen,
)
from onecard.queries._reading import one_moment
from onecard.queries.topup._seeing import order_for, purse_for
from onecard.records.models import PurseAccount, TopUpOrder
from onecard.seams.clock import local_day

_SERIAL_HEX = 20


@dataclass(frozen=True)
class OrderSeen:
    """One order as its owner reads it. `*_word` are keys of the word files, `facts` fill them.

    `may_tap`, `may_ask_back`, `may_cancel` are what the page offers; `evidence_word` is empty
    while nothing is proven. `card` is masked.
    """

    order: str
    purse: str
    card: str
    amount_fen: int
    state: str
    state_word: str
    money_word: str
    next_word: str
    evidence_word: str
    facts: dict[str, Fact]
    channel: str
    opened_at: datetime
    pay_by: datetime
    paid_by: str
    paid_at: datetime | None
    doubt_since: datetime | None
    loaded_at: datetime | None
    ended_at: datetime | None
    refund_wanted: bool
    may_tap: bool
    may_ask_back: bool
    may_cancel: bool


@dataclass(frozen=True)
class PurseSeen:
    """A purse as the host knows it, and what may be loaded onto it now. Amounts in fen.

    `balance_fen` is the shadow: the last authenticated balance; the chip is the truth.
    """

    purse: str
    card: str
    state: str
    balance_fen: int | None
    balance_at: datetime | None
    pending_fen: int
    most_fen: int
    offered_fen: tuple[int, ...]
    min_fen: int
    step_fen: int
    cap_fen: int
    watched: bool
    orders: tuple[OrderSeen, ...]


@dataclass(frozen=True)
class WhatMayBeLoaded:
    """The city's figures for every purse, in fen. `android_only`: no other phone may write."""

    cap_fen: int
    min_fen: int
    step_fen: int
    presets_fen: tuple[int, ...]
    android_only: bool


def what_may_be_loaded(*, at: datetime) -> WhatMayBeLoaded:
    """Cap, least amount, step and presets in force."""
    figures = policy.in_force("topup", TopUpPolicy, on=local_day(at))
    return WhatMayBeLoaded(
        cap_fen=figures.balance_cap_fen,
        min_fen=figures.min_fen,
        step_fen=figures.step_fen,
        presets_fen=figures.presets_fen,
        android_only=figures.nfc_platforms == ("android",),
    )


def order_seen(*, order: str, as_seen_by: Actor, at: datetime) -> OrderSeen:
    """One order. Raises `NotFound`."""
    with one_moment():
        return _seen(order_for(order, as_seen_by), at)


def my_orders(*, as_seen_by: Actor, at: datetime) -> tuple[OrderSeen, ...]:
    """The orders a citizen opened, the newest first."""
    with one_moment():
        rows = TopUpOrder.objects.filter(person=as_seen_by.ref).select_related("purse")
        return tuple(_seen(row, at) for row in rows.order_by("-opened_at", "-ref"))


def purse_seen(
    *, purse: str, shown_balance_fen: int | None = None, as_seen_by: Actor, at: datetime
) -> PurseSeen:
    """One purse with its unfinished orders; `shown_balance_fen` is what the card just showed.

    Raises `NotFound`.
    """
    with one_moment():
        row = purse_for(purse, as_seen_by)
        rows = [*row.orders.filter(state__in=UNFINISHED).order_by("opened_at")]
        seen = tuple(_seen(order, at) for order in rows)
    figures = policy.in_force("topup", TopUpPolicy, on=local_day(at))
    pending = sum(order.amount_fen for order in rows)
    balance = row.shadow_balance_fen if shown_balance_fen is None else shown_balance_fen
    room = {"balance_fen": balance or 0, "pending_fen": pending}
    return PurseSeen(
        purse=row.ref,
        card=masked(row),
        state=row.state.value,
        balance_fen=balance,
        balance_at=row.shadow_at,
        pending_fen=pending,
        most_fen=largest_allowed_fen(**room, figures=figures),
        offered_fen=offered_fen(**room, figures=figures),
        min_fen=figures.min_fen,
        step_fen=figures.step_fen,
        cap_fen=figures.balance_cap_fen,
        watched=row.watched_at is not None,
        orders=seen,
    )


def purse_of_card(card: str) -> str:
    """The purse bound to a card of ours, or an empty text."""
    rows = PurseAccount.objects.filter(card=card).values_list("ref", flat=True)
    return rows.first() or ""


def has_unfinished(card: str) -> bool:
    """Whether a top-up of this card is paid and neither loaded nor paid back."""
    return TopUpOrder.objects.filter(purse__card=card, state__in=HOLDING).exists()


def masked(purse: PurseAccount) -> str:
    """The number printed on the plastic, masked."""
    return mask_number(purse.number[-_SERIAL_HEX:][1:])


def _seen(row: TopUpOrder, at: datetime) -> OrderSeen:
    figures = policy.in_force("topup", TopUpPolicy, on=local_day(at))
    state = row.state
    return OrderSeen(
        order=row.ref,
        purse=row.purse_id,
        card=masked(row.purse),
        amount_fen=row.amount_fen,
        state=state.value,
        state_word=f"topup.state.{state.value}",
        money_word=f"topup.money.{state.value}",
        next_word=f"topup.next.{state.value}",
        evidence_word=f"topup.evidence.{row.evidence.value}" if row.evidence else "",
        facts={"minutes": figures.unpaid_void_minutes, "amount_fen": row.amount_fen},
        channel=f"channels.channel.{row.channel.value}",
        opened_at=row.opened_at,
        pay_by=row.pay_by,
        paid_by=row.paid_by,
        paid_at=row.paid_at,
        doubt_since=row.doubt_since,
        loaded_at=row.loaded_at,
        ended_at=row.ended_at,
        refund_wanted=row.refund_wanted,
        may_tap=isinstance(TOPUP.ask(state, OrderEvent.BEGIN), OrderState),
        may_ask_back=_may_ask_back(row),
        may_cancel=state is OrderState.OPENED,
    )


def _may_ask_back(row: TopUpOrder) -> bool:
    """The wish is offered also where it has to wait for the card; the act says so."""
    attempts = tuple((one.state, one.evidence) for one in row.attempts.all())
    answer = may_ask_payment_refund(state=row.state, attempts=attempts)
    waits = isinstance(answer, Refusal) and answer.code == "topup.in_doubt_needs_card"
    return (answer is None or waits) and not isinstance(answer, Notice) and not row.refund_wanted
