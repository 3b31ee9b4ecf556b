"""What is done around every request of a partner: limits said, replies signed.

A reply is signed in the profile of its request, over exactly the bytes that leave.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from onecard.actions import partner as acts
from onecard.api import problems, strict_json
from onecard.api.partner.door import url_as_sent
from onecard.api.partner.recording import recorder
from onecard.api.partner.tools import BANNER, is_sandbox
from onecard.domain.refusal import Refusal
from onecard.seams.world import world

ADDRESSES = ("/v1/", "/api/v1/")
PARTNERS = "/v1/"
SAID = {404: "request.not_found", 405: "request.method"}
"""What is answered before any operation is reached: no such address, no such method."""
NO_TEXT = ("\0", "\ufffd")
"""PostgreSQL cannot even be asked for a name with NUL in it: asked for another one, it has none."""

_MINUTE = 60


class PartnerManners:
    """Refuses oversized bodies unread, adds the limits, signs what leaves."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request."""
        if request.path.startswith(ADDRESSES) and _too_large(request):
            most = {"max": strict_json.BODY_BYTES}
            return problems.answer(request, Refusal("request.body_size", allowed=most))
        request.path_info = request.path_info.replace(*NO_TEXT)
        response = self._answer(request)
        if request.path.startswith(ADDRESSES) and response.status_code in SAID:
            response = _as_problem(request, response)
        if request.path.startswith(PARTNERS) and isinstance(response, HttpResponse):
            _say_limits(request, response)
            _sign(request, response)
            if is_sandbox():
                recorder.note(request, response, url_as_sent(request))
        return response


def _too_large(request: HttpRequest) -> bool:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return length.isdecimal() and int(length) > strict_json.BODY_BYTES


def _as_problem(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Programs are told by a problem document what a page would tell people."""
    if response.get("Content-Type") == problems.CONTENT_TYPE:
        return response
    problem = problems.answer(request, Refusal(SAID[response.status_code]))
    if "Allow" in response:
        problem["Allow"] = response["Allow"]
    return problem


def _say_limits(request: HttpRequest, response: HttpResponse) -> None:
    admitted = getattr(request, "admitted", None)
    if is_sandbox():
        response["OneCard-Sandbox"] = BANNER
    if admitted is None:
        return
    name = f'"{admitted.purpose}"'
    response["RateLimit-Policy"] = f"{name};q={admitted.per_minute};w={_MINUTE}"
    response["RateLimit"] = f"{name};r={admitted.left};t={admitted.full_in_seconds}"


def _sign(request: HttpRequest, response: HttpResponse) -> None:
    proof = getattr(request, "proof", None)
    if proof is None:
        return
    reply = acts.sign_reply(proof=proof, body=response.content, at=world().wire_now())
    for name, value in reply.headers.items():
        response[name] = value
