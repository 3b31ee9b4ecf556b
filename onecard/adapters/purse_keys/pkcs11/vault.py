"""The vault of the purse verbs over a token: one card's keys live for one verb, as handles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from pkcs11 import MechanismFlag

from onecard.adapters.purse_keys import (
    KeysUnavailable,
    ProfileNotAllowed,
    UnknownKeyVersion,
)
from onecard.adapters.purse_keys.pkcs11 import keys
from onecard.adapters.purse_keys.pkcs11.place import TacWay, TokenPlace
from onecard.adapters.purse_keys.pkcs11.token import Opened, Token
from onecard.adapters.purse_keys.verbs import CustodyVerbs
from onecard.chip.purse_arithmetic import level_data, mac_data, session_data
from onecard.chip.purse_facts import Parts
from onecard.chip.purse_profile import Algorithm, Mac, PurseProfile
from onecard.chip.purse_verbs import CardKey, SessionBlock, Signer

_DERIVE, _ENCRYPT = MechanismFlag.DERIVE, MechanismFlag.ENCRYPT


class TacOnHostInProduction(RuntimeError):
    """Somebody starts the way of tests in a production house."""

    def __init__(self) -> None:
        super().__init__(
            "ONECARD_PKCS11_TAC=on_host brings a card's TAC key into memory: not in production"
        )


class TacKeyMissing(KeysUnavailable):
    """Nobody imported the TAC key of this card: its proofs can neither be believed nor denied."""


class Pkcs11PurseKeys(CustodyVerbs):
    """Answers as `PurseKeys` says, for the published profile; SoftHSM knows no SM4."""

    def __init__(self, place: TokenPlace, *, production: bool) -> None:
        if production and place.tac is TacWay.ON_HOST:
            raise TacOnHostInProduction
        super().__init__(TokenVault(Token(place)), production=production)

    def must_allow(self, profile: PurseProfile) -> None:
        """Raises `ProfileNotAllowed` for a family whose cipher the token does not have."""
        super().must_allow(profile)
        if profile.algorithm is not Algorithm.TRIPLE_DES:
            raise ProfileNotAllowed(profile)


class TokenVault:
    """Answers as `Vault` says."""

    def __init__(self, token: Token) -> None:
        self._token = token

    @contextmanager
    def session(self, key: CardKey, block: SessionBlock) -> Iterator[Signer]:
        """MACs under the key of one transaction."""
        data = session_data(key.profile, block.random, block.counter, block.tail)
        with self._token.session() as opened, ExitStack() as handles:
            parent = _parent(opened, key, handles, of_card=True)
            single = handles.enter_context(keys.derived(parent, data * 2, _ENCRYPT))
            yield _signer(single, key.profile)

    @contextmanager
    def tac(self, key: CardKey) -> Iterator[Signer]:
        """TACs of a card."""
        with self._token.session() as opened, ExitStack() as handles:
            if self._token.place.tac is TacWay.IMPORTED:
                yield _signer(_imported(opened, key), key.profile)
            else:
                half = _xored_on_host(opened, key, handles)
                single = handles.enter_context(keys.twice(opened.session, half))
                yield _signer(single, key.profile)


def _parent(opened: Opened, key: CardKey, handles: ExitStack, *, of_card: bool) -> Any:
    """The card's key as a handle; or, for TACs on the host, the handle one level above it."""
    handle = _master(opened, key)
    levels = level_data(key.profile, key.card)
    for level in levels if of_card else levels[:-1]:
        can = _DERIVE if of_card else _DERIVE | _ENCRYPT
        handle = handles.enter_context(keys.derived(handle, level, can))
    return handle


def _master(opened: Opened, key: CardKey) -> Any:
    master = opened.key(keys.label_of(key.kind, key.version))
    if master is None:
        raise UnknownKeyVersion(key.kind, key.version)
    return master


def _imported(opened: Opened, key: CardKey) -> Any:
    """The TAC key of this card as its issuer made it. Raises `TacKeyMissing`."""
    _master(opened, key)
    handle = opened.key(keys.tac_label(key.card, key.version))
    if handle is None:
        raise TacKeyMissing(key.version)
    return handle


def _xored_on_host(opened: Opened, key: CardKey, handles: ExitStack) -> bytes:
    """ONE CARD'S TAC KEY IN OUR MEMORY: `TacWay.ON_HOST`, for tests (card reference 14.2)."""
    above = _parent(opened, key, handles, of_card=False)
    dtk = keys.ecb(above, level_data(key.profile, key.card)[-1])
    left, right = dtk[: keys.BLOCK], dtk[keys.BLOCK :]
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def _signer(handle: Any, profile: PurseProfile) -> Signer:
    def sign(which: Mac, parts: Parts) -> bytes:
        return keys.cbc_mac(handle, mac_data(profile, which, parts))

    return sign
