"""Bringing events to an endpoint: claim, sign, push while no row is held, note what came of it."""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from onecard import policy
from onecard.actions import event
from onecard.actions._keeping import walk
from onecard.actions.webhook.claiming import Answer, Parcel, claim, note_try, waiting
from onecard.adapters.hsm import hsm
from onecard.adapters.pushing import pusher
from onecard.domain import webhook
from onecard.domain.authority import Actor
from onecard.domain.webhook import ID, SIGNATURE, TIMESTAMP, WebhookPolicy
from onecard.seams.clock import local_day
from onecard.seams.failpoint import failpoint, register
from onecard.seams.transport import Answered, NeverLeft, OutcomeUnknown
from onecard.seams.world import world

CONTENT_TYPE = "application/cloudevents+json; charset=UTF-8"
SM2_KEY = "webhook"
MOST_AT_ONCE = 20
MOST_ROUNDS = 50
_REDIRECT = range(300, 400)

register("webhook.after_push")


@dataclass(frozen=True)
class BroughtTo:
    """What became of the deliveries of one pass: counts."""

    delivered: int = 0
    put_off: int = 0
    given_up: int = 0

    def __add__(self, other: BroughtTo) -> BroughtTo:
        return BroughtTo(
            self.delivered + other.delivered,
            self.put_off + other.put_off,
            self.given_up + other.given_up,
        )


@walk("webhook.deliver_due")
def deliver_due(*, actor: Actor, at: datetime) -> BroughtTo:
    """Place what is new and bring what is due, one endpoint after the other."""
    event.place_if_new(actor=actor, at=at)
    return bring_due(actor=actor, at=at)


@walk("webhook.bring_due")
def bring_due(*, actor: Actor, at: datetime) -> BroughtTo:
    """Bring what is due to every endpoint; the worker gives each a thread of its own instead."""
    total = BroughtTo()
    for endpoint in endpoints_due(at=at):
        total += bring_to(endpoint=endpoint, actor=actor, at=at)
    return total


@walk("webhook.bring_to")
def bring_to(*, endpoint: str, actor: Actor, at: datetime) -> BroughtTo:
    """Bring what is due to one endpoint, until nothing is left or one did not get through."""
    total = BroughtTo()
    for _ in range(MOST_ROUNDS):
        parcels = claim(endpoint=endpoint, most=MOST_AT_ONCE, actor=actor, at=at).parcels
        done = sum((_bring(parcel, actor, at) for parcel in parcels), BroughtTo())
        total += done
        if not parcels or done.put_off or done.given_up:
            break
    return total


def endpoints_due(*, at: datetime) -> tuple[str, ...]:
    """The endpoints to which something is due."""
    return tuple(waiting(at).order_by("endpoint").values_list("endpoint", flat=True).distinct())


def headers_of(parcel: Parcel, *, at: datetime) -> dict[str, str]:
    """The headers of one try, signed by every scheme and every secret that counts."""
    timestamp = str(int(at.timestamp()))
    string = webhook.signed_string(message=parcel.event, timestamp=timestamp, body=parcel.body)
    return {
        "Content-Type": CONTENT_TYPE,
        ID: parcel.event,
        TIMESTAMP: timestamp,
        SIGNATURE: " ".join(_signatures(parcel, string)),
    }


def _signatures(parcel: Parcel, string: bytes) -> list[str]:
    made = []
    if "v1" in parcel.schemes:
        made += [webhook.v1(string, key=base64.b64decode(key)) for key in parcel.secrets]
    if "v1a" in parcel.schemes:
        private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(parcel.ed25519))
        made.append("v1a," + base64.b64encode(private.sign(string)).decode())
    if "sm2" in parcel.schemes:
        made.append("sm2," + base64.b64encode(hsm().sign(SM2_KEY, string)).decode())
    return made


def _bring(parcel: Parcel, actor: Actor, at: datetime) -> BroughtTo:
    figures = policy.in_force("webhook", WebhookPolicy, on=local_day(at))
    began = time.monotonic()
    outcome = pusher().push(
        url=parcel.url,
        headers=headers_of(parcel, at=world().wire_now()),
        body=parcel.body,
        timeout_seconds=figures.timeout_seconds,
    )
    failpoint("webhook.after_push")
    answer = _answer(outcome, int((time.monotonic() - began) * 1000))
    state = note_try(delivery=parcel.delivery, answer=answer, actor=actor, at=at).state
    return BroughtTo(
        delivered=int(state == "delivered"),
        put_off=int(state == "waiting"),
        given_up=int(state == "given_up"),
    )


def _answer(outcome: Answered | NeverLeft | OutcomeUnknown, milliseconds: int) -> Answer:
    if not isinstance(outcome, Answered):
        return Answer(None, outcome.reason, milliseconds)
    said = "redirect, not followed" if outcome.status in _REDIRECT else "answered"
    pause = webhook.asked_to_wait(outcome.headers)
    return Answer(outcome.status, said, milliseconds, pause)
