"""Purse keys in memory, with the custody verbs of card reference 14.1: for tests and training.

No verb gives out a key. MAC1 is checked and MAC2 made in ONE call, so that nobody can have a MAC2
without a card that proved itself a moment before.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hmac import compare_digest

from onecard.chip.fault import CryptoMismatch, Proof, WrongCard
from onecard.chip.purse_answers import LoadInitialized, PurchaseInitialized
from onecard.chip.purse_arithmetic import ONLINE_TAIL, Arithmetic, Ciphers
from onecard.chip.purse_facts import OnlineAttempt, Parts, ProvenCounter, Purchase
from onecard.chip.purse_files import CardIdentity, TransactionType
from onecard.chip.purse_profile import Mac, PurseKey, PurseProfile
from onecard.chip.status import Remedy, Why

Masters = Mapping[tuple[PurseKey, int], bytes]
"""Master keys by kind and generation (the key version in INIT's answer)."""


class SoftwareKeys:
    """Every verb of the purse key custody, over master keys in memory."""

    def __init__(self, masters: Masters, ciphers: Ciphers) -> None:
        self._masters, self._ciphers = masters, ciphers

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
        """MAC2 of an unload. Raises `CryptoMismatch` if MAC1 does not verify."""
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

        Raises `CryptoMismatch` if the MAC1 of `load_init` does not verify.
        """
        proven = self.prove_counter(
            card, profile, load_init, amount_fen=load_amount_fen, terminal=load_terminal
        )
        purchase = Purchase(
            type=TransactionType.PURCHASE,
            amount_fen=proven.balance_fen,
            terminal=terminal,
            terminal_counter=terminal_counter,
            at=at,
        )
        return self.sign_purchase(card, profile, purchase_init, purchase)

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
        begun = OnlineAttempt(
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
        self._session_of(profile, begun, init.mac1)
        return ProvenCounter(init.balance_fen, init.counter)

    def check_load_tac(
        self, card: CardIdentity, profile: PurseProfile, attempt: OnlineAttempt, tac: bytes
    ) -> bool:
        """Whether this TAC proves that the load was written to the card."""
        return self._tac_fits(card, profile, Mac.LOAD_TAC, attempt.key_version, attempt.parts, tac)

    def check_unload_tac(
        self, card: CardIdentity, profile: PurseProfile, attempt: OnlineAttempt, tac: bytes
    ) -> bool:
        """Whether this TAC, from `80 5A` type 03, proves the unload (L)."""
        return self._tac_fits(
            card, profile, Mac.UNLOAD_TAC, attempt.key_version, attempt.parts, tac
        )

    def check_unload_mac3(
        self, card: CardIdentity, profile: PurseProfile, attempt: OnlineAttempt, mac3: bytes
    ) -> bool:
        """Whether this MAC3 proves that the unload was taken from the card."""
        session = self._session(profile, attempt, card)
        made = Arithmetic(profile, self._ciphers).mac(session, Mac.UNLOAD_MAC3, attempt.parts)
        return compare_digest(made, mac3)

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
        return self._tac_fits(card, profile, Mac.PURCHASE_TAC, key_version, purchase.parts, tac)

    def sign_purchase(
        self,
        card: CardIdentity,
        profile: PurseProfile,
        init: PurchaseInitialized,
        purchase: Purchase,
    ) -> bytes:
        """MAC1 of a purchase, as the security module (PSAM) of a gate makes it."""
        session = self._purchase_session(card, profile, init, purchase)
        return Arithmetic(profile, self._ciphers).mac(session, Mac.PURCHASE_MAC1, purchase.parts)

    def check_purchase_mac2(
        self,
        card: CardIdentity,
        profile: PurseProfile,
        init: PurchaseInitialized,
        purchase: Purchase,
        mac2: bytes,
    ) -> bool:
        """Whether the card really paid: what a gate checks before it opens."""
        session = self._purchase_session(card, profile, init, purchase)
        made = Arithmetic(profile, self._ciphers).mac(session, Mac.PURCHASE_MAC2, purchase.parts)
        return compare_digest(made, mac2)

    def _authorise(self, profile: PurseProfile, attempt: OnlineAttempt, mac1: bytes) -> bytes:
        session = self._session_of(profile, attempt, mac1)
        which = _MAC2[attempt.type]
        return Arithmetic(profile, self._ciphers).mac(session, which, attempt.parts)

    def _session_of(self, profile: PurseProfile, attempt: OnlineAttempt, mac1: bytes) -> bytes:
        """The session key, only for a card whose MAC1 verifies."""
        session = self._session(profile, attempt, attempt.card)
        made = Arithmetic(profile, self._ciphers).mac(session, _MAC1[attempt.type], attempt.parts)
        if not compare_digest(made, mac1):
            raise CryptoMismatch(Proof.MAC1)
        return session

    def _session(self, profile: PurseProfile, attempt: OnlineAttempt, card: CardIdentity) -> bytes:
        key = self._card_key(profile, _KEY[attempt.type], attempt.key_version, card)
        arithmetic = Arithmetic(profile, self._ciphers)
        return arithmetic.session_key(key, attempt.random, attempt.counter, ONLINE_TAIL)

    def _purchase_session(
        self,
        card: CardIdentity,
        profile: PurseProfile,
        init: PurchaseInitialized,
        purchase: Purchase,
    ) -> bytes:
        key = self._card_key(profile, PurseKey.PURCHASE, init.key_version, card)
        arithmetic = Arithmetic(profile, self._ciphers)
        tail = purchase.terminal_counter_bytes
        return arithmetic.session_key(key, init.random, init.counter, tail)

    def _tac_fits(
        self,
        card: CardIdentity,
        profile: PurseProfile,
        which: Mac,
        version: int,
        parts: Parts,
        tac: bytes,
    ) -> bool:
        key = self._card_key(profile, PurseKey.TAC, version, card)
        return compare_digest(Arithmetic(profile, self._ciphers).tac(key, which, parts), tac)

    def _card_key(
        self, profile: PurseProfile, which: PurseKey, version: int, card: CardIdentity
    ) -> bytes:
        """Raises `WrongCard` for a generation nobody ever imported."""
        master = self._masters.get((which, version))
        if master is None:
            raise WrongCard(Why.OTHER_PROFILE, remedy=Remedy.SERVICE_OUTLET, alarm=True)
        return Arithmetic(profile, self._ciphers).card_key(master, card)


_NO_MOMENT = datetime.fromisoformat("2000-01-01T00:00:00+08:00")
"""MAC1 covers no time, so a probe of the counter has none."""

_KEY = {TransactionType.LOAD: PurseKey.LOAD, TransactionType.UNLOAD: PurseKey.UNLOAD}
_MAC1 = {TransactionType.LOAD: Mac.LOAD_MAC1, TransactionType.UNLOAD: Mac.UNLOAD_MAC1}
_MAC2 = {TransactionType.LOAD: Mac.LOAD_MAC2, TransactionType.UNLOAD: Mac.UNLOAD_MAC2}
