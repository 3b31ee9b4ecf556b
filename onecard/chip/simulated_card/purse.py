"""The purse application of the simulated card: which command goes where, PIN, proofs, caches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hmac import compare_digest

from onecard.chip import tlv
from onecard.chip.apdu import Apdu
from onecard.chip.fci import TAG_DF_NAME, TAG_FCI, TAG_FCI_OWN, TAG_PUBLIC, TAG_VERSION
from onecard.chip.purse_answers import Balance
from onecard.chip.purse_commands import (
    INS_CREDIT_FOR_LOAD,
    INS_DEBIT,
    INS_GET_BALANCE,
    INS_GET_CHALLENGE,
    INS_INITIALIZE,
    INS_PROVE,
    INS_READ_BINARY,
    INS_READ_RECORD,
    INS_UPDATE_CAPP,
    INS_VERIFY,
    P1_NEGATIVE_BALANCE,
)
from onecard.chip.purse_files import (
    CAPP_FILE,
    JOURNEY_LOG,
    TRANSACTION_LOG,
    JourneyRecord,
    TransactionType,
    type_of,
)
from onecard.chip.simulated_card.files import Says, read_binary, read_purse_record, record_file
from onecard.chip.simulated_card.memory import Memory
from onecard.chip.simulated_card.personalisation import Personalisation
from onecard.chip.simulated_card.tear import Tears
from onecard.chip.simulated_card.transactions import PurseTransactions
from onecard.chip.status import StatusWord

_ISO = 0x00
_PURSE = 0x80
_EP = 0x02
_COUNTER_BYTES = 2
_ID_BYTES = 2
_NEGATIVE = frozenset({P1_NEGATIVE_BALANCE, 0x02, 0x03})
_VERSION = b"\x02"


class Purse:
    """Answers every command of the purse application."""

    def __init__(
        self,
        made: Personalisation,
        memory: Memory,
        tears: Tears,
        transactions: PurseTransactions,
        chance: Callable[[int], bytes],
    ) -> None:
        self._made, self._memory, self._tears = made, memory, tears
        self._transactions, self._chance = transactions, chance
        self._answers: Mapping[tuple[int, int], Callable[[Apdu], bytes]] = {
            (_ISO, INS_READ_BINARY): self._read_binary,
            (_ISO, INS_READ_RECORD): self._read_record,
            (_ISO, INS_VERIFY): self._verify,
            (_ISO, INS_GET_CHALLENGE): self._challenge,
            (_PURSE, INS_GET_BALANCE): self._balance,
            (_PURSE, INS_INITIALIZE): transactions.initialize,
            (_PURSE, INS_CREDIT_FOR_LOAD): transactions.credit_for_load,
            (_PURSE, INS_DEBIT): transactions.debit,
            (_PURSE, INS_UPDATE_CAPP): self._update_capp,
            (_PURSE, INS_PROVE): self._prove,
        }

    def reset(self) -> None:
        """The application was selected anew: PIN, pending transaction and cache are gone."""
        self._transactions.reset()

    def answer(self, apdu: Apdu) -> bytes:
        """What it answers. Raises `Says`."""
        if apdu.cla not in {_ISO, _PURSE}:
            raise Says(StatusWord.CLA_NOT_KNOWN)
        answer = self._answers.get((apdu.cla, apdu.ins))
        if answer is None:
            raise Says(StatusWord.INS_NOT_KNOWN)
        return answer(apdu)

    def fci(self) -> bytes:
        """What SELECT answers (card reference 2.2)."""
        own = [tlv.encode(TAG_VERSION, _VERSION)]
        if self._made.manners.public_in_fci:
            own.append(tlv.encode(TAG_PUBLIC, self._made.public.encode()))
        name = tlv.encode(TAG_DF_NAME, self._made.aid)
        return tlv.encode(TAG_FCI, name, tlv.encode(TAG_FCI_OWN, *own))

    def _read_binary(self, apdu: Apdu) -> bytes:
        return read_binary(self._made, apdu)

    def _read_record(self, apdu: Apdu) -> bytes:
        pin = self._made.pin
        closed = pin is not None and pin.for_log and not self._transactions.pin_given
        if closed and record_file(apdu) == TRANSACTION_LOG:
            raise Says(StatusWord.SECURITY_STATUS)
        return read_purse_record(self._memory, apdu)

    def _challenge(self, apdu: Apdu) -> bytes:
        return self._chance(apdu.le or _EP)

    def _balance(self, apdu: Apdu) -> bytes:
        if apdu.p2 != _EP or apdu.p1 not in {0, *_NEGATIVE}:
            raise Says(StatusWord.WRONG_P1_P2)
        money = 0 if apdu.p1 in _NEGATIVE else self._memory.cells.balance_fen
        return Balance(self._transactions.written(money)).encode()

    def _verify(self, apdu: Apdu) -> bytes:
        """The try is counted before the PIN is compared: no power cut gives one for nothing."""
        pin, cells = self._made.pin, self._memory.cells
        if pin is None:
            raise Says(StatusWord.CONDITIONS_OF_USE)
        if cells.pin_tries == 0:
            raise Says(StatusWord.PIN_BLOCKED)
        self._memory.commit({"pin_tries": cells.pin_tries - 1}, self._tears.before_write)
        if not compare_digest(apdu.data, pin.digits):
            self._transactions.pin_given = False
            raise Says(StatusWord.PIN_WRONG, cells.pin_tries)
        self._memory.commit({"pin_tries": pin.tries}, self._tears.before_write)
        self._transactions.pin_given = True
        return b""

    def _prove(self, apdu: Apdu) -> bytes:
        """9406: never committed, replaced by a later one of its type, or another counter."""
        pin = self._made.pin
        if pin and pin.for_proof and not self._transactions.pin_given:
            raise Says(StatusWord.CONDITIONS_OF_USE)
        if len(apdu.data) != _COUNTER_BYTES:
            raise Says(StatusWord.WRONG_LC)
        type_ = type_of(apdu.p2)
        kept = self._memory.cells.proofs.get(type_) if type_ else None
        if kept is None or kept[0] != int.from_bytes(apdu.data):
            raise Says(StatusWord.MAC_NOT_AVAILABLE)
        return kept[1]

    def _update_capp(self, apdu: Apdu) -> bytes:
        """Keep a record until the debit writes it, together with the money."""
        pending = self._transactions.pending
        if pending is None or pending.type is not TransactionType.CAPP_PURCHASE:
            raise Says(StatusWord.CONDITIONS_OF_USE)
        sfi = apdu.p2 >> 3
        if sfi == JOURNEY_LOG:
            self._cache_journey(apdu.data)
        elif sfi == CAPP_FILE:
            self._cache_capp(apdu.p1, apdu.data)
        else:
            raise Says(StatusWord.FILE_NOT_FOUND)
        return b""

    def _cache_journey(self, record: bytes) -> None:
        if len(record) != JourneyRecord.size():
            raise Says(StatusWord.WRONG_LC)
        self._transactions.cached["journeys"] = self._memory.journeys_with(record)

    def _cache_capp(self, number: int, record: bytes) -> None:
        records = list(self._transactions.cached.get("capp", self._memory.cells.capp))
        if not 1 <= number <= len(records) or records[number - 1][:_ID_BYTES] != record[:_ID_BYTES]:
            raise Says(StatusWord.RECORD_NOT_FOUND)
        if len(record) != len(records[number - 1]):
            raise Says(StatusWord.WRONG_LC)
        records[number - 1] = record
        self._transactions.cached["capp"] = tuple(records)
