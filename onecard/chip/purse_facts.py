"""What a transaction is about, as a server must keep it before a MAC leaves the house.

An attempt is saved first and signed then; every later proof is checked against the saved attempt,
never against values that a phone sends (card reference 6).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from onecard.chip import card_time
from onecard.chip.purse_answers import COUNTER_END, LoadInitialized, PurchaseInitialized, fen_of
from onecard.chip.purse_files import CardIdentity, TransactionType
from onecard.chip.purse_profile import Part

Parts = Mapping[Part, bytes]

_BALANCE_RANGE = 1 << 32


@dataclass(frozen=True, kw_only=True)
class OnlineAttempt:
    """A load or an unload that is about to be signed, or was: what its MACs and TAC are about.

    `at` is the server's time, to the second. `old_balance` is as the card wrote it under MAC1.
    """

    card: CardIdentity
    type: TransactionType
    old_balance: int
    counter: int
    key_version: int
    algorithm: int
    random: bytes
    amount_fen: int
    terminal: bytes
    at: datetime

    @classmethod
    def load(
        cls,
        card: CardIdentity,
        init: LoadInitialized,
        *,
        amount_fen: int,
        terminal: bytes,
        at: datetime,
    ) -> OnlineAttempt:
        """The load that this INITIALIZE answer allows."""
        return cls._of(TransactionType.LOAD, card, init, amount_fen, terminal, at)

    @classmethod
    def unload(
        cls,
        card: CardIdentity,
        init: LoadInitialized,
        *,
        amount_fen: int,
        terminal: bytes,
        at: datetime,
    ) -> OnlineAttempt:
        """The unload that this INITIALIZE answer allows."""
        return cls._of(TransactionType.UNLOAD, card, init, amount_fen, terminal, at)

    @classmethod
    def _of(
        cls,
        type_: TransactionType,
        card: CardIdentity,
        init: LoadInitialized,
        amount_fen: int,
        terminal: bytes,
        at: datetime,
    ) -> OnlineAttempt:
        return cls(
            card=card,
            type=type_,
            old_balance=init.old_balance,
            counter=init.counter,
            key_version=init.key_version,
            algorithm=init.algorithm,
            random=init.random,
            amount_fen=amount_fen,
            terminal=terminal,
            at=at,
        )

    @property
    def new_balance(self) -> int:
        """What the card will write if it commits."""
        change = self.amount_fen if self.type is TransactionType.LOAD else -self.amount_fen
        return (self.old_balance + change) % _BALANCE_RANGE

    @property
    def balance_after_fen(self) -> int:
        """The money on the card if it commits."""
        return fen_of(self.new_balance)

    @property
    def proof_counter(self) -> int:
        """What to ask `80 5A` for: the counter AFTER the transaction."""
        return self.counter + 1

    @property
    def parts(self) -> Parts:
        """Its MAC inputs."""
        return {
            Part.OLD_BALANCE: self.old_balance.to_bytes(Part.OLD_BALANCE.size),
            Part.NEW_BALANCE: self.new_balance.to_bytes(Part.NEW_BALANCE.size),
            Part.COUNTER: self.counter.to_bytes(Part.COUNTER.size),
            Part.AMOUNT: self.amount_fen.to_bytes(Part.AMOUNT.size),
            Part.TYPE: bytes((self.type,)),
            Part.TERMINAL: self.terminal,
            Part.STAMP: card_time.stamp(self.at),
        }


@dataclass(frozen=True, kw_only=True)
class Purchase:
    """A purchase as terminal and clearing know it. Its TAC covers neither balance nor counter."""

    type: TransactionType
    amount_fen: int
    terminal: bytes
    terminal_counter: int
    at: datetime

    @property
    def terminal_counter_bytes(self) -> bytes:
        """The terminal's own counter, 4 bytes: unique for each attempt of a terminal."""
        return self.terminal_counter.to_bytes(Part.TERMINAL_COUNTER.size)

    @property
    def parts(self) -> Parts:
        """Its MAC inputs."""
        return {
            Part.AMOUNT: self.amount_fen.to_bytes(Part.AMOUNT.size),
            Part.TYPE: bytes((self.type,)),
            Part.TERMINAL: self.terminal,
            Part.TERMINAL_COUNTER: self.terminal_counter_bytes,
            Part.STAMP: card_time.stamp(self.at),
        }


@dataclass(frozen=True)
class ProvenCounter:
    """What a fresh INITIALIZE answer proves once its MAC1 verifies: balance and load counter."""

    balance_fen: int
    counter: int


def proof_counter(init: PurchaseInitialized) -> int:
    """What to ask `80 5A` for after a purchase: the purchase counter AFTER it."""
    return init.counter + 1


def is_suspicious(init: LoadInitialized, *, cap_fen: int, counter_seen: int) -> bool:
    """Whether a proven INITIALIZE answer says what no card of ours can say (case 113).

    More money than the cap, a counter at its end (a real card answers 9402), or a counter below
    `counter_seen`, the highest ever proven for this card: a copied or rolled-back chip.
    """
    too_much = init.balance_fen > cap_fen
    return too_much or init.counter == COUNTER_END or init.counter < counter_seen
