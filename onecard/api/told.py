"""The shapes callers get back, filled from the frozen receipts and views of upstairs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator

from onecard.api.house import Told


def _ungrouped(number: str) -> str:
    """People read receipt numbers in groups; programs get them without the spaces."""
    return number.replace(" ", "")


ReceiptNumber = Annotated[str, AfterValidator(_ungrouped)]


class ApplicationTold(Told):
    """One application as it stands after an act."""

    application: str
    number: ReceiptNumber
    person: str
    kind: str
    state: str
    bank: str
    collection: str
    promised_on: date | None
    limit_on: date | None
    notice: str


class StepTold(Told):
    """One step of an application's way."""

    event: str
    to_state: str
    reason: str
    at: datetime


class ProgressTold(Told):
    """Where an application is, who holds it now and when the card is promised."""

    application: str
    number: ReceiptNumber
    kind: str
    state: str
    channel: str
    bank: str
    collection: str
    submitted_at: datetime
    accepted_at: datetime | None
    promised_on: date | None
    limit_on: date | None
    late: bool
    holder: str
    next: str
    ems_number: str
    steps: list[StepTold]


class MetTold(Told):
    """A person found at a counter."""

    person: str
    known_to_province: bool
    province_answered: bool


class RowRefusedTold(Told):
    """One person of a list who was not taken, with every reason's code."""

    application: str
    number: ReceiptNumber
    codes: list[str]


class AcceptanceTold(Told):
    """What became of an employer's list; one refused row never holds up the others."""

    accepted: list[ApplicationTold]
    refused: list[RowRefusedTold]


class EmployerRowTold(Told):
    """One person of an employer's list; never anything of bank or purse."""

    application: str
    number: ReceiptNumber
    name: str
    state: str
    promised_on: date | None


class LightTold(Told):
    """One of the three functions of a card."""

    function: str
    state: str


class CardTold(Told):
    """A card with its three functions side by side."""

    card: str
    number: str
    bank: str
    generation: int
    lights: list[LightTold]
    issued_on: date
    valid_to: date
    enabled_at: datetime | None


class EnabledTold(Told):
    """A card after enabling; `predecessor` is the card that was cancelled by it."""

    card: str
    person: str
    hr_state: str
    predecessor: str
    register_told: bool
    notice: str


class CollectedTold(Told):
    """A card handed over; it stays sealed until it is enabled."""

    application: str
    card: str
    person: str
    state: str
    notice: str


class ShipmentTold(Told):
    """A parcel after an act."""

    shipment: str
    application: str
    state: str
    attempt: int
    ems_number: str
    notice: str


class PhotoTold(Told):
    """A portrait that was kept."""

    ref: str
    verdict: str
    findings: list[str]
    edits: list[str]
    mended: bool
    again: bool


class FigureTold(Told):
    """One figure in force with its provenance."""

    room: str
    key: str
    title: str
    unit: str
    value: Any
    standing: str
    source: str
    since: date


class BankTold(Told):
    """A co-operating bank."""

    key: str
    zh: str
    en: str
    hotline: str


class PlaceTold(Told):
    """An outlet that serves people."""

    ref: str
    kind: str
    name: str
    name_en: str
    district: str
    address: str
    phone: str
    hours: str
    bank: str
    instant_issue: bool

    @staticmethod
    def of(place: Any) -> PlaceTold:
        """From a place of the queries."""
        return PlaceTold(**{**vars(place), "kind": place.kind.value})


class NumberTold(Told):
    """What a number is, whether it is right, and if not, why."""

    number: str
    kind: str
    valid: bool
    born_on: date | None
    sex: str | None
    problems: list[dict[str, Any]]
