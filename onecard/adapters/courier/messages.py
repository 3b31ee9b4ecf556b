"""The verbs of the courier and how their values travel."""

from __future__ import annotations

from dataclasses import dataclass

from onecard.adapters.courier import Parcel, Scan, Scans, codes
from onecard.adapters.wire import Verb, converter, named
from onecard.domain.delivery import DeliveryEvent


@dataclass(frozen=True)
class HandedOver:
    """Under which number the parcel travels."""

    ems_number: str


@dataclass(frozen=True)
class After:
    """From where to go on reading."""

    cursor: str


HAND_OVER = Verb("hand-over", Parcel, HandedOver)
SCANS_AFTER = Verb("scans-after", After, Scans)

CODEC = converter(
    names={
        Parcel: {"phone": named("AAE005"), "address": named("AAE006")},
        Scan: {"ems_number": named("mail_no"), "event": named("op_code")},
    },
    codes={DeliveryEvent: codes.EVENT},
)
