"""审计查询: the record of acts, done and refused, for auditors only; newest first, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from onecard.domain import identity
from onecard.domain.application import is_receipt_number, plain
from onecard.domain.authority import Actor, Role
from onecard.domain.refusal import NotFound
from onecard.queries._reading import one_moment
from onecard.records.models import Application, AuditRow, Person, Staff
from onecard.seams.clock import LOCAL
from onecard.seams.world import world

PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """What an auditor looks for. Days are local and included; `before` is where a page ended.

    `whom` is a receipt number, an identity number, a sign-in name or an opaque ref.
    """

    whom: str = ""
    act: str = ""
    result: str = ""
    first_day: date | None = None
    last_day: date | None = None
    before: int = 0


@dataclass(frozen=True)
class AuditLine:
    """One line of the record. It holds no personal value."""

    line: int
    at: datetime
    act: str
    result: str
    code: str
    about: str
    concerning: str
    actor: str
    role: str
    channel: str
    outlet: str
    ground: str
    facts: dict[str, Any]
    policy_version: str


@dataclass(frozen=True)
class AuditPage:
    """A page of lines, what was found for `whom`, and where the next page begins (0 = the end)."""

    lines: tuple[AuditLine, ...]
    about: str
    person: str
    next_before: int


def search(*, wanted: Wanted, as_seen_by: Actor) -> AuditPage:
    """One page of the record. Raises `NotFound` for whoever is no auditor."""
    if as_seen_by.role is not Role.AUDITOR:
        raise NotFound(AuditRow.__name__)
    with one_moment():
        about, person = _meant(wanted.whom)
        rows = _rows(wanted, about, person).order_by("-id")
        found = list(rows[: PAGE + 1])
    lines = tuple(_line(row) for row in found[:PAGE])
    more = len(found) > PAGE
    return AuditPage(lines, about, person, lines[-1].line if more else 0)


def acts() -> tuple[str, ...]:
    """The names of the acts that were ever recorded."""
    return tuple(AuditRow.objects.order_by("act").values_list("act", flat=True).distinct())


def _rows(wanted: Wanted, about: str, person: str) -> QuerySet[AuditRow]:
    rows = AuditRow.objects.all()
    if wanted.whom:
        rows = rows.filter(_of(about, person))
    if wanted.act:
        rows = rows.filter(act=wanted.act)
    if wanted.result:
        rows = rows.filter(result=wanted.result)
    if wanted.first_day:
        rows = rows.filter(at__gte=_midnight(wanted.first_day))
    if wanted.last_day:
        rows = rows.filter(at__lt=_midnight(wanted.last_day + timedelta(days=1)))
    return rows.filter(id__lt=wanted.before) if wanted.before else rows


def _of(about: str, person: str) -> Q:
    """Everything about the thing, by it, or concerning the person; nothing for an unknown one."""
    if person:
        return Q(concerning=person) | Q(about=person) | Q(actor_ref=person)
    return (Q(about=about) | Q(actor_ref=about)) if about else Q(pk__in=())


def _meant(whom: str) -> tuple[str, str]:
    """The ref that is meant, and the person's ref where a person is meant."""
    if not whom:
        return "", ""
    if is_receipt_number(whom):
        row = Application.objects.filter(number=plain(whom)).first()
        return (row.ref, "") if row else ("", "")
    index = world().custody.blind_index("identity", identity.canonical(whom))
    person = Person.objects.filter(Q(identity_index=index) | Q(ref=whom)).first()
    if person is not None:
        return person.ref, person.ref
    staff = Staff.objects.filter(username=whom).first()
    return (staff.ref if staff else whom), ""


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, LOCAL)


def _line(row: AuditRow) -> AuditLine:
    return AuditLine(
        line=row.pk,
        at=row.at,
        act=row.act,
        result=row.result,
        code=row.code,
        about=row.about,
        concerning=row.concerning,
        actor=row.actor_ref,
        role=f"authority.role.{row.actor_role}",
        channel=f"channels.channel.{row.channel}",
        outlet=row.outlet,
        ground=row.ground,
        facts=dict(row.facts),
        policy_version=row.policy_version,
    )
