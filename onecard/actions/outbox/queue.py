"""The queue of one party: claim, mark, put off, give up, try again (guarantees R4).

A claim takes the party's place first and reads in a second statement, so that two relays never
choose from a stale picture. A claimed message is due again when its lease ends: whoever died while
sending it has lost nothing but time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, QuerySet

from onecard.actions import hold
from onecard.actions._keeping import act, note
from onecard.actions._message import Message
from onecard.domain import outbox
from onecard.domain.authority import Actor
from onecard.domain.outbox import Patience
from onecard.domain.refusal import require
from onecard.records.models import OutboxRow, PartyQueue
from onecard.seams.world import world

LEASE = timedelta(minutes=2)
WITH_SILENCE = Patience(timedelta(seconds=1), timedelta(seconds=30), 24, timedelta(days=1))
WITH_URGENCY = Patience(timedelta(seconds=0.5), timedelta(seconds=1), 24, timedelta(days=30))
WITH_TROUBLE = Patience(timedelta(seconds=5), timedelta(hours=1), 10, timedelta(0))
"""Silence is the party's: it is asked again within half a minute, for a day. Whoever must know of
a loss is asked again within a second or so, for a month (guarantees 6.2). Trouble is the message's
own: it is shown to a person within hours."""

MOST_JITTER_PERCENT = 30
URGENT = frozenset({"bank", "hr_database"})
STANDS_ALONE = frozenset({"sms", "bank"})
"""Parties for whom a message that was given up does not hold back the ones after it. Banks judge
by version, so that an older one never undoes a newer one; and a new loss must reach them whatever
became of what was said before."""


@dataclass(frozen=True)
class Claimed:
    """Messages that are ours to send until the lease ends."""

    messages: tuple[Message, ...]


@dataclass(frozen=True)
class MessageReceipt:
    """Where a message stands: `sent`, `waiting` or `given_up`."""

    message: str
    party: str
    state: str


@act("outbox.claim")
def claim(*, party: str, most: int, actor: Actor, at: datetime) -> Claimed:  # noqa: ARG001
    """Claim the next messages for a party, at most one for each subject, the oldest of each.

    A silent party is given one message to prove itself with; none before its time.
    """
    queue = _held_queue(party)
    if queue.next_try_at and queue.next_try_at > at:
        return Claimed(())
    rows = list(_heads(party, at)[: 1 if queue.failures else most])
    return _leased(queue, rows, at)


@act("outbox.claim_one")
def claim_one(*, message: str, actor: Actor, at: datetime) -> Claimed:  # noqa: ARG001
    """Claim one message at once, if it is the next of its subject and its party is not silent."""
    party = _party_of(message)
    queue = _held_queue(party)
    if queue.next_try_at and queue.next_try_at > at:
        return Claimed(())
    return _leased(queue, list(_heads(party, at).filter(ref=message)), at)


@act("outbox.mark_sent")
def mark_sent(*, message: str, actor: Actor, at: datetime) -> MessageReceipt:  # noqa: ARG001
    """The party has it; if it had been silent, its queue flows again."""
    queue, row = _held(message)
    row.delivered_at = row.delivered_at or at
    row.gave_up_at, row.last_error = None, ""
    row.save(update_fields=["delivered_at", "gave_up_at", "last_error"])
    queue.failures, queue.silent_since, queue.next_try_at = 0, None, None
    queue.answered_at, queue.last_error = at, ""
    queue.save()
    return _receipt(row)


@act("outbox.put_off")
def put_off(
    *, message: str, reason: str, silent: bool, actor: Actor, at: datetime
) -> MessageReceipt:
    """It did not get through: wait, longer each time; after enough of it, give up and show it."""
    queue, row = _held(message)
    patience = _with_silence(row.party) if silent else WITH_TROUBLE
    if silent:
        queue.failures += 1
        queue.silent_since = queue.silent_since or at
        queue.next_try_at = at + _wait(patience, queue.failures)
        queue.last_error = reason[:200]
        queue.save()
    if patience.is_over(attempts=row.attempts, age=at - row.created_at):
        return _give_up(row, reason, actor=actor, at=at)
    row.due_at = at + _wait(patience, row.attempts)
    row.last_error = reason[:200]
    row.save(update_fields=["due_at", "last_error"])
    return _receipt(row)


@act("outbox.give_up")
def give_up(*, message: str, reason: str, actor: Actor, at: datetime) -> MessageReceipt:
    """The party's own no: trying again would not help, so a person must look."""
    _, row = _held(message)
    return _give_up(row, reason, actor=actor, at=at)


