"""Outlets: the places that serve people or keep cards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.actions import hold
from onecard.actions._keeping import act, note
from onecard.domain.authority import Actor
from onecard.domain.stock import OutletKind
from onecard.records.models import Outlet


@dataclass(frozen=True)
class OutletPlan:
    """An outlet as it is to stand in the list; `ref` is its lasting key, `bank` who runs it.

    `city` is empty for this city's own.
    """

    ref: str
    kind: OutletKind
    name: str
    name_en: str
    district: str
    address: str
    phone: str
    hours: str
    bank: str = ""
    instant_issue: bool = False
    city: str = ""


@dataclass(frozen=True)
class OutletReceipt:
    """The outlet that stands in the list now."""

    outlet: str
    name: str


@act("place.open_outlet")
def open_outlet(*, plan: OutletPlan, actor: Actor, at: datetime) -> OutletReceipt:
    """Open an outlet, or bring what is said about it up to date. The same plan twice is one."""
    outlet = hold.maybe(Outlet, ref=plan.ref) or Outlet(ref=plan.ref)
    for column in (
        "kind",
        "name",
        "name_en",
        "district",
        "address",
        "phone",
        "hours",
        "bank",
        "city",
    ):
        setattr(outlet, column, getattr(plan, column))
    outlet.instant_issue = plan.instant_issue
    outlet.save()
    note(about=outlet.ref, by=actor, at=at, ground="rule book 25", kind=plan.kind.value)
    return OutletReceipt(outlet.ref, outlet.name)
