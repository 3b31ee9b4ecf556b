"""A life cycle is a table `(state, event) -> next state, or the answer given instead`.

What is not in the table cannot happen from a person's act. If a partner's message says it did,
the action stores a discrepancy and leaves the state alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from onecard.domain.refusal import Notice, Refusal, Refused

State = TypeVar("State", bound=Enum)
Event = TypeVar("Event", bound=Enum)


class NotInTable(Exception):
    """The life cycle has no such step: not refused by a rule, simply impossible."""


@dataclass(frozen=True)
class LifeCycle(Generic[State, Event]):
    """One owner's life cycle. Checked at import: every state of the enum can be reached."""

    name: str
    initial: State
    table: Mapping[tuple[State, Event], State | Notice | Refusal]
    otherwise: str = ""

    def __post_init__(self) -> None:
        unreachable = set(type(self.initial)) - self.reachable()
        if unreachable:
            message = f"{self.name}: nothing leads to {sorted(s.name for s in unreachable)}"
            raise ValueError(message)

    def after(self, state: State, event: Event) -> State | Notice:
        """The next state, or a `Notice` if nothing changes.

        Raises `Refused` where the table says no. A pair that is absent raises `Refused` with the
        code `otherwise` if the cycle names one, else `NotInTable`.
        """
        answer = self.ask(state, event)
        if isinstance(answer, Refusal):
            raise Refused(answer)
        return answer

    def ask(self, state: State, event: Event) -> State | Notice | Refusal:
        """As `after`, but a refusal is returned as a value: for buttons and consult."""
        answer = self.table.get((state, event))
        if answer is not None:
            return answer
        if self.otherwise:
            state_word = f"@{self.name}.state.{state.value}"
            event_word = f"@{self.name}.event.{event.value}"
            return Refusal(self.otherwise, {"state": state_word, "act": event_word})
        message = f"{self.name}: {state.name} has no {event.name}"
        raise NotInTable(message)

    def allows(self, state: State, event: Event) -> bool:
        """Whether the event leads to a state from here."""
        return isinstance(self.table.get((state, event)), type(self.initial))

    def events_from(self, state: State) -> tuple[Event, ...]:
        """The events whose cell is a state: what buttons may be offered."""
        return tuple(e for (s, e) in self.table if s is state and self.allows(s, e))

    def reachable(self) -> set[State]:
        """Every state that some walk from the initial one arrives at."""
        seen, to_visit = {self.initial}, [self.initial]
        while to_visit:
            here = to_visit.pop()
            for (state, _), answer in self.table.items():
                if state is here and isinstance(answer, type(self.initial)) and answer not in seen:
                    seen.add(answer)
                    to_visit.append(answer)
        return seen

    def mermaid(self) -> str:
        """The state diagram for `docs/diagrams`, in Mermaid's notation."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial.name}"]
        lines += [
            f"    {state.name} --> {answer.name}: {event.name}"
            for (state, event), answer in self.table.items()
            if isinstance(answer, type(self.initial))
        ]
        return "\n".join(lines) + "\n"
