"""What goes wrong between us and a card: four outcomes above the wire (card reference 7).

    CardRefused      the card said no before money could move: tell the person, nothing changed
    CardLost         no answer, or none that proves success: OUTCOME UNKNOWN, hold the money
    WrongCard        another application, profile, serial; blocked, expired or suspicious
    CryptoMismatch   a MAC or TAC does not verify, or the card rejects ours: learn nothing, count

Every one carries the trail of what was exchanged until then, secrets as stars: what a card said
before it was lost may still hold the proof that settles an order.
"""

from __future__ import annotations

from datetime import date
from enum import Enum

from onecard.chip.apdu import Answer, Exchanged
from onecard.chip.status import CommandKind, Reading, Remedy, Status, Why


class Fault(Enum):
    """The codes of the bad-input catalogue (guarantees 10.9): keys of the words people read."""

    REFUSED = "chip.refused"
    LOST = "chip.lost"
    WRONG_CARD = "chip.wrong_card"
    PROTOCOL = "chip.protocol"
    TLV = "chip.tlv"
    SUSPICIOUS = "chip.suspicious"
    PROOF = "chip.proof"
    CHANGED = "chip.changed"


class Loss(Enum):
    """How a card was lost."""

    READER_GONE = "reader_gone"
    """The wire broke before anything was sent."""

    CARD_GONE = "card_gone"
    """Something was sent and no answer came."""

    CARD_CHANGED = "card_changed"
    """Another card came into the field."""

    UNPROVEN = "unproven"
    """An answer came to a command that moves money, and it is no success."""

    NONSENSE = "nonsense"
    """An answer came that no card gives."""


class Proof(Enum):
    """Which authentication failed."""

    MAC1 = "mac1"
    MAC3 = "mac3"
    TAC = "tac"
    OURS = "ours"
    """The card says that our MAC is wrong; a phone can say so in its name."""


class ChipError(Exception):
    """The root of the four. `trail` is filled by the dialogue that raised it."""

    fault: Fault
    remedy: Remedy = Remedy.TAP_AGAIN
    alarm = False

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.trail: tuple[Exchanged, ...] = ()

    def answers_to(self, kind: CommandKind) -> tuple[Answer, ...]:
        """What the card answered to commands of this kind before it went wrong."""
        return tuple(
            line.answer for line in self.trail if line.command.kind is kind and line.answer
        )


class CardRefused(ChipError):
    """The card said no before money could move. The order stays as it was."""

    fault = Fault.REFUSED

    def __init__(self, kind: CommandKind, status: Status, reading: Reading) -> None:
        super().__init__(f"{kind.value} refused with {status}")
        self.kind, self.status, self.reading = kind, status, reading
        self.remedy, self.alarm = reading.remedy, reading.alarm

    @property
    def tries_left(self) -> int | None:
        """After a wrong PIN: how many tries the card still grants; None for other refusals."""
        return self.status.tries_left


class CardLost(ChipError):
    """The card is gone, or what it answered proves nothing.

    After a command that moves money (`outcome_unknown`) the attempt stays open, the money is held,
    and only a further tap, or two persons, decide.
    """

    fault = Fault.LOST

    def __init__(
        self,
        kind: CommandKind,
        how: Loss,
        *,
        fault: Fault = Fault.LOST,
        status: Status | None = None,
        reading: Reading | None = None,
    ) -> None:
        super().__init__(f"{kind.value}: {how.value}" + (f" ({status})" if status else ""))
        self.kind, self.how, self.fault, self.status = kind, how, fault, status
        self.alarm = reading.alarm if reading else False
        self.counts_as_mismatch = reading.counts_as_mismatch if reading else False

    @property
    def outcome_unknown(self) -> bool:
        """Whether money may have moved: true for every loss on `80 52` and `80 54` that was sent.

        Rule 8 makes no exception for an error code, so a reader that claims to have sent nothing
        is not believed either.
        """
        return self.kind.moves_money


class WrongCard(ChipError):
    """Not the card this order is about, or one that must not be used. The order is unchanged."""

    fault = Fault.WRONG_CARD

    def __init__(
        self,
        why: Why,
        *,
        status: Status | None = None,
        valid_to: date | None = None,
        remedy: Remedy = Remedy.OTHER_CARD,
        alarm: bool = False,
    ) -> None:
        super().__init__(why.value + (f" ({status})" if status else ""))
        self.why, self.status, self.valid_to = why, status, valid_to
        self.remedy, self.alarm = remedy, alarm
        if why is Why.SUSPICIOUS:
            self.fault = Fault.SUSPICIOUS


class CryptoMismatch(ChipError):
    """A proof that does not verify. Nothing is learned from it; it is counted per card."""

    fault = Fault.PROOF
    remedy = Remedy.SERVICE_OUTLET

    def __init__(self, what: Proof, *, status: Status | None = None) -> None:
        super().__init__(what.value + (f" ({status})" if status else ""))
        self.what, self.status = what, status
