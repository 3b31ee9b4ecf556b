"""Shows the API reference and the error catalogue. The contract is handed in by the fuse box."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from onecard import words
from onecard.domain.refusal import Refusal
from onecard.web import pages
from onecard.web.reference import contract

StatusOf = Callable[[Refusal], int]


def api_docs(request: HttpRequest, schema: Callable[[], Any]) -> HttpResponse:
    """`/api/docs`: every operation with its body, its answers and a call to copy."""
    described = schema()
    return pages.show(
        request,
        "reference/api.html",
        code="API-01",
        groups=contract.groups(described),
        version=described["info"]["version"],
        openapi=described["openapi"],
    )


def errors(request: HttpRequest, status_of: StatusOf) -> HttpResponse:
    """`/api/errors`: every refusal by its code, with status, words and next step."""
    language = pages.reader_in(request).language
    listed = [_listed(code, status_of, language) for code in refusal_codes()]
    return pages.show(request, "reference/errors.html", code="API-02", listed=listed)


def refusal_codes() -> list[str]:
    """Every code that has words, sorted."""
    parts = (key.split(".") for key in words.all_keys("zh"))
    found = {f"{p[0]}.{p[2]}" for p in parts if len(p) == 4 and p[1] == "refusal"}  # noqa: PLR2004
    return sorted(found)


def _listed(code: str, status_of: StatusOf, language: str) -> dict[str, Any]:
    room, _, reason = code.partition(".")
    stem = f"{room}.refusal.{reason}"
    said = {part: words.raw(f"{stem}.{part}", language) for part in ("headline", "next", "source")}
    return {"code": code, "status": status_of(Refusal(code)), **said}
