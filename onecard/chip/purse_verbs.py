"""The verbs of the purse key custody, over a vault that computes MACs (card reference 14.1).

No verb gives out a key. MAC1 is checked and MAC2 made in ONE call, so that nobody can have a MAC2
without a card that proved itself a moment before. What a vault is made of (memory, a token, a
payment HSM) is its own affair: it opens one key at a time and closes it when the verb is done.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Protocol

from onecard.chip.fault import CryptoMismatch, Proof, WrongCard
from onecard.chip.purse_answers import LoadInitialized, PurchaseInitialized
from onecard.chip.purse_arithmetic import ONLINE_TAIL
from onecard.chip.purse_facts import OnlineAttempt, Parts, ProvenCounter, Purchase
from onecard.chip.purse_files import CardIdentity, TransactionType
from onecard.chip.purse_profile import Mac, PurseKey, PurseProfile
from onecard.chip.status import Remedy, Why

Signer = Callable[[Mac, Parts], bytes]
"""Makes MACs of 4 bytes under one open key."""


class BadMac1(CryptoMismatch):
    """The card's MAC1 does not verify: a wrong key, a replay or a forgery. Nothing was signed."""

    def __init__(self) -> None:
        super().__init__(Proof.MAC1)


class UnknownKeyVersion(WrongCard):
    """The card names a key generation that nobody ever put into custody."""

    def __init__(self, key: PurseKey, version: int) -> None:
        super().__init__(Why.OTHER_PROFILE, remedy=Remedy.SERVICE_OUTLET, alarm=True)
        self.key, self.version = key, version


@dataclass(frozen=True)
class CardKey:
    """Which key of which card: kind, generation of the master key, family."""

    kind: PurseKey
    version: int
    card: CardIdentity
    profile: PurseProfile


@dataclass(frozen=True)
class SessionBlock:
    """What the key of one transaction is made from."""

    random: bytes
    counter: int
    tail: bytes


class Vault(Protocol):
    """Keeps master keys by kind and generation. Raises `UnknownKeyVersion`."""

    def session(self, key: CardKey, block: SessionBlock) -> AbstractContextManager[Signer]:
        """MACs under the key of one transaction, for the length of a block."""
        ...

    def tac(self, key: CardKey) -> AbstractContextManager[Signer]:
        """TACs of a card, for the length of a block."""
        ...


