"""寄递: a made card goes to its holder by post, and may come back (rule book 10)."""

from onecard.actions.delivery.posting import hand_over, pack, pack_due, send_parcel
from onecard.actions.delivery.receipts import ScansRead, ShipmentReceipt
from onecard.actions.delivery.returns import choose_outlet, give_address, send_again
from onecard.actions.delivery.scans import ScanReceipt, read_scans, take_told_scan

__all__ = [
    "ScanReceipt",
    "ScansRead",
    "ShipmentReceipt",
    "choose_outlet",
    "give_address",
    "hand_over",
    "pack",
    "pack_due",
    "read_scans",
    "send_again",
    "send_parcel",
    "take_told_scan",
]
