"""Purse keys in memory, and the security module of a gate: for tests and training."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from hmac import compare_digest

from onecard.chip.purse_answers import PurchaseInitialized
from onecard.chip.purse_arithmetic import Arithmetic, Ciphers
from onecard.chip.purse_facts import Purchase
from onecard.chip.purse_files import CardIdentity
from onecard.chip.purse_profile import Mac, PurseKey, PurseProfile
from onecard.chip.purse_verbs import CardKey, PurseVerbs, SessionBlock, Signer, UnknownKeyVersion

Masters = Mapping[tuple[PurseKey, int], bytes]
"""Master keys by kind and generation (the key version in INIT's answer)."""


class SoftwareVault:
    """Master keys in memory. Answers as `Vault` says."""

    def __init__(self, masters: Masters, ciphers: Ciphers) -> None:
        self._masters, self._ciphers = masters, ciphers

    @contextmanager
    def session(self, key: CardKey, block: SessionBlock) -> Iterator[Signer]:
        """MACs under the key of one transaction."""
        arithmetic = Arithmetic(key.profile, self._ciphers)
        made = arithmetic.session_key(self._card_key(key), block.random, block.counter, block.tail)
        yield partial(arithmetic.mac, made)

    @contextmanager
    def tac(self, key: CardKey) -> Iterator[Signer]:
        """TACs of a card."""
        yield partial(Arithmetic(key.profile, self._ciphers).tac, self._card_key(key))

    def _card_key(self, key: CardKey) -> bytes:
        master = self._masters.get((key.kind, key.version))
        if master is None:
            raise UnknownKeyVersion(key.kind, key.version)
        return Arithmetic(key.profile, self._ciphers).card_key(master, key.card)


class SoftwareKeys(PurseVerbs):
    """Every verb over keys in memory, and beside them what a gate's security module (PSAM) does."""

    def __init__(self, masters: Masters, ciphers: Ciphers) -> None:
        super().__init__(SoftwareVault(masters, ciphers))

    def sign_purchase(
        self,
        card: CardIdentity,
        profile: PurseProfile,
        init: PurchaseInitialized,
        purchase: Purchase,
    ) -> bytes:
        """MAC1 of a purchase, as the security module of a gate makes it."""
        return self._sign_purchase(card, profile, init, purchase)

    def check_purchase_mac2(
        self,
        card: CardIdentity,
        profile: PurseProfile,
        init: PurchaseInitialized,
        purchase: Purchase,
        mac2: bytes,
    ) -> bool:
        """Whether the card really paid: what a gate checks before it opens."""
        with self._purchase_session(card, profile, init, purchase) as sign:
            return compare_digest(sign(Mac.PURCHASE_MAC2, purchase.parts), mac2)
