"""What the tests of the API call with: a client program, its token, its keys."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from onecard.actions import api_client
from onecard.actions.api_client import ClientPlan
from onecard.domain.authority import THE_CLOCK, Role
from onecard.seams.world import world

_keys = itertools.count(1)


@dataclass
class Program:
    """A program that calls us with a token."""

    token: str
    http: Client = field(default_factory=Client)

    def get(self, path: str, **headers: str) -> Any:
        """A question."""
        return self.http.get(f"/api/v1{path}", headers=self._headers(headers))

    def post(self, path: str, body: Any = None, *, key: str = "", **headers: str) -> Any:
        """An act, under a key of its own unless one is given."""
        text = body if isinstance(body, (str, bytes)) else json.dumps(body or {})
        return self.http.post(
            f"/api/v1{path}",
            data=text,
            content_type=headers.pop("content_type", "application/json"),
            headers=self._headers({"Idempotency-Key": key or f"key-{next(_keys)}"} | headers),
        )

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        known = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return known | more


def program(role: Role, *scopes: str, person: str = "", outlet: str = "") -> Program:
    """Register a client program."""
    plan = ClientPlan("test", role, scopes, outlet=outlet, person=person)
    receipt = api_client.register(plan=plan, actor=THE_CLOCK, at=world().clock.now())
    return Program(receipt.token)
