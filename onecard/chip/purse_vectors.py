"""Known answers of every formula: published ones, and complete self-made sets.

Every custody, in software or in a device, must give these before it is trusted with a card. The
self-made sets pin two independent implementations to one another; those of SM4 pin our working
assumption, not the standard (card reference 4.3, 4.4, 5).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from onecard.chip.card_time import BEIJING
from onecard.chip.purse_answers import LoadInitialized, PurchaseInitialized
from onecard.chip.purse_facts import OnlineAttempt, Purchase
from onecard.chip.purse_files import CardIdentity, TransactionType
from onecard.chip.purse_profile import T_UNION_3DES, T_UNION_SM4, Mac, PurseKey, PurseProfile


@dataclass(frozen=True)
class Known:
    """One transaction with everything its MACs are made of, and what must come out."""

    session_key: bytes
    values: Mapping[Mac, bytes]


@dataclass(frozen=True)
class KnownLoad(Known):
    """A load or an unload."""

    init: LoadInitialized
    attempt: OnlineAttempt


@dataclass(frozen=True)
class KnownPurchase(Known):
    """A purchase."""

    init: PurchaseInitialized
    purchase: Purchase


@dataclass(frozen=True)
class VectorSet:
    """One card under one profile."""

    profile: PurseProfile
    card: CardIdentity
    masters: Mapping[PurseKey, bytes]
    card_keys: Mapping[PurseKey, bytes]
    check_values: Mapping[PurseKey, bytes]
    load: KnownLoad
    unload: KnownLoad
    purchase: KnownPurchase


KEY_VERSION = 1

CARD = CardIdentity(bytes.fromhex("01011000FFFFFFFF"), bytes.fromhex("03104870000000012345"))
"""The card of card reference 4.4; its serial is made up."""

MASTERS: Mapping[PurseKey, bytes] = {
    PurseKey.LOAD: bytes.fromhex("0123456789ABCDEFFEDCBA9876543210"),
    PurseKey.UNLOAD: bytes.fromhex("23456789ABCDEF01DCBA9876543210FE"),
    PurseKey.PURCHASE: bytes.fromhex("456789ABCDEF0123BA9876543210FEDC"),
    PurseKey.TAC: bytes.fromhex("6789ABCDEF0123459876543210FEDCBA"),
}
"""Test keys. Anybody can read them, so they protect nothing."""


def _load(algorithm: int, session_key: str, mac1: str, mac2: str, tac: str) -> KnownLoad:
    init = LoadInitialized(
        old_balance=5000,
        counter=0x2A,
        key_version=KEY_VERSION,
        algorithm=algorithm,
        random=bytes.fromhex("A1B2C3D4"),
        mac1=bytes.fromhex(mac1),
    )
    attempt = OnlineAttempt.load(
        CARD,
        init,
        amount_fen=10000,
        terminal=bytes.fromhex("487000000001"),
        at=datetime(2025, 1, 1, 12, 0, tzinfo=BEIJING),
    )
    values = {
        Mac.LOAD_MAC1: init.mac1,
        Mac.LOAD_MAC2: bytes.fromhex(mac2),
        Mac.LOAD_TAC: bytes.fromhex(tac),
    }
    return KnownLoad(bytes.fromhex(session_key), values, init, attempt)


def _unload(algorithm: int, session_key: str, mac1: str, mac2: str, mac3: str) -> KnownLoad:
    init = LoadInitialized(
        old_balance=15000,
        counter=0x2B,
        key_version=KEY_VERSION,
        algorithm=algorithm,
        random=bytes.fromhex("0BADCAFE"),
        mac1=bytes.fromhex(mac1),
    )
    attempt = OnlineAttempt.unload(
        CARD,
        init,
        amount_fen=3000,
        terminal=bytes.fromhex("487000000002"),
        at=datetime(2025, 1, 1, 12, 5, tzinfo=BEIJING),
    )
    values = {
        Mac.UNLOAD_MAC1: init.mac1,
        Mac.UNLOAD_MAC2: bytes.fromhex(mac2),
        Mac.UNLOAD_MAC3: bytes.fromhex(mac3),
    }
    return KnownLoad(bytes.fromhex(session_key), values, init, attempt)


def _purchase(algorithm: int, session_key: str, mac1: str, tac: str, mac2: str) -> KnownPurchase:
    init = PurchaseInitialized(
        old_balance=12000,
        counter=0x0107,
        overdraft_limit_fen=0,
        key_version=KEY_VERSION,
        algorithm=algorithm,
        random=bytes.fromhex("5EED5EED"),
    )
    purchase = Purchase(
        type=TransactionType.PURCHASE,
        amount_fen=200,
        terminal=bytes.fromhex("487000000003"),
        terminal_counter=0x0309,
        at=datetime(2025, 1, 2, 7, 30, tzinfo=BEIJING),
    )
    values = {
        Mac.PURCHASE_MAC1: bytes.fromhex(mac1),
        Mac.PURCHASE_MAC2: bytes.fromhex(mac2),
        Mac.PURCHASE_TAC: bytes.fromhex(tac),
    }
    return KnownPurchase(bytes.fromhex(session_key), values, init, purchase)


TRIPLE_DES = VectorSet(
    profile=T_UNION_3DES,
    card=CARD,
    masters=MASTERS,
    card_keys={
        PurseKey.LOAD: bytes.fromhex("769833FE5889AF16F86853517E6CAD88"),
        PurseKey.UNLOAD: bytes.fromhex("6C371A3C336889BEDB140D774EDA35BC"),
        PurseKey.PURCHASE: bytes.fromhex("A0CB3E969E98A958664C2DA36F57097A"),
        PurseKey.TAC: bytes.fromhex("3E57C48E320654BFA04AB975F9DBBAEC"),
    },
    check_values={
        PurseKey.LOAD: bytes.fromhex("5AED00AD"),
        PurseKey.UNLOAD: bytes.fromhex("5532A2D0"),
        PurseKey.PURCHASE: bytes.fromhex("59075E45"),
        PurseKey.TAC: bytes.fromhex("6A58D952"),
    },
    load=_load(0x00, "558FCAFCC17CF78A", "1D08D2A9", "B10DE33B", "F7D5F0A7"),
    unload=_unload(0x00, "5E560ACA8911D22E", "BDCBCBDB", "FF12A2FE", "B7A6DC53"),
    purchase=_purchase(0x00, "E0DE326DBAA8C533", "94BA2857", "05E3907D", "10776C18"),
)

SM4 = VectorSet(
    profile=T_UNION_SM4,
    card=CARD,
    masters=MASTERS,
    card_keys={
        PurseKey.LOAD: bytes.fromhex("7FF9D7057C6617A2BE9323E504C83387"),
        PurseKey.UNLOAD: bytes.fromhex("F83788211259731371E098BB2BA73AF9"),
        PurseKey.PURCHASE: bytes.fromhex("7DF4F0CB7CBC3B28E2772E07B66FCF16"),
        PurseKey.TAC: bytes.fromhex("2AD0D9912035D738A4E4273DA73C206D"),
    },
    check_values={},
    load=_load(0x04, "645AD4E7706D977C2CD6E866E322FECF", "D6F4E6B5", "D1CC3663", "591AD6F4"),
    unload=_unload(0x04, "", "2D2B3057", "A8688875", "049821B5"),
    purchase=_purchase(0x04, "", "2C3393DE", "3FCA9010", "CEEA1D57"),
)

VECTOR_SETS = (TRIPLE_DES, SM4)
