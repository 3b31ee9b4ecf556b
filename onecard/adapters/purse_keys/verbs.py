"""The verbs as every custody of this house speaks them: no rows held, family allowed, use told."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from onecard.adapters.purse_keys import (
    BadMac1,
    KeysUnavailable,
    ProfileNotAllowed,
    UnknownKeyVersion,
)
from onecard.adapters.purse_keys.uses import KeyUse, Verdict, tell
from onecard.chip.purse_files import CardIdentity
from onecard.chip.purse_profile import PurseProfile
from onecard.chip.purse_verbs import PurseVerbs, Vault
from onecard.seams.holding import must_hold_no_rows
from onecard.seams.world import world

F = TypeVar("F", bound=Callable[..., Any])

_FAILED: dict[type[Exception], Verdict] = {
    BadMac1: Verdict.BAD_MAC1,
    UnknownKeyVersion: Verdict.UNKNOWN_KEY,
    ProfileNotAllowed: Verdict.NOT_ALLOWED,
    KeysUnavailable: Verdict.UNAVAILABLE,
}


def _told(verb: F) -> F:
    """The verb, with its use told whatever comes of it."""

    @wraps(verb)
    def run(
        self: CustodyVerbs, card: CardIdentity, profile: PurseProfile, *args: Any, **more: Any
    ) -> Any:
        must_hold_no_rows()
        verdict = Verdict.UNAVAILABLE
        try:
            self.must_allow(profile)
            answer = verb(self, card, profile, *args, **more)
            verdict = _verdict(answer)
        except tuple(_FAILED) as failed:
            verdict = next(said for kind, said in _FAILED.items() if isinstance(failed, kind))
            raise
        finally:
            version = _version_in((*args, *more.values()), more)
            tell(KeyUse(_index(card), verb.__name__, verdict, version, profile.name))
        return answer

    return cast(F, run)


class CustodyVerbs(PurseVerbs):
    """Answers as `PurseKeys` says, over one vault."""

    def __init__(self, vault: Vault, *, production: bool) -> None:
        super().__init__(vault)
        self._production = production

    authorise_load = _told(PurseVerbs.authorise_load)
    authorise_unload = _told(PurseVerbs.authorise_unload)
    authorise_drain = _told(PurseVerbs.authorise_drain)
    prove_counter = _told(PurseVerbs.prove_counter)
    check_load_tac = _told(PurseVerbs.check_load_tac)
    check_unload_tac = _told(PurseVerbs.check_unload_tac)
    check_unload_mac3 = _told(PurseVerbs.check_unload_mac3)
    check_purchase_tac = _told(PurseVerbs.check_purchase_tac)

    def must_allow(self, profile: PurseProfile) -> None:
        """Raises `ProfileNotAllowed` for a provisional family in production."""
        if self._production and profile.is_provisional:
            raise ProfileNotAllowed(profile)


def _verdict(answer: object) -> Verdict:
    if isinstance(answer, bool):
        return Verdict.FITS if answer else Verdict.FITS_NOT
    return Verdict.SIGNED if isinstance(answer, bytes) else Verdict.PROVEN


def _version_in(facts: tuple[object, ...], named: dict[str, Any]) -> int:
    """The generation that INIT's answer, the kept attempt or the caller names."""
    if "key_version" in named:
        return int(named["key_version"])
    return next(int(fact.key_version) for fact in facts if hasattr(fact, "key_version"))


def _index(card: CardIdentity) -> str:
    """The blind index by which the purse account is found."""
    number = card.issuer.hex().upper() + card.serial.hex().upper()
    return world().custody.blind_index("purse", number)
