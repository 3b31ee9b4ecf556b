"""Where to go: outlets by kind and district, with address, hours and phone."""

from __future__ import annotations

from dataclasses import dataclass

from onecard.domain.refusal import NotFound
from onecard.domain.stock import SERVING, OutletKind
from onecard.records.models import Outlet


@dataclass(frozen=True)
class Place:
    """An outlet as people need it."""

    ref: str
    kind: OutletKind
    name: str
    name_en: str
    district: str
    address: str
    phone: str
    hours: str
    bank: str
    instant_issue: bool


def serving_people(*, bank: str = "") -> tuple[Place, ...]:
    """Every outlet that takes applications and hands out cards, by district and name.

    The public ones stand first, banks' branches behind them; `bank` keeps one bank's only.
    """
    rows = Outlet.objects.filter(kind__in=SERVING).order_by("district", "name", "ref")
    found = (_seen(row) for row in rows if not bank or row.bank == bank)
    return tuple(sorted(found, key=lambda one: SERVING.index(one.kind)))


def every() -> tuple[Place, ...]:
    """Every outlet of every kind, by name: for choosing where somebody works."""
    return tuple(_seen(row) for row in Outlet.objects.order_by("name", "ref"))


def of_kind(kind: OutletKind) -> tuple[Place, ...]:
    """Every outlet of one kind, by district and name."""
    rows = Outlet.objects.filter(kind=kind).order_by("district", "name", "ref")
    return tuple(_seen(row) for row in rows)


def one(ref: str) -> Place:
    """One outlet. Raises `NotFound`."""
    row = Outlet.objects.filter(ref=ref).first()
    if row is None:
        raise NotFound(Outlet.__name__)
    return _seen(row)


def _seen(row: Outlet) -> Place:
    return Place(
        row.ref,
        row.kind,
        row.name,
        row.name_en,
        row.district,
        row.address,
        row.phone,
        row.hours,
        row.bank,
        row.instant_issue,
    )
