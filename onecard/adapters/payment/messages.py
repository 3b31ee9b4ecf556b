"""The verbs of the payment channel, how their values travel, and its codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from onecard.adapters.payment import (
    Bill,
    FoundState,
    Notice,
    PaymentFound,
    Prepared,
    RefundFound,
    Repay,
    Settlement,
    SettlementLine,
)
from onecard.adapters.wire import Verb, converter, named
from onecard.domain.payment import NoticeKind


@dataclass(frozen=True)
class Asked:
    """About which payment or refund, by our reference."""

    ref: str


@dataclass(frozen=True)
class PaymentAnswer:
    """A payment, or none."""

    payment: PaymentFound | None


@dataclass(frozen=True)
class RefundAnswer:
    """A refund, or none."""

    refund: RefundFound | None


@dataclass(frozen=True)
class OfDay:
    """Which day."""

    day: date


@dataclass(frozen=True)
class SettlementAnswer:
    """A day's file, or none yet."""

    settlement: Settlement | None


CREATE = Verb("create", Bill, Prepared)
FIND = Verb("find", Asked, PaymentAnswer)
REFUND = Verb("refund", Repay, RefundFound)
FIND_REFUND = Verb("find-refund", Asked, RefundAnswer)
SETTLEMENT = Verb("settlement", OfDay, SettlementAnswer)

_OUR_NO = {"payment": named("out_trade_no"), "amount_fen": named("total_fee")}
_REFUND_NO = {"refund": named("out_refund_no"), "amount_fen": named("refund_fee")}
_STATE = {FoundState.WAITING: "NOTPAY", FoundState.DONE: "SUCCESS", FoundState.FAILED: "FAIL"}
_KIND = {
    NoticeKind.PAID: "TRANSACTION.SUCCESS",
    NoticeKind.REFUNDED: "REFUND.SUCCESS",
    NoticeKind.REFUND_FAILED: "REFUND.ABNORMAL",
}

CODEC = converter(
    names={
        Bill: _OUR_NO,
        PaymentFound: _OUR_NO,
        Repay: {**_REFUND_NO, "payment": named("out_trade_no"), "paid_fen": named("total_fee")},
        RefundFound: _REFUND_NO,
        SettlementLine: {"amount_fen": named("total_fee")},
        Notice: {
            "message": named("id"),
            "kind": named("event_type"),
            "payment": named("out_trade_no"),
            "refund": named("out_refund_no"),
            "amount_fen": named("total_fee"),
        },
    },
    codes={FoundState: _STATE, NoticeKind: _KIND},
)
