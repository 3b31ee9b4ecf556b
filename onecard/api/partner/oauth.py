"""OAuth 2.0 client credentials: id and secret for a short token (RFC 6749 4.4, errors of 5.2)."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router

from onecard.actions import partner as acts
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.refusal import Refused
from onecard.seams.world import world

router = Router(tags=["oauth"])
GRANT = "client_credentials"
VISIBLE = re.compile(r"[ -~]{0,200}")
SCOPES = re.compile(r"[!#-\[\]-~ ]{0,2000}")
"""What may stand in an id, a secret and a list of scopes (RFC 6749 appendix A)."""
_ERRORS = {"request.not_signed_in": ("invalid_client", 401)}
_TOKEN = {
    "type": "object",
    "required": ["access_token", "token_type", "expires_in", "scope"],
    "properties": {
        "access_token": {"type": "string"},
        "token_type": {"type": "string", "const": "Bearer"},
        "expires_in": {"type": "integer", "description": "Seconds."},
        "scope": {"type": "string"},
    },
}
_FORM = {
    "type": "object",
    "required": ["grant_type"],
    "properties": {
        "grant_type": {"type": "string", "const": GRANT},
        "client_id": {"type": "string", "description": "Or by HTTP Basic, with the secret."},
        "client_secret": {"type": "string"},
        "scope": {"type": "string", "description": "Some of your scopes, apart by spaces."},
    },
}
_ERROR = {"type": "object", "properties": {"error": {"type": "string"}}}


def _json(schema: dict[str, Any], says: str) -> dict[str, Any]:
    return {"description": says, "content": {"application/json": {"schema": schema}}}


@router.post(
    "/oauth/token",
    auth=None,
    operation_id="get_token",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/x-www-form-urlencoded": {"schema": _FORM}},
        },
        "responses": {
            200: _json(_TOKEN, "A token."),
            "400": _json(_ERROR, "The request cannot be granted."),
            "401": _json(_ERROR, "Client id and secret do not belong together."),
        },
    },
)
def get_token(request: HttpRequest) -> HttpResponse:
    """A short access token. Banks, HR and the transit operator also sign every message."""
    if request.POST.get("grant_type") != GRANT:
        return _error("unsupported_grant_type", 400)
    client, secret = _credentials(request)
    if not SCOPES.fullmatch(request.POST.get("scope", "")):
        return _error("invalid_scope", 400)
    try:
        receipt = acts.issue_token(
            client=client,
            secret=secret,
            scopes=tuple(request.POST.get("scope", "").split()),
            actor=Actor(Role.PARTNER, client[:40], Channel.PARTNER_API),
            at=world().wire_now(),
        )
    except Refused as refused:
        return _error(*_ERRORS.get(refused.refusal.code, ("invalid_scope", 400)))
    return _answer(
        {
            "access_token": receipt.token,
            "token_type": "Bearer",
            "expires_in": receipt.expires_in,
            "scope": " ".join(receipt.scopes),
        },
        200,
    )


def _credentials(request: HttpRequest) -> tuple[str, str]:
    """From HTTP Basic, or from the form; empty where there are none, or none that can be."""
    given = _given(request)
    return given if all(VISIBLE.fullmatch(part) for part in given) else ("", "")


def _given(request: HttpRequest) -> tuple[str, str]:
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    if kind != "Basic":
        return request.POST.get("client_id", ""), request.POST.get("client_secret", "")
    try:
        client, _, secret = base64.b64decode(given).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return client, secret


def _error(error: str, status: int) -> HttpResponse:
    return _answer({"error": error}, status)


def _answer(body: dict[str, Any], status: int) -> HttpResponse:
    response = JsonResponse(body, status=status)
    response["Cache-Control"] = "no-store"
    return response
