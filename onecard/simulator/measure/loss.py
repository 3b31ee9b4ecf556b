"""From the acceptance of a loss to its confirmation at the card's bank and at the register.

Arguments: HOLDERS_FILE REPORTS PER_MINUTE EVENTS. The partners are served in another process, the
relay is `onecard worker` in a third one. Reports come at their own pace, whatever the last one
took. One bank is silent for a while: the others must not feel it, and once it answers again it must
catch up. At the end as many reports as can be, with banks that say things twice or answer 500.
Prints JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any

from django.conf import settings
from django.db import connection

from onecard.actions import loss, partner_service, reconciliation
from onecard.domain.authority import THE_CLOCK
from onecard.domain.partner import HR_DATABASE, bank_of
from onecard.domain.partner_scope import RIGHTS, Function, PartnerKind
from onecard.domain.refusal import Refused
from onecard.queries import outbox
from onecard.queries import partner as queries
from onecard.queries.partner import PartnerCaller
from onecard.queries.propagation import Propagation, propagation
from onecard.seams.clock import local_day
from onecard.seams.world import world
from onecard.simulator.measure.holders import Holder

DEAD = "bank:abc"
STORM = (("bank:bocom", "duplicate"), ("bank:jnrcb", "breaks_after"))
THREADS, POLL_SECONDS, PATIENCE_SECONDS = 16, 0.02, 120
REGISTER = PartnerCaller("cli_bench", "bench", PartnerKind.HR, "", RIGHTS[PartnerKind.HR].scopes)


@dataclass
class Street:
    """Everybody's card in turn, lost and found again; at most one act at a time for each card."""

    holders: list[Holder]
    versions: dict[str, int] = field(default_factory=dict)
    locks: dict[str, Lock] = field(default_factory=dict)
    stale: int = 0
    refused: int = 0

    def step(self, turn: int) -> None:
        """Report the card lost, or take the report back."""
        holder = self.holders[turn % len(self.holders)]
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
        self.stale += _is_usable(holder.card)


def main(arguments: list[str]) -> None:
    """Measure and print."""
    file, reports, per_minute, events = arguments
    people = json.loads(Path(file).read_text(encoding="utf-8"))
    street = Street([Holder(**one) for one in people])
    turns = count()
    calm = _at_pace("calm", street, turns, int(reports), float(per_minute))
    partner_service.set_fault(home=_home(), partner=DEAD, fault="slow", times=None)
    dead = _at_pace("one bank silent", street, turns, int(reports), float(per_minute))
    healed_ms = _heal(DEAD)
    storm = _storm(street, turns, int(events))
    print(
        json.dumps(
            {
                "engine": settings.DATABASES["default"]["ENGINE"].rpartition(".")[2],
                "phases": [calm, dead],
                "silent": DEAD,
                "healed_ms": healed_ms,
                "storm": storm,
                "stale": street.stale,
                "refused": street.refused,
                "differ": _books_that_differ(),
            }
        )
    )


def _at_pace(
    name: str, street: Street, turns: count[int], reports: int, per_minute: float
) -> dict[str, Any]:
    """So many reports, each at its own moment; a withdrawal follows half a step behind."""
    _tell(name)
    since = world().clock.now()
    begun, pause = time.monotonic(), 30 / per_minute
    with ThreadPoolExecutor(THREADS) as desks:
        for number in range(2 * reports):
            time.sleep(max(0.0, begun + number * pause - time.monotonic()))
            desks.submit(street.step, next(turns))
    _wait_until(lambda: not _open(since, without=DEAD))
    return {"name": name, "parties": [_plain(one) for one in _seen(since)]}


def _heal(party: str) -> float:
    """The bank answers again; milliseconds until it has confirmed everything."""
    _tell("healing")
    partner_service.heal(home=_home(), partner=party)
    begun = time.monotonic()
    long_ago = world().clock.now() - timedelta(hours=1)
    _wait_until(lambda: not _open(long_ago))
    return 1000 * (time.monotonic() - begun)


def _storm(street: Street, turns: count[int], events: int) -> dict[str, Any]:
    """As fast as can be, while two banks behave badly; then everybody is left to catch up."""
    _tell("storm")
    for party, fault in STORM:
        partner_service.set_fault(home=_home(), partner=party, fault=fault, times=events // 16)
    since, begun = world().clock.now(), time.monotonic()
    with ThreadPoolExecutor(THREADS) as desks:
        list(desks.map(lambda _: street.step(next(turns)), range(events)))
    spent = time.monotonic() - begun
    for party, _ in STORM:
        partner_service.heal(home=_home(), partner=party)
    _wait_until(lambda: not _open(since))
    told = _seen(since)
    return {
        "acts": events,
        "per_second": events / spent,
        "told": sum(one.told for one in told),
        "lost": sum(one.unconfirmed + one.refused for one in told),
    }


def _books_that_differ() -> dict[str, Any]:
    """With whom our states do not agree, and the differences by kind."""
    _wait_until(lambda: not _on_its_way())
    now = world().clock.now()
    runs = [
        reconciliation.run(party=party, actor=THE_CLOCK, at=now)
        for party in reconciliation.parties(local_day(now))
    ]
    return {run.party: run.silent or dict(run.found) for run in runs if not run.equal}


def _is_usable(card: str) -> bool:
    now = world().clock.now()
    seen = queries.function(caller=REGISTER, card=card, function=Function.HR, at=now)
    return bool(seen.usable)


def _seen(since: datetime) -> tuple[Propagation, ...]:
    until = world().clock.now() + timedelta(seconds=1)
    return propagation(since=since, until=until, as_seen_by=THE_CLOCK)


def _plain(one: Propagation) -> dict[str, Any]:
    """As JSON carries it."""
    return {name: fact for name, fact in asdict(one).items() if name != "waiting_since"}


def _open(since: datetime, *, without: str = "") -> int:
    return sum(one.unconfirmed for one in _seen(since) if one.party != without)


def _on_its_way() -> int:
    """Messages to banks and register that are not there yet, withdrawals among them."""
    queues = outbox.parties(as_seen_by=THE_CLOCK, at=world().clock.now())
    return sum(one.waiting for one in queues if one.party == HR_DATABASE or bank_of(one.party))


def _wait_until(done: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not done() and time.monotonic() < until:
        time.sleep(POLL_SECONDS)


def _home() -> Path:
    home: Path = settings.ENVIRONMENT.home
    return home


def _tell(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
