"""A wire that ends at our own door: a simulated partner calls our API inside the test's process."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.test import Client

from onecard.seams.transport import Answered, NeverLeft, Outcome, Request


class ThroughOurDoor:
    """Carries requests to Django's test client; `cut` lets none through, `deaf` loses answers."""

    def __init__(self) -> None:
        self.client = Client(raise_request_exception=False)
        self.cut = self.deaf = False
        self.calls = 0

    def send(self, request: Request, *, timeout_seconds: float) -> Outcome:
        """Send once."""
        if self.cut:
            return NeverLeft(f"cut after 0 of {timeout_seconds} s")
        self.calls += 1
        headers = dict(request.headers)
        kind = headers.pop("Content-Type", "application/json")
        path = urlsplit(request.url).path
        answer = self.client.generic(
            request.method, path, request.body, content_type=kind, headers=headers
        )
        if self.deaf:
            return NeverLeft("the answer was lost")
        return Answered(answer.status_code, answer.content)
