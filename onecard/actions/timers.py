"""定时: everything that time alone causes, each job on its own, none able to stop another.

A job is taken by moving its due time on, so that two workers share the work; one that fails is
tried again, later each time. A late worker changes no answer: what depends on time is computed
when it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, is_dataclass
from datetime import datetime, timedelta
from typing import Any

from onecard.actions import (
    application,
    benefit,
    collection,
    delivery,
    hold,
    loss,
    outbox,
    partner,
    payment,
    photo,
    production,
    reconciliation,
    retention,
    topup,
    webhook,
)
from onecard.actions._keeping import act, walk
from onecard.adapters.outcomes import PartnerSilent
from onecard.domain.authority import THE_CLOCK, Actor
from onecard.domain.refusal import Refused
from onecard.records.models import TimedJob

LONGEST_PAUSE = timedelta(minutes=5)
MOST_DOUBLINGS = 8


@dataclass(frozen=True)
class Job:
    """One timed job: its name, how often it is due, and what it does."""

    name: str
    every: timedelta
    run: Callable[..., Any]


@dataclass(frozen=True)
class JobDone:
    """What a job did this time: counts in words, or the kind of trouble it ran into."""

    name: str
    did: str
    error: str


@dataclass(frozen=True)
class JobReceipt:
    """Whether the job is ours to run now."""

    job: str
    mine: bool


JOBS = (
    Job("outbox", timedelta(seconds=1), outbox.deliver_due),
    Job("webhook", timedelta(seconds=1), webhook.deliver_due),
    Job("application.accept_waiting", timedelta(seconds=10), application.accept_waiting),
    Job("production.run_factory", timedelta(seconds=5), production.run_factory),
    Job("production.resume_instant", timedelta(seconds=30), production.resume_instant),
    Job("production.warn_due", timedelta(minutes=10), production.warn_due),
    Job("delivery.pack_due", timedelta(seconds=5), delivery.pack_due),
    Job("delivery.read_scans", timedelta(seconds=5), delivery.read_scans),
    Job("collection.remind_due", timedelta(minutes=10), collection.remind_due),
    Job("loss.lapse_due", timedelta(seconds=1), loss.lapse_due),
    Job("loss.remind_lapsing", timedelta(minutes=1), loss.remind_due),
    Job("benefit.refresh_due", timedelta(hours=6), benefit.refresh_due),
    Job("benefit.warn_holders", timedelta(hours=1), benefit.warn_holders),
    Job("partner.forget_nonces", timedelta(minutes=10), partner.forget_nonces),
    Job("photo.forget_originals", timedelta(hours=1), photo.forget_originals),
    Job("photo.forget_unclaimed", timedelta(hours=1), photo.forget_unclaimed),
    Job("photo.sweep_orphans", timedelta(hours=1), photo.sweep_orphans),
    Job("reconciliation.compare_due", timedelta(minutes=10), reconciliation.run_due),
    Job("topup.silence_due", timedelta(seconds=5), topup.silence_due),
    Job("topup.void_due", timedelta(seconds=10), topup.void_due),
    Job("topup.refund_late", timedelta(minutes=10), topup.refund_due),
    Job("payment.apply_payments", timedelta(seconds=5), payment.apply_due),
    Job("payment.ask_payments", timedelta(seconds=10), payment.ask_due),
    Job("payment.send_refunds", timedelta(seconds=10), payment.refund_due),
    Job("retention.forget_requests", timedelta(hours=1), retention.forget_requests),
    Job("retention.forget_drafts", timedelta(hours=1), retention.forget_drafts),
    Job("retention.forget_payments", timedelta(hours=1), retention.forget_payments),
    Job("retention.forget_sessions", timedelta(minutes=10), retention.forget_sessions),
)


@walk("timers.run_due")
def run_due(
    at: datetime, *, leave_out: Iterable[str] = (), jobs: Iterable[Job] = JOBS
) -> tuple[JobDone, ...]:
    """Run every job that is due, one after the other; what one suffers no other feels."""
    left_out, due_at = frozenset(leave_out), _due_times()
    due = [job for job in jobs if job.name not in left_out and due_at.get(job.name, at) <= at]
    done = (_run(job, at) for job in due)
    return tuple(result for result in done if result is not None)


@act("timers.begin")
def begin(*, job: str, every_seconds: float, actor: Actor, at: datetime) -> JobReceipt:  # noqa: ARG001
    """Take a job that is due; nobody else takes it before it is due again."""
    hold.name(f"timers.{job}")
    row = hold.maybe(TimedJob, name=job) or TimedJob(name=job, due_at=at)
    if row.due_at > at:
        return JobReceipt(job, mine=False)
    row.due_at, row.started_at = at + timedelta(seconds=every_seconds), at
    row.save()
    return JobReceipt(job, mine=True)


@act("timers.end")
def end(*, job: str, error: str, actor: Actor, at: datetime) -> JobReceipt:  # noqa: ARG001
    """Write down how a job went; after a failure it is due later, each time a little more."""
    row = hold.one(TimedJob, name=job)
    row.ended_at, row.last_error = at, error[:200]
    row.failures = row.failures + 1 if error else 0
    if error:
        pause = timedelta(seconds=1 << min(row.failures, MOST_DOUBLINGS))
        row.due_at = max(row.due_at, at + min(pause, LONGEST_PAUSE))
    row.save()
    return JobReceipt(job, mine=True)


def _due_times() -> dict[str, datetime]:
    """When each known job is due; a look that takes nobody's place."""
    return dict(TimedJob.objects.values_list("name", "due_at"))


def _run(job: Job, at: datetime) -> JobDone | None:
    seconds = job.every.total_seconds()
    if not begin(job=job.name, every_seconds=seconds, actor=THE_CLOCK, at=at).mine:
        return None
    did, error = "", ""
    try:
        did = _in_words(job.run(actor=THE_CLOCK, at=at))
    except Exception as trouble:  # noqa: BLE001 - the other jobs go on
        error = _named(trouble)
    end(job=job.name, error=error, actor=THE_CLOCK, at=at)
    return JobDone(job.name, did, error)


def _in_words(result: Any) -> str:
    """What was done, as `sent=3 put_off=1`; empty where there was nothing to do."""
    if is_dataclass(result) and not isinstance(result, type):
        facts = asdict(result)
        told = {
            name: len(fact) if isinstance(fact, tuple) else fact for name, fact in facts.items()
        }
        return " ".join(f"{name}={fact}" for name, fact in told.items() if fact)
    count = len(result) if isinstance(result, tuple) else result
    return f"done={count}" if count else ""


def _named(trouble: Exception) -> str:
    """What went wrong, without a value in it: texts of exceptions may carry personal data."""
    if isinstance(trouble, PartnerSilent):
        return f"{type(trouble).__name__}: {trouble.partner}"
    if isinstance(trouble, Refused):
        return trouble.refusal.code
    return type(trouble).__name__
