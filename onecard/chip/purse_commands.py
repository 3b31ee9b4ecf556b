"""The commands of the purse, byte by byte, named as the standard names them (card reference 3).

JR/T 0025.1 (EP card), JR/T 0025.9 (composite purchase), JT/T 978.2. Lengths asked for (Le) are
given wherever the answer has a fixed one; a card that takes none answers all the same.
"""

from __future__ import annotations

from onecard.chip.apdu import MAX_EXPECTED, Apdu, Command, Secret
from onecard.chip.purse_answers import (
    Balance,
    Loaded,
    LoadInitialized,
    Purchased,
    PurchaseInitialized,
    TransactionProof,
    Unloaded,
)
from onecard.chip.purse_files import (
    JOURNEY_LOG,
    PUBLIC_FILE,
    JourneyRecord,
    PublicInformation,
    TransactionRecord,
    TransactionType,
)
from onecard.chip.status import CommandKind, StatusWord

_ISO = 0x00
_PURSE = 0x80
_SFI_IN_P1 = 0x80
_RECORD_NUMBER = 0x04
_EP = 0x02
"""P2: the electronic purse (电子钱包); 01 would be the deposit account (电子存折)."""

INS_SELECT = 0xA4
INS_READ_BINARY = 0xB0
INS_READ_RECORD = 0xB2
INS_GET_RESPONSE = 0xC0
INS_VERIFY = 0x20
INS_GET_CHALLENGE = 0x84
INS_GET_BALANCE = 0x5C
INS_INITIALIZE = 0x50
INS_CREDIT_FOR_LOAD = 0x52
INS_DEBIT = 0x54
INS_PROVE = 0x5A
INS_UPDATE_CAPP = 0xDC

P1_PURCHASE = 0x01
P1_CAPP_PURCHASE = 0x03
P1_UNLOAD = 0x05
P1_LOAD = 0x00
P1_DEBIT_UNLOAD = 0x03
P1_DEBIT_PURCHASE = 0x01
P1_BALANCE = 0x00
P1_NEGATIVE_BALANCE = 0x01

MIN_PIN = 2
MAX_PIN = 6

_AMOUNT_BYTES = 4
_COUNTER_BYTES = 2


def select(aid: bytes) -> Command:
    """SELECT an application by its name."""
    return Command(CommandKind.SELECT, Apdu(_ISO, INS_SELECT, 0x04, 0x00, aid, MAX_EXPECTED))


def read_binary(
    sfi: int, length: int = MAX_EXPECTED, *, secret: Secret = Secret.NOTHING
) -> Command:
    """READ BINARY from the start of a transparent file."""
    apdu = Apdu(_ISO, INS_READ_BINARY, _SFI_IN_P1 | sfi, 0x00, le=length)
    return Command(CommandKind.READ_BINARY, apdu, secret)


def read_record(
    sfi: int, record: int, length: int = MAX_EXPECTED, *, secret: Secret = Secret.NOTHING
) -> Command:
    """READ RECORD by number; in a log record 1 is the newest."""
    apdu = Apdu(_ISO, INS_READ_RECORD, record, sfi << 3 | _RECORD_NUMBER, le=length)
    return Command(CommandKind.READ_RECORD, apdu, secret)


def read_public_file() -> Command:
    """READ BINARY of 0x15."""
    return read_binary(PUBLIC_FILE, PublicInformation.size())


def read_transaction(record: int, sfi: int) -> Command:
    """READ RECORD of the transaction log."""
    return read_record(sfi, record, TransactionRecord.size())


def read_journey(record: int) -> Command:
    """READ RECORD of the journey log."""
    return read_record(JOURNEY_LOG, record, JourneyRecord.size())


def get_balance(p1: int = P1_BALANCE) -> Command:
    """GET BALANCE of the purse; `P1_NEGATIVE_BALANCE` asks for T-Union's negative part."""
    apdu = Apdu(_PURSE, INS_GET_BALANCE, p1, _EP, le=Balance.size())
    return Command(CommandKind.GET_BALANCE, apdu)


def get_challenge(length: int) -> Command:
    """GET CHALLENGE: random bytes of the card."""
    return Command(CommandKind.GET_CHALLENGE, Apdu(_ISO, INS_GET_CHALLENGE, 0x00, 0x00, le=length))


def verify(pin: bytes) -> Command:
    """VERIFY the PIN. Never shown; at most one a tap (card reference 8)."""
    if not MIN_PIN <= len(pin) <= MAX_PIN:
        raise ValueError("a PIN has two to six bytes")
    apdu = Apdu(_ISO, INS_VERIFY, 0x00, 0x00, pin)
    return Command(CommandKind.VERIFY, apdu, Secret.COMMAND)


