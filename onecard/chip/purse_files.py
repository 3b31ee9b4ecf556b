"""What lies on the transit purse application: its files, as layouts (card reference 2).

Only numbers, serials and dates that a MAC covers may decide anything; of what stands here nothing
is covered. A forged serial is found because it gives another card key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum

from onecard.chip import card_time
from onecard.chip.layout import Layout, number, raw, secret

PUBLIC_FILE = 0x15
HOLDER_FILE = 0x16
MANAGEMENT_FILE = 0x17
TRANSACTION_LOG = 0x18
CAPP_FILE = 0x1A
JOURNEY_LOG = 0x1E

TRANSACTION_LOG_RECORDS = 10
JOURNEY_LOG_RECORDS = 30
CAPP_RECORD_BYTES = 128

_SERIAL_FACTOR = slice(2, 10)


class TransactionType(IntEnum):
    """交易类型标识: what a transaction is, in logs, MACs and `80 5A` (card reference 2.4)."""

    DEPOSIT_LOAD = 0x01
    LOAD = 0x02
    UNLOAD = 0x03
    CASH_WITHDRAWAL = 0x04
    DEPOSIT_PURCHASE = 0x05
    PURCHASE = 0x06
    OVERDRAFT_CHANGE = 0x07
    CREDIT_PURCHASE = 0x08
    CAPP_PURCHASE = 0x09


def type_of(code: int) -> TransactionType | None:
    """The transaction type, or None for a code this platform does not know."""
    return TransactionType(code) if code in TransactionType.__members__.values() else None


@dataclass(frozen=True)
class CardIdentity:
    """Which card: issuer code 8 and application serial 10. Its keys are derived from both."""

    issuer: bytes
    serial: bytes

    @property
    def serial_factor(self) -> bytes:
        """The right 8 bytes of the serial: the factor of the second level (card reference 4.2)."""
        return self.serial[_SERIAL_FACTOR]

    @property
    def printed_number(self) -> str:
        """The number on the plastic: the serial without its first nibble, 19 digits."""
        return self.serial.hex().upper()[1:]


@dataclass(frozen=True)
class PublicInformation(Layout):
    """File 0x15, 公共应用信息: also in the FCI under tag 9F0C (card reference 2.2)."""

    issuer: bytes = raw(8)
    application_type: int = number(1)
    application_version: int = number(1)
    serial: bytes = raw(10)
    valid_from_raw: bytes = raw(4)
    valid_to_raw: bytes = raw(4)
    issuer_data: bytes = raw(2, bytes(2))

    @property
    def identity(self) -> CardIdentity:
        """Which card this is, as far as it says so itself."""
        return CardIdentity(self.issuer, self.serial)

    @property
    def valid_from(self) -> date | None:
        """The first day it may be used; None if never set."""
        return card_time.read_day(self.valid_from_raw)

    @property
    def valid_to(self) -> date | None:
        """The last day it may be used; None if never set."""
        return card_time.read_day(self.valid_to_raw)

    def is_valid_on(self, on: date) -> bool:
        """Whether the day lies between both dates, ends included; a date never set is no limit."""
        first, last = self.valid_from or date.min, self.valid_to or date.max
        return first <= on <= last


@dataclass(frozen=True)
class HolderFile(Layout):
    """File 0x16, 持卡人基本信息 (M). A transit purse is anonymous: mostly empty, never shown."""

    card_type: int = number(1)
    staff: int = number(1)
    name: bytes = secret(20)
    document_number: bytes = secret(32)
    document_kind: int = number(1)


class CardType(IntEnum):
    """For whom the card is, in file 0x17."""

    ORDINARY = 1
    STUDENT = 2
    SENIOR = 3
    TEST = 4
    SOLDIER = 5


@dataclass(frozen=True)
class ManagementFile(Layout):
    """File 0x17, 管理信息 (M: two gate programs agree). No rule stands on it."""

    country: bytes = raw(4)
    province: bytes = raw(2)
    city: bytes = raw(2)
    interoperability: bytes = raw(2)
    card_type: int = number(1)
    reserved: bytes = raw(49, bytes(49))

    @property
    def is_interoperable(self) -> bool:
        """Whether other cities take the card: 0000 says no."""
        return any(self.interoperability)


@dataclass(frozen=True)
class TransactionRecord(Layout):
    """One record of 0x18, 交易明细. May be missing although the money moved: never decide by it."""

    counter: int = number(2)
    overdraft_limit_fen: int = number(3)
    amount_fen: int = number(4)
    type_code: int = number(1)
    terminal: bytes = raw(6)
    stamp: bytes = raw(7)

    @property
    def type(self) -> TransactionType | None:
        """What it was; None for a code this platform does not know."""
        return type_of(self.type_code)

    @property
    def at(self) -> datetime | None:
        """When, by the terminal's clock; None if the digits are no moment."""
        return card_time.read_stamp(self.stamp)

    @property
    def is_unused(self) -> bool:
        """Whether nothing was ever written here: all 00 or all FF."""
        return is_unused(self.encode())


