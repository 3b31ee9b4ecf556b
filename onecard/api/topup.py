"""充值的接力: an app, a kiosk or an outlet carries numbered steps between server and card.

The carrier holds no key and takes no decision (card reference 12). Two posts while the card is
held: the answers of step 1, then the answer of step 2. The step's number makes a repeated post
safe: the same answers get the stored next step, other answers are 409.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field, StrictInt

from onecard.actions import tap
from onecard.actions import topup as acts
from onecard.actions.tap import Posted
from onecard.api.asked import Ref, Text
from onecard.api.caller import caller_of, done_once
from onecard.api.house import Asked, Told
from onecard.domain.authority import Actor, Channel, Role
from onecard.queries import topup as queries
from onecard.seams.world import world

router = Router(tags=["topup"])
READ, WRITE = "topup.read", "topup.write"
MOST_ANSWERS = 16
MOST_HEX = 516
MOST_FEN = 1_000_000
MOST_STEPS = 1000

Hex = Annotated[str, Field(max_length=2 * MOST_HEX, pattern=r"^([0-9A-Fa-f]{2})*$")]
Fen = Annotated[int, Field(strict=True, ge=-MOST_FEN, le=MOST_FEN)]


class OrderAsked(Asked):
    """An amount for a card that was just read."""

    purse: Ref = Field(description="From the result of a tap that looked at the card.")
    amount_fen: Fen
    shown_balance_fen: Fen | None = Field(default=None, description="What the card just showed.")
    platform: Text = Field(default="", description="android, for a phone.")


class AnswersAsked(Asked):
    """What the card answered to one step, in order, as hex."""

    seq: Annotated[StrictInt, Field(ge=0, le=MOST_STEPS)]
    answers: list[Hex] = Field(default=[], max_length=MOST_ANSWERS)
    lost_after: Annotated[StrictInt, Field(ge=0, le=MOST_ANSWERS)] | None = Field(
        default=None, description="The card was lost after so many answers."
    )
    reader_error: Text = ""

    def value(self) -> Posted:
        """As the relay takes it."""
        return Posted(self.seq, tuple(self.answers), self.lost_after, self.reader_error)


class ReasonAsked(Asked):
    """Why the money should go back."""

    reason: Text = ""


class ApduTold(Told):
    """One command, and after which status words the carrier sends the next."""

    hex: str
    go_on: list[str]


class TapTold(Told):
    """What to do next. `moves_money`: give this step to a card at most once."""

    tap: str
    seq: int
    apdus: list[ApduTold]
    card_timeout_ms: int
    expires_at: datetime
    over: bool
    outcome: str
    order: str
    state: str
    moves_money: bool
    facts: dict[str, Any]


class OrderTold(Told):
    """An order after an act."""

    order: str
    purse: str
    state: str
    amount_fen: int
    pay_by: datetime | None
    notice: str


class OrderSeenTold(Told):
    """Where the money of an order is, by which proof, and what comes next."""

    order: str
    purse: str
    card: str
    amount_fen: int
    state: str
    state_word: str
    money_word: str
    next_word: str
    evidence_word: str
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


class PurseTold(Told):
    """A purse, and what may be loaded onto it now."""

    purse: str
    card: str
    state: str
    balance_fen: int | None
    balance_at: datetime | None
    pending_fen: int
    most_fen: int
    offered_fen: list[int]
    min_fen: int
    step_fen: int
    cap_fen: int
    watched: bool
    orders: list[OrderSeenTold]


@router.post("/taps", response={201: TapTold}, operation_id="look_at_card")
def look(request: HttpRequest) -> object:
    """Begin to read any card. What is pending on it is written first, in the same tap."""
    return Status(201, acts.begin_look(actor=_actor(request, WRITE), at=world().clock.now()))


@router.get("/taps/{tap_ref}", response=TapTold, operation_id="tap_step")
def step(request: HttpRequest, tap_ref: str) -> object:
    """The step that is due, for a carrier that lost the last answer."""
    actor = _actor(request, WRITE)
    return tap.current(tap=tap_ref, actor=actor, at=world().clock.now())


@router.post("/taps/{tap_ref}/answers", response=TapTold, operation_id="answer_step")
def answer(request: HttpRequest, tap_ref: str, asked: AnswersAsked) -> object:
    """Post what the card answered; the next step, or the result, comes back."""
    actor = _actor(request, WRITE)
    return tap.answer(tap=tap_ref, posted=asked.value(), actor=actor, at=world().clock.now())


@router.get("/purses/{purse}", response=PurseTold, operation_id="purse")
def purse_seen(request: HttpRequest, purse: str, shown_balance_fen: Fen | None = None) -> object:
    """What may be loaded onto a card, and what is unfinished on it."""
    return queries.purse_seen(
        purse=purse,
        shown_balance_fen=shown_balance_fen,
        as_seen_by=_actor(request, READ),
        at=world().clock.now(),
    )


@router.post("/orders", response={201: OrderTold}, operation_id="open_topup")
@done_once
def open_order(request: HttpRequest, asked: OrderAsked) -> object:
    """Choose an amount. Everything that can be refused is refused here, before payment."""
    receipt = acts.open_order(
        purse=asked.purse,
        amount_fen=asked.amount_fen,
        shown_balance_fen=asked.shown_balance_fen,
        platform=asked.platform,
        actor=_actor(request, WRITE),
        at=world().clock.now(),
    )
    return Status(201, receipt)


@router.get("/orders", response=list[OrderSeenTold], operation_id="my_topups")
def mine(request: HttpRequest) -> object:
    """The caller's orders, the newest first."""
    return list(queries.my_orders(as_seen_by=_actor(request, READ), at=world().clock.now()))


@router.get("/orders/{order}", response=OrderSeenTold, operation_id="topup")
def order_seen(request: HttpRequest, order: str) -> object:
    """Where the money is: its state, the proof behind it, the next step."""
    actor = _actor(request, READ)
    return queries.order_seen(order=order, as_seen_by=actor, at=world().clock.now())


@router.post("/orders/{order}/taps", response={201: TapTold}, operation_id="tap_for_topup")
def begin(request: HttpRequest, order: str) -> object:
    """The person holds the card now: the first step, with a fresh challenge."""
    actor = _actor(request, WRITE)
    return Status(201, acts.begin(order=order, actor=actor, at=world().clock.now()))


@router.post("/orders/{order}/refund", response=OrderTold, operation_id="ask_topup_back")
@done_once
def ask_back(request: HttpRequest, order: str, asked: ReasonAsked) -> object:
    """Have the money go back; in doubt it is 422 with the wish kept, until the card was held."""
    return acts.ask_refund(
        order=order,
        reason=asked.reason,
        actor=_actor(request, WRITE),
        at=world().clock.now(),
    )


@router.post("/orders/{order}/cancellation", response=OrderTold, operation_id="cancel_topup")
@done_once
def cancel(request: HttpRequest, order: str) -> object:
    """Give an order up: unpaid it is void, paid its money goes back."""
    return acts.cancel(order=order, actor=_actor(request, WRITE), at=world().clock.now())


def _actor(request: HttpRequest, scope: str) -> Actor:
    """The caller; a citizen's program is the NFC app."""
    actor = caller_of(request, scope).actor
    return replace(actor, channel=Channel.NFC_APP) if actor.role is Role.CITIZEN else actor
