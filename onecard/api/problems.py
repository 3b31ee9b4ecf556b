"""The one place where a refusal becomes an HTTP answer: RFC 9457 `application/problem+json`.

409 when a life cycle has no such step or a key is in flight, 422 for every other rule's no, 404 for
absent and foreign alike, 403 for a role that may not, 400 for what cannot be read, 503 when a
partner gave no answer and nothing was stored (platform.md D3).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from onecard import words
from onecard.domain.refusal import Fact, Refusal
from onecard.queries import figures
from onecard.seams.world import world

CONTENT_TYPE = "application/problem+json"
SPECIAL = {
    "request.key_reused": 422,
    "request.in_flight": 409,
    "request.body_size": 413,
    "request.content_type": 415,
    "request.method": 405,
    "request.not_signed_in": 401,
    "request.not_found": 404,
    "request.too_many": 429,
    "authority.not_yours": 403,
    "request.scope_missing": 403,
    "request.keys_disagree": 422,
    "request.version_missing": 428,
    "request.version": 412,
    "loss.other_report": 412,
    "signature.time": 401,
    "signature.invalid": 401,
    "signature.nonce": 401,
    "signature.missing": 401,
    "partner.too_many_misses": 429,
    "webhook.same_id": 409,
    "partner.silent": 503,
    "upload.size": 413,
    "upload.type": 415,
    "topup.wrong_step": 409,
    "topup.other_answers": 409,
    "topup.tap_over": 409,
    "topup.keys_unavailable": 503,
    "payment.channel_silent": 503,
    "payment.order_not_payable": 409,
    "application.already_in_production": 409,
    "application.already_has_card": 409,
}
RETRYABLE = frozenset({409, 429, 503})
RETRY_AFTER_SECONDS = 5


def status_of(refusal: Refusal) -> int:
    """The HTTP status of a refusal: one table, keyed by its code."""
    if refusal.code in SPECIAL:
        return SPECIAL[refusal.code]
    if refusal.code.endswith(".not_in_this_state"):
        return 409
    return 400 if refusal.room == "request" else 422


def answer(request: HttpRequest, *refusals: Refusal) -> HttpResponse:
    """The problem document for one or more refusals; the first one names the problem."""
    status = status_of(refusals[0])
    response = JsonResponse(
        document(request, refusals, status),
        status=status,
        content_type=CONTENT_TYPE,
        json_dumps_params={"ensure_ascii": False},
    )
    if status in {429, 503}:
        response["Retry-After"] = str(refusals[0].measured.get("wait_seconds", RETRY_AFTER_SECONDS))
    return response


def document(request: HttpRequest, refusals: tuple[Refusal, ...], status: int) -> dict[str, Any]:
    """Its members, in the reader's language; never a personal value."""
    first, language = refusals[0], language_of(request)
    said = words.explain(first, language)
    return {
        "type": f"/api/errors#{first.code}",
        "title": said.headline,
        "status": status,
        "detail": " ".join(part for part in (said.why, said.next) if part) or said.headline,
        "instance": request.path,
        "code": first.code,
        "rule_id": first.code,
        "rule_version": figures.version(),
        "source": said.source,
        "measured": _plain(first.measured),
        "allowed": _plain(first.allowed),
        "minimal_fix": [fix for fix in map(_fix, refusals[:1]) if fix],
        "errors": [_input_error(refusal, language) for refusal in refusals],
        "retryable": status in RETRYABLE,
        "trace_id": world().ids.new("trc"),
    }


def language_of(request: HttpRequest) -> str:
    """Chinese unless English is asked for first."""
    asked = request.headers.get("Accept-Language", "").lower()
    return "en" if asked.startswith("en") else "zh"


def _input_error(refusal: Refusal, language: str) -> dict[str, Any]:
    pointer = f"/{refusal.field}" if refusal.field else ""
    detail = words.explain(refusal, language).headline
    return {"pointer": pointer, "code": refusal.code, "detail": detail}


def _fix(refusal: Refusal) -> dict[str, Any] | None:
    if refusal.fix is None:
        return None
    return {"kind": refusal.fix.kind.value, **_plain(refusal.fix.detail)}


def _plain(facts: Any) -> dict[str, Any]:
    return {name: _value(fact) for name, fact in facts.items()}


def _value(fact: Fact) -> Any:
    if isinstance(fact, (date, datetime)):
        return fact.isoformat()
    if isinstance(fact, tuple):
        return [_value(item) for item in fact]
    return fact.removeprefix("@") if isinstance(fact, str) else fact
