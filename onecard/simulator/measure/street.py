"""Everybody's card in turn, lost and found again, at one of some desks."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from threading import Lock
from typing import Any

from django.db import connection

from onecard.actions import loss
from onecard.domain.partner_scope import RIGHTS, Function, PartnerCaller, PartnerKind
from onecard.domain.refusal import Refused
from onecard.queries import partner
from onecard.seams.world import world
from onecard.simulator.measure.holders import Holder

REGISTER = PartnerCaller("cli_bench", "bench", PartnerKind.HR, "", RIGHTS[PartnerKind.HR].scopes)
A_MINUTE = 60


@dataclass
class Street:
    """The people and what became of their cards; at most one act at a time for each card.

    `checks` counts looks at a card right after its loss was accepted, `stale` those that still
    found it usable.
    """

    holders: list[Holder]
    versions: dict[str, int] = field(default_factory=dict)
    locks: dict[str, Lock] = field(default_factory=dict)
    turns: Iterator[int] = field(default_factory=count)
    checks: int = 0
    stale: int = 0
    refused: int = 0

    def at_pace(self, *, reports: int, per_minute: float, desks: int) -> None:
        """So many reports, each at its own moment; a withdrawal follows half a step behind."""
        begun, pause = time.monotonic(), A_MINUTE / per_minute / 2
        with ThreadPoolExecutor(desks) as threads:
            for number in range(2 * reports):
                time.sleep(max(0.0, begun + number * pause - time.monotonic()))
                threads.submit(self.step)

    def at_once(self, *, acts: int, desks: int) -> None:
        """So many acts, as fast as the desks can."""
        with ThreadPoolExecutor(desks) as threads:
            list(threads.map(lambda _: self.step(), range(acts)))

    def step(self) -> None:
        """Report the next card lost, or take its report back."""
        holder = self.holders[next(self.turns) % len(self.holders)]
        with self.locks.setdefault(holder.card, Lock()):
            try:
                self._report_or_withdraw(holder)
            except Refused:
                self.refused += 1
            finally:
                connection.close()

    def _report_or_withdraw(self, holder: Holder) -> None:
        at = world().clock.now()
        facts: dict[str, Any] = {"card": holder.card, "shown": holder.shown}
        version = self.versions.pop(holder.card, 0)
        if version:
            facts |= {"version": version, "proof": holder.in_hand}
            loss.withdraw_formally(**facts, actor=holder.clerk, at=at)
            return
        done = loss.report_formally_at_bank(**facts, actor=holder.clerk, at=at)
        self.versions[holder.card] = done.version
        self.checks += 1
        self.stale += _is_usable(holder.card)


def _is_usable(card: str) -> bool:
    now = world().clock.now()
    seen = partner.function(caller=REGISTER, card=card, function=Function.HR, at=now)
    return bool(seen.usable)
