"""Who is calling: a partner whose signature holds, or one with a short access token.

The signature is verified before a byte of the body is read as JSON; its nonce counts once. Banks,
the HR system and the transit operator sign every message: a token alone is not enough for them.
"""

from __future__ import annotations

from typing import cast

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from ninja.errors import AuthenticationError

from onecard.actions import partner as acts
from onecard.actions.partner import Proof
from onecard.domain import signature
from onecard.domain.refusal import Fact, Refusal, Refused
from onecard.domain.request_rate import Purpose
from onecard.queries import partner as queries
from onecard.queries.partner import PartnerCaller
from onecard.seams.world import world

_SEARCH, _CHECK = "/search", "/functions/"
BEARER = "Bearer "
PARAMETERS = frozenset({"limit", "after", "card_id", "type"})
"""Every name that may stand in a query: nothing else is read, so nothing else is taken."""


class PartnerDoor:
    """The door's keeper, as ninja asks for it."""

    openapi_security_schema = {"type": "http", "scheme": "bearer"}

    def __call__(self, request: HttpRequest) -> PartnerCaller:
        """The partner. Raises `Refused`, `AuthenticationError`."""
        caller, nonce = _proven(request)
        _must_ask_what_is_known(request)
        admitted = acts.admit(
            client=caller.ref,
            nonce=nonce,
            purpose=purpose_of(request),
            actor=caller.actor,
            at=world().wire_now(),
        )
        request.admitted = admitted  # type: ignore[attr-defined]
        if not admitted.drawn:
            left: dict[str, Fact] = {
                "purpose": admitted.purpose,
                "wait_seconds": admitted.wait_seconds,
            }
            limit = {"per_minute": admitted.per_minute}
            raise Refused(Refusal("request.too_many", measured=left, allowed=limit))
        return caller


def allowed(request: HttpRequest, scope: str) -> PartnerCaller:
    """The caller, who must hold `scope`. Raises `Refused("request.scope_missing")` (403)."""
    caller = cast("PartnerCaller", request.auth)  # type: ignore[attr-defined]
    if scope not in caller.scopes:
        raise Refused(Refusal("request.scope_missing", allowed={"scope": scope}))
    return caller


def purpose_of(request: HttpRequest) -> Purpose:
    """From which of the caller's buckets a request draws."""
    if request.path.endswith(_SEARCH):
        return Purpose.SEARCH
    if request.method != "GET":
        return Purpose.WRITE
    return Purpose.CHECK if _CHECK in request.path else Purpose.READ


def url_as_sent(request: HttpRequest) -> str:
    """Path and query exactly as they were sent: the second line of the signed string."""
    query = request.META.get("QUERY_STRING", "")
    return f"{request.path}?{query}" if query else request.path


def body_of(request: HttpRequest) -> bytes:
    """The raw bytes. Raises `Refused("request.body_size")`."""
    try:
        return request.body
    except RequestDataTooBig:
        raise Refused(Refusal("request.body_size")) from None


def _proven(request: HttpRequest) -> tuple[PartnerCaller, str]:
    """The caller and the nonce to be used up, which is empty without a signature."""
    shown = signature.shown_in(request.headers)
    by_token = _by_token(request)
    if shown is None:
        if by_token is None:
            raise AuthenticationError
        if by_token.rights.must_sign:
            raise Refused(Refusal("signature.missing", field=signature.HEADERS["signature"]))
        return by_token, ""
    proof = acts.verify(
        shown=shown,
        method=request.method or "",
        url=url_as_sent(request),
        body=body_of(request),
        at=world().wire_now(),
    )
    request.proof = proof  # type: ignore[attr-defined]
    return _signer(proof, by_token, request), shown.nonce


def _signer(proof: Proof, by_token: PartnerCaller | None, request: HttpRequest) -> PartnerCaller:
    """Key and token, where both are shown, belong to one client; the token may narrow scopes."""
    bearer = request.headers.get("Authorization", "").startswith(BEARER)
    if bearer and (by_token is None or by_token.ref != proof.client):
        raise AuthenticationError
    return by_token or proof.caller


def _must_ask_what_is_known(request: HttpRequest) -> None:
    odd = sorted(set(request.GET) - PARAMETERS)
    if odd:
        facts = {"pointer": odd[0][:40], "problem": "query"}
        raise Refused(Refusal("request.unknown_field", facts, field=odd[0][:40]))


def _by_token(request: HttpRequest) -> PartnerCaller | None:
    header = request.headers.get("Authorization", "")
    if not header.startswith(BEARER):
        return None
    return queries.by_token(header.removeprefix(BEARER), at=world().wire_now())
