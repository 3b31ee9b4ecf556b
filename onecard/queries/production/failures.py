"""Failures: who failed at which link, why, and which repair leads on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from onecard.domain.application import MakingMode, grouped
from onecard.domain.authority import Actor
from onecard.domain.masking import mask_name
from onecard.domain.production import ProductionState, held_back_refusal
from onecard.domain.refusal import Refusal
from onecard.queries._reading import one_moment
from onecard.queries.production._seeing import MOST, applications
from onecard.records.models import Application, AuditRow


@dataclass(frozen=True)
class FailureSeen:
    """One application that cannot go on by itself.

    `link` and `repair` are keys of words; `reason` is the partner's own text or `@key`. `refusal`
    tells a person held back the whole story: which partner, which entry, how much too long.
    """

    application: str
    person: str
    number: str
    name: str
    bank: str
    state: str
    link: str
    reason: str
    repair: str
    refusal: Refusal | None
    holder: str
    since: datetime
    promised_on: date | None


_HELD_BACK = Q(state=ProductionState.ACCEPTED) & ~Q(failure="")
_FAILED = Q(state__in=(ProductionState.BANK_FAILED, ProductionState.MAKING_FAILED))


_LINKS = {
    ProductionState.ACCEPTED: "before",
    ProductionState.BANK_FAILED: "bank",
    ProductionState.MAKING_FAILED: "making",
}


def failures(*, as_seen_by: Actor) -> tuple[FailureSeen, ...]:
    """Everything that waits for a repair, the oldest first."""
    with one_moment():
        rows = applications(as_seen_by).filter(_FAILED | _HELD_BACK)
        return tuple(_seen(row) for row in rows.order_by("state_since", "ref")[:MOST])


def _seen(row: Application) -> FailureSeen:
    return FailureSeen(
        application=row.ref,
        person=row.person_id,
        number=grouped(row.number),
        name=mask_name(row.person.name),
        bank=row.bank,
        state=f"production.state.{row.state.value}",
        link=f"production.link.{_LINKS[row.state]}",
        reason=row.failure,
        repair=f"production.repair.{_repair(row)}",
        refusal=_why_held_back(row),
        holder=f"production.holder.{row.holder_of_the_moment.partition(':')[0]}",
        since=row.state_since,
        promised_on=row.promised_on,
    )


def _repair(row: Application) -> str:
    if row.state is not ProductionState.MAKING_FAILED:
        return "correct"
    return "remake_instant" if row.making_mode is MakingMode.INSTANT else "remake"


def _why_held_back(row: Application) -> Refusal | None:
    if row.state is not ProductionState.ACCEPTED:
        return None
    lines = AuditRow.objects.filter(act="production.make_batch", about=row.ref, result="done")
    line = lines.order_by("-id").first()
    if line is None or "held_back" not in line.facts:
        return None
    return held_back_refusal(line.facts, application=grouped(row.number))
