"""Carrying a dialogue over anything that turns a command's bytes into the answer's.

The wire itself (a reader, a card in the same process) is handed in as one function; it says that
the card is gone by raising `WireBroke`. A phone carries the same steps in its own words.
"""

from __future__ import annotations

from collections.abc import Callable

from onecard.chip.dialogue import Carried, Conversation, Dialogue, Step, T
from onecard.chip.fault import Loss

Transmit = Callable[[bytes], bytes]


class WireBroke(Exception):
    """No answer came. `how` says whether anything may have reached the card."""

    def __init__(self, how: Loss = Loss.CARD_GONE) -> None:
        super().__init__(how.value)
        self.how = how


def carry(step: Step, transmit: Transmit) -> Carried:
    """Send the commands of a step as far as the answers allow; each at most once."""
    answers: list[bytes] = []
    for command in step.commands:
        try:
            answers.append(transmit(command.encode()))
        except WireBroke as broke:
            return Carried(tuple(answers), broke.how)
        if not command.goes_on_after(answers[-1]):
            break
    return Carried(tuple(answers))


def for_phone(step: Step) -> tuple[dict[str, object], ...]:
    """A step as a phone gets it: hex, and after which status words it goes on (reference 12)."""
    return tuple(
        {
            "hex": command.encode().hex().upper(),
            "go_on": sorted(f"{word:04X}" for word in command.goes_on),
        }
        for command in step.commands
    )


def hold(dialogue: Dialogue[T], transmit: Transmit) -> T:
    """Hold a whole dialogue over one wire and give its result. Raises the four chip errors."""
    talk = Conversation(dialogue)
    while talk.step:
        talk.take(carry(talk.step, transmit))
    return talk.result