class JourneyType(IntEnum):
    """What a journey record says."""

    SINGLE = 0x02
    ENTRY = 0x03
    EXIT = 0x04
    SINGLE_PURCHASE = 0x06


class Mode(IntEnum):
    """By what one rode."""

    OTHER = 0x00
    METRO = 0x01
    BUS = 0x02


@dataclass(frozen=True)
class JourneyRecord(Layout):
    """One record of 0x1E, 公共交通过程信息. No MAC covers it: for display only."""

    type_code: int = number(1)
    terminal: bytes = raw(8)
    mode_code: int = number(1)
    place: bytes = raw(7)
    """Line 2, station 2, operator 2, reserved 1 (M)."""
    amount_fen: int = number(4)
    balance_fen: int = number(4)
    stamp: bytes = raw(7)
    city: bytes = raw(2)
    acquirer: bytes = raw(8)
    reserved: bytes = raw(6, bytes(6))

    @property
    def type(self) -> JourneyType | None:
        """Entry, exit, single; None for a code this platform does not know."""
        known = self.type_code in JourneyType.__members__.values()
        return JourneyType(self.type_code) if known else None

    @property
    def mode(self) -> Mode:
        """Metro, bus or something else."""
        known = self.mode_code in Mode.__members__.values()
        return Mode(self.mode_code) if known else Mode.OTHER

    @property
    def at(self) -> datetime | None:
        """When, by the gate's clock; None if the digits are no moment."""
        return card_time.read_stamp(self.stamp)

    @property
    def is_unused(self) -> bool:
        """Whether nothing was ever written here: all 00 or all FF."""
        return is_unused(self.encode())


def is_unused(record: bytes) -> bool:
    """Whether a record of a log was never written: all 00 or all FF."""
    return not record.strip(b"\x00") or not record.strip(b"\xff")


PublicInformation.vectors = (
    (
        "01011000FFFFFFFF02010310487000000001234520190806204012310000",
        PublicInformation(
            issuer=bytes.fromhex("01011000FFFFFFFF"),
            application_type=2,
            application_version=1,
            serial=bytes.fromhex("03104870000000012345"),
            valid_from_raw=bytes.fromhex("20190806"),
            valid_to_raw=bytes.fromhex("20401231"),
        ),
    ),
)

TransactionRecord.vectors = (
    (
        "042D000000000001F40930008900034020241229141740",
        TransactionRecord(
            counter=0x042D,
            overdraft_limit_fen=0,
            amount_fen=500,
            type_code=TransactionType.CAPP_PURCHASE,
            terminal=bytes.fromhex("300089000340"),
            stamp=bytes.fromhex("20241229141740"),
        ),
    ),
)

JourneyRecord.vectors = (
    (
        (
            "04 0000300089000340 01 08001900300000 000001F4 00000E01"
            "20241229141740 1000 01011000FFFFFFFF 000000000000"
        ),
        JourneyRecord(
            type_code=JourneyType.EXIT,
            terminal=bytes.fromhex("0000300089000340"),
            mode_code=Mode.METRO,
            place=bytes.fromhex("08001900300000"),
            amount_fen=500,
            balance_fen=3585,
            stamp=bytes.fromhex("20241229141740"),
            city=bytes.fromhex("1000"),
            acquirer=bytes.fromhex("01011000FFFFFFFF"),
        ),
    ),
)
