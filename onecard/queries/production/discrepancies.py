"""What partners said that does not fit, until somebody has dealt with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.domain import partner
from onecard.domain.application import grouped
from onecard.domain.authority import Actor, Role
from onecard.domain.refusal import NotFound
from onecard.queries._reading import one_moment
from onecard.queries.production._seeing import MOST, sees_everything
from onecard.records.models import Application, Discrepancy, Outlet


@dataclass(frozen=True)
class DiscrepancySeen:
    """One discrepancy. `kind` and `misfits` are keys of words; `file` and `row` say where.

    `application` is a ref and `number` its receipt number, where the line speaks of one we know.
    """

    discrepancy: str
    kind: str
    about: str
    application: str
    number: str
    partner: str
    misfits: tuple[str, ...]
    file: str
    row: str
    found_at: datetime
    settled_at: datetime | None
    settlement: str


def discrepancies(*, as_seen_by: Actor, settled: bool) -> tuple[DiscrepancySeen, ...]:
    """The open ones, the oldest first; or those that were settled, the newest first."""
    if not sees_everything(as_seen_by):
        return ()
    rows = Discrepancy.objects.filter(settled_at__isnull=not settled)
    with one_moment():
        found = list(rows.order_by("-settled_at" if settled else "found_at", "ref")[:MOST])
        numbers = dict(
            Application.objects.filter(ref__in=[row.about for row in found]).values_list(
                "ref", "number"
            )
        )
        return tuple(_seen(row, numbers.get(row.about, "")) for row in found)


def of_own_bank(*, as_seen_by: Actor) -> tuple[DiscrepancySeen, ...]:
    """What does not fit between us and the clerk's bank and is still open, the oldest first.

    Raises `NotFound` for whoever sits at no bank's counter.
    """
    bank = Outlet.objects.filter(ref=as_seen_by.outlet).values_list("bank", flat=True).first()
    if as_seen_by.role is not Role.BANK_CLERK or not bank:
        raise NotFound(Discrepancy.__name__)
    rows = Discrepancy.objects.filter(partner=partner.bank(bank), settled_at=None)
    with one_moment():
        return tuple(_seen(row, "") for row in rows.order_by("found_at", "ref")[:MOST])


def _seen(row: Discrepancy, number: str) -> DiscrepancySeen:
    detail = row.detail
    return DiscrepancySeen(
        discrepancy=row.ref,
        kind=f"production.discrepancy.{row.kind}",
        about=row.about,
        application=row.about if number else "",
        number=grouped(number) if number else "",
        partner=row.partner,
        misfits=tuple(f"production.misfit.{misfit}" for misfit in detail.get("misfits", ())),
        file=str(detail.get("file") or detail.get("name", "")),
        row=str(detail.get("row") or detail.get("line", "")),
        found_at=row.found_at,
        settled_at=row.settled_at,
        settlement=row.settlement,
    )
