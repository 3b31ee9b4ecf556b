"""Who is calling, under what scopes, with which key."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from django.http import HttpRequest
from ninja.security import HttpBearer

from onecard.actions._keeping import once
from onecard.api import strict_json
from onecard.domain.refusal import Refusal, Refused
from onecard.queries import api_client
from onecard.queries.api_client import Caller
from onecard.seams.world import world

P = ParamSpec("P")
R = TypeVar("R")
KEY = re.compile(r'"?([!#-~]{1,255})"?')


class BearerToken(HttpBearer):
    """`Authorization: Bearer <token>` of a client that was registered."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:  # noqa: ARG002
        """The caller; nobody for an unknown or revoked token."""
        return api_client.by_token(token, at=world().clock.now())


def caller_of(request: HttpRequest, scope: str) -> Caller:
    """The caller, who must hold `scope`. Raises `Refused("request.scope_missing")` (403)."""
    caller = cast("Caller", request.auth)  # type: ignore[attr-defined]
    if scope not in caller.scopes:
        raise Refused(Refusal("request.scope_missing", allowed={"scope": scope}))
    return caller


def done_once(operation: Callable[P, R]) -> Callable[P, R]:
    """An operation that changes something: the same `Idempotency-Key` has one effect.

    Raises `Refused("request.key_missing")` without a key of 1 to 255 visible characters, and
    `Refused("request.key_reused")` when the key came with another body before.
    """
    return once_by(key_in_header, operation)


def once_by(key_of: Callable[[HttpRequest], str], operation: Callable[P, R]) -> Callable[P, R]:
    """An operation that has its effect once for the key that `key_of` finds in a request."""

    @wraps(operation)
    def run(*args: P.args, **values: P.kwargs) -> R:
        request = cast("HttpRequest", args[0])
        key = key_of(request)
        caller = cast("Caller", request.auth)  # type: ignore[attr-defined]
        with once(caller.ref, key, _canonical(request)) as asked:
            answer = operation(*args, **values)
        request.replayed = asked.replayed  # type: ignore[attr-defined]
        return answer

    # The annotations are names of the operation's own module: resolve them there.
    run.__signature__ = inspect.signature(operation, eval_str=True)  # type: ignore[attr-defined]
    return run


def key_in_header(request: HttpRequest) -> str:
    """The caller's own key, bare or quoted. Raises `Refused("request.key_missing")`."""
    given = KEY.fullmatch(request.headers.get("Idempotency-Key", ""))
    if given is None:
        raise Refused(Refusal("request.key_missing", field="Idempotency-Key"))
    return given.group(1)


def _canonical(request: HttpRequest) -> str:
    """Method, path and body in one form: a re-serialised retry is the same request."""
    body: Any = strict_json.read(request.body)
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"{request.method} {request.path} {text}"
