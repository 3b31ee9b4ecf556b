"""What the cards say against what the books say: the sum of a storm, and its trace."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from onecard.domain.topup import OrderState
from onecard.simulator.purse_storm.life import OVER, Lived

_BACK = frozenset({OrderState.REFUNDING, OrderState.REFUNDED})


@dataclass(frozen=True)
class Verdict:
    """Counts of orders, amounts in fen. Adding two verdicts gives that of both storms.

    `both`: on the card, or twice on it, and paid back too. `neither`: called loaded, and not on the
    card. `adrift_fen`: what the cards got beyond what the books call loaded or hold open.
    `breaks`: what the daily check of the house found.
    """

    orders: int
    loaded: int
    paid_back: int
    held: int
    both: int
    neither: int
    adrift_fen: int
    paid_fen: int
    honest: int
    honest_closed: int
    taps: int
    breaks: tuple[str, ...]
    trace: str

    @property
    def closed_without_person(self) -> float:
        """The share of honest phones' orders that ended with nobody deciding."""
        return self.honest_closed / self.honest if self.honest else 1.0

    @property
    def holds(self) -> bool:
        """Whether not one order went wrong."""
        return not (self.both or self.neither or self.adrift_fen or self.breaks)

    def shown(self) -> dict[str, Any]:
        """As JSON says it."""
        return asdict(self) | {
            "conservation_fen": self.adrift_fen,
            "closed_without_person": round(self.closed_without_person, 6),
            "holds": self.holds,
        }


def judge(lives: Sequence[Lived], breaks: Iterable[str]) -> Verdict:
    """The verdict over the lives of one database."""
    honest = [one for one in lives if one.honest]
    return Verdict(
        orders=len(lives),
        loaded=_count(lives, lambda one: one.state is OrderState.LOADED),
        paid_back=_count(lives, lambda one: one.state in _BACK),
        held=_count(lives, lambda one: one.state not in OVER | _BACK),
        both=_count(lives, _has_both),
        neither=_count(lives, _has_neither),
        adrift_fen=sum(map(_adrift_fen, lives)),
        paid_fen=sum(one.amount_fen for one in lives),
        honest=len(honest),
        honest_closed=_count(honest, lambda one: one.state in OVER),
        taps=sum(one.taps for one in lives),
        breaks=tuple(breaks),
        trace=_digest(one.line for one in lives),
    )


def together(verdicts: Sequence[Verdict]) -> Verdict:
    """One verdict over several storms, in their order."""
    summed = {
        one.name: sum(getattr(verdict, one.name) for verdict in verdicts)
        for one in fields(Verdict)
        if one.name not in {"breaks", "trace"}
    }
    breaks = tuple(name for verdict in verdicts for name in verdict.breaks)
    trace = _digest(verdict.trace for verdict in verdicts)
    return Verdict(**summed, breaks=breaks, trace=trace)


def _has_both(one: Lived) -> bool:
    return len(one.credited_fen) > 1 or bool(one.credited_fen and one.state in _BACK)


def _has_neither(one: Lived) -> bool:
    return one.state is OrderState.LOADED and not one.credited_fen


def _adrift_fen(one: Lived) -> int:
    """Fen that neither the card nor the books can explain."""
    on_card = sum(one.credited_fen)
    if one.state is OrderState.LOADED:
        return abs(one.amount_fen - on_card)
    if one.state in _BACK | {OrderState.VOID}:
        return on_card
    return max(0, on_card - one.amount_fen)


def _count(lives: Iterable[Lived], holds: Any) -> int:
    return sum(1 for one in lives if holds(one))


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
