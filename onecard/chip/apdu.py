"""Commands to a card and its answers (ISO/IEC 7816-4, short form), as frozen values.

Their `repr` shows lengths only, so that no PIN and no name gets into a log by accident; a journal
takes `shown`, where secrets are stars.

Extended length is refused: no command of the purse needs it, and a length that cannot be said
cannot be wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from onecard.chip.status import CommandKind, Status, StatusWord

MAX_DATA = 255
"""Bytes a short command can carry."""

MAX_EXPECTED = 256
"""Bytes a short command can ask for; written as Le = 00."""

MAX_ANSWER = MAX_EXPECTED + 2
"""Bytes of the longest answer: data and status word (card reference 12)."""

MIN_ANSWER = 2
_BYTE = 0xFF


class ApduError(ValueError):
    """Bytes that are no command or no answer."""


class Secret(Enum):
    """Which half of an exchange is never shown: a PIN goes out, personal data comes in."""

    NOTHING = "nothing"
    COMMAND = "command"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Apdu:
    """The bytes of one command. `le` None asks for nothing, 256 for whatever there is."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = b""
    le: int | None = None

    def __post_init__(self) -> None:
        if not all(0 <= byte <= _BYTE for byte in (self.cla, self.ins, self.p1, self.p2)):
            raise ApduError("a header byte is out of range")
        if len(self.data) > MAX_DATA:
            raise ApduError(f"{len(self.data)} bytes are more than a short command carries")
        if self.le is not None and not 1 <= self.le <= MAX_EXPECTED:
            raise ApduError(f"no short command asks for {self.le} bytes")

    def encode(self) -> bytes:
        """As it goes over the wire."""
        head = bytes((self.cla, self.ins, self.p1, self.p2))
        body = bytes((len(self.data),)) + self.data if self.data else b""
        tail = b"" if self.le is None else bytes((self.le & _BYTE,))
        return head + body + tail

    @classmethod
    def decode(cls, raw: bytes) -> Apdu:
        """What a card makes of the bytes. Raises `ApduError`."""
        if len(raw) < len("head"):
            raise ApduError("shorter than a header")
        cla, ins, p1, p2, *_ = raw
        body = raw[4:]
        if len(body) <= 1:
            return cls(cla, ins, p1, p2, b"", _expected(body))
        length, rest = body[0], body[1:]
        if length == 0 or len(rest) not in {length, length + 1}:
            raise ApduError("Lc and the data disagree")
        return cls(cla, ins, p1, p2, rest[:length], _expected(rest[length:]))

    def __repr__(self) -> str:
        return f"{self.cla:02X}{self.ins:02X}{self.p1:02X}{self.p2:02X}+{len(self.data)}"


def _expected(le: bytes) -> int | None:
    return (le[0] or MAX_EXPECTED) if le else None


@dataclass(frozen=True, slots=True)
class Command:
    """One command with its meaning: which it is, and what of it may be shown.

    `goes_on` are the status words after which a carrier sends the next command of the same step
    (card reference 12: `go_on` is per APDU).
    """

    kind: CommandKind
    apdu: Apdu
    secret: Secret = Secret.NOTHING
    goes_on: frozenset[int] = frozenset({StatusWord.OK})

    def encode(self) -> bytes:
        """As it goes over the wire."""
        return self.apdu.encode()

    def goes_on_after(self, raw: bytes) -> bool:
        """Whether a carrier sends the next command of the step after this answer."""
        return len(raw) >= MIN_ANSWER and int.from_bytes(raw[-MIN_ANSWER:]) in self.goes_on

    @property
    def shown(self) -> str:
        """In hex, for a journal: a PIN appears as stars."""
        if self.secret is not Secret.COMMAND:
            return self.encode().hex().upper()
        return self.encode()[:5].hex().upper() + "**" * len(self.apdu.data)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the card answered: its data and its status word."""

    data: bytes
    status: Status

    @classmethod
    def decode(cls, raw: bytes) -> Answer:
        """From the bytes of the wire. Raises `ApduError` if they are too few or too many."""
        if not MIN_ANSWER <= len(raw) <= MAX_ANSWER:
            raise ApduError(f"an answer of {len(raw)} bytes")
        return cls(raw[:-MIN_ANSWER], Status(int.from_bytes(raw[-MIN_ANSWER:])))

    def encode(self) -> bytes:
        """As a card sends it."""
        return self.data + self.status.value.to_bytes(MIN_ANSWER)

    def __repr__(self) -> str:
        return f"{len(self.data)}+{self.status}"


@dataclass(frozen=True, slots=True)
class Exchanged:
    """One command with its answer, or with None where none arrived: a line of the trail."""

    command: Command
    answer: Answer | None

    @property
    def shown(self) -> str:
        """One line in hex; secrets appear as stars."""
        if self.answer is None:
            return f"{self.command.shown} -> nothing"
        hidden = self.command.secret is Secret.ANSWER
        data = "**" * len(self.answer.data) if hidden else self.answer.data.hex().upper()
        return f"{self.command.shown} -> {data} {self.answer.status}".replace("  ", " ")
