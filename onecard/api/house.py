"""The API itself: how bodies are read, callers known, refusals answered, the contract said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser
from pydantic import ConfigDict

from onecard import __version__
from onecard.api import contract, problems, strict_json
from onecard.api.caller import BearerToken
from onecard.domain.refusal import NotFound, Refusal, Refused

JSON = "application/json"
WORDS_OF_PYDANTIC = {
    "extra_forbidden": "request.unknown_field",
    "missing": "request.field_missing",
}


class Asked(Schema):
    """What a caller sends: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Told(Schema):
    """What a caller gets back, filled from the frozen values of actions and queries."""

    model_config = ConfigDict(from_attributes=True)


class StrictParser(Parser):
    """JSON that can be read in one way only."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body's value. Raises `Refused`."""
        if request.body and request.content_type != JSON:
            given = {"content_type": str(request.content_type)[:60]}
            raise Refused(Refusal("request.content_type", measured=given, allowed={"type": JSON}))
        return strict_json.read(request.body)


class House(NinjaAPI):
    """The API with its manners."""

    def create_response(self, request: HttpRequest, data: Any, **options: Any) -> HttpResponse:
        """Say when an answer is a stored one, and let nobody keep personal answers."""
        response = super().create_response(request, data, **options)
        if getattr(request, "replayed", False):
            response["Idempotent-Replayed"] = "true"
        response["Cache-Control"] = "no-store"
        return response

    def get_openapi_schema(self, **options: Any) -> Any:
        """The contract, with what is true for every operation said at every operation."""
        return contract.complete(super().get_openapi_schema(**options))


def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    return problems.answer(request, *refused.refusals)


def _not_found(request: HttpRequest, _: NotFound) -> HttpResponse:
    """Absent and foreign look exactly the same."""
    return problems.answer(request, Refusal("request.not_found"))


def _not_signed_in(request: HttpRequest, _: AuthenticationError) -> HttpResponse:
    response = problems.answer(request, Refusal("request.not_signed_in"))
    response["WWW-Authenticate"] = "Bearer"
    return response


def _not_understood(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Every field that does not fit, at once, without echoing its value."""
    return problems.answer(request, *(_field_refusal(found) for found in error.errors))


def _not_readable(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, Refused):
        return problems.answer(request, *error.__cause__.refusals)
    code = "request.not_found" if error.status_code == 404 else "request.syntax"  # noqa: PLR2004
    return problems.answer(request, Refusal(code, measured={"line": 1, "column": 1}))


def _field_refusal(found: dict[str, Any]) -> Refusal:
    kind = str(found["type"])
    code = WORDS_OF_PYDANTIC.get(kind, "request.field_value")
    if kind.endswith(("_type", "_parsing")):
        code = "request.field_type"
    if found["loc"][-1] == "limit":
        code = "request.page_limit"
    steps = [str(step) for step in found["loc"] if step not in {"body", "query", "path", "data"}]
    pointer = "/".join(steps[1:] if len(steps) > 1 and found["loc"][0] == "body" else steps)
    return Refusal(code, {"pointer": pointer, "problem": kind}, field=pointer)


_SAID: tuple[tuple[type[Exception], Callable[..., HttpResponse]], ...] = (
    (Refused, _refused),
    (NotFound, _not_found),
    (AuthenticationError, _not_signed_in),
    (ValidationError, _not_understood),
    (HttpError, _not_readable),
)


def furnish(house: House) -> House:
    """Teach an API how whatever goes wrong is answered."""
    for error, answer in _SAID:
        house.add_exception_handler(error, answer)
    return house


api = furnish(
    House(
        title="onecard API",
        version=__version__,
        description=contract.INTRODUCTION,
        parser=StrictParser(),
        auth=BearerToken(),
        docs_url=None,
        openapi_url="/openapi.json",
        urls_namespace="api",
    )
)
