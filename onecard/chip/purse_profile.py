"""One family of cards as data: everything in which card systems differ (card reference 5).

Orders, actions and custody never name an algorithm; they hold a `PurseProfile`. What is not public
is marked: a profile of low confidence is for tests and training and must not run in production.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType

from onecard.chip.challenge import ChallengeRule
from onecard.chip.fci import T_UNION_CASH, T_UNION_PURSE


class Confidence(Enum):
    """How well a profile is known (card reference, marks H, M, L)."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Algorithm(Enum):
    """Which block cipher the keys of the card are for."""

    TRIPLE_DES = "triple_des"
    SM4 = "sm4"


class Factor(Enum):
    """What a card key is derived from, level by level (card reference 4.2)."""

    ISSUER = "issuer"
    ISSUER_HEAD_TWICE = "issuer_head_twice"
    """The first 4 bytes of the issuer code written twice: motorway cards (ETC)."""

    SERIAL = "serial"


class PurseKey(Enum):
    """The keys of a purse."""

    LOAD = "dlk"
    UNLOAD = "dulk"
    PURCHASE = "dpk"
    TAC = "dtk"


class TacKeyRule(Enum):
    """How the key of a TAC comes from DTK."""

    HALVES_XORED = "halves_xored"
    WHOLE = "whole"


class Padding(Enum):
    """How MAC inputs are filled up. One value, for every published vector needs this one."""

    ALWAYS_80 = "always_80"
    """`80`, then `00` up to a whole block, ALWAYS: full blocks get a whole extra one."""


class PinRule(Enum):
    """When the issuer's fixed PIN is presented. The citizen is never asked (card reference 8)."""

    NEVER = "never"
    ON_DEMAND = "on_demand"
    """Only after the card said 6982 or 6985, once a tap."""

    BEFORE_INITIALIZE = "before_initialize"


class RefundWay(Enum):
    """How a purse is emptied at a refund (card reference 9)."""

    UNLOAD = "unload"
    PURCHASE = "purchase"
    """One ordinary purchase of the whole balance: works on every purse by construction."""


class Part(Enum):
    """What MACs are about: each part with its length in bytes."""

    OLD_BALANCE = ("old_balance", 4)
    NEW_BALANCE = ("new_balance", 4)
    COUNTER = ("counter", 2)
    """The counter BEFORE this transaction adds one."""

    AMOUNT = ("amount", 4)
    TYPE = ("type", 1)
    TERMINAL = ("terminal", 6)
    TERMINAL_COUNTER = ("terminal_counter", 4)
    STAMP = ("stamp", 7)

    @property
    def size(self) -> int:
        """Its length in bytes."""
        return self.value[1]


class Mac(Enum):
    """Every MAC and TAC of the purse."""

    LOAD_MAC1 = "load_mac1"
    LOAD_MAC2 = "load_mac2"
    LOAD_TAC = "load_tac"
    PURCHASE_MAC1 = "purchase_mac1"
    PURCHASE_MAC2 = "purchase_mac2"
    PURCHASE_TAC = "purchase_tac"
    UNLOAD_MAC1 = "unload_mac1"
    UNLOAD_MAC2 = "unload_mac2"
    UNLOAD_MAC3 = "unload_mac3"
    UNLOAD_TAC = "unload_tac"


P = Part
_BEFORE = (P.OLD_BALANCE, P.AMOUNT, P.TYPE, P.TERMINAL)
_ORDER = (P.AMOUNT, P.TYPE, P.TERMINAL, P.STAMP)
_AFTER = (P.NEW_BALANCE, P.COUNTER, P.AMOUNT, P.TYPE, P.TERMINAL, P.STAMP)

PBOC_INPUTS: Mapping[Mac, tuple[Part, ...]] = MappingProxyType(
    {
        Mac.LOAD_MAC1: _BEFORE,
        Mac.LOAD_MAC2: _ORDER,
        Mac.LOAD_TAC: _AFTER,
        Mac.PURCHASE_MAC1: _ORDER,
        Mac.PURCHASE_MAC2: (P.AMOUNT,),
        Mac.PURCHASE_TAC: (P.AMOUNT, P.TYPE, P.TERMINAL, P.TERMINAL_COUNTER, P.STAMP),
        Mac.UNLOAD_MAC1: _BEFORE,
        Mac.UNLOAD_MAC2: _ORDER,
        Mac.UNLOAD_MAC3: _AFTER,
        Mac.UNLOAD_TAC: _AFTER,
    }
)
"""What each MAC is about, in this order (card reference 4.1: H; MAC3 M/L, TAC of an unload L).

Note what the purchase TAC does NOT contain: balance and counter.
"""


@dataclass(frozen=True)
class KeyIndexes:
    """The key index each INITIALIZE names."""

    load: int
    unload: int
    purchase: int


@dataclass(frozen=True, kw_only=True)
class PurseProfile:
    """A card family. Frozen and named in the policy pack; the vectors stand in `purse_vectors`."""

    name: str
    confidence: Confidence
    algorithm: Algorithm
    key_indexes: KeyIndexes
    algorithm_bytes: frozenset[int]
    """`alg` in INIT's answer; another value is a wrong card, never a guess."""

    levels: tuple[Factor, ...] = (Factor.ISSUER, Factor.SERIAL)
    """From the master key to the card key (M: a key check value of the first card decides)."""

    tac_key: TacKeyRule
    inputs: Mapping[Mac, tuple[Part, ...]] = field(default_factory=lambda: PBOC_INPUTS, hash=False)
    padding: Padding = Padding.ALWAYS_80
    pin: PinRule = PinRule.NEVER
    pin_before_proof: bool = False
    """Whether `80 5A` wants the PIN as well (M: some cards answer 6985 without it)."""

    refund_way: RefundWay = RefundWay.PURCHASE
    unload_p2: int = 0x01
    challenge: ChallengeRule = field(default_factory=ChallengeRule)
    public_in_fci: bool = True
    """Whether SELECT answers file 0x15 under 9F0C, which saves a command."""

    aids: tuple[bytes, ...] = (T_UNION_PURSE, T_UNION_CASH)
    """Tried one after the other by `select_purse`; a tap tries the first only."""

    @property
    def is_provisional(self) -> bool:
        """Whether it must refuse to run in production: formulas we assume, nobody published."""
        return self.confidence is Confidence.LOW


T_UNION_3DES = PurseProfile(
    name="t-union-3des",
    confidence=Confidence.MEDIUM,
    algorithm=Algorithm.TRIPLE_DES,
    key_indexes=KeyIndexes(load=0x01, unload=0x01, purchase=0x01),
    algorithm_bytes=frozenset({0x00}),
    tac_key=TacKeyRule.HALVES_XORED,
)
"""As published (card reference 4). Formulas H; order of the levels, PIN and refund way M."""

T_UNION_SM4 = PurseProfile(
    name="t-union-sm4",
    confidence=Confidence.LOW,
    algorithm=Algorithm.SM4,
    key_indexes=KeyIndexes(load=0x41, unload=0x41, purchase=0x41),
    algorithm_bytes=frozenset({0x04}),
    tac_key=TacKeyRule.WHOLE,
)
"""Working assumption until JT/T 978.6 or a sample card is at hand (card reference 5)."""

PROFILES: Mapping[str, PurseProfile] = MappingProxyType(
    {profile.name: profile for profile in (T_UNION_3DES, T_UNION_SM4)}
)
