"""A partner's program as the tests play it: its key, its signature, its token."""

from __future__ import annotations

import base64
import itertools
import json
from dataclasses import dataclass, field, replace
from typing import Any

from django.test import Client

from onecard.actions import api_client, partner
from onecard.actions.api_client import ClientPlan
from onecard.adapters.hsm import software
from onecard.domain import signature
from onecard.domain.authority import THE_CLOCK, Role
from onecard.domain.partner_scope import RIGHTS, PartnerKind
from onecard.domain.signature import HEADERS, Profile, Shown
from onecard.seams.world import world

PRIVATE = int("0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20", 16)
_keys = itertools.count(1)
_nonces = itertools.count(1)


@dataclass
class Partner:
    """A program of a partner."""

    client: str
    secret: str
    serial: str = ""
    key: bytes = b""
    profile: Profile = Profile.HMAC
    token: str = ""
    http: Client = field(default_factory=Client)

    def get(self, path: str, **headers: str) -> Any:
        """A question, signed or with a token."""
        return self.http.get(path, headers=self.headers("GET", path, b"") | headers)

    def post(self, path: str, body: Any = None, *, key: str = "", **headers: str) -> Any:
        """An act, under a key of its own unless one is given; `key="-"` sends none."""
        raw = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
        by_serial = isinstance(body, dict) and "biz_serial_no" in body
        own = (
            {}
            if key == "-" or (by_serial and not key)
            else {"Idempotency-Key": key or f"key-{next(_keys)}"}
        )
        return self.http.post(
            path,
            data=raw,
            content_type=headers.pop("content_type", "application/json"),
            headers=self.headers("POST", path, raw) | own | headers,
        )

    def headers(self, method: str, url: str, body: bytes) -> dict[str, str]:
        """What proves who calls."""
        if self.token:
            return {"Authorization": f"Bearer {self.token}"}
        shown = self.sign(method, url, body)
        return {HEADERS[name]: getattr(shown, name) for name in HEADERS}

    def sign(self, method: str, url: str, body: bytes, *, timestamp: str = "") -> Shown:
        """The five lines, signed."""
        shown = Shown(
            profile=self.profile.value,
            serial=self.serial,
            timestamp=timestamp or str(int(world().wire_now().timestamp())),
            nonce=f"{next(_nonces):032d}",
            signature="",
        )
        message = signature.request_string(
            method=method, url=url, timestamp=shown.timestamp, nonce=shown.nonce, body=body
        )
        return replace(shown, signature=self._signed(message))

    def _signed(self, message: bytes) -> str:
        if self.profile is Profile.SM2:
            made = software.signed(message, private=PRIVATE, k=1 + world().rng.below(2**200))
            return base64.b64encode(made).decode()
        return signature.hmac_signature(message, key=self.key)

    def with_token(self, scope: str = "") -> Partner:
        """The same program with a short token instead."""
        form = {"grant_type": "client_credentials", "client_id": self.client}
        form |= {"client_secret": self.secret} | ({"scope": scope} if scope else {})
        answer = self.http.post("/v1/oauth/token", form)
        assert answer.status_code == 200, answer.content
        return replace(self, token=answer.json()["access_token"])


def a_partner(
    kind: PartnerKind,
    *scopes: str,
    bank: str = "",
    profile: Profile = Profile.HMAC,
    hosts: tuple[str, ...] = (),
) -> Partner:
    """Register a partner and give it a key."""
    plan = ClientPlan(
        name=f"test {kind.value} {bank}",
        role=Role.PARTNER,
        scopes=scopes or tuple(RIGHTS[kind].scopes),
        bank=bank,
        kind=kind,
        webhook_hosts=hosts,
    )
    now = world().clock.now()
    made = api_client.register(plan=plan, actor=THE_CLOCK, at=now)
    public = software.public_of(PRIVATE) if profile is Profile.SM2 else ""
    key = partner.add_key(
        client=made.client, profile=profile, public_key=public, actor=THE_CLOCK, at=now
    )
    secret = base64.b64decode(key.secret) if key.secret else b""
    return Partner(made.client, made.token, key.serial, secret, profile)


def a_bank(key: str = "icbc", **more: Any) -> Partner:
    """A bank's own system."""
    return a_partner(PartnerKind.BANK, bank=key, **more)
