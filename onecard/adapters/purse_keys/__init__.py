"""芯片密钥保管: whoever keeps the purse's master keys, behind verbs of the purse (card ref. 14.1).

No verb gives out a key, and MAC2 cannot be had without a correct MAC1. A call leaves the house, so
none is made while rows are held. `software.py` serves development and tests and refuses to start in
production; `pkcs11` speaks to a token. Every call is heard by whoever gathers uses (`uses.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Protocol

from onecard.chip.fault import WrongCard
from onecard.chip.purse_answers import LoadInitialized, PurchaseInitialized
from onecard.chip.purse_facts import OnlineAttempt, ProvenCounter, Purchase
from onecard.chip.purse_files import CardIdentity, TransactionType
from onecard.chip.purse_profile import PurseProfile
from onecard.chip.purse_verbs import BadMac1, UnknownKeyVersion
from onecard.chip.status import Remedy, Why

__all__ = [
    "BadMac1",
    "KeysSilent",
    "KeysUnavailable",
    "ProfileNotAllowed",
    "PurseKeys",
    "UnknownKeyVersion",
    "in_purse_keys",
    "install",
    "purse_keys",
]


class KeysUnavailable(Exception):
    """The custody gave no answer. Nothing was signed: the same call may be repeated freely."""


KeysSilent = KeysUnavailable
"""The same, as those who carry steps call it."""


class ProfileNotAllowed(WrongCard):
    """A card family whose formulas nobody published: never in production (card reference 5)."""

    def __init__(self, profile: PurseProfile) -> None:
        super().__init__(Why.OTHER_PROFILE, remedy=Remedy.SERVICE_OUTLET, alarm=True)
        self.profile = profile.name


class PurseKeys(Protocol):
    """The verbs.

    All raise `KeysUnavailable` when the custody cannot be reached, `UnknownKeyVersion` for a
    generation that nobody put into it, `ProfileNotAllowed` for a provisional family in production.
    """

    def authorise_load(
        self,
        card: CardIdentity,
        profile: PurseProfile,
        init: LoadInitialized,
        *,
        amount_fen: int,
        terminal: bytes,
        at: datetime,
    ) -> bytes:
        """MAC2 of a load. Raises `BadMac1`, a `CryptoMismatch`."""
        ...

    def authorise_unload(
        self,
        card: CardIdentity,
        profile: PurseProfile,
        init: LoadInitialized,
        *,
        amount_fen: int,
        terminal: bytes,
        at: datetime,
    ) -> bytes:
        """MAC2 of an unload. Raises `BadMac1`, a `CryptoMismatch`."""
        ...

    def authorise_drain(
        self,
        card: CardIdentity,
        profile: PurseProfile,
        load_init: LoadInitialized,
        purchase_init: PurchaseInitialized,
        *,
        load_amount_fen: int,
        load_terminal: bytes,
        terminal: bytes,
        terminal_counter: int,
        at: datetime,
    ) -> bytes:
        """MAC1 of a purchase of exactly the balance that `load_init` proves."""
        ...

    def prove_counter(
        self,
        card: CardIdentity,
        profile: PurseProfile,
        init: LoadInitialized,
        *,
        amount_fen: int,
        terminal: bytes,
        type_: TransactionType = TransactionType.LOAD,
    ) -> ProvenCounter:
        """Balance and load counter under MAC1. Raises `BadMac1`."""
        ...

    def check_load_tac(
        self, card: CardIdentity, profile: PurseProfile, attempt: OnlineAttempt, tac: bytes
    ) -> bool:
        """Whether this TAC proves that the load was written to the card."""
        ...

    def check_unload_tac(
        self, card: CardIdentity, profile: PurseProfile, attempt: OnlineAttempt, tac: bytes
    ) -> bool:
        """Whether this TAC, from `80 5A` type 03, proves the unload."""
        ...

    def check_unload_mac3(
        self, card: CardIdentity, profile: PurseProfile, attempt: OnlineAttempt, mac3: bytes
    ) -> bool:
        """Whether this MAC3 proves that the unload was taken from the card."""
        ...

    def check_purchase_tac(
        self,
        card: CardIdentity,
        profile: PurseProfile,
        purchase: Purchase,
        tac: bytes,
        *,
        key_version: int,
    ) -> bool:
        """Whether this TAC proves the purchase; it says nothing about balance and counter."""
        ...


_installed: list[PurseKeys] = []
_replaced: ContextVar[PurseKeys | None] = ContextVar("purse_keys", default=None)


def install(chosen: PurseKeys) -> None:
    """Install the one of this process: once, by `config/wiring.py`."""
    _installed[:] = [chosen]


def purse_keys() -> PurseKeys:
    """The one in force here. Raises `KeysUnavailable` where none is installed."""
    here = _replaced.get()
    if here is not None:
        return here
    if not _installed:
        raise KeysUnavailable("no purse keys installed")
    return _installed[0]


@contextmanager
def in_purse_keys(other: PurseKeys) -> Iterator[PurseKeys]:
    """Another one for the length of a block: tests, simulator."""
    token = _replaced.set(other)
    try:
        yield other
    finally:
        _replaced.reset(token)
