"""省统一实名认证: signs people in, in the shape of OpenID Connect (code flow with PKCE)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class ProvenPerson:
    """Somebody proven to be this person; `real_person` when the face was checked too (实人)."""

    name: str
    identity_number: str
    real_person: bool


@dataclass(frozen=True)
class NotProven:
    """The service's own no, e.g. `access_denied`, `invalid_grant`, `bad_token`."""

    reason: str


class RealName(Protocol):
    """Raises `PartnerDown` or `PartnerUnsure` when there is no answer."""

    def authorize_url(
        self, *, state: str, nonce: str, code_challenge: str, redirect_uri: str
    ) -> str:
        """Where to send the browser."""
        ...

    def exchange(
        self, *, code: str, code_verifier: str, redirect_uri: str, nonce: str
    ) -> ProvenPerson | NotProven:
        """The identity behind a code that came back; each code works once."""
        ...

    def matches(self, *, name: str, identity_number: str) -> bool:
        """Whether name and number belong together: the clerk's check at a counter."""
        ...
