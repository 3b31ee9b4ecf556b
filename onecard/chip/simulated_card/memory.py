"""The non-volatile memory of the purse: several cells change together or not at all.

As a chip does it: the old contents go into a backup first, then the cells are written one after
the other, and clearing the backup is the one write that decides. Whoever cuts the power before it
finds, at the next power-up, the backup written back (JR/T 0025.1: 余额和序号 all or nothing).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from onecard.chip.purse_files import JOURNEY_LOG_RECORDS, TRANSACTION_LOG_RECORDS, TransactionType

Proofs = Mapping[TransactionType, tuple[int, bytes]]
"""Of each type the latest transaction only: the counter after it, and what `80 5A` answers."""


@dataclass(frozen=True)
class Movement:
    """A commit, as a witness inside the chip saw it. `amount_fen` is below zero for money out."""

    type: TransactionType
    counter: int
    amount_fen: int


@dataclass
class Cells:
    """What the chip remembers without power."""

    balance_fen: int
    load_counter: int
    purchase_counter: int
    pin_tries: int
    proofs: Proofs
    log: tuple[bytes, ...] = ()
    journeys: tuple[bytes, ...] = ()
    capp: tuple[bytes, ...] = ()


class Memory:
    """Cells that are written together."""

    def __init__(self, cells: Cells) -> None:
        self.cells = cells
        self.movements: list[Movement] = []
        self._backup: dict[str, Any] = {}

    def commit(
        self,
        changes: Mapping[str, Any],
        before_write: Callable[[int], None],
        movement: Movement | None = None,
    ) -> None:
        """Write all the changes or none. `before_write` may raise, as a lost power does."""
        self._backup = {name: getattr(self.cells, name) for name in changes}
        for nth, (name, value) in enumerate(changes.items()):
            before_write(nth)
            setattr(self.cells, name, value)
        before_write(len(changes))
        self._backup = {}
        if movement:
            self.movements.append(movement)

    def power_up(self) -> None:
        """Undo what was not finished."""
        for name, value in self._backup.items():
            setattr(self.cells, name, value)
        self._backup = {}

    def log(self, record: bytes) -> None:
        """Put a record before the others; the oldest falls out."""
        self.cells.log = (record, *self.cells.log)[:TRANSACTION_LOG_RECORDS]

    def journeys_with(self, record: bytes) -> tuple[bytes, ...]:
        """The journey log as it will be with this record."""
        return (record, *self.cells.journeys)[:JOURNEY_LOG_RECORDS]

    def image(self) -> dict[str, Any]:
        """Everything as plain values, for keeping a card between two processes."""
        plain = {f.name: _plain(getattr(self.cells, f.name)) for f in fields(Cells)}
        backup = {name: _plain(value) for name, value in self._backup.items()}
        moves = [[int(m.type), m.counter, m.amount_fen] for m in self.movements]
        return {"cells": plain, "backup": backup, "movements": moves}

    @classmethod
    def of_image(cls, image: Mapping[str, Any]) -> Memory:
        """The memory that `image` was taken of."""
        memory = cls(Cells(**{name: _rich(name, v) for name, v in image["cells"].items()}))
        memory._backup = {name: _rich(name, v) for name, v in image["backup"].items()}
        memory.movements = [Movement(TransactionType(t), n, a) for t, n, a in image["movements"]]
        return memory


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return [[int(kind), counter, proof.hex()] for kind, (counter, proof) in value.items()]
    return [record.hex() for record in value] if isinstance(value, tuple) else value


def _rich(name: str, value: Any) -> Any:
    if name == "proofs":
        return {TransactionType(kind): (n, bytes.fromhex(proof)) for kind, n, proof in value}
    return tuple(bytes.fromhex(record) for record in value) if isinstance(value, list) else value
