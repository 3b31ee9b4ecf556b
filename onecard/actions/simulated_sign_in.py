"""模拟实名认证: behind the page on which a demo person is chosen, while partners are simulated.

The simulated service does the proving; nothing is written down here, so these are not acts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from onecard.adapters.partners import partners
from onecard.adapters.real_name.simulated import BadAuthorizeRequest, SimulatedProvider
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.masking import mask_number
from onecard.domain.refusal import Fix, FixKind, NotFound, Refusal, Refused
from onecard.seams.world import world

_KEY_LENGTH = 16


@dataclass(frozen=True)
class DemoPerson:
    """Somebody to sign in as. `key` names them in a form; the number is masked."""

    key: str
    name: str
    masked_number: str


def is_offered() -> bool:
    """Whether this installation plays the real-name service itself."""
    return isinstance(partners(), SimulatedPartners)


def demo_people() -> tuple[DemoPerson, ...]:
    """Everybody who can be chosen. Raises `NotFound` with a real service."""
    return tuple(
        DemoPerson(key_of(who.identity_number), who.name, mask_number(who.identity_number))
        for who in _provider().people()
    )


def approve(*, query: Mapping[str, str], person: str) -> str:
    """The address back to the application, with a code for the chosen person.

    Raises `Refused("partner.bad_sign_in")` for a request no application of ours makes, `NotFound`
    for somebody who is not among the demo people.
    """
    provider = _provider()
    chosen = [who for who in provider.people() if key_of(who.identity_number) == person]
    if not chosen:
        raise NotFound(person)
    try:
        return provider.approve(query, chosen[0].identity_number)
    except BadAuthorizeRequest as bad:
        raise Refused(_bad_request()) from bad


def deny(*, query: Mapping[str, str]) -> str:
    """The address back, with `error=access_denied`. Raises as `approve`."""
    try:
        return _provider().deny(query)
    except BadAuthorizeRequest as bad:
        raise Refused(_bad_request()) from bad


def _provider() -> SimulatedProvider:
    played = partners()
    if not isinstance(played, SimulatedPartners):
        raise NotFound("simulated real-name service")
    return played.simulation.real_name


def key_of(identity_number: str) -> str:
    """The key under which the page offers somebody, so that no number stands in a form."""
    return world().custody.sign("demo person", identity_number.encode())[:_KEY_LENGTH]


def _bad_request() -> Refusal:
    return Refusal("partner.bad_sign_in", fix=Fix(FixKind.DO_FIRST, {"act": "sign_in"}))
