"""What operations have in common: keys by which an act has one effect, versions, pages."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, ParamSpec, TypeVar

from django.http import HttpRequest
from pydantic import Field

from onecard.api import strict_json
from onecard.api.caller import key_in_header, once_by
from onecard.api.house import Asked, Told
from onecard.domain.refusal import NotFound, Refusal, Refused
from onecard.seams.clock import local_day
from onecard.seams.world import world

P = ParamSpec("P")
R = TypeVar("R")
Item = TypeVar("Item")

MOST, USUAL = 200, 50
SERIAL = "biz_serial_no"
_VERSION = re.compile(r'(?:W/)?"?([0-9]{1,9})"?')
_PROOF_LENGTH = 32

Serial = Annotated[
    str,
    Field(
        max_length=64,
        pattern="^[!-~]*$",
        description="Your own serial number of this business, unique on a business day; "
        "stands in for Idempotency-Key where headers cannot be set, and is inside the signature.",
    ),
]
CardId = Annotated[str, Field(max_length=40, pattern="^[A-Za-z0-9_]+$")]


class PageAsked(Asked):
    """Which part of a list."""

    limit: Annotated[int, Field(ge=1, le=MOST, description="How many at most.")] = USUAL
    after: Annotated[
        str, Field(max_length=200, description="`next_cursor` of the page before; yours alone.")
    ] = ""


class CardPageAsked(PageAsked):
    """Which part of a list, of one card only where it is named."""

    card_id: Annotated[str, Field(max_length=40, pattern="^[A-Za-z0-9_]*$")] = ""


class Page(Told, Generic[Item]):
    """Some of a list. `next_cursor` is null on the last page; there are no totals."""

    data: list[Item]
    next_cursor: str | None
    has_more: bool


def done_once(operation: Callable[P, R]) -> Callable[P, R]:
    """An operation that has one effect for its `Idempotency-Key`, or its `biz_serial_no`."""
    return once_by(business_key, operation)


def business_key(request: HttpRequest) -> str:
    """The key of a business: the header's, or the body's serial number on this business day.

    Raises `Refused`: `request.key_missing`, `request.keys_disagree`.
    """
    serial = serial_in(request)
    if not serial:
        return key_in_header(request)
    if request.headers.get("Idempotency-Key") and key_in_header(request) != serial:
        raise Refused(Refusal("request.keys_disagree", field=SERIAL))
    return f"{local_day(world().clock.now())}:{serial}"


def serial_in(request: HttpRequest) -> str:
    """The serial number in the body, or an empty string."""
    body = strict_json.read(request.body)
    serial = body.get(SERIAL, "") if isinstance(body, dict) else ""
    return serial if isinstance(serial, str) else ""


def version_asked(request: HttpRequest) -> int:
    """The version in `If-Match`. Raises `Refused`: `request.version_missing`, `….version`."""
    given = request.headers.get("If-Match", "")
    if not given:
        raise Refused(Refusal("request.version_missing", field="If-Match"))
    found = _VERSION.fullmatch(given)
    if found is None:
        raise Refused(Refusal("request.version", field="If-Match"))
    return int(found.group(1))


def etag(version: int) -> str:
    """As it stands in the header."""
    return f'"{version}"'


def place_in(cursor: str, *, of: str, client: str) -> str:
    """What a cursor points behind. Raises `NotFound` for one that is not this client's."""
    if not cursor:
        return ""
    try:
        last, _, proof = base64.urlsafe_b64decode(cursor.encode()).decode("ascii").rpartition("|")
    except (binascii.Error, ValueError):
        raise NotFound("Cursor") from None
    if not hmac.compare_digest(_proof(last, of, client).encode(), proof.encode()):
        raise NotFound("Cursor")
    return last


def cursor_to(last: str, *, of: str, client: str) -> str:
    """A cursor that only this client can use, on this list."""
    return base64.urlsafe_b64encode(f"{last}|{_proof(last, of, client)}".encode()).decode()


def page(found: Sequence[Any], limit: int, *, of: str, client: str) -> dict[str, Any]:
    """A page of rows that have an `id`; `found` is one longer than `limit` where there are more."""
    shown, more = list(found[:limit]), len(found) > limit
    last = cursor_to(shown[-1].id, of=of, client=client) if more else None
    return {"data": shown, "next_cursor": last, "has_more": more}


def _proof(last: str, of: str, client: str) -> str:
    return world().custody.sign("cursor", f"{of}|{client}|{last}".encode())[:_PROOF_LENGTH]
