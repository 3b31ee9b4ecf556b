"""充值的问与答: where the money is, what may be done, what is held, and whether the books agree."""

from onecard.queries.topup.orders import (
    OrderSeen,
    PurseSeen,
    WhatMayBeLoaded,
    has_unfinished,
    my_orders,
    order_seen,
    purse_of_card,
    purse_seen,
    what_may_be_loaded,
)
from onecard.queries.topup.statement import Statement, statement
from onecard.queries.topup.watching import DailyCheck, HeldCase, daily_check, held_cases

__all__ = [
    "DailyCheck",
    "HeldCase",
    "OrderSeen",
    "PurseSeen",
    "Statement",
    "WhatMayBeLoaded",
    "daily_check",
    "has_unfinished",
    "held_cases",
    "my_orders",
    "order_seen",
    "purse_of_card",
    "purse_seen",
    "statement",
    "what_may_be_loaded",
]
