"""Status words: what a card means by them, command by command (card reference 7).

Two columns decide everything. Before money can move, a status word is an answer: refused, wrong
card, wrong MAC. On the three commands that move money it is only a rumour: whatever is not a
verified success has an unknown outcome, on every channel, even on our own reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum, IntEnum


class CommandKind(Enum):
    """The commands of both applications, named as the standards name them."""

    SELECT = "select"
    READ_BINARY = "read_binary"
    READ_RECORD = "read_record"
    GET_BALANCE = "get_balance"
    GET_CHALLENGE = "get_challenge"
    VERIFY = "verify"
    GET_TRANSACTION_PROVE = "get_transaction_prove"
    INITIALIZE_FOR_LOAD = "initialize_for_load"
    INITIALIZE_FOR_UNLOAD = "initialize_for_unload"
    INITIALIZE_FOR_PURCHASE = "initialize_for_purchase"
    INITIALIZE_FOR_CAPP_PURCHASE = "initialize_for_capp_purchase"
    UPDATE_CAPP_DATA_CACHE = "update_capp_data_cache"
    CREDIT_FOR_LOAD = "credit_for_load"
    DEBIT_FOR_UNLOAD = "debit_for_unload"
    DEBIT_FOR_PURCHASE = "debit_for_purchase"

    @property
    def moves_money(self) -> bool:
        """`80 52` and `80 54`: alone in their step, never sent to a card twice."""
        return self in _MOVES_MONEY


_MOVES_MONEY = frozenset(
    {
        CommandKind.CREDIT_FOR_LOAD,
        CommandKind.DEBIT_FOR_UNLOAD,
        CommandKind.DEBIT_FOR_PURCHASE,
    }
)


class StatusWord(IntEnum):
    """The words this platform knows. A family (61xx, 63Cx, 6Cxx) stands under its first word."""

    OK = 0x9000
    DATA_WAITING = 0x6100
    APPLICATION_BLOCKED = 0x6283
    PIN_WRONG = 0x63C0
    MEMORY_FAILURE = 0x6581
    WRONG_LC = 0x6700
    SECURITY_STATUS = 0x6982
    PIN_BLOCKED = 0x6983
    CONDITIONS_OF_USE = 0x6985
    SECURE_MESSAGING_MISSING = 0x6987
    SECURE_MESSAGING_WRONG = 0x6988
    WRONG_DATA = 0x6A80
    FUNCTION_NOT_SUPPORTED = 0x6A81
    FILE_NOT_FOUND = 0x6A82
    RECORD_NOT_FOUND = 0x6A83
    WRONG_P1_P2 = 0x6A86
    WRONG_OFFSET = 0x6B00
    WRONG_LE = 0x6C00
    INS_NOT_KNOWN = 0x6D00
    CLA_NOT_KNOWN = 0x6E00
    FUNDS_SHORT = 0x9301
    MAC_INVALID = 0x9302
    PERMANENTLY_LOCKED = 0x9303
    AMOUNT_REJECTED = 0x9401
    COUNTER_AT_END = 0x9402
    KEY_INDEX_NOT_SUPPORTED = 0x9403
    MAC_NOT_AVAILABLE = 0x9406
    CAPP_LOCKED = 0x9407
    GREY_LOCKED = 0x9408


_KNOWN: Mapping[int, StatusWord] = {word.value: word for word in StatusWord}
_FAMILIES = {0x61: StatusWord.DATA_WAITING, 0x6C: StatusWord.WRONG_LE}
_PIN_FAMILY = 0x63C0
_NIBBLE = 0xF
_MAX_EXPECTED = 256


@dataclass(frozen=True, slots=True)
class Status:
    """One status word as it came: any of the 65,536, known or not."""

    value: int

    @property
    def word(self) -> StatusWord | None:
        """Its name, the family's for a family; None if it is not known here."""
        if self.value >> 8 in _FAMILIES:
            return _FAMILIES[self.value >> 8]
        if self.value & ~_NIBBLE == _PIN_FAMILY:
            return StatusWord.PIN_WRONG
        return _KNOWN.get(self.value)

    @property
    def tries_left(self) -> int | None:
        """After a wrong PIN: how many tries are left."""
        if self.word is StatusWord.PIN_WRONG:
            return self.value & _NIBBLE
        return 0 if self.word is StatusWord.PIN_BLOCKED else None

    @property
    def length(self) -> int:
        """For 61xx and 6Cxx: the bytes to ask for; xx = 00 means 256."""
        return (self.value & 0xFF) or _MAX_EXPECTED

    def __str__(self) -> str:
        return f"{self.value:04X}"


