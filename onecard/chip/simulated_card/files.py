"""Reading inside the simulated card: transparent files and records of both applications."""

from __future__ import annotations

from collections.abc import Mapping

from onecard.chip.apdu import Apdu
from onecard.chip.hr_application import (
    CARD_FILE,
    CARD_IDENTIFIER,
    CARD_NUMBER,
    NAME,
    NAME_BYTES,
    PERSON_FILE,
    SOCIAL_SECURITY_NUMBER,
    SPECIFICATION,
)
from onecard.chip.purse_commands import INS_READ_BINARY, INS_READ_RECORD, INS_SELECT
from onecard.chip.purse_files import (
    CAPP_FILE,
    HOLDER_FILE,
    JOURNEY_LOG,
    MANAGEMENT_FILE,
    PUBLIC_FILE,
    TRANSACTION_LOG,
)
from onecard.chip.simulated_card.memory import Memory
from onecard.chip.simulated_card.personalisation import HrData, Personalisation
from onecard.chip.status import StatusWord

_SFI_IN_P1 = 0x80
_SFI = 0x1F
_BY_NUMBER = 0x04

TAGS: Mapping[tuple[int, int], int] = {
    (CARD_FILE, CARD_IDENTIFIER): 0x01,
    (CARD_FILE, SPECIFICATION): 0x03,
    (CARD_FILE, CARD_NUMBER): 0x07,
    (PERSON_FILE, SOCIAL_SECURITY_NUMBER): 0x08,
    (PERSON_FILE, NAME): 0x09,
}
"""The tag in the head of each record (L); nobody reads it."""


class Says(Exception):
    """The chip answers with a status word other than 9000."""

    def __init__(self, word: StatusWord, low: int = 0) -> None:
        super().__init__(word.name)
        self.value = word | low


def read_binary(made: Personalisation, apdu: Apdu) -> bytes:
    """A transparent file of the purse from the offset in P2."""
    files = {
        PUBLIC_FILE: made.public.encode(),
        HOLDER_FILE: made.holder.encode(),
        MANAGEMENT_FILE: made.management.encode(),
    }
    content = files.get(apdu.p1 & _SFI) if apdu.p1 & _SFI_IN_P1 else None
    if content is None:
        raise Says(StatusWord.FILE_NOT_FOUND)
    if apdu.p2 > len(content):
        raise Says(StatusWord.WRONG_OFFSET)
    return content[apdu.p2 :]


def read_purse_record(memory: Memory, apdu: Apdu) -> bytes:
    """A record of a log of the purse, 1 the newest."""
    cells = memory.cells
    logs = {TRANSACTION_LOG: cells.log, JOURNEY_LOG: cells.journeys, CAPP_FILE: cells.capp}
    records = logs.get(record_file(apdu))
    if records is None:
        raise Says(StatusWord.FILE_NOT_FOUND)
    if not 1 <= apdu.p1 <= len(records):
        raise Says(StatusWord.RECORD_NOT_FOUND)
    return records[apdu.p1 - 1]


def record_file(apdu: Apdu) -> int:
    """The SFI in P2 of READ RECORD; 0 means the selected file. Raises `Says` for another P2."""
    if apdu.p2 & ~(_SFI << 3) != _BY_NUMBER:
        raise Says(StatusWord.WRONG_P1_P2)
    return apdu.p2 >> 3


class HrApplication:
    """The social security side: read only, records with a head of tag and length."""

    def __init__(self, data: HrData) -> None:
        self._data = data
        self._selected = 0
        self._records = {
            (CARD_FILE, CARD_IDENTIFIER): data.card_identifier,
            (CARD_FILE, SPECIFICATION): data.specification.encode("ascii"),
            (CARD_FILE, CARD_NUMBER): data.card_number.encode("ascii"),
            (PERSON_FILE, SOCIAL_SECURITY_NUMBER): data.social_security_number.encode("ascii"),
            (PERSON_FILE, NAME): data.name.encode("gbk").ljust(NAME_BYTES, b"\x00"),
        }

    def reset(self) -> None:
        """The application was selected anew."""
        self._selected = 0

    def answer(self, apdu: Apdu) -> bytes:
        """What it answers. Raises `Says`."""
        if apdu.ins == INS_SELECT:
            return self._select(apdu)
        if apdu.ins == INS_READ_BINARY:
            raise Says(StatusWord.FILE_NOT_FOUND)
        if apdu.ins != INS_READ_RECORD:
            raise Says(StatusWord.INS_NOT_KNOWN)
        return self._read(record_file(apdu) or self._selected, apdu.p1)

    def _select(self, apdu: Apdu) -> bytes:
        identifiers = {b"\xef\x05": CARD_FILE, b"\xef\x06": PERSON_FILE}
        if apdu.data not in identifiers:
            raise Says(StatusWord.FILE_NOT_FOUND)
        self._selected = identifiers[apdu.data]
        return b""

    def _read(self, file: int, number: int) -> bytes:
        if file == PERSON_FILE and self._data.person_wants_module:
            raise Says(StatusWord.SECURITY_STATUS)
        value = self._records.get((file, number))
        if value is None:
            raise Says(StatusWord.RECORD_NOT_FOUND)
        return bytes((TAGS[file, number], len(value))) + value
