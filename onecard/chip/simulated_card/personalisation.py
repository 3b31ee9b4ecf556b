"""What a card is when it leaves the factory, and how its card system behaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from onecard.chip.fci import T_UNION_PURSE
from onecard.chip.hr_application import CARD_NUMBER_BYTES, IDENTIFIER_BYTES
from onecard.chip.purse_arithmetic import Arithmetic
from onecard.chip.purse_files import (
    CardIdentity,
    CardType,
    HolderFile,
    ManagementFile,
    PublicInformation,
)
from onecard.chip.purse_profile import PurseKey, PurseProfile
from onecard.chip.status import StatusWord

CardKeys = Mapping[PurseKey, bytes]
"""The card's own keys, derived already."""

ANONYMOUS = HolderFile(
    card_type=0, staff=0, name=bytes(20), document_number=bytes(32), document_kind=0
)
"""A transit purse has no holder."""

ORDINARY = ManagementFile(
    country=bytes.fromhex("00000156"),
    province=bytes.fromhex("3200"),
    city=bytes.fromhex("3040"),
    interoperability=bytes.fromhex("0001"),
    card_type=CardType.ORDINARY,
)
"""An ordinary card; country 156, province and city made up."""

USUAL_PIN_TRIES = 3


def derive_keys(
    arithmetic: Arithmetic, masters: Mapping[PurseKey, bytes], card: CardIdentity
) -> CardKeys:
    """The keys of one card from the master keys, as the factory writes them."""
    return {kind: arithmetic.card_key(master, card) for kind, master in masters.items()}


@dataclass(frozen=True)
class Pin:
    """The issuer's fixed PIN and what the card wants it for."""

    digits: bytes = field(repr=False)
    tries: int = USUAL_PIN_TRIES
    for_load: bool = True
    for_proof: bool = False
    for_log: bool = False
    forgotten_after_transaction: bool = False


@dataclass(frozen=True)
class HrData:
    """What the social security application holds."""

    card_identifier: bytes
    card_number: str = field(repr=False)
    social_security_number: str = field(repr=False)
    name: str = field(repr=False)
    specification: str = "3.00"
    person_wants_module: bool = False
    """Whether EF06 answers 6982 without the security module of the region."""

    def __post_init__(self) -> None:
        if len(self.card_identifier) != IDENTIFIER_BYTES:
            raise ValueError("a card identifier has 16 bytes")
        if len(self.card_number) != CARD_NUMBER_BYTES:
            raise ValueError("a card number has 9 characters")


@dataclass(frozen=True)
class Manners:
    """In what card systems differ (card reference 3, 6, 7, 16.4)."""

    answers_by_get_response: bool = False
    """61xx first, the data by GET RESPONSE."""

    insists_on_le: bool = False
    """6Cxx for any other length asked for."""

    public_in_fci: bool = True
    marks_balances: bool = False
    """Bit 31 set in every balance the card writes out."""

    unload_p2: frozenset[int] = frozenset({0x01})
    """What INITIALIZE FOR UNLOAD takes; empty: an EP without unload (PBOC)."""

    blocked: StatusWord | None = None
    """6A81 or 6283 at SELECT; 9303 at every transaction."""

    capp_locked: bool = False
    grey_locked: bool = False
    load_limit_fen: int | None = None
    """The most money the chip itself takes; None: what fits."""


@dataclass(frozen=True, kw_only=True)
class Personalisation:
    """A card before its first tap."""

    profile: PurseProfile
    public: PublicInformation
    keys: CardKeys = field(repr=False)
    key_version: int = 1
    algorithm: int
    aid: bytes = T_UNION_PURSE
    uid: bytes = bytes.fromhex("04A1B2C3")
    management: ManagementFile = ORDINARY
    holder: HolderFile = ANONYMOUS
    hr: HrData | None = None
    pin: Pin | None = None
    manners: Manners = field(default_factory=Manners)
    balance_fen: int = 0
    load_counter: int = 0
    purchase_counter: int = 0
    overdraft_limit_fen: int = 0
    capp_records: tuple[bytes, ...] = ()
