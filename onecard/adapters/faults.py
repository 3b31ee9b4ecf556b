"""Fault switches of the simulated partners: for tests, for the demo, for the simulator.

A fault is set for one partner, for so many calls or until it is healed, and is kept in a store of
its own, so that a switch thrown on the command line works in server and worker alike.
"""

from __future__ import annotations

from enum import Enum

from onecard.adapters.store import Store

_KIND = "fault"


class Fault(Enum):
    """What may go wrong on the way to a partner and back."""

    DOWN = "down"
    """Nothing arrives there."""
    SLOW = "slow"
    """It is done there, but the answer comes too late."""
    DUPLICATE = "duplicate"
    """The call arrives twice; the second answer comes back."""
    BREAKS_AFTER = "breaks_after"
    """It is done there, and then answered with an internal error."""
    GARBAGE = "garbage"
    """It is done there; the answer makes no sense."""
    OVERSIZED = "oversized"
    """It is done there; the answer is larger than any answer may be."""


class Faults:
    """The switches of one set of simulated partners."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def set(self, partner: str, fault: Fault, *, times: int | None = None) -> None:
        """Let the next `times` calls to a partner fail (None = until healed)."""
        with self._store.turn() as shelf:
            shelf.remove(_KIND, partner)
            shelf.add(_KIND, partner, {"fault": fault.value, "times": times})

    def heal(self, partner: str) -> None:
        """Everything works again."""
        with self._store.turn() as shelf:
            shelf.remove(_KIND, partner)

    def standing(self) -> dict[str, Fault]:
        """Which faults are set, by partner."""
        with self._store.turn() as shelf:
            return {entry.key: Fault(entry.body["fault"]) for entry in shelf.every(_KIND)}

    def strike(self, partner: str) -> Fault | None:
        """The fault that befalls the call now beginning; it is used up by one."""
        with self._store.turn() as shelf:
            entry = shelf.get(_KIND, partner)
            if entry is None:
                return None
            left = entry.body["times"]
            if left == 1:
                shelf.remove(_KIND, partner)
            elif left is not None:
                shelf.change(_KIND, partner, entry.body | {"times": left - 1})
            return Fault(entry.body["fault"])
