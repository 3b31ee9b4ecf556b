"""What the purse answers to its commands, as layouts (card reference 3)."""

from __future__ import annotations

from dataclasses import dataclass

from onecard.chip.layout import Layout, number, raw

COUNTER_END = 0xFFFF
"""A counter that stands here takes no more: the card answers 9402 and must be exchanged."""

_MASK = 0x7FFFFFFF
"""Bit 31 of a balance is a mark of the card system, not money (card reference 3)."""


def fen_of(balance: int) -> int:
    """The money in a balance as the card writes it: bit 31 masked."""
    return balance & _MASK


@dataclass(frozen=True)
class Balance(Layout):
    """The answer to GET BALANCE. Nobody vouches for it: for display only."""

    as_written: int = number(4)

    @property
    def fen(self) -> int:
        """The money in it."""
        return fen_of(self.as_written)


def shown_balance(balance: Balance, negative: Balance) -> int:
    """What a person is shown, from `80 5C 00 02` and the negative part of `80 5C 01 02`."""
    return balance.fen or -negative.fen


@dataclass(frozen=True)
class LoadInitialized(Layout):
    """The answer to INITIALIZE FOR LOAD and FOR UNLOAD.

    Once MAC1 verifies, it vouches for counter, balance, and the amount and terminal number we
    sent. `old_balance` is as the card wrote it, for that is what its MACs are about.
    """

    old_balance: int = number(4)
    counter: int = number(2)
    key_version: int = number(1)
    algorithm: int = number(1)
    random: bytes = raw(4)
    mac1: bytes = raw(4)

    @property
    def balance_fen(self) -> int:
        """The money on the card before this transaction."""
        return fen_of(self.old_balance)


@dataclass(frozen=True)
class PurchaseInitialized(Layout):
    """The answer to INITIALIZE FOR PURCHASE and FOR CAPP PURCHASE. No MAC: it proves nothing."""

    old_balance: int = number(4)
    counter: int = number(2)
    overdraft_limit_fen: int = number(3)
    key_version: int = number(1)
    algorithm: int = number(1)
    random: bytes = raw(4)

    @property
    def balance_fen(self) -> int:
        """What the card says it holds, unproven."""
        return fen_of(self.old_balance)


@dataclass(frozen=True)
class Loaded(Layout):
    """The answer to CREDIT FOR LOAD: a success only if this TAC verifies."""

    tac: bytes = raw(4)


@dataclass(frozen=True)
class Unloaded(Layout):
    """The answer to DEBIT FOR UNLOAD: a success only if this MAC3 verifies."""

    mac3: bytes = raw(4)


@dataclass(frozen=True)
class Purchased(Layout):
    """The answer to DEBIT FOR PURCHASE: TAC for the issuer, MAC2 for the terminal."""

    tac: bytes = raw(4)
    mac2: bytes = raw(4)


@dataclass(frozen=True)
class TransactionProof(Layout):
    """The answer to GET TRANSACTION PROVE: evidence only once its TAC verifies.

    What `mac` is depends on the transaction: MAC2 of a purchase, MAC3 of an unload (L); for a load
    it is unclear and never used (card reference 6).
    """

    mac: bytes = raw(4)
    tac: bytes = raw(4)


Balance.vectors = (
    ("00000AC3", Balance(2755)),
    ("80000AC3", Balance(0x80000AC3)),
)
LoadInitialized.vectors = (
    (
        "00001388002A0100A1B2C3D41D08D2A9",
        LoadInitialized(
            old_balance=5000,
            counter=0x2A,
            key_version=1,
            algorithm=0,
            random=bytes.fromhex("A1B2C3D4"),
            mac1=bytes.fromhex("1D08D2A9"),
        ),
    ),
)
PurchaseInitialized.vectors = (
    (
        "000162AF0036000320010084176AD7",
        PurchaseInitialized(
            old_balance=90799,
            counter=0x36,
            overdraft_limit_fen=800,
            key_version=1,
            algorithm=0,
            random=bytes.fromhex("84176AD7"),
        ),
    ),
)
Purchased.vectors = (
    (
        "C630C2C8ABCC913B",
        Purchased(tac=bytes.fromhex("C630C2C8"), mac2=bytes.fromhex("ABCC913B")),
    ),
)
Loaded.vectors = (("F7D5F0A7", Loaded(bytes.fromhex("F7D5F0A7"))),)
Unloaded.vectors = (("B7A6DC53", Unloaded(bytes.fromhex("B7A6DC53"))),)
TransactionProof.vectors = (
    (
        "00000000F7D5F0A7",
        TransactionProof(mac=bytes(4), tac=bytes.fromhex("F7D5F0A7")),
    ),
)
