"""Letting a proven request in: its nonce counts once, and its purpose has a token left.

Bookkeeping of every request, so it has no audit rows and waits for no disk; what is refused for its
number is told as a value, a nonce that was used before is a refusal and stands in the audit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError

from onecard import policy
from onecard.actions import hold
from onecard.actions._keeping import act
from onecard.domain import request_rate
from onecard.domain.authority import Actor
from onecard.domain.refusal import Refusal, Refused
from onecard.domain.request_rate import Bucket, PartnerPolicy, Purpose
from onecard.domain.signature import HEADERS
from onecard.records.models import PartnerBucket, PartnerNonce
from onecard.seams.clock import local_day

USED = Refusal("signature.nonce", field=HEADERS["nonce"])


@dataclass(frozen=True)
class Admitted:
    """Whether the request may go on, and what is left."""

    drawn: bool
    purpose: str
    per_minute: int
    left: int
    full_in_seconds: int
    wait_seconds: int


@dataclass(frozen=True)
class Forgotten:
    """How many nonces were let go."""

    nonces: int


@act("partner.admit", hurried=False)
def admit(*, client: str, nonce: str, purpose: Purpose, actor: Actor, at: datetime) -> Admitted:  # noqa: ARG001
    """Use up the nonce (empty for requests without signature) and draw a token.

    Raises `Refused("signature.nonce")` for one that was used before: nothing is drawn then.
    """
    figures = policy.in_force("partner", PartnerPolicy, on=local_day(at))
    per_minute = figures.requests_per_minute[purpose.value]
    if nonce:
        _use(client, nonce, at)
    drawn = _draw(client, purpose, per_minute, at)
    return Admitted(
        drawn=drawn.drawn,
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


def _use(client: str, nonce: str, at: datetime) -> None:
    """One insertion decides, however many come at once: the table holds each nonce once."""
    try:
        PartnerNonce.objects.create(client=client, nonce=nonce, at=at)
    except IntegrityError:
        raise Refused(USED) from None


def _draw(client: str, purpose: Purpose, per_minute: int, at: datetime) -> request_rate.Drawn:
    row = _bucket(client, purpose, per_minute, at)
    drawn = request_rate.draw(Bucket(row.tokens, row.at), per_minute=per_minute, at=at)
    row.tokens, row.at = drawn.bucket.tokens, at
    row.save(update_fields=["tokens", "at"])
    return drawn


def _bucket(client: str, purpose: Purpose, per_minute: int, at: datetime) -> PartnerBucket:
    """The bucket, held; a full one where there is none yet."""
    facts = {"client": client, "purpose": purpose.value}
    held = hold.maybe(PartnerBucket, **facts)
    if held is not None:
        return held
    hold.name(f"bucket:{client}:{purpose.value}")
    full = {"tokens": float(per_minute), "at": at}
    PartnerBucket.objects.get_or_create(**facts, defaults=full)
    return hold.one(PartnerBucket, **facts)
