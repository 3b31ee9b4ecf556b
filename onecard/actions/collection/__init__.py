"""领卡启用: cards come into their holders' hands and start to work (rule book 11)."""

from onecard.actions.collection.employer import (
    EmployerCollection,
    RowNotCollected,
    collect_for_employer,
)
from onecard.actions.collection.enabling import EnableReceipt, enable, enable_online
from onecard.actions.collection.handing import CollectionReceipt, hand_over
from onecard.actions.collection.reminding import remind, remind_due
from onecard.domain.collection import CardInHand, Shown

__all__ = [
    "CardInHand",
    "CollectionReceipt",
    "EmployerCollection",
    "EnableReceipt",
    "RowNotCollected",
    "Shown",
    "collect_for_employer",
    "enable",
    "enable_online",
    "hand_over",
    "remind",
    "remind_due",
]
