"""The attacker's phones: each wants the money on the card and the money back (card ref. 10.1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from onecard.actions._tapping import TapStep
from onecard.chip import purse_reading, transit_purse
from onecard.chip.challenge import Challenge
from onecard.chip.simulated_card import SimulatedCard
from onecard.chip.wire import hold
from onecard.seams.rng import Rng

_MAC_WRONG = "9302"
_NOT_AVAILABLE = "9406"
_DONE = "9000"
_TABLE = 24
"""How many answers the collecting phone takes in advance for each order."""


def _is(hex_: str, ins: str) -> bool:
    return hex_[2:4].upper() == ins


@dataclass
class Hides:
    """Loads, says that the card refused, and plays an older INITIALIZE answer at the next tap."""

    seen: list[str] = field(default_factory=list)

    def __call__(self, step: TapStep, answers: list[str]) -> list[str]:
        """What it posts."""
        told = []
        for apdu, answer in zip(step.apdus, answers, strict=False):
            told.append(self._told(apdu.hex, answer))
        return told

    def _told(self, command: str, answer: str) -> str:
        if _is(command, "52"):
            return _MAC_WRONG
        if _is(command, "5A"):
            return _NOT_AVAILABLE
        if _is(command, "50") and answer.endswith(_DONE):
            self.seen.append(answer)
            return self.seen[0]
        return answer


@dataclass
class Claims:
    """Never lets the card write, and says that it did, with a TAC made up."""

    rng: Rng

    def __call__(self, step: TapStep, answers: list[str]) -> list[str]:
        """What it posts."""
        if step.moves_money:
            return [self.rng.bytes(4).hex().upper() + _DONE]
        return answers


@dataclass
class Forges:
    """Changes the balance in every INITIALIZE answer, to pass the cap or to look unloaded."""

    rng: Rng

    def __call__(self, step: TapStep, answers: list[str]) -> list[str]:
        """What it posts."""
        return [
            self.rng.bytes(4).hex().upper() + answer[8:] if _is(apdu.hex, "50") else answer
            for apdu, answer in zip(step.apdus, answers, strict=False)
        ]


@dataclass
class Collects:
    """Asks the card in advance for many terminal numbers, and answers later from that table."""

    table: dict[str, str]

    @classmethod
    def before(cls, card: SimulatedCard, amount_fen: int, rng: Rng) -> Collects:
        """Collect while the counter of the card stands still."""
        profile, table = card.made.profile, {}
        card.enter_field()
        hold(purse_reading.select_purse(profile), card.transmit)
        for _ in range(_TABLE):
            rule = profile.challenge
            challenge = Challenge.draw(rule, rng.bytes(rule.entropy_bytes))
            asked = transit_purse.load_command(profile, amount_fen, challenge)
            answer = card.transmit(asked.encode()).hex().upper()
            table[challenge.terminal.hex().upper()] = answer
        card.leave_field()
        return cls(table)

    def __call__(self, step: TapStep, answers: list[str]) -> list[str]:
        """What it posts: the load hidden, and every later question answered from the table."""
        told = []
        for apdu, answer in zip(step.apdus, answers, strict=False):
            told.append(self._told(apdu.hex.upper(), answer))
        return told

    def _told(self, command: str, answer: str) -> str:
        if _is(command, "52"):
            return _MAC_WRONG
        if _is(command, "5A"):
            return _NOT_AVAILABLE
        if _is(command, "50"):
            return self.table.get(command[20:32], answer)
        return answer


Liar = Hides | Claims | Forges | Collects


def some_liar(card: SimulatedCard, amount_fen: int, rng: Rng) -> Liar:
    """One of the four, each as likely."""
    makers: tuple[Callable[[], Liar], ...] = (
        Hides,
        lambda: Claims(rng),
        lambda: Forges(rng),
        lambda: Collects.before(card, amount_fen, rng),
    )
    return makers[rng.below(len(makers))]()
