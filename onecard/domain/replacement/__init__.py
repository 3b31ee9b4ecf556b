"""补领与换领: a new card for one that is lost, damaged, expiring or changed (rule book 21)."""

from onecard.domain.replacement.confirming import TOLD, must_confirm
from onecard.domain.replacement.exchanging import (
    may_begin_exchange,
    may_exchange,
    may_exchange_all,
    must_exchange_offline,
)
from onecard.domain.replacement.frequency import Frequent, is_frequent
from onecard.domain.replacement.kinds import (
    Confirmation,
    ExchangeReason,
    FrequentEffect,
    OldCard,
    ReplacementFigures,
    ReplacementPolicy,
    Replacing,
)
from onecard.domain.replacement.old_card import (
    card_to_replace,
    exchange_facts,
    must_be_exchangeable,
    must_be_replaceable,
    must_have_right_data,
    must_have_settled_account,
)
from onecard.domain.replacement.relinking import is_relink_due, may_relink
from onecard.domain.replacement.replacing import (
    may_begin_replacement,
    may_replace,
    may_replace_all,
    may_replace_online,
)

__all__ = [
    "TOLD",
    "Confirmation",
    "ExchangeReason",
    "Frequent",
    "FrequentEffect",
    "OldCard",
    "ReplacementFigures",
    "ReplacementPolicy",
    "Replacing",
    "card_to_replace",
    "exchange_facts",
    "is_frequent",
    "is_relink_due",
    "may_begin_exchange",
    "may_begin_replacement",
    "may_exchange",
    "may_exchange_all",
    "may_relink",
    "may_replace",
    "may_replace_all",
    "may_replace_online",
    "must_be_exchangeable",
    "must_be_replaceable",
    "must_confirm",
    "must_exchange_offline",
    "must_have_right_data",
    "must_have_settled_account",
]