class PurseVerbs:
    """Every verb of the purse key custody, over one vault."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

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
        """MAC2 of a load. Raises `BadMac1`, `UnknownKeyVersion`."""
        attempt = OnlineAttempt.load(card, init, amount_fen=amount_fen, terminal=terminal, at=at)
        return self._authorise(profile, attempt, init.mac1)

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
        """MAC2 of an unload. Raises `BadMac1`, `UnknownKeyVersion`."""
        attempt = OnlineAttempt.unload(card, init, amount_fen=amount_fen, terminal=terminal, at=at)
        return self._authorise(profile, attempt, init.mac1)

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
        """MAC1 of a purchase of exactly the balance that `load_init` proves (card reference 9).

        Raises `BadMac1` if the MAC1 of `load_init` does not verify, `UnknownKeyVersion`.
        """
        begun = _begun(card, load_init, TransactionType.LOAD, load_amount_fen, load_terminal)
        proven = self._proven(profile, begun, load_init)
        purchase = Purchase(
            type=TransactionType.PURCHASE,
            amount_fen=proven.balance_fen,
            terminal=terminal,
            terminal_counter=terminal_counter,
            at=at,
        )
        return self._sign_purchase(card, profile, purchase_init, purchase)

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
        """Balance and load counter under MAC1. Raises `BadMac1`, `UnknownKeyVersion`."""
        begun = _begun(card, init, type_, amount_fen, terminal)
        return self._proven(profile, begun, init)

    def check_load_tac(
        self, card: CardIdentity, profile: PurseProfile, attempt: OnlineAttempt, tac: bytes
    ) -> bool:
        """Whether this TAC proves that the load was written to the card."""
        key = CardKey(PurseKey.TAC, attempt.key_version, card, profile)
        return self._tac_fits(key, Mac.LOAD_TAC, attempt.parts, tac)

    def check_unload_tac(
        self, card: CardIdentity, profile: PurseProfile, attempt: OnlineAttempt, tac: bytes
    ) -> bool:
        """Whether this TAC, from `80 5A` type 03, proves the unload (L)."""
        key = CardKey(PurseKey.TAC, attempt.key_version, card, profile)
        return self._tac_fits(key, Mac.UNLOAD_TAC, attempt.parts, tac)

    def check_unload_mac3(
        self, card: CardIdentity, profile: PurseProfile, attempt: OnlineAttempt, mac3: bytes
    ) -> bool:
        """Whether this MAC3 proves that the unload was taken from the card."""
        key = CardKey(PurseKey.UNLOAD, attempt.key_version, card, profile)
        with self._vault.session(key, _online(attempt)) as sign:
            return compare_digest(sign(Mac.UNLOAD_MAC3, attempt.parts), mac3)

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
        key = CardKey(PurseKey.TAC, key_version, card, profile)
        return self._tac_fits(key, Mac.PURCHASE_TAC, purchase.parts, tac)

    def _authorise(self, profile: PurseProfile, attempt: OnlineAttempt, mac1: bytes) -> bytes:
        with self._session(profile, attempt) as sign:
            _must_be(sign, _MAC1[attempt.type], attempt.parts, mac1)
            return sign(_MAC2[attempt.type], attempt.parts)

    def _proven(
        self, profile: PurseProfile, begun: OnlineAttempt, init: LoadInitialized
    ) -> ProvenCounter:
        with self._session(profile, begun) as sign:
            _must_be(sign, _MAC1[begun.type], begun.parts, init.mac1)
        return ProvenCounter(init.balance_fen, init.counter)

    def _session(
        self, profile: PurseProfile, attempt: OnlineAttempt
    ) -> AbstractContextManager[Signer]:
        key = CardKey(_KEY[attempt.type], attempt.key_version, attempt.card, profile)
        return self._vault.session(key, _online(attempt))

    def _sign_purchase(
        self,
        card: CardIdentity,
        profile: PurseProfile,
        init: PurchaseInitialized,
        purchase: Purchase,
    ) -> bytes:
        with self._purchase_session(card, profile, init, purchase) as sign:
            return sign(Mac.PURCHASE_MAC1, purchase.parts)

    def _purchase_session(
        self,
        card: CardIdentity,
        profile: PurseProfile,
        init: PurchaseInitialized,
        purchase: Purchase,
    ) -> AbstractContextManager[Signer]:
        key = CardKey(PurseKey.PURCHASE, init.key_version, card, profile)
        tail = purchase.terminal_counter_bytes
        return self._vault.session(key, SessionBlock(init.random, init.counter, tail))

    def _tac_fits(self, key: CardKey, which: Mac, parts: Parts, tac: bytes) -> bool:
        with self._vault.tac(key) as sign:
            return compare_digest(sign(which, parts), tac)


def _begun(
    card: CardIdentity,
    init: LoadInitialized,
    type_: TransactionType,
    amount_fen: int,
    terminal: bytes,
) -> OnlineAttempt:
    """What an INITIALIZE answer is about, before any moment is set for it."""
    return OnlineAttempt(
        card=card,
        type=type_,
        old_balance=init.old_balance,
        counter=init.counter,
        key_version=init.key_version,
        algorithm=init.algorithm,
        random=init.random,
        amount_fen=amount_fen,
        terminal=terminal,
        at=_NO_MOMENT,
    )


def _must_be(sign: Signer, which: Mac, parts: Parts, mac: bytes) -> None:
    if not compare_digest(sign(which, parts), mac):
        raise BadMac1


def _online(attempt: OnlineAttempt) -> SessionBlock:
    return SessionBlock(attempt.random, attempt.counter, ONLINE_TAIL)


_NO_MOMENT = datetime.fromisoformat("2000-01-01T00:00:00+08:00")
"""MAC1 covers no time, so a probe of the counter has none."""

_KEY = {TransactionType.LOAD: PurseKey.LOAD, TransactionType.UNLOAD: PurseKey.UNLOAD}
_MAC1 = {TransactionType.LOAD: Mac.LOAD_MAC1, TransactionType.UNLOAD: Mac.UNLOAD_MAC1}
_MAC2 = {TransactionType.LOAD: Mac.LOAD_MAC2, TransactionType.UNLOAD: Mac.UNLOAD_MAC2}
