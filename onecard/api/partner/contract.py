"""What is true for every operation of the partners' API, written into its OpenAPI description."""

from __future__ import annotations

from typing import Any

from onecard import words
from onecard.api import contract
from onecard.api.partner.pushed import SHAPES
from onecard.domain.event import TYPES
from onecard.domain.partner_scope import EVERY_SCOPE
from onecard.domain.signature import HEADERS

INTRODUCTION = """
For banks, the HR system, hospitals, the transit operator and EMS.

* **Sign in**: hospitals and EMS with a short OAuth 2.0 token (`POST /v1/oauth/token`); banks, the
  HR system and the transit operator sign every message, a token alone is not enough for them.
* **Signed string**, UTF-8, five lines, each ended by one LF, also the last:
  `METHOD`, path and query as sent, Unix seconds, nonce, raw body. Profiles `ONECARD-HMAC-SHA256`
  and `ONECARD-SM2-WITH-SM3` over the same string; replies to signed requests are signed over
  `TIMESTAMP`, `NONCE`, `BODY`. The timestamp counts for 300 seconds, a nonce once. A retry keeps
  its key and gets a new timestamp, nonce and signature.
* **Every POST that changes something** takes an `Idempotency-Key`, or a `biz_serial_no` in the
  body. The same key again gives the stored answer (`Idempotent-Replayed: true`).
* **States carry a version** (`ETag`). A withdrawal names the version it takes back (`If-Match`):
  428 without, 412 for another one. A report of loss never needs one and is never refused for it.
* **A no** is `application/problem+json`; `code` is the same in every language.
* **Events are the truth**: `GET /v1/events?after=`. Webhooks are a hint: at least once, in order
  within `source`. Apply a state only if its `state_version` is greater than the one you hold; after
  a gap in `sequence` read the events.
* **Loss**: `accepted_at` is when HR functions are denied here; each party is `pending` until its
  own word has come. You may keep "usable" until the lease ends, then deny. Nothing older ever
  un-loses a card. The transit purse knows no loss.
* Unknown fields are refused in requests; ignore unknown members in answers and events.
* No identity number, name or card number in addresses, headers, events or webhooks.
"""

ANSWERS = {
    **contract.ANSWERS,
    "401": "No or bad credential or signature, time out of the window, nonce used before.",
    "409": "The life cycle has no such step now, or the same message id came with another body.",
    "412": "`If-Match` names another version than the one that stands.",
    "428": "`If-Match` is missing.",
    "429": "Too many requests of this purpose; `Retry-After` says how long to wait.",
}
KEY = {
    **contract.KEY,
    "required": False,
    "description": "Chosen by you, the same for every retry; may be left out where `biz_serial_no`"
    " is sent.",
}
VERSION = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The version you have seen, as in `ETag`.",
    "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
}
EXEMPT = ("/search", "/oauth/token", "/tools/", "/test_clock", "/simulate/", "/sandbox/", "/hooks/")
NEEDS_VERSION = ("withdraw_loss",)
SCHEMES = {
    "oauth2": {
        "type": "oauth2",
        "flows": {"clientCredentials": {"tokenUrl": "/v1/oauth/token", "scopes": {}}},
    },
    "signature": {
        "type": "apiKey",
        "in": "header",
        "name": HEADERS["signature"],
        "description": "With " + ", ".join(f"`{name}`" for name in HEADERS.values()) + ".",
    },
}


def complete(schema: Any) -> Any:
    """Add answers, headers, ways to sign in, and the webhooks we send."""
    parts = schema.setdefault("components", {})
    parts.setdefault("schemas", {})["Problem"] = contract.PROBLEM
    parts["securitySchemes"] = _schemes()
    parts["schemas"].update(SHAPES)
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            _complete(operation, changes=method == "post" and not _is_exempt(path))
    schema["webhooks"] = {kind: _webhook(kind) for kind in sorted(TYPES)}
    return schema


def _schemes() -> dict[str, Any]:
    scopes = {
        scope: words.text(f"partner.scope.{_word(scope)}", "en") for scope in sorted(EVERY_SCOPE)
    }
    flow = {"tokenUrl": "/v1/oauth/token", "scopes": scopes}
    return SCHEMES | {"oauth2": {"type": "oauth2", "flows": {"clientCredentials": flow}}}


def _word(scope: str) -> str:
    return scope.replace(":", "_").replace(".", "_")


def _is_exempt(path: str) -> bool:
    return any(part in path for part in EXEMPT)


def _complete(operation: dict[str, Any], *, changes: bool) -> None:
    if changes:
        operation.setdefault("parameters", []).append(KEY)
    if operation["operationId"] in NEEDS_VERSION:
        operation["parameters"].append(VERSION)
    if "security" in operation:
        operation["security"] = [{"signature": []}, {"oauth2": []}]
    for status, description in ANSWERS.items():
        operation["responses"].setdefault(status, contract.problem(description))


def _webhook(kind: str) -> dict[str, Any]:
    """One type of event that we push: headers of Standard Webhooks, a CloudEvents body."""
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    body = {"schema": {"$ref": "#/components/schemas/EventTold"}}
    return {
        "post": {
            "operationId": "on_" + kind.replace(".", "_"),
            "summary": words.text(f"event.type.{kind.replace('.', '_')}", "en"),
            "tags": ["events"],
            "parameters": [
                {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
                for name in names
            ],
            "requestBody": {
                "required": True,
                "content": {"application/cloudevents+json": body},
            },
            "responses": {
                "2XX": {"description": "You have it."},
                "410": {"description": "You do not want it any more: the endpoint is disabled."},
            },
        }
    }
