"""EMS: takes parcels, postage paid by the addressee, and reports where they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from onecard.domain.delivery import DeliveryEvent


@dataclass(frozen=True)
class Parcel:
    """One card to be posted."""

    message_id: str
    recipient: str
    phone: str
    address: str


@dataclass(frozen=True)
class Scan:
    """Something happened to a parcel. `scan_id` is unique: the same scan again changes nothing."""

    scan_id: str
    ems_number: str
    event: DeliveryEvent
    place: str
    at: datetime


@dataclass(frozen=True)
class Scans:
    """A page of scans and where to go on reading."""

    scans: tuple[Scan, ...]
    cursor: str


class Courier(Protocol):
    """Raises `PartnerDown` or `PartnerUnsure` when there is no answer."""

    def hand_over(self, parcel: Parcel) -> str:
        """The EMS number under which the parcel travels. Idempotent by message id."""
        ...

    def scans_after(self, cursor: str) -> Scans:
        """What happened since `cursor` (empty = from the beginning)."""
        ...
