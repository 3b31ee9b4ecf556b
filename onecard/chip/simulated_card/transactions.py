"""The purse application inside the simulated card; what outlives the power is in `Memory`.

Exact where the standard speaks, a choice where it is silent. The choices, each to be settled by
the card acceptance list (card reference 16.4):

* a second INITIALIZE of any kind replaces the pending one (no. 5);
* a wrong MAC2 or MAC1 of ours ends the pending transaction, so a second try answers 6985;
* `80 5A` keeps the latest proof of each type, over power-off and other types (no. 6); the first
  four bytes are MAC2 of a purchase, MAC3 of an unload, zero for a load;
* amount 0 is accepted, an amount beyond the chip's limit is 9401 (no. 7);
* the counter in the log is the one after the transaction (no. 9).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any

from onecard.chip.apdu import Apdu
from onecard.chip.card_time import STAMP_BYTES
from onecard.chip.purse_answers import (
    COUNTER_END,
    Loaded,
    LoadInitialized,
    Purchased,
    PurchaseInitialized,
    TransactionProof,
    Unloaded,
)
from onecard.chip.purse_arithmetic import MAC_BYTES, ONLINE_TAIL, Arithmetic, Ciphers
from onecard.chip.purse_commands import (
    P1_CAPP_PURCHASE,
    P1_DEBIT_PURCHASE,
    P1_DEBIT_UNLOAD,
    P1_LOAD,
    P1_PURCHASE,
    P1_UNLOAD,
)
from onecard.chip.purse_files import TransactionRecord, TransactionType
from onecard.chip.purse_profile import Mac, Part, PurseKey
from onecard.chip.simulated_card.files import Says
from onecard.chip.simulated_card.memory import Memory, Movement
from onecard.chip.simulated_card.personalisation import Personalisation
from onecard.chip.simulated_card.tear import Tears
from onecard.chip.status import StatusWord

Chance = Callable[[int], bytes]

RANDOM_BYTES = 4

_MOST = 0x7FFFFFFF
_MARK = 0x80000000
_EP = 0x02
_ONLINE = frozenset({TransactionType.LOAD, TransactionType.UNLOAD})
_BY_P1 = {
    P1_LOAD: TransactionType.LOAD,
    P1_UNLOAD: TransactionType.UNLOAD,
    P1_PURCHASE: TransactionType.PURCHASE,
    P1_CAPP_PURCHASE: TransactionType.CAPP_PURCHASE,
}
_INIT_BYTES = 1 + Part.AMOUNT.size + Part.TERMINAL.size
_ONLINE_BYTES = STAMP_BYTES + MAC_BYTES
_PURCHASE_BYTES = Part.TERMINAL_COUNTER.size + _ONLINE_BYTES


@dataclass(frozen=True)
class Pending:
    """An INITIALIZE that was answered, until its second half comes or another replaces it."""

    type: TransactionType
    amount_fen: int
    terminal: bytes
    random: bytes


class PurseTransactions:
    """INITIALIZE, CREDIT and DEBIT: everything that has to do with money."""

    def __init__(
        self,
        made: Personalisation,
        memory: Memory,
        tears: Tears,
        ciphers: Ciphers,
        chance: Chance,
    ) -> None:
        self._made, self._memory, self._tears, self._chance = made, memory, tears, chance
        self._arithmetic = Arithmetic(made.profile, ciphers)
        self.reset()

    def reset(self) -> None:
        """Everything that dies with the power or a SELECT."""
        self.pin_given = False
        self.pending: Pending | None = None
        self.cached: dict[str, Any] = {}

    def written(self, balance_fen: int) -> int:
        """A balance as this card system writes it out."""
        return balance_fen | (_MARK if self._made.manners.marks_balances else 0)

    def initialize(self, apdu: Apdu) -> bytes:
        """Any of the four INITIALIZE commands. Raises `Says`."""
        type_ = self._type_of(apdu)
        if len(apdu.data) != _INIT_BYTES:
            raise Says(StatusWord.WRONG_LC)
        index, rest = apdu.data[0], apdu.data[1:]
        amount = int.from_bytes(rest[: Part.AMOUNT.size])
        self._require_ready(type_, index)
        self._require_amount(type_, amount)
        terminal = rest[Part.AMOUNT.size :]
        self.cached = {}
        self.pending = Pending(type_, amount, terminal, self._chance(RANDOM_BYTES))
        return self._initialized(self.pending)

    def _type_of(self, apdu: Apdu) -> TransactionType:
        type_ = _BY_P1.get(apdu.p1)
        unload = type_ is TransactionType.UNLOAD
        accepted = self._made.manners.unload_p2 if unload else frozenset({_EP})
        if type_ is None or apdu.p2 not in accepted:
            raise Says(StatusWord.WRONG_P1_P2)
        return type_

    def _require_ready(self, type_: TransactionType, index: int) -> None:
        manners, indexes = self._made.manners, self._made.profile.key_indexes
        expected = {TransactionType.LOAD: indexes.load, TransactionType.UNLOAD: indexes.unload}
        pin = self._made.pin
        if manners.blocked is StatusWord.PERMANENTLY_LOCKED:
            raise Says(StatusWord.PERMANENTLY_LOCKED)
        if index != expected.get(type_, indexes.purchase):
            raise Says(StatusWord.KEY_INDEX_NOT_SUPPORTED)
        if manners.grey_locked:
            raise Says(StatusWord.GREY_LOCKED)
        if manners.capp_locked and type_ is TransactionType.CAPP_PURCHASE:
            raise Says(StatusWord.CAPP_LOCKED)
        if pin and pin.for_load and type_ in _ONLINE and not self.pin_given:
            raise Says(StatusWord.SECURITY_STATUS)
        if self._counter(type_) == COUNTER_END:
            raise Says(StatusWord.COUNTER_AT_END)

    def _require_amount(self, type_: TransactionType, amount_fen: int) -> None:
        balance, limit = self._memory.cells.balance_fen, self._made.manners.load_limit_fen
        most = _MOST if limit is None else limit
        loads = type_ is TransactionType.LOAD
        if balance + amount_fen > most if loads else amount_fen > balance:
            raise Says(StatusWord.AMOUNT_REJECTED)

    def _counter(self, type_: TransactionType) -> int:
        cells = self._memory.cells
        return cells.load_counter if type_ in _ONLINE else cells.purchase_counter

    def _initialized(self, pending: Pending) -> bytes:
        old_balance = self.written(self._memory.cells.balance_fen)
        counter, version = self._counter(pending.type), self._made.key_version
        algorithm = self._made.algorithm
        if pending.type not in _ONLINE:
            limit = self._made.overdraft_limit_fen
            answer = PurchaseInitialized(
                old_balance, counter, limit, version, algorithm, pending.random
            )
            return answer.encode()
        loads = pending.type is TransactionType.LOAD
        which = Mac.LOAD_MAC1 if loads else Mac.UNLOAD_MAC1
        mac1 = self._mac(pending, which, bytes(STAMP_BYTES))
        return LoadInitialized(
            old_balance, counter, version, algorithm, pending.random, mac1
        ).encode()

    def credit_for_load(self, apdu: Apdu) -> bytes:
        """CREDIT FOR LOAD. Raises `Says`."""
        if (apdu.p1, apdu.p2) != (0, 0):
            raise Says(StatusWord.WRONG_P1_P2)
        pending, stamp = self._second_half(apdu, TransactionType.LOAD, Mac.LOAD_MAC2)
        tac = self._tac(pending, Mac.LOAD_TAC, stamp)
        self._commit(pending, stamp, TransactionProof(bytes(MAC_BYTES), tac))
        return Loaded(tac).encode()

    def debit(self, apdu: Apdu) -> bytes:
        """DEBIT FOR UNLOAD or FOR PURCHASE, by P1. Raises `Says`."""
        if apdu.p2 != 0 or apdu.p1 not in {P1_DEBIT_UNLOAD, P1_DEBIT_PURCHASE}:
            raise Says(StatusWord.WRONG_P1_P2)
        return self._debit_unload(apdu) if apdu.p1 == P1_DEBIT_UNLOAD else self._purchase(apdu)

    def _debit_unload(self, apdu: Apdu) -> bytes:
        pending, stamp = self._second_half(apdu, TransactionType.UNLOAD, Mac.UNLOAD_MAC2)
        mac3 = self._mac(pending, Mac.UNLOAD_MAC3, stamp)
        tac = self._tac(pending, Mac.UNLOAD_TAC, stamp)
        self._commit(pending, stamp, TransactionProof(mac3, tac))
        return Unloaded(mac3).encode()

    def _purchase(self, apdu: Apdu) -> bytes:
        if len(apdu.data) != _PURCHASE_BYTES:
            raise Says(StatusWord.WRONG_LC)
        purchases = (TransactionType.PURCHASE, TransactionType.CAPP_PURCHASE)
        pending = self._take_pending(*purchases)
        terminal_counter = apdu.data[: Part.TERMINAL_COUNTER.size]
        stamp, mac1 = _stamp_and_mac(apdu.data[Part.TERMINAL_COUNTER.size :])
        self._require_mac(pending, Mac.PURCHASE_MAC1, stamp, mac1, terminal_counter)
        mac2 = self._mac(pending, Mac.PURCHASE_MAC2, stamp, terminal_counter)
        tac = self._tac(pending, Mac.PURCHASE_TAC, stamp, terminal_counter)
        self._commit(pending, stamp, TransactionProof(mac2, tac))
        return Purchased(tac, mac2).encode()

    def _second_half(self, apdu: Apdu, type_: TransactionType, which: Mac) -> tuple[Pending, bytes]:
        if len(apdu.data) != _ONLINE_BYTES:
            raise Says(StatusWord.WRONG_LC)
        pending = self._take_pending(type_)
        stamp, mac2 = _stamp_and_mac(apdu.data)
        self._require_mac(pending, which, stamp, mac2, b"")
        return pending, stamp

    def _take_pending(self, *types: TransactionType) -> Pending:
        pending, self.pending = self.pending, None
        if pending is None or pending.type not in types:
            raise Says(StatusWord.CONDITIONS_OF_USE)
        return pending

    def _require_mac(
        self, pending: Pending, which: Mac, stamp: bytes, given: bytes, terminal_counter: bytes
    ) -> None:
        if not compare_digest(self._mac(pending, which, stamp, terminal_counter), given):
            raise Says(StatusWord.MAC_INVALID)

    def _commit(self, pending: Pending, stamp: bytes, proof: TransactionProof) -> None:
        """Money, counter and proof together, or nothing; then, apart, the log record."""
        cells, online = self._memory.cells, pending.type in _ONLINE
        counter = self._counter(pending.type) + 1
        change = self._change(pending)
        changes = {
            "balance_fen": cells.balance_fen + change,
            "load_counter" if online else "purchase_counter": counter,
            "proofs": {**cells.proofs, pending.type: (counter, proof.encode())},
            **self.cached,
        }
        movement = Movement(pending.type, counter, change)
        self._memory.commit(changes, self._tears.before_write, movement)
        self.cached = {}
        if self._made.pin and self._made.pin.forgotten_after_transaction:
            self.pin_given = False
        self._tears.before_log()
        self._memory.log(self._record(pending, counter, stamp))

    def _change(self, pending: Pending) -> int:
        loads = pending.type is TransactionType.LOAD
        return pending.amount_fen if loads else -pending.amount_fen

    def _record(self, pending: Pending, counter: int, stamp: bytes) -> bytes:
        return TransactionRecord(
            counter=counter,
            overdraft_limit_fen=self._made.overdraft_limit_fen,
            amount_fen=pending.amount_fen,
            type_code=pending.type,
            terminal=pending.terminal,
            stamp=stamp,
        ).encode()

    def _mac(
        self, pending: Pending, which: Mac, stamp: bytes, terminal_counter: bytes = b""
    ) -> bytes:
        key = self._made.keys[_KEYS.get(pending.type, PurseKey.PURCHASE)]
        tail = terminal_counter or ONLINE_TAIL
        session = self._arithmetic.session_key(
            key, pending.random, self._counter(pending.type), tail
        )
        return self._arithmetic.mac(session, which, self._parts(pending, stamp, terminal_counter))

    def _tac(
        self, pending: Pending, which: Mac, stamp: bytes, terminal_counter: bytes = b""
    ) -> bytes:
        parts = self._parts(pending, stamp, terminal_counter)
        return self._arithmetic.tac(self._made.keys[PurseKey.TAC], which, parts)

    def _parts(self, pending: Pending, stamp: bytes, terminal_counter: bytes) -> dict[Part, bytes]:
        balance = self._memory.cells.balance_fen
        new_balance = self.written(balance + self._change(pending))
        return {
            Part.OLD_BALANCE: self.written(balance).to_bytes(Part.OLD_BALANCE.size),
            Part.NEW_BALANCE: new_balance.to_bytes(Part.NEW_BALANCE.size),
            Part.COUNTER: self._counter(pending.type).to_bytes(Part.COUNTER.size),
            Part.AMOUNT: pending.amount_fen.to_bytes(Part.AMOUNT.size),
            Part.TYPE: bytes((pending.type,)),
            Part.TERMINAL: pending.terminal,
            Part.TERMINAL_COUNTER: terminal_counter,
            Part.STAMP: stamp,
        }


_KEYS = {TransactionType.LOAD: PurseKey.LOAD, TransactionType.UNLOAD: PurseKey.UNLOAD}


def _stamp_and_mac(data: bytes) -> tuple[bytes, bytes]:
    return data[:STAMP_BYTES], data[STAMP_BYTES:]
