"""From the acceptance of a loss to its confirmation at the card's bank and at the register.

Arguments: HOLDERS_FILE REPORTS PER_MINUTE DESKS,DESKS,... EVENTS. The partners are served in
another process, the relay is `onecard worker` in a third one. Reports come at their own pace,
whatever the last one took. For each number of desks one bank is silent for a while: the others must
not feel it, and once it answers again it must catch up. At the end a storm: events as fast as can
be, with banks that say things twice or answer 500 after doing the work. Prints JSON.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from onecard.actions import partner_service, reconciliation
from onecard.domain.authority import THE_CLOCK
from onecard.domain.partner import HR_DATABASE, bank_of
from onecard.queries import outbox
from onecard.queries.outbox import DeliveryProof
from onecard.queries.propagation import Propagation, at_share, propagation, times_ms
from onecard.seams.clock import local_day
from onecard.seams.world import world
from onecard.simulator.measure.holders import Holder
from onecard.simulator.measure.loss_goals import goals
from onecard.simulator.measure.street import Street

DEAD = "bank:abc"
STORM = (("bank:bocom", "duplicate"), ("bank:jnrcb", "breaks_after"))
POLL_SECONDS, PATIENCE_SECONDS = 0.02, 120
EVENTS_OF_AN_ACT = 3
"""A loss, or its withdrawal, is told to the bank, to the register and to the holder."""


@dataclass(frozen=True)
class Plan:
    """How much is to be measured."""

    reports: int
    per_minute: float
    desks: tuple[int, ...]
    events: int


def main(arguments: list[str]) -> None:
    """Measure and print."""
    file, reports, per_minute, desks, events = arguments
    people = json.loads(Path(file).read_text(encoding="utf-8"))
    street = Street([Holder(**one) for one in people])
    sizes = tuple(int(size) for size in desks.split(","))
    plan = Plan(int(reports), float(per_minute), sizes, int(events))
    _warm_up(street)
    measured = [_size(street, plan, size) for size in plan.desks]
    storm = _storm(street, acts=math.ceil(plan.events / EVENTS_OF_AN_ACT), desks=max(plan.desks))
    differ = _books_that_differ()
    reached = goals(measured, stale=street.stale, storm=storm, differ=len(differ))
    print(
        json.dumps(
            {
                "engine": settings.DATABASES["default"]["ENGINE"].rpartition(".")[2],
                "per_minute": plan.per_minute,
                "silent": DEAD,
                "sizes": measured,
                "storm": storm,
                "checks": street.checks,
                "stale": street.stale,
                "refused": street.refused,
                "differ": differ,
                "goals": reached,
            }
        )
    )


def _warm_up(street: Street) -> None:
    """Everybody's card once lost and found, so that no first connection is measured."""
    _tell("warming up")
    street.at_once(acts=2 * len(street.holders), desks=1)
    _drain()


def _size(street: Street, plan: Plan, desks: int) -> dict[str, Any]:
    """The same pace at so many desks: everybody answers, one bank is silent, it answers again."""
    calm = _phase("calm", street, plan, desks)
    partner_service.set_fault(home=_home(), partner=DEAD, fault="slow", times=None)
    dead = _phase("one bank silent", street, plan, desks)
    return {"clients": desks, "phases": [calm, dead], "healed_ms": _heal(DEAD)}


def _phase(name: str, street: Street, plan: Plan, desks: int) -> dict[str, Any]:
    _tell(f"{name}, {desks} desks")
    since = world().clock.now()
    street.at_pace(reports=plan.reports, per_minute=plan.per_minute, desks=desks)
    _wait_until(lambda: not _open(since, without=DEAD))
    parties = [_plain(one) for one in _seen(since)]
    return {"name": name, "banks": _banks(since), "parties": parties}


def _banks(since: datetime) -> dict[str, Any]:
    """All banks that answer taken together."""
    until = world().clock.now() + timedelta(seconds=1)
    by_party = times_ms(since=since, until=until, as_seen_by=THE_CLOCK)
    spent = sorted(ms for party, line in by_party.items() if bank_of(party) for ms in line)
    return {
        "confirmed": len(spent),
        "median_ms": at_share(spent, 0.5),
        "p99_ms": at_share(spent, 0.99),
        "longest_ms": spent[-1] if spent else None,
    }


def _heal(party: str) -> float:
    """The bank answers again; milliseconds until it has confirmed everything."""
    _tell("healing")
    partner_service.heal(home=_home(), partner=party)
    begun = time.monotonic()
    long_ago = world().clock.now() - timedelta(hours=1)
    _wait_until(lambda: not _open(long_ago))
    return 1000 * (time.monotonic() - begun)


def _storm(street: Street, *, acts: int, desks: int) -> dict[str, Any]:
    """As fast as can be, while two banks behave badly; then everybody is left to catch up."""
    _tell(f"storm of {acts} acts")
    for party, fault in STORM:
        partner_service.set_fault(home=_home(), partner=party, fault=fault, times=acts // 16)
    since, begun = world().clock.now(), time.monotonic()
    street.at_once(acts=acts, desks=desks)
    acted = time.monotonic() - begun
    for party, _ in STORM:
        partner_service.heal(home=_home(), partner=party)
    _drain()
    spent = time.monotonic() - begun
    proof = outbox.delivery_proof(since=since, as_seen_by=THE_CLOCK)
    return {
        "acts": acts,
        "acts_per_second": acts / acted,
        "events_per_second": proof.delivered / spent,
        "seconds": spent,
        "lost": _lost(proof),
        **asdict(proof),
    }


def _lost(proof: DeliveryProof) -> int:
    """What was told and never came, or came without its number."""
    return proof.told - proof.delivered + proof.gaps


def _drain() -> None:
    """Until nothing waits any more, or nothing moves any more."""
    left, moved = _waiting(), time.monotonic()
    while left and time.monotonic() - moved < PATIENCE_SECONDS:
        time.sleep(POLL_SECONDS * 10)
        now = _waiting()
        if now < left:
            left, moved = now, time.monotonic()
            _tell(f"{left} still on their way")


def _books_that_differ() -> dict[str, Any]:
    """With whom our states do not agree, and the differences by kind."""
    _wait_until(lambda: not _on_its_way())
    now = world().clock.now()
    runs = [
        reconciliation.run(party=party, actor=THE_CLOCK, at=now)
        for party in reconciliation.parties(local_day(now))
    ]
    return {run.party: run.silent or dict(run.found) for run in runs if not run.equal}


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


def _waiting() -> int:
    return sum(one.waiting for one in outbox.parties(as_seen_by=THE_CLOCK, at=world().clock.now()))


def _wait_until(done: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not done() and time.monotonic() < until:
        time.sleep(POLL_SECONDS)


def _home() -> Path:
    home: Path = settings.ENVIRONMENT.home
    return home


def _tell(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
