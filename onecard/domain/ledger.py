"""账簿: in which accounts the money of the purse lies, and which movements there are.

A transfer takes a sum out of one account (`debit`) and puts it into another (`credit`); so each one
is balanced by its shape, and the whole ledger sums to zero. Assets (what others owe us, what lies
in a drawer) grow by the debit, debts (what we owe) by the credit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from onecard.domain.refusal import Fix, FixKind, Refusal

REVERSAL: Final = "ledger.reversal"


class Account(Enum):
    """Where money may lie."""

    PAYMENT_CLEARING = "payment_clearing"
    """What payment channels took for us and have not yet paid us."""
    BANK_ACCOUNT = "bank_account"
    CASH_DRAWER = "cash_drawer"
    AWAITING_LOAD = "awaiting_load"
    """Paid, and not on the chip."""
    ON_CARDS = "on_cards"
    """Proven on chips, less the fares that were cleared."""
    REFUNDS_PAYABLE = "refunds_payable"
    """Decided to go back, not yet confirmed as gone."""
    REFUND_CLEARING = "refund_clearing"
    """On its way back by a bank transfer."""
    OPERATOR_SETTLEMENT = "operator_settlement"
    """What transit operators are owed for fares, less what they owe for cards loaded by them."""
    SUSPENSE = "suspense"
    """Nobody's yet: differences that wait for a decision."""
    LOSS_RESERVE = "loss_reserve"
    POST_CLOSE = "post_close"
    """Records that arrived after a purse was paid out."""


class Side(Enum):
    """Which way an account grows."""

    ASSET = "asset"
    DEBT = "debt"
    EITHER = "either"


A = Account
SIDE: Final[Mapping[Account, Side]] = {
    A.PAYMENT_CLEARING: Side.ASSET,
    A.BANK_ACCOUNT: Side.ASSET,
    A.CASH_DRAWER: Side.ASSET,
    A.AWAITING_LOAD: Side.DEBT,
    A.ON_CARDS: Side.DEBT,
    A.REFUNDS_PAYABLE: Side.DEBT,
    A.REFUND_CLEARING: Side.DEBT,
    A.OPERATOR_SETTLEMENT: Side.EITHER,
    A.SUSPENSE: Side.EITHER,
    A.LOSS_RESERVE: Side.EITHER,
    A.POST_CLOSE: Side.EITHER,
}

BY_CARD: Final = frozenset({A.AWAITING_LOAD, A.ON_CARDS, A.REFUNDS_PAYABLE})
"""Kept card by card, so that no account of the whole city is written by everybody."""
NEVER_BELOW_ZERO: Final = frozenset({A.AWAITING_LOAD, A.REFUNDS_PAYABLE, A.CASH_DRAWER})
CAPPED: Final = frozenset({A.AWAITING_LOAD})
"""Never more waits for one card than may lie on it (V8)."""

Ways = frozenset[tuple[Account, Account]]


def _ways(*ways: tuple[Account, Account]) -> Ways:
    return frozenset(ways)


KINDS: Final[Mapping[str, Ways]] = {
    "topup.paid": _ways((A.PAYMENT_CLEARING, A.AWAITING_LOAD), (A.CASH_DRAWER, A.AWAITING_LOAD)),
    "topup.loaded": _ways((A.AWAITING_LOAD, A.ON_CARDS)),
    "topup.refunding": _ways((A.AWAITING_LOAD, A.REFUNDS_PAYABLE)),
    "topup.loss": _ways((A.SUSPENSE, A.ON_CARDS), (A.LOSS_RESERVE, A.ON_CARDS)),
    "topup.other_channel": _ways((A.OPERATOR_SETTLEMENT, A.ON_CARDS)),
    "purse.opening": _ways((A.OPERATOR_SETTLEMENT, A.ON_CARDS)),
    "payment.surplus": _ways((A.PAYMENT_CLEARING, A.REFUNDS_PAYABLE)),
    "payment.refunded": _ways(
        (A.REFUNDS_PAYABLE, A.PAYMENT_CLEARING), (A.REFUNDS_PAYABLE, A.CASH_DRAWER)
    ),
    "payment.settled": _ways((A.BANK_ACCOUNT, A.PAYMENT_CLEARING)),
    "payment.written_off": _ways(
        (A.SUSPENSE, A.PAYMENT_CLEARING), (A.PAYMENT_CLEARING, A.SUSPENSE)
    ),
    "refund.drained": _ways((A.ON_CARDS, A.REFUNDS_PAYABLE)),
    "refund.paid_out": _ways(
        (A.REFUNDS_PAYABLE, A.CASH_DRAWER), (A.REFUNDS_PAYABLE, A.REFUND_CLEARING)
    ),
    "refund.transferred": _ways((A.REFUND_CLEARING, A.BANK_ACCOUNT)),
    "refund.late_fare": _ways(
        (A.POST_CLOSE, A.OPERATOR_SETTLEMENT), (A.REFUNDS_PAYABLE, A.OPERATOR_SETTLEMENT)
    ),
    "clearing.fare": _ways((A.ON_CARDS, A.OPERATOR_SETTLEMENT)),
    "clearing.late": _ways((A.POST_CLOSE, A.OPERATOR_SETTLEMENT)),
    "clearing.doubtful": _ways((A.SUSPENSE, A.OPERATOR_SETTLEMENT)),
    "clearing.paid": _ways((A.OPERATOR_SETTLEMENT, A.BANK_ACCOUNT)),
    "cash.float": _ways((A.CASH_DRAWER, A.BANK_ACCOUNT)),
    "cash.banked": _ways((A.BANK_ACCOUNT, A.CASH_DRAWER)),
    "cash.short": _ways((A.SUSPENSE, A.CASH_DRAWER)),
    "cash.over": _ways((A.CASH_DRAWER, A.SUSPENSE)),
    "suspense.settled": _ways((A.LOSS_RESERVE, A.SUSPENSE), (A.SUSPENSE, A.LOSS_RESERVE)),
}
"""Kind of transfer -> from where to where it may go. What is not here cannot be posted."""


