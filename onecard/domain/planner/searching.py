"""The shortest way: fewest visits, then fewest acts, then nothing left open, then the usual place.

A search over situations, so that no order is forgotten; the rules alone decide what may come when.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count

from onecard.domain.authority import Channel
from onecard.domain.planner.asking import may_do
from onecard.domain.planner.doing import SPENDABLE, after, is_reached
from onecard.domain.planner.kinds import Act, Case, Place, PlannerFigures, Situation

Done = tuple[tuple[Act, Place], ...]
Cost = tuple[int, int, int, int]
"""Visits, acts, sides of a loss left open, and how unusual the places are."""

AT_HOME = Place(Channel.PORTAL)


@dataclass(frozen=True)
class Way:
    """A way to a situation, and where the person stands then; None: at home."""

    now: Situation
    at: Place | None
    done: Done = ()


def places(case: Case) -> tuple[Place, ...]:
    """Every kind of place, the usual one first."""
    banks = dict.fromkeys(bank for bank in (case.bank, case.new_bank) if bank)
    return (
        AT_HOME,
        Place(Channel.SERVICE_OUTLET),
        Place(Channel.HR_COUNTER),
        *(Place(Channel.CARD_FACE_BANK, bank) for bank in banks),
        Place(Channel.DIRECT_OUTLET),
    )


def shortest(*, start: Situation, case: Case, figures: PlannerFigures) -> Done | None:
    """The acts of the shortest way in their order; None where no way leads to the wish."""
    ranks = {place: rank for rank, place in enumerate(places(case))}
    turn = count()
    waiting: list[tuple[Cost, int, Way]] = [((0, 0, 0, 0), next(turn), Way(start, None))]
    seen: set[tuple[Situation, Place | None]] = set()
    while waiting:
        cost, _, way = heapq.heappop(waiting)
        if is_reached(now=way.now, case=case):
            return way.done
        if (way.now, way.at) in seen:
            continue
        seen.add((way.now, way.at))
        for act, place in _next(way.now, case, ranks, figures):
            new = Way(
                after(act=act, at=place, now=way.now, case=case),
                None if act is Act.WAIT or not place.is_visit else place,
                (*way.done, (act, place)),
            )
            more = (
                cost[0] + (place.is_visit and place != way.at),
                cost[1] + 1,
                cost[2] + _leaves_bank_side_open(act, place, way.now, case),
                cost[3] + ranks[place],
            )
            heapq.heappush(waiting, (more, next(turn), new))
    return None


def _leaves_bank_side_open(act: Act, at: Place, now: Situation, case: Case) -> bool:
    """Whether a loss is reported where the bank does not hear of it, though money can be spent."""
    elsewhere = at.towards(case.bank) is not Channel.CARD_FACE_BANK
    return act is Act.REPORT_LOSS and elsewhere and now.financial in SPENDABLE


def _next(
    now: Situation, case: Case, everywhere: Iterable[Place], figures: PlannerFigures
) -> Iterator[tuple[Act, Place]]:
    """Everything that may be done from here."""
    for act in Act:
        for place in (AT_HOME,) if act is Act.WAIT else everywhere:
            if may_do(act=act, at=place, now=now, case=case, figures=figures) is None:
                yield act, place
