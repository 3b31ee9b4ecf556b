"""The relay: claims messages, sends them while no row is held, and marks what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from onecard.actions import bank_line, delivery, hr_register, notification
from onecard.actions._keeping import apart, walk
from onecard.actions._message import Message, Sender, Undeliverable
from onecard.actions.outbox.queue import (
    claim,
    claim_one,
    give_up,
    mark_sent,
    put_off,
    release,
)
from onecard.adapters.outcomes import PartnerSilent
from onecard.domain.authority import Actor
from onecard.domain.refusal import Refused
from onecard.records.models import OutboxRow
from onecard.seams.failpoint import failpoint, register

MOST_AT_ONCE = 20
MOST_ROUNDS = 50
"""Limits of one pass; whatever is left is due in the next one."""

SENDERS: Mapping[str, Sender] = {
    "bank": bank_line.send,
    "courier": delivery.send_parcel,
    "hr_database": hr_register.send,
    "sms": notification.send,
}
"""Who speaks to which kind of party: `bank` speaks to `bank:icbc` and all the others."""

register("outbox.after_send")
register("outbox.after_mark")


@dataclass(frozen=True)
class Delivered:
    """What became of the messages of one pass: counts. `silent` names who gave no answer."""

    sent: int = 0
    put_off: int = 0
    given_up: int = 0
    silent: tuple[str, ...] = ()

    def __add__(self, other: Delivered) -> Delivered:
        return Delivered(
            self.sent + other.sent,
            self.put_off + other.put_off,
            self.given_up + other.given_up,
            self.silent + other.silent,
        )


@walk("outbox.deliver_due")
def deliver_due(*, actor: Actor, at: datetime, most: int = MOST_AT_ONCE) -> Delivered:
    """Deliver what is due to every party, one after the other.

    The worker gives each party a thread of its own instead (`deliver_party`).
    """
    total = Delivered()
    for party in parties_due(at=at):
        total += deliver_party(party=party, actor=actor, at=at, most=most)
    return total


@walk("outbox.deliver_party")
def deliver_party(*, party: str, actor: Actor, at: datetime, most: int = MOST_AT_ONCE) -> Delivered:
    """Deliver what is due to one party, until nothing is left or it gives no answer."""
    total = Delivered()
    for _ in range(MOST_ROUNDS):
        messages = claim(party=party, most=most, actor=actor, at=at).messages
        done = _send_all(messages, actor, at)
        total += done
        if done.silent or not messages:
            break
    return total


@walk("outbox.deliver_message")
def deliver_message(*, message: str, actor: Actor, at: datetime) -> Delivered:
    """Deliver one message now, while somebody waits for it; if that fails the relay goes on.

    Nothing is tried with a party that is known to be silent, so that nobody waits in vain.
    """
    with apart():
        return _send_all(claim_one(message=message, actor=actor, at=at).messages, actor, at)


def parties_due(*, at: datetime) -> tuple[str, ...]:
    """The parties for whom something is due, by name."""
    due = OutboxRow.objects.filter(delivered_at=None, gave_up_at=None, due_at__lte=at)
    return tuple(due.order_by("party").values_list("party", flat=True).distinct())


def _send_all(messages: tuple[Message, ...], actor: Actor, at: datetime) -> Delivered:
    """Send in turn; when the party falls silent the rest is given back untried."""
    total = Delivered()
    for place, message in enumerate(messages):
        total += _send(message, actor, at)
        if total.silent:
            rest = tuple(other.ref for other in messages[place + 1 :])
            release(messages=rest, actor=actor, at=at)
            break
    return total


def _send(message: Message, actor: Actor, at: datetime) -> Delivered:
    """One message: sent, refused by its party, unanswered, or in trouble of its own."""
    ref = message.ref
    try:
        answer = _sender(message.party)(message)
    except PartnerSilent as silence:
        reason = f"{type(silence).__name__}: {silence.reason}"
        gone = put_off(message=ref, reason=reason, silent=True, actor=actor, at=at)
        return _put_off(gone.state, silent=(message.party,))
    except Exception as trouble:  # noqa: BLE001 - one message in trouble must not stop the others
        reason = _named(trouble)
        gone = put_off(message=ref, reason=reason, silent=False, actor=actor, at=at)
        return _put_off(gone.state)
    failpoint("outbox.after_send")
    if isinstance(answer, Undeliverable):
        give_up(message=ref, reason=answer.reason, actor=actor, at=at)
        return Delivered(given_up=1)
    mark_sent(message=ref, actor=actor, at=at)
    failpoint("outbox.after_mark")
    return Delivered(sent=1)


def _put_off(state: str, silent: tuple[str, ...] = ()) -> Delivered:
    if state == "given_up":
        return Delivered(given_up=1, silent=silent)
    return Delivered(put_off=1, silent=silent)


def _sender(party: str) -> Sender:
    """Raises `KeyError` for a party nobody speaks to: the message is shown to the operator."""
    return SENDERS[party.partition(":")[0]]


def _named(trouble: Exception) -> str:
    """What went wrong, without a value in it: texts of exceptions may carry personal data."""
    if isinstance(trouble, Refused):
        return ", ".join(refusal.code for refusal in trouble.refusals)
    return type(trouble).__name__
