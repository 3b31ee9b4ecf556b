"""保存期限: what is no longer needed is forgotten, in small bites (guarantees 11.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.sessions.models import Session

from onecard import policy
from onecard.actions import hold
from onecard.actions._keeping import act, note
from onecard.domain.authority import Actor
from onecard.domain.retention import RetentionPolicy
from onecard.records.models import BenefitPayment, Draft, RequestResult
from onecard.seams.clock import local_day

AT_ONCE = 500


@dataclass(frozen=True)
class Forgotten:
    """How many rows were forgotten."""

    rows: int


@act("retention.forget_requests")
def forget_requests(*, actor: Actor, at: datetime) -> Forgotten:
    """Stored answers to repeated requests are kept for their days and no longer."""
    figures = policy.in_force("retention", RetentionPolicy, on=local_day(at))
    over = at - timedelta(days=figures.idempotency_days)
    rows = hold.next_of(RequestResult.objects.filter(at__lte=over).order_by("pk"), most=AT_ONCE)
    RequestResult.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return _forgotten(len(rows), "request_result", actor, at)


@act("retention.forget_drafts")
def forget_drafts(*, actor: Actor, at: datetime) -> Forgotten:
    """Answers that nobody came back to, and those that became an application long ago."""
    figures = policy.in_force("retention", RetentionPolicy, on=local_day(at))
    over = at - timedelta(days=figures.draft_days)
    rows = hold.next_of(Draft.objects.filter(saved_at__lte=over).order_by("pk"), most=AT_ONCE)
    Draft.objects.filter(pk__in=hold.refs(rows)).delete()
    return _forgotten(len(rows), "draft", actor, at)


@act("retention.forget_payments")
def forget_payments(*, actor: Actor, at: datetime) -> Forgotten:
    """What the province paid to whom is nobody's business once the day is past."""
    figures = policy.in_force("retention", RetentionPolicy, on=local_day(at))
    over = local_day(at) - timedelta(days=figures.benefit_payment_days)
    past = BenefitPayment.objects.filter(pays_on__lte=over).order_by("pk")
    rows = hold.next_of(past, most=AT_ONCE)
    BenefitPayment.objects.filter(pk__in=hold.refs(rows)).delete()
    return _forgotten(len(rows), "benefit_payment", actor, at)


@act("retention.forget_sessions")
def forget_sessions(*, actor: Actor, at: datetime) -> Forgotten:
    """Sign-ins that are over: nothing of them is kept but what the audit says."""
    over = Session.objects.filter(expire_date__lte=at).order_by("expire_date")
    keys = list(over.values_list("pk", flat=True)[:AT_ONCE])
    Session.objects.filter(pk__in=keys, expire_date__lte=at).delete()
    return _forgotten(len(keys), "session", actor, at)


def _forgotten(rows: int, table: str, actor: Actor, at: datetime) -> Forgotten:
    if rows:
        note(about=table, by=actor, at=at, ground="guarantees 11.4", rows=rows)
    return Forgotten(rows)