class Outcome(Enum):
    """What a status word means for whoever drives the card."""

    DONE = "done"
    FOLLOW_UP = "follow_up"
    ABSENT = "absent"
    NO_CONCLUSION = "no_conclusion"
    NEEDS_PIN = "needs_pin"
    REFUSED = "refused"
    WRONG_CARD = "wrong_card"
    MISMATCH = "mismatch"
    LOST = "lost"


class Why(Enum):
    """Why a card is the wrong one."""

    OTHER_APPLICATION = "other_application"
    OTHER_PROFILE = "other_profile"
    OTHER_SERIAL = "other_serial"
    BLOCKED = "blocked"
    EXPIRED = "expired"
    SUSPICIOUS = "suspicious"


class Remedy(Enum):
    """What a person can do about it."""

    TAP_AGAIN = "tap_again"
    OTHER_AMOUNT = "other_amount"
    OTHER_CARD = "other_card"
    SERVICE_OUTLET = "service_outlet"
    EXCHANGE_CARD = "exchange_card"
    TELL_ENGINEERS = "tell_engineers"


@dataclass(frozen=True, slots=True)
class Reading:
    """A status word read for one command.

    `alarm`: our bug or another command set, engineers want to know. `counts_as_mismatch`: goes
    into the count of failed proofs of the card, though nothing follows from it.
    """

    outcome: Outcome
    remedy: Remedy = Remedy.TAP_AGAIN
    why: Why | None = None
    alarm: bool = False
    counts_as_mismatch: bool = False


Table = Mapping[StatusWord, Reading]
W = StatusWord

_DONE = Reading(Outcome.DONE)
_FOLLOW_UP = Reading(Outcome.FOLLOW_UP)
_ABSENT = Reading(Outcome.ABSENT)
_NO_CONCLUSION = Reading(Outcome.NO_CONCLUSION)
_NEEDS_PIN = Reading(Outcome.NEEDS_PIN, Remedy.SERVICE_OUTLET)
_REFUSED = Reading(Outcome.REFUSED)
_TO_OUTLET = Reading(Outcome.REFUSED, Remedy.SERVICE_OUTLET)
_TO_EXCHANGE = Reading(Outcome.REFUSED, Remedy.EXCHANGE_CARD)
_OTHER_AMOUNT = Reading(Outcome.REFUSED, Remedy.OTHER_AMOUNT)
_OUR_BUG = Reading(Outcome.REFUSED, Remedy.TELL_ENGINEERS, alarm=True)
_MISMATCH = Reading(Outcome.MISMATCH, Remedy.SERVICE_OUTLET, counts_as_mismatch=True)
_BLOCKED = Reading(Outcome.WRONG_CARD, Remedy.SERVICE_OUTLET, Why.BLOCKED)
_OTHER_CARD = Reading(Outcome.WRONG_CARD, Remedy.OTHER_CARD, Why.OTHER_APPLICATION)
_OTHER_TYPE = replace(_OTHER_CARD, alarm=True)
_OTHER_PROFILE = Reading(Outcome.WRONG_CARD, Remedy.SERVICE_OUTLET, Why.OTHER_PROFILE)
_UNKNOWN = _OUR_BUG

