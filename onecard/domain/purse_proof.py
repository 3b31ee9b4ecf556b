"""余额证明: why a purse shows another balance than its books, fen by fen, each part with its cause.

The books are the ledger's lines about this purse; the shadow is the last balance that the chip
proved, less the fares cleared since. Both are right; what lies between them has a name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum


class Cause(Enum):
    """What may lie between the books of a purse and the balance its chip proved."""

    PROVEN_AFTER_READING = "proven_after_reading"
    """In the books by a later proof; the chip was not read since."""
    DECIDED_NOT_READ = "decided_not_read"
    """In the books by the word of two persons; the chip was not read since."""
    LOAD_IN_DOUBT = "load_in_doubt"
    """The counter moved, so the balance has it; the books wait for the proof."""
    FARES_BEFORE_OPENING = "fares_before_opening"
    """Paid before we first read the card, reported after: the first balance was without them."""
    PAID_OUT_UNREAD = "paid_out_unread"
    """Paid out on the shadow balance: the chip cannot be read and was never emptied."""
    LOADED_ELSEWHERE = "loaded_elsewhere"
    """The load counter moved oftener than by our loads."""
    FARES_NOT_REPORTED = "fares_not_reported"
    """Only gates lower a purse: their records have not come in, or were set aside."""
    UNEXPLAINED = "unexplained"
    """More on the chip than anybody loaded: people look."""


@dataclass(frozen=True)
class Between:
    """What is known of a purse and may stand on one side only. Amounts in fen, none negative.

    `loads_elsewhere`: how often the load counter moved without a load of ours. `set_aside_fen`:
    fares that were reported for this purse and booked nowhere.
    """

    proven_after_reading_fen: int = 0
    decided_not_read_fen: int = 0
    load_in_doubt_fen: int = 0
    fares_before_opening_fen: int = 0
    paid_out_unread_fen: int = 0
    loads_elsewhere: int = 0
    set_aside_fen: int = 0


@dataclass(frozen=True)
class Difference:
    """A part of what the chip shows more (or, negative, less) than the books, and its cause."""

    cause: Cause
    by_fen: int
    set_aside_fen: int = 0
    times: int = 0


def differences(*, books_fen: int, shadow_fen: int, between: Between) -> tuple[Difference, ...]:
    """Every part of `shadow_fen - books_fen`; they sum to it exactly."""
    named = [part for part in _named(between) if part.by_fen]
    rest = shadow_fen - books_fen - sum(part.by_fen for part in named)
    return (*named, *([_rest(rest, between)] if rest else []))


def is_explained(parts: tuple[Difference, ...]) -> bool:
    """Whether every part has a cause; if not, people look."""
    return all(part.cause is not Cause.UNEXPLAINED for part in parts)


def _named(between: Between) -> Iterator[Difference]:
    yield Difference(Cause.PROVEN_AFTER_READING, -between.proven_after_reading_fen)
    yield Difference(Cause.DECIDED_NOT_READ, -between.decided_not_read_fen)
    yield Difference(Cause.LOAD_IN_DOUBT, between.load_in_doubt_fen)
    yield Difference(Cause.FARES_BEFORE_OPENING, between.fares_before_opening_fen)
    yield Difference(Cause.PAID_OUT_UNREAD, between.paid_out_unread_fen)


def _rest(by_fen: int, between: Between) -> Difference:
    """What no record of ours speaks of: the counter tells loads, a lower balance tells fares."""
    if between.loads_elsewhere > 0:
        return Difference(Cause.LOADED_ELSEWHERE, by_fen, times=between.loads_elsewhere)
    if by_fen < 0:
        return Difference(Cause.FARES_NOT_REPORTED, by_fen, between.set_aside_fen)
    return Difference(Cause.UNEXPLAINED, by_fen)
