"""A real-name service made of software: whoever chooses a person on its page *is* that person.

It keeps the rules of OpenID Connect all the same: a code works once, soon, for the page it was
given to, and only with the secret whose digest was sent along; the id token is signed.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwt
from joserfc.jwk import OKPKey

from onecard.adapters import chance
from onecard.adapters.hr_database.magic import RESIDENTS
from onecard.adapters.real_name import ProvenPerson
from onecard.adapters.real_name.openid import CLIENT_ID, Denied, Granted
from onecard.adapters.store import Body, Store
from onecard.domain.identity import is_same_name

ISSUER = "urn:onecard:simulated:real-name"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1", "testserver"})
_ALGORITHM = "Ed25519"
_CODE_LIVES = timedelta(minutes=5)
_TOKEN_LIVES = timedelta(minutes=5)
_ONE_OF_EACH = ("client_id", "redirect_uri", "state", "nonce", "code_challenge")


class BadAuthorizeRequest(ValueError):
    """The browser came with a request that no application of ours makes."""


@dataclass(frozen=True)
class AuthorizeRequest:
    """What an application asks for on behalf of a browser. Raises `BadAuthorizeRequest`."""

    redirect_uri: str
    state: str
    nonce: str
    code_challenge: str

    @classmethod
    def of(cls, query: Mapping[str, str], hosts: frozenset[str]) -> AuthorizeRequest:
        """Read the query; codes go to pages on known hosts only."""
        asked = {name: query.get(name, "") for name in _ONE_OF_EACH}
        as_agreed = (
            query.get("response_type") == "code"
            and query.get("code_challenge_method") == "S256"
            and asked.pop("client_id") == CLIENT_ID
            and all(asked.values())
        )
        if not as_agreed or _host(asked["redirect_uri"]) not in hosts:
            raise BadAuthorizeRequest
        return cls(**asked)

    def back(self, **answer: str) -> str:
        """The address to send the browser to."""
        joint = "&" if urlsplit(self.redirect_uri).query else "?"
        return f"{self.redirect_uri}{joint}{urlencode({**answer, 'state': self.state})}"


class SimulatedProvider:
    """Answers as `Provider` says, and stands behind the page on which a person is chosen."""

    def __init__(
        self,
        *,
        store: Store,
        now: Callable[[], datetime],
        seed: int,
        issuer: str = ISSUER,
        redirect_hosts: frozenset[str] = LOOPBACK,
    ) -> None:
        self._store, self._now, self._seed = store, now, seed
        self._issuer, self._hosts = issuer, redirect_hosts
        self._key = _signing_key(seed)
        self._magic_is_there = False

    def seed(self, people: Iterable[ProvenPerson]) -> None:
        """Make people known; who is known already stays."""
        with self._store.turn() as shelf:
            for person in people:
                body = {"name": person.name, "real_person": person.real_person}
                shelf.add("person", person.identity_number, body)

    def people(self) -> tuple[ProvenPerson, ...]:
        """Everybody who can sign in, in the order in which they became known."""
        with self._turn() as shelf:
            people = shelf.every("person")
        return tuple(
            ProvenPerson(entry.body["name"], entry.key, entry.body["real_person"])
            for entry in people
        )

    def approve(self, query: Mapping[str, str], identity_number: str) -> str:
        """The person agreed: the address back to the application, with a code.

        Raises `BadAuthorizeRequest`, also for somebody unknown.
        """
        asked = AuthorizeRequest.of(query, self._hosts)
        body = {
            "identity_number": identity_number,
            "redirect_uri": asked.redirect_uri,
            "nonce": asked.nonce,
            "code_challenge": asked.code_challenge,
            "until": (self._now() + _CODE_LIVES).astimezone(UTC).isoformat(),
        }
        with self._turn() as shelf:
            if shelf.get("person", identity_number) is None:
                raise BadAuthorizeRequest
            salt = 0
            while not shelf.add("code", code := self._code(body, salt), body):
                salt += 1
        return asked.back(code=code)

    def deny(self, query: Mapping[str, str]) -> str:
        """The person did not agree: the address back. Raises `BadAuthorizeRequest`."""
        return AuthorizeRequest.of(query, self._hosts).back(error="access_denied")

    def issuer(self) -> str:
        """The name by which it signs."""
        return self._issuer

    def keys(self) -> Mapping[str, Any]:
        """Its public key as a JWK set."""
        public = self._key.as_dict(private=False)
        return {"keys": [{**public, "kid": self._key.thumbprint(), "use": "sig"}]}

    def token(self, form: Mapping[str, str]) -> Granted | Denied:
        """Redeem a code, once; whatever does not fit is `invalid_grant`."""
        code = form.get("code", "")
        with self._turn() as shelf:
            entry = shelf.get("code", code)
            if entry is None or form.get("grant_type") != "authorization_code":
                return Denied("invalid_grant")
            shelf.change("code", code, {**entry.body, "until": ""})
            person = shelf.get("person", entry.body["identity_number"])
        if person is None or not self._fits(entry.body, form):
            return Denied("invalid_grant")
        return Granted(self._sign(entry.body, person.body))

    def matches(self, *, name: str, identity_number: str) -> bool:
        """Whether name and number belong together; dots and width do not matter."""
        with self._turn() as shelf:
            person = shelf.get("person", identity_number)
        return person is not None and is_same_name(person.body["name"], name)

    def _fits(self, given: Body, form: Mapping[str, str]) -> bool:
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        return bool(
            form.get("client_id") == CLIENT_ID
            and form.get("redirect_uri") == given["redirect_uri"]
            and _base64url(digest) == given["code_challenge"]
            and self._now().astimezone(UTC).isoformat() < given["until"]
        )

    def _sign(self, given: Body, person: Body) -> str:
        number, now = given["identity_number"], self._now()
        claims = {
            "iss": self._issuer,
            "aud": CLIENT_ID,
            "sub": chance.hexadecimal(32, self._seed, "subject", number).lower(),
            "iat": int(now.timestamp()),
            "exp": int((now + _TOKEN_LIVES).timestamp()),
            "nonce": given["nonce"],
            "name": person["name"],
            "identity_number": number,
            "real_person": person["real_person"],
        }
        header = {"alg": _ALGORITHM, "kid": self._key.thumbprint()}
        return jwt.encode(header, claims, self._key, [_ALGORITHM])

    def _code(self, body: Body, salt: int) -> str:
        names = ("code", *(str(value) for value in body.values()), str(salt))
        return chance.hexadecimal(40, self._seed, *names).lower()

    def _turn(self) -> Any:
        if not self._magic_is_there:
            self._magic_is_there = True
            self.seed(
                ProvenPerson(who.person.name, who.person.identity_number, real_person=True)
                for who in RESIDENTS
            )
        return self._store.turn()


def _signing_key(seed: int) -> OKPKey:
    """The same key in every process of one simulation, and in every run with its seed."""
    secret = chance.digest(seed, "real-name signing key")
    return OKPKey.import_key(Ed25519PrivateKey.from_private_bytes(secret))


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return (parts.hostname or "") if parts.scheme in {"http", "https"} else ""
