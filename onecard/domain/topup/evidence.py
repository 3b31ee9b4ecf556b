"""What a tap proves about an open attempt, and nothing more (card reference 10.2).

Only bytes that custody has verified become facts here. Status words, time-outs, plain balances,
logs, the phone's and the citizen's word are no facts: there is no field for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class AttemptKind(Enum):
    """Which way the money goes: onto the card, off it by unload, off it by one purchase."""

    LOAD = "load"
    UNLOAD = "unload"
    DRAIN = "drain"


class AttemptState(Enum):
    """Whether the outcome of an attempt is known."""

    OPEN = "open"
    PROVEN = "proven"
    DEAD = "dead"


class Evidence(Enum):
    """The names of the card reference for what decides about an attempt."""

    P1 = "p1"
    P2 = "p2"
    P3 = "p3"
    N1_STRONG = "n1_strong"
    N1_WEAK = "n1_weak"
    N2 = "n2"
    N3 = "n3"
    U = "u"
    C = "c"
    ROLLBACK = "rollback"


POSITIVE = frozenset({Evidence.P1, Evidence.P2, Evidence.P3})
NEGATIVE = frozenset({Evidence.N1_STRONG, Evidence.N1_WEAK, Evidence.N2, Evidence.N3})
PAYS_BACK = frozenset({Evidence.N1_STRONG, Evidence.N2, Evidence.C})
"""The negative proofs that justify a payment refund; a weak N1 never does."""


@dataclass(frozen=True)
class Attempt:
    """An open attempt as it was saved. `counter` is SN0, the load counter before it."""

    kind: AttemptKind
    counter: int
    counter_moved: bool = False


@dataclass(frozen=True)
class Fresh:
    """A fresh INITIALIZE answer whose MAC1 custody has verified.

    `strong`: its challenge had at least 48 unpredictable bits, was drawn for this dialogue and
    used once, or our own reader held the card. The amounts are authenticated.
    """

    balance_fen: int
    counter: int
    strong: bool


@dataclass(frozen=True)
class Facts:
    """What custody has verified about one attempt.

    `answered`: the TAC (or MAC3) in the answer to the writing command itself fits the attempt.
    `proved`: the TAC of `80 5A` does. `other_load`: a verified load of another channel began at
    this attempt's counter.
    """

    answered: bool = False
    proved: bool = False
    other_load: bool = False
    fresh: Fresh | None = None


@dataclass(frozen=True)
class Verdict:
    """What follows: `evidence` None says that nothing was learned."""

    evidence: Evidence | None
    incident: str = ""

    @property
    def is_written(self) -> bool:
        """Whether the money moved."""
        return self.evidence in POSITIVE

    @property
    def is_dead(self) -> bool:
        """Whether it can never move by this attempt."""
        return self.evidence in NEGATIVE


NOTHING = Verdict(None)


def resolve(attempt: Attempt, facts: Facts) -> Verdict:
    """What the facts prove about an open attempt. Pure; the heart of the order machine."""
    positive = _written(attempt, facts)
    if positive is not None:
        return Verdict(positive)
    if facts.other_load:
        return Verdict(Evidence.N2)
    if facts.fresh is None:
        return NOTHING
    return _by_counter(attempt, facts.fresh)


def _written(attempt: Attempt, facts: Facts) -> Evidence | None:
    if not (facts.answered or facts.proved):
        return None
    if attempt.kind is not AttemptKind.LOAD:
        return Evidence.P3
    return Evidence.P1 if facts.answered else Evidence.P2


def _by_counter(attempt: Attempt, fresh: Fresh) -> Verdict:
    """A counter that stands still kills the attempt; one that moved proves only that."""
    if fresh.counter > attempt.counter:
        return Verdict(Evidence.U)
    if fresh.counter < attempt.counter or attempt.counter_moved:
        return Verdict(Evidence.ROLLBACK, incident="counter_went_back")
    if attempt.kind is AttemptKind.DRAIN:
        return Verdict(Evidence.N3) if fresh.balance_fen > 0 else NOTHING
    return Verdict(Evidence.N1_STRONG if fresh.strong else Evidence.N1_WEAK)
