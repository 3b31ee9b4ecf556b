"""The real-name service as OpenID Connect sees it: code flow with PKCE, and a signed id token.

What differs between the simulation and the real service is only who answers (`Provider`); asking,
and not believing a token before it was checked, is the same for both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from onecard.adapters.real_name import NotProven, ProvenPerson
from onecard.adapters.wire import Malformed, converter, structure

CLIENT_ID = "onecard"
SCOPE = "openid profile identity"
ALGORITHMS = ["Ed25519", "ES256", "RS256"]
"""Signatures we believe. None of them can be made with the public key."""
_SKEW_SECONDS = 60
_CODEC = converter(names={}, codes={})


@dataclass(frozen=True)
class Claims:
    """What an id token must say of the person."""

    name: str
    identity_number: str
    real_person: bool


@dataclass(frozen=True)
class Granted:
    """The token endpoint gave an id token."""

    id_token: str


@dataclass(frozen=True)
class Denied:
    """The token endpoint said no, e.g. `invalid_grant`."""

    error: str


class Provider(Protocol):
    """Whoever signs people in. Raises `PartnerDown` or `PartnerUnsure` when there is no answer."""

    def issuer(self) -> str:
        """The name by which it signs."""
        ...

    def token(self, form: Mapping[str, str]) -> Granted | Denied:
        """Redeem a code."""
        ...

    def keys(self) -> Mapping[str, Any]:
        """Its public keys (JWK set)."""
        ...

    def matches(self, *, name: str, identity_number: str) -> bool:
        """Whether name and number belong together."""
        ...


class OpenIdRealName:
    """Answers as `RealName` says, whoever the provider is."""

    def __init__(self, provider: Provider, *, page: str, now: Callable[[], datetime]) -> None:
        self._provider, self._page, self._now = provider, page, now

    def authorize_url(
        self, *, state: str, nonce: str, code_challenge: str, redirect_uri: str
    ) -> str:
        """Where to send the browser. Nothing in it says who the person is."""
        query = {
            "response_type": "code",
            "client_id": CLIENT_ID,
            "scope": SCOPE,
            "redirect_uri": redirect_uri,
            "state": state,
            "nonce": nonce,
            "code_challenge": code_challenge,
            "code_challenge_method": "S256",
        }
        return f"{self._page}?{urlencode(query)}"

    def exchange(
        self, *, code: str, code_verifier: str, redirect_uri: str, nonce: str
    ) -> ProvenPerson | NotProven:
        """The identity behind a code that came back; each code works once."""
        answer = self._provider.token(
            {
                "grant_type": "authorization_code",
                "client_id": CLIENT_ID,
                "code": code,
                "code_verifier": code_verifier,
                "redirect_uri": redirect_uri,
            }
        )
        if isinstance(answer, Denied):
            return NotProven(answer.error)
        return self._read(answer.id_token, nonce)

    def matches(self, *, name: str, identity_number: str) -> bool:
        """Whether name and number belong together: the clerk's check at a counter."""
        return self._provider.matches(name=name, identity_number=identity_number)

    def _read(self, id_token: str, nonce: str) -> ProvenPerson | NotProven:
        """Believe the token only if we can prove signature, issuer, audience, time and nonce."""
        keys = self._provider.keys()
        registry = jwt.JWTClaimsRegistry(
            now=int(self._now().timestamp()),
            leeway=_SKEW_SECONDS,
            iss={"essential": True, "value": self._provider.issuer()},
            aud={"essential": True, "value": CLIENT_ID},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            key_set = KeySet.import_key_set({"keys": list(keys["keys"])})
            token = jwt.decode(id_token, key_set, ALGORITHMS)
            registry.validate(token.claims)
            claims = structure(_CODEC, token.claims, Claims)
        except (JoseError, Malformed, ValueError, TypeError, KeyError):
            return NotProven("bad_token")
        return ProvenPerson(claims.name, claims.identity_number, claims.real_person)
