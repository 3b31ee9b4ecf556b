"""What is checked. Each check says in one line what it saw; a loss it makes it takes back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from onecard.cli.conforming.caller import Caller, Listener, endpoint, new_key
from onecard.cli.conforming.verdicts import Verdict
from onecard.domain import webhook
from onecard.domain.webhook import ID, SIGNATURE, TIMESTAMP

CARDS, EVENTS, LOSSES = "/v1/cards", "/v1/events", "/v1/losses"
WINDOW = 300


@dataclass(frozen=True)
class Kit:
    """Who calls, which card is played with, who listens."""

    caller: Caller
    card: str
    foreign_card: str
    listener: Listener


@dataclass(frozen=True)
class Check:
    """One thing that must hold."""

    name: str
    run: Callable[[Kit], Verdict]


def signing(kit: Kit) -> Verdict:
    """Right signatures are let in and answered with one."""
    reply = kit.caller.get(f"{CARDS}?limit=1")
    return Verdict.of(
        f"{reply.status_code}, reply signed",
        let_in=reply.status_code == 200,  # noqa: PLR2004 - HTTP's own
        reply_signed=kit.caller.is_signed(reply),
    )


def wrong_signing(kit: Kit) -> Verdict:
    """Another body, an old time, a used nonce: 401, whatever else is right."""
    call = kit.caller
    body, proof = b'{"a": 1}', call.proof("POST", LOSSES, b'{"a":1}')
    replayed = call.proof("GET", CARDS, b"")
    statuses = {
        "body": call.http.post(call.url + LOSSES, content=body, headers=proof).status_code,
        "early": _with(call, call.proof("GET", CARDS, b"", skew=-WINDOW - 5)),
        "late": _with(call, call.proof("GET", CARDS, b"", skew=WINDOW + 5)),
        "first use": _with(call, replayed),
        "nonce": _with(call, replayed),
        "none": _with(call, {}),
    }
    expected = dict.fromkeys(statuses, 401) | {"first use": 200}
    return Verdict.of(f"{statuses}", refused=statuses == expected)


def idempotency(kit: Kit) -> Verdict:
    """The same key again gives the same answer; with another body it is refused; none is 400."""
    body = {"card_id": kit.card, "kind": "formal"}
    with _lost(kit, body) as (first, key):
        again = kit.caller.post(LOSSES, body, Idempotency_Key=f'"{key}"')
        other = kit.caller.post(LOSSES, body | {"reason": "stolen"}, Idempotency_Key=key)
        without = kit.caller.post(LOSSES, body)
        return Verdict.of(
            "one effect",
            same_answer=again.json() == first,
            marked=again.headers.get("Idempotent-Replayed") == "true",
            other_body_refused=other.status_code == 422,  # noqa: PLR2004
            key_demanded=without.status_code == 400,  # noqa: PLR2004
        )


def serial_number(kit: Kit) -> Verdict:
    """`biz_serial_no` stands in for the header; the two must agree."""
    body = {"card_id": kit.card, "kind": "formal", "biz_serial_no": new_key()}
    with _lost(kit, body) as (first, _):
        again = kit.caller.post(LOSSES, body)
        odd = kit.caller.post(LOSSES, body, Idempotency_Key="another")
        return Verdict.of(
            "one effect",
            same_answer=again.json() == first,
            disagreement_refused=odd.status_code == 422,  # noqa: PLR2004
        )


def evidence(kit: Kit) -> Verdict:
    """The answer to a loss proves what was asked, and claims no confirmation it has not."""
    body = {"card_id": kit.card, "kind": "formal"}
    with _lost(kit, body) as (told, _):
        seen = kit.caller.get(f"{CARDS}/{kit.card}/functions/hr").json()
        states = {line["state"] for line in told["confirmations"]}
        return Verdict.of(
            f"denied at once, {len(told['confirmations'])} parties named",
            digest=len(told["request_digest"]) == len(hashlib.sha256().hexdigest()),
            denied_at_once=seen["usable"] is False,
            lease=seen["lease_ends_at"] is not None,
            honest=states <= {"pending", "confirmed", "refused"},
        )


def versions(kit: Kit) -> Verdict:
    """A withdrawal without a version is 428, with another 412, with its own 200."""
    body = {"card_id": kit.card, "kind": "formal"}
    told = kit.caller.post(LOSSES, body, Idempotency_Key=new_key()).json()
    path, right = f"{LOSSES}/{told['id']}/withdrawal", f'"{told["version"]}"'
    without = kit.caller.post(path, Idempotency_Key=new_key())
    wrong = kit.caller.post(path, Idempotency_Key=new_key(), If_Match='"999999"')
    done = kit.caller.post(path, Idempotency_Key=new_key(), If_Match=right)
    statuses = [reply.status_code for reply in (without, wrong, done)]
    seen = kit.caller.get(f"{CARDS}/{kit.card}/functions/hr")
    return Verdict.of(
        f"{statuses}",
        as_said=statuses == [428, 412, 200],
        etag=seen.headers.get("ETag") == f'"{seen.json()["state_version"]}"',
    )


def pages(kit: Kit) -> Verdict:
    """Page by page gives what one page gives; a made-up cursor is 404, a wild limit 400."""
    whole = [row["id"] for row in _every(kit.caller, CARDS, 200)]
    single = [row["id"] for row in _every(kit.caller, CARDS, 1)]
    made_up = kit.caller.get(f"{CARDS}?after=eHx4").status_code
    wild = [kit.caller.get(f"{CARDS}?limit={limit}").status_code for limit in (0, 201, "x")]
    return Verdict.of(
        f"{len(whole)} cards",
        same=whole == single and len(set(whole)) == len(whole),
        own_card=kit.card in whole,
        made_up_cursor=made_up == 404,  # noqa: PLR2004
        wild_limits=wild == [400, 400, 400],
    )


def errors(kit: Kit) -> Verdict:
    """A no is a problem document; unknown fields are refused; foreign looks like absent."""
    absent = kit.caller.get(f"{CARDS}/crd_{'0' * 26}")
    foreign = kit.caller.get(f"{CARDS}/{kit.foreign_card}") if kit.foreign_card else absent
    odd = kit.caller.post(LOSSES, {"is_admin": True}, Idempotency_Key=new_key())
    purse = {"card_id": kit.card, "kind": "formal", "function": "transit"}
    transit = kit.caller.post(LOSSES, purse, Idempotency_Key=new_key())
    return Verdict.of(
        f"{transit.json().get('code')}",
        problem=absent.headers["Content-Type"] == "application/problem+json",
        alike=_alike(absent.json(), foreign.json()) and len(absent.content) == len(foreign.content),
        unknown_field=odd.status_code == 400,  # noqa: PLR2004
        no_loss_of_purse=transit.status_code == 422,  # noqa: PLR2004
    )


def events(kit: Kit) -> Verdict:
    """Every change is an event, in order without a gap, and reading goes on where it stopped."""
    start = _last_cursor(kit.caller)
    with _lost(kit, {"card_id": kit.card, "kind": "formal"}):
        pass
    new = _every(kit.caller, EVENTS, 1, start)
    mine = [event for event in new if event["data"].get("card_id") == kit.card]
    numbers = [int(event["sequence"]) for event in mine]
    return Verdict.of(
        f"{[event['type'] for event in mine]}",
        both=[e["type"] for e in mine] == ["loss.formal.created", "loss.formal.withdrawn"],
        no_gap=numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else False,
    )


def webhooks(kit: Kit) -> Verdict:
    """What is pushed is signed, is the event as it can be read, and comes in order."""
    if not kit.listener.url:
        return Verdict("left out", "nobody listens")
    with endpoint(kit.caller, kit.listener) as (ref, secret):
        kit.caller.post(f"/v1/webhook_endpoints/{ref}/ping", Idempotency_Key=new_key())
        with _lost(kit, {"card_id": kit.card, "kind": "formal"}):
            pass
        heard = [one for one in (kit.listener.wait() for _ in range(3)) if one is not None]
        read = [kit.caller.get(f"{EVENTS}/{one.event['id']}").json() for one in heard]
        kinds = [one.event["type"] for one in heard if one.event["type"] != "webhook.ping"]
        return Verdict.of(
            f"{len(heard)} heard",
            three=len(heard) == 3,  # noqa: PLR2004
            signed=all(_is_signed(one.headers, one.body, secret) for one in heard),
            as_read=[one.event for one in heard] == read,
            in_order=kinds == ["loss.formal.created", "loss.formal.withdrawn"],
        )


def limits(kit: Kit) -> Verdict:
    """How much is left is said."""
    reply = kit.caller.get(f"{CARDS}?limit=1")
    return Verdict.of(
        reply.headers.get("RateLimit", ""),
        said="RateLimit" in reply.headers and "RateLimit-Policy" in reply.headers,
    )


ALL = (
    Check("signed requests and replies", signing),
    Check("wrong, old and repeated signatures", wrong_signing),
    Check("Idempotency-Key", idempotency),
    Check("biz_serial_no", serial_number),
    Check("loss: denied at once, provable", evidence),
    Check("versions: ETag and If-Match", versions),
    Check("cursor pages", pages),
    Check("errors, foreign objects, the purse", errors),
    Check("events without a gap", events),
    Check("webhooks at your own address", webhooks),
    Check("limits", limits),
)


@contextmanager
def _lost(kit: Kit, body: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """The card reported lost for the length of a check: the answer and its key."""
    key = new_key()
    named = {} if "biz_serial_no" in body else {"Idempotency_Key": key}
    reply = kit.caller.post(LOSSES, body, **named)
    if reply.is_error:
        message = f"{reply.status_code} {reply.text[:120]}"
        raise RuntimeError(message)
    told = reply.json()
    try:
        yield told, key
    finally:
        kit.caller.post(
            f"{LOSSES}/{told['id']}/withdrawal",
            Idempotency_Key=new_key(),
            If_Match=f'"{told["version"]}"',
        )


def _every(caller: Caller, path: str, limit: int, after: str = "") -> list[dict[str, Any]]:
    """All rows of a list, page by page."""
    rows: list[dict[str, Any]] = []
    while True:
        page = caller.get(f"{path}?limit={limit}&after={after}").json()
        rows += page["data"]
        if not page["has_more"]:
            return rows
        after = page["next_cursor"]


def _last_cursor(caller: Caller) -> str:
    cursor = ""
    while True:
        page = caller.get(f"{EVENTS}?limit=200&after={cursor}").json()
        cursor = page["next_cursor"]
        if not page["has_more"]:
            return str(cursor)


def _with(caller: Caller, proof: dict[str, str]) -> int:
    return caller.http.get(caller.url + CARDS, headers=proof).status_code


def _alike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    hidden = {"instance", "trace_id"}
    return {k: v for k, v in one.items() if k not in hidden} == {
        k: v for k, v in other.items() if k not in hidden
    }


def _is_signed(headers: dict[str, str], body: bytes, secret: bytes) -> bool:
    string = webhook.signed_string(message=headers[ID], timestamp=headers[TIMESTAMP], body=body)
    return webhook.is_signed(headers[SIGNATURE], string, keys=(secret,))
