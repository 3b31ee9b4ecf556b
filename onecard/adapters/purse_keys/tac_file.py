"""TAC keys of cards as their issuer hands them over: a line for each card, under a transport key.

    issuer,serial,version,cryptogram,kcv
    01011000FFFFFFFF,03104870000000012345,1,16 hex digits,8 hex digits

The cryptogram is the key of the card's TACs (DTK left XOR DTK right, 8 bytes) encrypted with 3DES
under the transport key. `kcv` is DES of eight zero bytes under it, left 4 bytes. The form is ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher as Engine
from cryptography.hazmat.primitives.ciphers.modes import ECB

from onecard.chip.purse_arithmetic import KCV_BYTES, Cipher
from onecard.chip.purse_files import CardIdentity
from onecard.chip.software_ciphers import SoftwareCiphers

HEADER = "issuer,serial,version,cryptogram,kcv"
_LINE = re.compile(
    r"(?P<issuer>[0-9A-F]{16}),(?P<serial>[0-9A-F]{20}),(?P<version>[1-9][0-9]{0,2}),"
    r"(?P<cryptogram>[0-9A-F]{16}),(?P<kcv>[0-9A-F]{8})"
)
_MOST_VERSION = 0xFF
_ZEROS = bytes(8)


@dataclass(frozen=True)
class TacKey:
    """The TAC key of one card and generation, with its check value."""

    card: CardIdentity
    version: int
    kcv: str
    half: bytes = field(repr=False)


class BadLine(Exception):
    """A line that cannot be taken: which one, and what is the matter (`form`, `kcv`, `twice`)."""

    def __init__(self, number: int, what: str) -> None:
        super().__init__(number, what)
        self.number, self.what = number, what


def read(text: str, transport: bytes) -> tuple[TacKey, ...]:
    """Every key of a file, all checked before any is used. Raises `BadLine`."""
    lines = text.strip().upper().splitlines()
    if not lines or lines[0].strip() != HEADER.upper():
        raise BadLine(1, "form")
    found: dict[tuple[CardIdentity, int], TacKey] = {}
    for number, line in enumerate(lines[1:], start=2):
        one = _read(number, line.strip(), transport)
        if (one.card, one.version) in found:
            raise BadLine(number, "twice")
        found[one.card, one.version] = one
    return tuple(found.values())


def _read(number: int, line: str, transport: bytes) -> TacKey:
    parts = _LINE.fullmatch(line)
    if parts is None or int(parts["version"]) > _MOST_VERSION:
        raise BadLine(number, "form")
    card = CardIdentity(bytes.fromhex(parts["issuer"]), bytes.fromhex(parts["serial"]))
    half = _decrypted(transport, bytes.fromhex(parts["cryptogram"]))
    if check_value(half) != parts["kcv"]:
        raise BadLine(number, "kcv")
    return TacKey(card, int(parts["version"]), parts["kcv"], half)


def check_value(half: bytes) -> str:
    """KCV of a TAC key, 8 hex digits."""
    return SoftwareCiphers().ecb(Cipher.DES, half, _ZEROS)[:KCV_BYTES].hex().upper()


def _decrypted(transport: bytes, cryptogram: bytes) -> bytes:
    engine = Engine(TripleDES((transport * 3)[:24]), ECB())  # noqa: S305  one block
    return engine.decryptor().update(cryptogram)
