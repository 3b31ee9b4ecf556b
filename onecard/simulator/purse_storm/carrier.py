"""Who carries the steps between server and card: an honest phone with bad luck, or a liar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from onecard.actions import tap
from onecard.actions._tapping import TapStep
from onecard.actions.tap import Posted
from onecard.chip.simulated_card import SimulatedCard
from onecard.chip.wire import WireBroke
from onecard.domain.authority import Actor
from onecard.domain.refusal import Refused
from onecard.seams.world import world

Story = Callable[[TapStep, list[str]], list[str]]
"""What a liar posts, given the step and what the card really said."""


@dataclass
class Carrier:
    """A phone or a reader: both only wires. `story` makes it a liar."""

    actor: Actor
    card: SimulatedCard
    story: Story | None = None

    def carry(self, step: TapStep, *, loses_answer_of: int | None = None) -> TapStep:
        """Hold the card and carry steps until the tap is over.

        With `loses_answer_of` the answers to that step never reach the server.
        """
        while not step.over:
            posted = self._hold(step)
            if step.seq == loses_answer_of:
                return step
            try:
                step = tap.answer(
                    tap=step.tap, posted=posted, actor=self.actor, at=world().clock.now()
                )
            except Refused:
                return step
        return step

    def _hold(self, step: TapStep) -> Posted:
        answers: list[str] = []
        lost: int | None = None
        for apdu in step.apdus:
            try:
                answers.append(self.card.transmit(bytes.fromhex(apdu.hex)).hex().upper())
            except WireBroke:
                lost = len(answers)
                break
            if answers[-1][-4:] not in apdu.go_on:
                break
        if self.story is None:
            return Posted(step.seq, tuple(answers), lost_after=lost)
        return Posted(step.seq, tuple(self.story(step, answers)))
