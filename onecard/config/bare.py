"""The smallest page Django can answer here: what `onecard bench http` measures against."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

SOMETHING = b"0123456789abcdef" * 1024


def bare(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Sixteen kilobytes of nothing."""
    return HttpResponse(SOMETHING, content_type="text/plain")
