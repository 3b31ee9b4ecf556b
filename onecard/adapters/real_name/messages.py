"""The one verb of the real-name service that is not OpenID Connect, and how its values travel."""

from __future__ import annotations

from dataclasses import dataclass

from onecard.adapters.wire import Verb, converter, named


@dataclass(frozen=True)
class NameAndNumber:
    """What a clerk wants to know about."""

    name: str
    identity_number: str


@dataclass(frozen=True)
class Verdict:
    """Whether they belong together."""

    matches: bool


MATCHES = Verb("matches", NameAndNumber, Verdict)

CODEC = converter(
    names={NameAndNumber: {"name": named("AAC003"), "identity_number": named("AAC002")}},
    codes={},
)
