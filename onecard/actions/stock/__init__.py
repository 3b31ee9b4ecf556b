"""空白卡: receiving, sending, spoiling and counting blank cards; each in exactly one place."""

from onecard.actions.stock.counting import CountReceipt, close_day
from onecard.actions.stock.moving import (
    ArrivedReceipt,
    DeliveryReceipt,
    SendReceipt,
    confirm_arrival,
    receive,
    send,
)
from onecard.actions.stock.spoiling import SpoilReceipt, approve_spoiled, find_good, report_spoiled

__all__ = [
    "ArrivedReceipt",
    "CountReceipt",
    "DeliveryReceipt",
    "SendReceipt",
    "SpoilReceipt",
    "approve_spoiled",
    "close_day",
    "confirm_arrival",
    "find_good",
    "receive",
    "report_spoiled",
    "send",
]