def get_transaction_prove(type_: TransactionType, counter: int) -> Command:
    """GET TRANSACTION PROVE for a transaction that left `counter` behind: INIT's counter + 1.

    The step goes on after 9406, for it concludes nothing (card reference 6).
    """
    apdu = Apdu(
        _PURSE,
        INS_PROVE,
        0x00,
        type_,
        counter.to_bytes(_COUNTER_BYTES),
        TransactionProof.size(),
    )
    goes_on = frozenset({StatusWord.OK, StatusWord.MAC_NOT_AVAILABLE})
    return Command(CommandKind.GET_TRANSACTION_PROVE, apdu, goes_on=goes_on)


def initialize_for_load(key_index: int, amount_fen: int, terminal: bytes) -> Command:
    """INITIALIZE FOR LOAD: no money moves; gives counter and balance under MAC1."""
    data = _initialize(key_index, amount_fen, terminal)
    apdu = Apdu(_PURSE, INS_INITIALIZE, P1_LOAD, _EP, data, LoadInitialized.size())
    return Command(CommandKind.INITIALIZE_FOR_LOAD, apdu)


def initialize_for_unload(key_index: int, amount_fen: int, terminal: bytes, p2: int) -> Command:
    """INITIALIZE FOR UNLOAD; P2 01 or 02 by card system."""
    data = _initialize(key_index, amount_fen, terminal)
    apdu = Apdu(_PURSE, INS_INITIALIZE, P1_UNLOAD, p2, data, LoadInitialized.size())
    return Command(CommandKind.INITIALIZE_FOR_UNLOAD, apdu)


def initialize_for_purchase(key_index: int, amount_fen: int, terminal: bytes) -> Command:
    """INITIALIZE FOR PURCHASE: the answer carries no MAC."""
    data = _initialize(key_index, amount_fen, terminal)
    apdu = Apdu(_PURSE, INS_INITIALIZE, P1_PURCHASE, _EP, data, PurchaseInitialized.size())
    return Command(CommandKind.INITIALIZE_FOR_PURCHASE, apdu)


def initialize_for_capp_purchase(key_index: int, amount_fen: int, terminal: bytes) -> Command:
    """INITIALIZE FOR CAPP PURCHASE (复合消费): nearly every fare in the field."""
    data = _initialize(key_index, amount_fen, terminal)
    apdu = Apdu(_PURSE, INS_INITIALIZE, P1_CAPP_PURCHASE, _EP, data, PurchaseInitialized.size())
    return Command(CommandKind.INITIALIZE_FOR_CAPP_PURCHASE, apdu)


def _initialize(key_index: int, amount_fen: int, terminal: bytes) -> bytes:
    return bytes((key_index,)) + amount_fen.to_bytes(_AMOUNT_BYTES) + terminal


def update_capp_data_cache(sfi: int, record: int, data: bytes) -> Command:
    """UPDATE CAPP DATA CACHE: written together with the debit that follows, or not at all."""
    apdu = Apdu(_PURSE, INS_UPDATE_CAPP, record, sfi << 3, data)
    return Command(CommandKind.UPDATE_CAPP_DATA_CACHE, apdu)


def credit_for_load(stamp: bytes, mac2: bytes) -> Command:
    """CREDIT FOR LOAD: money, counter and TAC, all or nothing."""
    apdu = Apdu(_PURSE, INS_CREDIT_FOR_LOAD, 0x00, 0x00, stamp + mac2, Loaded.size())
    return Command(CommandKind.CREDIT_FOR_LOAD, apdu)


def debit_for_unload(stamp: bytes, mac2: bytes) -> Command:
    """DEBIT FOR UNLOAD."""
    apdu = Apdu(_PURSE, INS_DEBIT, P1_DEBIT_UNLOAD, 0x00, stamp + mac2, Unloaded.size())
    return Command(CommandKind.DEBIT_FOR_UNLOAD, apdu)


def debit_for_purchase(terminal_counter: bytes, stamp: bytes, mac1: bytes) -> Command:
    """DEBIT FOR PURCHASE, plain or composite; `terminal_counter` is the terminal's own 4 bytes."""
    data = terminal_counter + stamp + mac1
    apdu = Apdu(_PURSE, INS_DEBIT, P1_DEBIT_PURCHASE, 0x00, data, Purchased.size())
    return Command(CommandKind.DEBIT_FOR_PURCHASE, apdu)
