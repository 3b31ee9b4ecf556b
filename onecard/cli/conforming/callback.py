"""A bank's own address for our webhooks, checked from our side: we push to it as the platform does.

What it does with a state cannot be seen from outside; what it takes and what it refuses can.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import httpx

from onecard.cli.conforming.verdicts import Verdict
from onecard.domain import event, webhook
from onecard.domain.webhook import ID, SIGNATURE, TIMESTAMP
from onecard.seams.clock import SystemClock
from onecard.seams.ids import UlidIds
from onecard.seams.rng import SystemRng

WINDOW, PATIENCE_SECONDS, SECRET_BYTES = 300, 15.0, 32
KIND = "application/cloudevents+json; charset=UTF-8"
CITY = "conformance"


@dataclass(frozen=True)
class Push:
    """One message as it goes out: the event, and by what and when it is signed."""

    event: dict[str, Any]
    secrets: tuple[bytes, ...]
    skew: int = 0
    sent_as: bytes = b""
    """Other bytes than those that were signed; empty where they are the same."""


@dataclass(frozen=True)
class Callback:
    """A bank's address and the secret it was given for it."""

    url: str
    secret: bytes
    http: httpx.Client = field(
        default_factory=lambda: httpx.Client(timeout=PATIENCE_SECONDS, follow_redirects=False)
    )

    def loss(self, *, sequence: int = 1, state: str = "formal_loss") -> Push:
        """News of a card that does not exist, as they would come, rightly signed."""
        now, ids = SystemClock().now(), UlidIds(SystemClock(), SystemRng())
        card, report = ids.new("crd"), ids.new("los")
        functions = [
            {"function": name, "state": state, "state_version": sequence} for name in ("hr", "fin")
        ]
        facts = {"card_id": card, "loss_id": report, "effective_at": now.isoformat()}
        told = event.cloud_event(
            event=ids.new("evt"),
            type_="loss.formal.created",
            about=card,
            subject=report,
            sequence=sequence,
            at=now,
            data=facts | {"functions": functions},
            city=CITY,
        )
        return Push(told, (self.secret,))

    def send(self, push: Push) -> int:
        """The status it is answered with."""
        body = json.dumps(push.event, ensure_ascii=False, separators=(",", ":")).encode()
        at = str(int(SystemClock().now().timestamp()) + push.skew)
        ref = push.event["id"]
        string = webhook.signed_string(message=ref, timestamp=at, body=body)
        signatures = " ".join(webhook.v1(string, key=key) for key in push.secrets)
        headers = {ID: ref, TIMESTAMP: at, SIGNATURE: signatures, "Content-Type": KIND}
        answer = self.http.post(self.url, content=push.sent_as or body, headers=headers)
        return answer.status_code


def takes_what_is_ours(call: Callback) -> Verdict:
    """A rightly signed event is taken, with 2xx, before our patience ends."""
    return _all_taken(first=call.send(call.loss()))


def takes_repeats(call: Callback) -> Verdict:
    """The same event once more (we say things at least once) is taken too."""
    push = call.loss()
    return _all_taken(first=call.send(push), again=call.send(push), once_more=call.send(push))


def takes_any_order(call: Callback) -> Verdict:
    """Late news are taken: which state holds is told by `state_version`, not by the order."""
    newer = call.loss(sequence=2)
    older = replace(
        newer, event=newer.event | {"id": call.loss().event["id"], "sequence": "0" * 20}
    )
    return _all_taken(newer=call.send(newer), older=call.send(older))


def takes_the_unknown(call: Callback) -> Verdict:
    """Types and members that are new are ignored, never refused."""
    push = call.loss()
    odd_type = push.event | {"type": "something.new"}
    member = call.loss().event | {"newmember": "x"}
    return _all_taken(
        type=call.send(replace(push, event=odd_type)),
        member=call.send(replace(push, event=member)),
    )


def takes_two_signatures(call: Callback) -> Verdict:
    """While a secret is replaced two signatures come; one that is right is enough."""
    push = call.loss()
    other = SystemRng().bytes(SECRET_BYTES)
    return _all_taken(
        right_first=call.send(replace(push, secrets=(call.secret, other))),
        right_last=call.send(replace(call.loss(), secrets=(other, call.secret))),
    )


def refuses_strangers(call: Callback) -> Verdict:
    """Another secret, no signature, other bytes than were signed: refused."""
    push = call.loss()
    changed = json.dumps(push.event).encode()
    return _all_refused(
        other_secret=call.send(replace(push, secrets=(SystemRng().bytes(SECRET_BYTES),))),
        no_signature=call.send(replace(push, secrets=())),
        other_bytes=call.send(replace(push, sent_as=changed)),
    )


def refuses_other_times(call: Callback) -> Verdict:
    """What was signed more than five minutes ago, or will be, is a replay or a wrong clock."""
    return _all_refused(
        old=call.send(replace(call.loss(), skew=-WINDOW - 5)),
        early=call.send(replace(call.loss(), skew=WINDOW + 5)),
    )


@dataclass(frozen=True)
class CallbackCheck:
    """One thing that must hold at a bank's own address."""

    name: str
    run: Callable[[Callback], Verdict]


ALL = (
    CallbackCheck("callback: takes what is ours", takes_what_is_ours),
    CallbackCheck("callback: takes repeats", takes_repeats),
    CallbackCheck("callback: takes any order", takes_any_order),
    CallbackCheck("callback: ignores what it does not know", takes_the_unknown),
    CallbackCheck("callback: two secrets overlap", takes_two_signatures),
    CallbackCheck("callback: refuses strangers", refuses_strangers),
    CallbackCheck("callback: refuses old and early ones", refuses_other_times),
)


def _all_taken(**statuses: int) -> Verdict:
    """Only 2xx is success."""
    right = {name: 200 <= status < 300 for name, status in statuses.items()}  # noqa: PLR2004 - HTTP's own
    return Verdict.of(f"{statuses}", **right)


def _all_refused(**statuses: int) -> Verdict:
    """4xx, as for anything the sender got wrong; never a success."""
    right = {name: 400 <= status < 500 for name, status in statuses.items()}  # noqa: PLR2004 - HTTP's own
    return Verdict.of(f"{statuses}", **right)