_EVERY_COMMAND: Table = {
    W.OK: _DONE,
    W.DATA_WAITING: _FOLLOW_UP,
    W.WRONG_LE: _FOLLOW_UP,
    W.APPLICATION_BLOCKED: _BLOCKED,
    W.FUNCTION_NOT_SUPPORTED: _BLOCKED,
    W.PERMANENTLY_LOCKED: _BLOCKED,
    W.MEMORY_FAILURE: _REFUSED,
    W.WRONG_LC: _OUR_BUG,
    W.WRONG_DATA: _OUR_BUG,
    W.WRONG_P1_P2: _OUR_BUG,
    W.WRONG_OFFSET: _OUR_BUG,
    W.INS_NOT_KNOWN: _OTHER_TYPE,
    W.CLA_NOT_KNOWN: _OTHER_TYPE,
    W.FILE_NOT_FOUND: _OTHER_CARD,
    W.SECURITY_STATUS: _NEEDS_PIN,
    W.CONDITIONS_OF_USE: _NEEDS_PIN,
    W.SECURE_MESSAGING_MISSING: _MISMATCH,
    W.SECURE_MESSAGING_WRONG: _MISMATCH,
    W.MAC_INVALID: _MISMATCH,
    W.PIN_WRONG: _TO_OUTLET,
    W.PIN_BLOCKED: _TO_OUTLET,
}

_READ: Table = {W.FILE_NOT_FOUND: _ABSENT, W.RECORD_NOT_FOUND: _ABSENT}

_PROVE: Table = {W.MAC_NOT_AVAILABLE: _NO_CONCLUSION}

_INITIALIZE: Table = {
    W.FUNDS_SHORT: _OTHER_AMOUNT,
    W.AMOUNT_REJECTED: _OTHER_AMOUNT,
    W.COUNTER_AT_END: _TO_EXCHANGE,
    W.KEY_INDEX_NOT_SUPPORTED: _OTHER_PROFILE,
    W.CAPP_LOCKED: _TO_OUTLET,
    W.GREY_LOCKED: _TO_OUTLET,
}

_CAPP: Table = {W.CAPP_LOCKED: _TO_OUTLET, W.GREY_LOCKED: _TO_OUTLET, W.RECORD_NOT_FOUND: _OUR_BUG}

_OWN: Mapping[CommandKind, Table] = {
    CommandKind.READ_BINARY: _READ,
    CommandKind.READ_RECORD: _READ,
    CommandKind.GET_TRANSACTION_PROVE: _PROVE,
    CommandKind.INITIALIZE_FOR_LOAD: _INITIALIZE,
    CommandKind.INITIALIZE_FOR_UNLOAD: _INITIALIZE,
    CommandKind.INITIALIZE_FOR_PURCHASE: _INITIALIZE,
    CommandKind.INITIALIZE_FOR_CAPP_PURCHASE: _INITIALIZE,
    CommandKind.UPDATE_CAPP_DATA_CACHE: _CAPP,
}


def table_of(kind: CommandKind) -> Table:
    """What each status word means after this command, its own words over those of all."""
    table = {**_EVERY_COMMAND, **_OWN.get(kind, {})}
    if not kind.moves_money:
        return table
    return {word: _after_money(reading) for word, reading in table.items()}


def _after_money(reading: Reading) -> Reading:
    """The right-hand column of card reference 7: all that is not a success is unknown."""
    if reading.outcome in {Outcome.DONE, Outcome.FOLLOW_UP}:
        return reading
    return replace(reading, outcome=Outcome.LOST, remedy=Remedy.TAP_AGAIN, why=None)


_TABLES = {kind: table_of(kind) for kind in CommandKind}


def read(kind: CommandKind, status: Status) -> Reading:
    """What this status word means after this command. An unknown word is never a success."""
    unknown = _after_money(_UNKNOWN) if kind.moves_money else _UNKNOWN
    word = status.word
    return unknown if word is None else _TABLES[kind].get(word, unknown)
