"""What a wire does below the dialogue: fetches waiting data, corrects a length, keeps a trail.

`80 52` and `80 54` are never repeated: their data are fetched by GET RESPONSE only (card
reference 3). Whatever goes wrong on the way is the loss of the card.
"""

from __future__ import annotations

from collections.abc import Callable

from onecard.chip.apdu import MIN_ANSWER, Apdu, ApduError
from onecard.chip.dialogue import MAX_FOLLOW_UPS
from onecard.chip.purse_commands import INS_CREDIT_FOR_LOAD, INS_DEBIT
from onecard.chip.wire import Transmit, WireBroke

DATA_WAITING, WRONG_LENGTH = 0x61, 0x6C
_MONEY = frozenset({INS_CREDIT_FOR_LOAD, INS_DEBIT})
_PURSE_CLASS = 0x80
_HEAD = 4


def moves_money(raw: bytes) -> bool:
    """Whether these bytes are `80 52` or `80 54`: the card must see them at most once."""
    return len(raw) >= _HEAD and raw[0] == _PURSE_CLASS and raw[1] in _MONEY


def following(transmit: Transmit) -> Transmit:
    """The wire with 61xx and 6Cxx settled below it, at most eight times a command."""

    def carried(raw: bytes) -> bytes:
        answer, data = transmit(raw), b""
        for _ in range(MAX_FOLLOW_UPS):
            asked = _follow_up(raw, answer)
            if asked is None:
                return data + answer
            data += answer[:-MIN_ANSWER]
            answer = transmit(asked)
        raise WireBroke

    return carried


def _follow_up(raw: bytes, answer: bytes) -> bytes | None:
    """What fetches the rest of an answer; None if it is whole. Raises `WireBroke` for no answer."""
    if len(answer) < MIN_ANSWER:
        raise WireBroke
    first, length = answer[-MIN_ANSWER:]
    if first not in {DATA_WAITING, WRONG_LENGTH}:
        return None
    if first == WRONG_LENGTH and not moves_money(raw):
        return _with_length(raw, length)
    return bytes((0x00, 0xC0, 0x00, 0x00, length))


def _with_length(raw: bytes, length: int) -> bytes:
    try:
        apdu = Apdu.decode(raw)
    except ApduError as error:
        raise WireBroke from error
    return Apdu(apdu.cla, apdu.ins, apdu.p1, apdu.p2, apdu.data, length or 256).encode()


def overheard(transmit: Transmit, hear: Callable[[bytes, bytes | None], object]) -> Transmit:
    """The wire, and a listener told of every exchange: the answer is None where none came."""

    def carried(raw: bytes) -> bytes:
        try:
            answer = transmit(raw)
        except WireBroke:
            hear(raw, None)
            raise
        hear(raw, answer)
        return answer

    return carried
