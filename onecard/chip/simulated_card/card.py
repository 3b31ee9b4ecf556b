"""The card as a reader sees it: power, SELECT, both applications, the ways of answering."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from onecard.chip import tlv
from onecard.chip.apdu import MAX_EXPECTED, Answer, Apdu, ApduError
from onecard.chip.fci import (
    PPSE,
    TAG_AID,
    TAG_DF_NAME,
    TAG_DIRECTORY,
    TAG_ENTRY,
    TAG_FCI,
    TAG_FCI_OWN,
    TAG_LABEL,
)
from onecard.chip.hr_application import SSSE
from onecard.chip.purse_arithmetic import Ciphers
from onecard.chip.purse_commands import (
    INS_CREDIT_FOR_LOAD,
    INS_DEBIT,
    INS_GET_BALANCE,
    INS_GET_CHALLENGE,
    INS_GET_RESPONSE,
    INS_INITIALIZE,
    INS_PROVE,
    INS_READ_BINARY,
    INS_READ_RECORD,
    INS_SELECT,
    INS_UPDATE_CAPP,
    INS_VERIFY,
    P1_CAPP_PURCHASE,
    P1_DEBIT_UNLOAD,
    P1_LOAD,
    P1_UNLOAD,
)
from onecard.chip.simulated_card.files import HrApplication, Says
from onecard.chip.simulated_card.memory import Cells, Memory, Movement
from onecard.chip.simulated_card.personalisation import Personalisation
from onecard.chip.simulated_card.purse import Purse
from onecard.chip.simulated_card.tear import MemoryFailed, Tear, Tears, Torn
from onecard.chip.simulated_card.transactions import PurseTransactions
from onecard.chip.status import CommandKind, Status, StatusWord
from onecard.chip.wire import WireBroke

ATR = bytes.fromhex("3B888001000000000181000089")
"""An answer to reset that makes PC/SC choose T=1 (card reference 13.1)."""

_BY_NAME = 0x04
_SHORTEST_AID = 5
_SELECTION_BLOCKED = frozenset({StatusWord.APPLICATION_BLOCKED, StatusWord.FUNCTION_NOT_SUPPORTED})

Application = Purse | HrApplication


class SimulatedCard:
    """One card. `transmit` is the wire; it raises `WireBroke` where a real one would."""

    def __init__(
        self,
        made: Personalisation,
        *,
        ciphers: Ciphers,
        chance: Callable[[int], bytes],
        image: Mapping[str, Any] | None = None,
    ) -> None:
        """A new card, or the one that `image` was taken of. `chance(n)` gives n random bytes."""
        self.made = made
        self._memory = Memory.of_image(image) if image else Memory(_factory_cells(made))
        self._tears = Tears()
        transactions = PurseTransactions(made, self._memory, self._tears, ciphers, chance)
        self._purse = Purse(made, self._memory, self._tears, transactions, chance)
        self._hr = HrApplication(made.hr) if made.hr else None
        self._in_field = False
        self._power_down()

    @property
    def uid(self) -> bytes:
        """What anti-collision tells the reader."""
        return self.made.uid

    @property
    def balance_fen(self) -> int:
        """The money in the chip, as only its factory could look."""
        return self._memory.cells.balance_fen

    @property
    def load_counter(self) -> int:
        """The online counter, as only its factory could look."""
        return self._memory.cells.load_counter

    @property
    def purchase_counter(self) -> int:
        """The offline counter, as only its factory could look."""
        return self._memory.cells.purchase_counter

    @property
    def movements(self) -> tuple[Movement, ...]:
        """Every commit since the factory, once."""
        return tuple(self._memory.movements)

    def image(self) -> dict[str, Any]:
        """The memory as plain values (numbers, texts, lists), for `SimulatedCard(image=...)`."""
        return self._memory.image()

    def enter_field(self) -> bytes:
        """Come into the field of a reader: power, and what was not finished is undone. The ATR."""
        self._power_down()
        self._memory.power_up()
        self._in_field = True
        return ATR

    def leave_field(self) -> None:
        """Go away; a tear that has not fired is forgotten."""
        self._tears.disarm()
        self._power_down()

    def tear(self, tear: Tear) -> None:
        """Arm a tear for the next command of its kind."""
        self._tears.arm(tear)

    def transmit(self, raw: bytes) -> bytes:
        """One command, one answer. Raises `WireBroke` if the card is away or is torn now."""
        if not self._in_field:
            raise WireBroke
        try:
            return self._transmit(raw)
        except Torn:
            self.leave_field()
            raise WireBroke from None

    def _power_down(self) -> None:
        self._in_field = False
        self._application: Application | None = None
        self._waiting = b""
        self._purse.reset()

    def _transmit(self, raw: bytes) -> bytes:
        try:
            apdu = Apdu.decode(raw)
        except ApduError:
            return Answer(b"", Status(StatusWord.WRONG_LC)).encode()
        self._tears.begin(kind_of(apdu))
        answer = self._answer(apdu)
        self._tears.end()
        return answer.encode()

    def _answer(self, apdu: Apdu) -> Answer:
        if apdu.ins == INS_GET_RESPONSE:
            return self._get_response(apdu)
        self._waiting = b""
        try:
            data = self._execute(apdu)
        except Says as says:
            return Answer(b"", Status(says.value))
        except MemoryFailed:
            self._memory.power_up()
            return Answer(b"", Status(StatusWord.MEMORY_FAILURE))
        return self._delivered(data, apdu.le)

    def _delivered(self, data: bytes, le: int | None) -> Answer:
        """The data as this card system hands them out."""
        length, manners = len(data) & 0xFF, self.made.manners
        if data and manners.answers_by_get_response:
            self._waiting = data
            return Answer(b"", Status(StatusWord.DATA_WAITING | length))
        if data and manners.insists_on_le and le not in {len(data), None}:
            self._waiting = data
            return Answer(b"", Status(StatusWord.WRONG_LE | length))
        return Answer(data[:le], Status(StatusWord.OK))

    def _get_response(self, apdu: Apdu) -> Answer:
        data, self._waiting = self._waiting, b""
        if not data:
            return Answer(b"", Status(StatusWord.CONDITIONS_OF_USE))
        return Answer(data[: apdu.le or MAX_EXPECTED], Status(StatusWord.OK))

    def _execute(self, apdu: Apdu) -> bytes:
        if apdu.ins == INS_SELECT and apdu.p1 == _BY_NAME:
            return self._select(apdu.data)
        if self._application is None:
            raise Says(StatusWord.CONDITIONS_OF_USE)
        return self._application.answer(apdu)

    def _select(self, name: bytes) -> bytes:
        """By full name or by prefix; the application begins anew."""
        if name == PPSE:
            return self._directory()
        if self._hr and name == SSSE:
            self._hr.reset()
            self._application = self._hr
            return tlv.encode(TAG_FCI, tlv.encode(TAG_DF_NAME, SSSE))
        if len(name) < _SHORTEST_AID or not self.made.aid.startswith(name):
            raise Says(StatusWord.FILE_NOT_FOUND)
        if self.made.manners.blocked in _SELECTION_BLOCKED:
            raise Says(self.made.manners.blocked)
        self._purse.reset()
        self._application = self._purse
        return self._purse.fci()

    def _directory(self) -> bytes:
        entry = tlv.encode(
            TAG_ENTRY, tlv.encode(TAG_AID, self.made.aid), tlv.encode(TAG_LABEL, b"MOT_T_EP")
        )
        own = tlv.encode(TAG_FCI_OWN, tlv.encode(TAG_DIRECTORY, entry))
        return tlv.encode(TAG_FCI, tlv.encode(TAG_DF_NAME, PPSE), own)


def _factory_cells(made: Personalisation) -> Cells:
    return Cells(
        balance_fen=made.balance_fen,
        load_counter=made.load_counter,
        purchase_counter=made.purchase_counter,
        pin_tries=made.pin.tries if made.pin else 0,
        proofs={},
        capp=made.capp_records,
    )


_KINDS = {
    INS_SELECT: CommandKind.SELECT,
    INS_READ_BINARY: CommandKind.READ_BINARY,
    INS_READ_RECORD: CommandKind.READ_RECORD,
    INS_VERIFY: CommandKind.VERIFY,
    INS_GET_CHALLENGE: CommandKind.GET_CHALLENGE,
    INS_GET_BALANCE: CommandKind.GET_BALANCE,
    INS_CREDIT_FOR_LOAD: CommandKind.CREDIT_FOR_LOAD,
    INS_PROVE: CommandKind.GET_TRANSACTION_PROVE,
    INS_UPDATE_CAPP: CommandKind.UPDATE_CAPP_DATA_CACHE,
}
_INITIALIZE_KINDS = {
    P1_LOAD: CommandKind.INITIALIZE_FOR_LOAD,
    P1_UNLOAD: CommandKind.INITIALIZE_FOR_UNLOAD,
    P1_CAPP_PURCHASE: CommandKind.INITIALIZE_FOR_CAPP_PURCHASE,
}


def kind_of(apdu: Apdu) -> CommandKind | None:
    """Which command these bytes are; None for one that is not ours."""
    if apdu.ins == INS_INITIALIZE:
        return _INITIALIZE_KINDS.get(apdu.p1, CommandKind.INITIALIZE_FOR_PURCHASE)
    if apdu.ins == INS_DEBIT:
        unload = apdu.p1 == P1_DEBIT_UNLOAD
        return CommandKind.DEBIT_FOR_UNLOAD if unload else CommandKind.DEBIT_FOR_PURCHASE
    return _KINDS.get(apdu.ins)