@act("outbox.release")
def release(*, messages: tuple[str, ...], actor: Actor, at: datetime) -> Claimed:  # noqa: ARG001
    """Give back what was claimed and not tried."""
    rows = hold.many(OutboxRow.objects.filter(ref__in=messages, delivered_at=None))
    OutboxRow.objects.filter(pk__in=hold.refs(rows)).update(attempts=F("attempts") - 1, due_at=at)
    return Claimed(())


@act("outbox.retry")
def retry(*, message: str, actor: Actor, at: datetime) -> MessageReceipt:
    """Send a message that was given up once more. Raises `Refused("outbox.not_given_up")`."""
    queue, row = _held(message)
    delivered = row.delivered_at is not None
    require(outbox.may_retry(gave_up=row.gave_up_at is not None, delivered=delivered))
    _start_anew(queue, OutboxRow.objects.filter(ref=row.ref), at)
    note(about=row.ref, by=actor, at=at, ground="guarantees I2", party=row.party)
    row.refresh_from_db()
    return _receipt(row)


@act("outbox.retry_party")
def retry_party(*, party: str, actor: Actor, at: datetime) -> MessageReceipt:
    """Send everything once more that was given up for a party: after it has come back."""
    queue = _held_queue(party)
    given_up = OutboxRow.objects.filter(party=party, delivered_at=None, gave_up_at__isnull=False)
    count = given_up.count()
    _start_anew(queue, given_up, at)
    note(about=party, by=actor, at=at, ground="guarantees I2", messages=count)
    return MessageReceipt("", party, "waiting")


def _held_queue(party: str) -> PartyQueue:
    """The party's place, taken before anything is read."""
    hold.name(f"outbox.{party}")
    PartyQueue.objects.get_or_create(party=party)
    return hold.one(PartyQueue, party=party)


def _held(message: str) -> tuple[PartyQueue, OutboxRow]:
    queue = _held_queue(_party_of(message))
    return queue, hold.one(OutboxRow, ref=message)


def _party_of(message: str) -> str:
    return OutboxRow.objects.filter(ref=message).values_list("party", flat=True).first() or ""


def _leased(queue: PartyQueue, rows: list[OutboxRow], at: datetime) -> Claimed:
    """The rows are ours for a while; a silent party is not tried again before its time."""
    if queue.failures and rows:
        queue.next_try_at = at + _wait(_with_silence(queue.party), queue.failures)
        queue.save(update_fields=["next_try_at"])
    OutboxRow.objects.filter(pk__in=hold.refs(rows)).update(
        attempts=F("attempts") + 1, due_at=at + LEASE
    )
    return Claimed(tuple(_message(row, at) for row in rows))


def _with_silence(party: str) -> Patience:
    return WITH_URGENCY if party.partition(":")[0] in URGENT else WITH_SILENCE


def _waiting(party: str) -> QuerySet[OutboxRow]:
    return OutboxRow.objects.filter(party=party, delivered_at=None, gave_up_at=None)


def _heads(party: str, at: datetime) -> QuerySet[OutboxRow]:
    """The due messages before which nothing of their subject is still to be told.

    Those tried least come first: a message that never gets through delays no other.
    """
    before = OutboxRow.objects.filter(
        party=party,
        subject=OuterRef("subject"),
        sequence__lt=OuterRef("sequence"),
        delivered_at=None,
    )
    if party.partition(":")[0] in STANDS_ALONE:
        before = before.filter(gave_up_at=None)
    due = _waiting(party).filter(due_at__lte=at)
    return due.exclude(Exists(before)).order_by("attempts", "due_at", "ref")


def _message(row: OutboxRow, at: datetime) -> Message:
    return Message(
        ref=row.ref,
        event=row.event,
        party=row.party,
        subject=row.subject,
        payload=row.payload,
        attempts=row.attempts + 1,
        at=at,
    )


def _wait(patience: Patience, failures: int) -> timedelta:
    return patience.wait_after(failures, jitter_percent=world().rng.below(MOST_JITTER_PERCENT))


def _give_up(row: OutboxRow, reason: str, *, actor: Actor, at: datetime) -> MessageReceipt:
    row.gave_up_at, row.last_error = at, reason[:200]
    row.save(update_fields=["gave_up_at", "last_error"])
    note(about=row.ref, by=actor, at=at, ground="guarantees I2", party=row.party, event=row.event)
    return _receipt(row)


def _start_anew(queue: PartyQueue, rows: QuerySet[OutboxRow], at: datetime) -> None:
    rows.update(gave_up_at=None, attempts=0, due_at=at)
    queue.next_try_at = None
    queue.save(update_fields=["next_try_at"])


def _receipt(row: OutboxRow) -> MessageReceipt:
    state = "sent" if row.delivered_at else "given_up" if row.gave_up_at else "waiting"
    return MessageReceipt(row.ref, row.party, state)
