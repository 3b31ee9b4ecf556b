"""卡的终点与转移: a card is cancelled for good; a relation that leaves the province is recorded."""

from onecard.actions.card.cancelling import CancelCase, CancelReceipt, cancel
from onecard.actions.card.moving import TransferReceipt, record_transfer_out

__all__ = ["CancelCase", "CancelReceipt", "TransferReceipt", "cancel", "record_transfer_out"]
