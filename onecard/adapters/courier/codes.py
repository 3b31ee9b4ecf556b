"""The courier's codes for what happens to a parcel, to be agreed; known here only."""

from __future__ import annotations

from onecard.domain.delivery import DeliveryEvent

EVENT = {
    DeliveryEvent.SCAN: "10",
    DeliveryEvent.DELIVER: "20",
    DeliveryEvent.REFUSE: "30",
    DeliveryEvent.RETURN: "40",
}
"""Scanned on its way, delivered, refused by the addressee, back with us."""
