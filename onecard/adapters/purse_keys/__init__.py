"""芯片密钥保管: whoever keeps the purse's master keys, behind verbs of the purse (card ref. 14.1).

No verb gives out a key, and MAC2 cannot be had without a correct MAC1. A call leaves the house, so
none is made while rows are held.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Protocol

from onecard.chip.purse_answers import LoadInitialized, PurchaseInitialized
from onecard.chip.purse_facts import OnlineAttempt, ProvenCounter, Purchase
from onecard.chip.purse_files import CardIdentity, TransactionType
from onecard.chip.purse_profile import PurseProfile


class KeysSilent(Exception):
    """The custody gave no answer. Nothing was signed: the same call may be repeated freely."""


class PurseKeys(Protocol):
    """The verbs; all raise `KeysSilent` when the custody cannot be reached."""

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
        """MAC2 of a load. Raises `CryptoMismatch` if MAC1 does not verify."""
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
        """MAC2 of an unload. Raises `CryptoMismatch` if MAC1 does not verify."""
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
        """Balance and load counter under MAC1. Raises `CryptoMismatch`."""
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
    """The one in force here. Raises `KeysSilent` where none is installed."""
    here = _replaced.get()
    if here is not None:
        return here
    if not _installed:
        raise KeysSilent("no purse keys installed")
    return _installed[0]


@contextmanager
def in_purse_keys(other: PurseKeys) -> Iterator[PurseKeys]:
    """Another one for the length of a block: tests, simulator."""
    token = _replaced.set(other)
    try:
        yield other
    finally:
        _replaced.reset(token)