@dataclass(frozen=True)
class Place:
    """One end of a transfer: an account, and the card or the drawer whose part of it is meant."""

    account: Account
    part: str = ""


@dataclass(frozen=True)
class Posting:
    """A transfer before it is written: `amount_fen` leaves `debit` and arrives in `credit`."""

    kind: str
    debit: Place
    credit: Place
    amount_fen: int


@dataclass(frozen=True)
class Change:
    """What a posting does to one part of an account, in the account's own direction.

    `floor_fen` and `ceiling_fen` are the bounds that the database keeps; None where there is none.
    """

    place: Place
    by_fen: int
    floor_fen: int | None
    ceiling_fen: int | None


def place(name: str, *, card: str) -> Place | None:
    """An end of a transfer by its written name, `account` or `account:part`; None if unknown."""
    written, _, part = name.partition(":")
    account = next((known for known in Account if known.value == written), None)
    if account is None:
        return None
    return Place(account, part or (card if account in BY_CARD else ""))


def may_post(*, kind: str, debit: Account, credit: Account, amount_fen: int) -> Refusal | None:
    """复式记账: whole fen, more than none, from and to where this kind of movement goes."""
    if type(amount_fen) is not int or amount_fen <= 0:
        return Refusal(
            "ledger.amount_not_positive",
            measured={"amount_fen": amount_fen},
            allowed={"least_fen": 1},
            field="amount_fen",
            fix=Fix(FixKind.CHANGE_INPUT, {"field": "amount_fen"}),
        )
    ways = KINDS.get(kind, frozenset())
    if debit is credit or (kind != REVERSAL and (debit, credit) not in ways):
        return Refusal(
            "ledger.wrong_way",
            {"kind": kind},
            measured={"way": f"{debit.value} > {credit.value}"},
            allowed={"ways": tuple(sorted(f"{a.value} > {b.value}" for a, b in ways))},
            field="kind",
            fix=Fix(FixKind.CHANGE_INPUT, {"field": "kind"}),
        )
    return None


def must_be_the_same(*, kind: str, was: Posting, now: Posting) -> Refusal | None:
    """One cause moves money once: told again it must be the same movement to the fen."""
    if was == now:
        return None
    return Refusal(
        "ledger.posted_otherwise",
        {"kind": kind},
        measured={"amount_fen": now.amount_fen},
        allowed={"posted_fen": was.amount_fen},
    )


def may_reverse(*, kind: str, reversed_already: bool, reason: str) -> Refusal | None:
    """红字冲正: a mistake is put right by its mirror image, once, with a reason; never edited."""
    if kind == REVERSAL or reversed_already:
        return Refusal("ledger.already_reversed", {"kind": kind})
    if not reason.strip():
        fix = Fix(FixKind.CHANGE_INPUT, {"field": "reason"})
        return Refusal("ledger.reason_missing", field="reason", fix=fix)
    return None


def changes(posting: Posting, *, cap_fen: int) -> tuple[Change, ...]:
    """What of a posting is kept part by part, in the order in which parts are held."""
    ends = ((posting.debit, -posting.amount_fen), (posting.credit, posting.amount_fen))
    kept = [_change(end, credited_fen, cap_fen) for end, credited_fen in ends if end.part]
    return tuple(sorted(kept, key=lambda change: (change.place.account.value, change.place.part)))


def in_own_direction(account: Account, credited_fen: int) -> int:
    """What was credited, less what was debited, as the account itself counts: assets the other way.

    Accounts that may stand on either side count as debts.
    """
    return -credited_fen if SIDE[account] is Side.ASSET else credited_fen


def must_stay_within(*, change: Change, balance_fen: int) -> Refusal:
    """Why the database did not let a part of an account move, in words."""
    measured = {"balance_fen": balance_fen, "by_fen": change.by_fen}
    account = f"@ledger.account.{change.place.account.value}"
    if change.by_fen < 0:
        return Refusal("ledger.not_enough", {"account": account}, measured, {"least_fen": 0})
    allowed = {"cap_fen": change.ceiling_fen}
    return Refusal("ledger.over_cap", {"account": account}, measured, allowed)


def _change(end: Place, credited_fen: int, cap_fen: int) -> Change:
    return Change(
        end,
        in_own_direction(end.account, credited_fen),
        0 if end.account in NEVER_BELOW_ZERO else None,
        cap_fen if end.account in CAPPED else None,
    )
