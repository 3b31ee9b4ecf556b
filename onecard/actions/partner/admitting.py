"""Letting a proven request in: its nonce counts once, and its purpose has a token left.

Bookkeeping of every request, so it has no audit rows; what is refused is told as a value.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from onecard import policy
from onecard.actions import hold
from onecard.actions._keeping import act, note
from onecard.domain import request_rate
from onecard.domain.authority import Actor
from onecard.domain.request_rate import Bucket, PartnerPolicy, Purpose
from onecard.records.models import PartnerBucket, PartnerNonce
from onecard.seams.clock import local_day


@dataclass(frozen=True)
class Admitted:
    """Whether the request may go on, and what is left. `replayed`: the nonce was used before."""

    drawn: bool
    replayed: bool
    purpose: str
    per_minute: int
    left: int
    full_in_seconds: int
    wait_seconds: int


@dataclass(frozen=True)
class Forgotten:
    """How many nonces were let go."""

    nonces: int


@act("partner.admit")
def admit(*, client: str, nonce: str, purpose: Purpose, actor: Actor, at: datetime) -> Admitted:
    """Draw a token and use up the nonce (empty for requests without signature)."""
    figures = policy.in_force("partner", PartnerPolicy, on=local_day(at))
    per_minute = figures.requests_per_minute[purpose.value]
    fresh = not nonce or _use(client, nonce, at)
    drawn = _draw(client, purpose, per_minute, at)
    if not fresh:
        note(about=client, by=actor, at=at, ground="platform D5", alarm="nonce used before")
    return Admitted(
        drawn=drawn.drawn,
        replayed=not fresh,
        purpose=purpose.value,
        per_minute=per_minute,
        left=drawn.left,
        full_in_seconds=drawn.full_in_seconds,
        wait_seconds=drawn.wait_seconds,
    )


@act("partner.forget_nonces")
def forget_nonces(*, actor: Actor, at: datetime) -> Forgotten:  # noqa: ARG001
    """Let go of nonces that no signature in the window can use again."""
    figures = policy.in_force("partner", PartnerPolicy, on=local_day(at))
    old = PartnerNonce.objects.filter(at__lt=at - timedelta(seconds=figures.nonce_kept_seconds))
    return Forgotten(old.delete()[0])


def _use(client: str, nonce: str, at: datetime) -> bool:
    _, fresh = PartnerNonce.objects.get_or_create(client=client, nonce=nonce, defaults={"at": at})
    return fresh


def _draw(client: str, purpose: Purpose, per_minute: int, at: datetime) -> request_rate.Drawn:
    hold.name(f"bucket:{client}:{purpose.value}")
    row = hold.maybe(PartnerBucket, client=client, purpose=purpose.value)
    bucket = Bucket(row.tokens, row.at) if row else Bucket(float(per_minute))
    drawn = request_rate.draw(bucket, per_minute=per_minute, at=at)
    PartnerBucket.objects.update_or_create(
        client=client,
        purpose=purpose.value,
        defaults={"tokens": drawn.bucket.tokens, "at": at},
    )
    return drawn
