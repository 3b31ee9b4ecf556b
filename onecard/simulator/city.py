"""Loads the demo city: seeds the simulated province, then lets people live for two weeks.

The same seed and reference instant give the same city. Every step is a real act or walk under a
clock that stands where the story is, so that what is loaded could have happened.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from onecard import policy
from onecard.actions import demo, employer, place, timers
from onecard.adapters.hr_database.magic import Resident
from onecard.adapters.partners import partners
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.authority import THE_CLOCK, Actor
from onecard.domain.contacts import Contacts
from onecard.seams.clock import SetClock, local_day
from onecard.seams.ids import UlidIds
from onecard.seams.rng import SeededRng
from onecard.seams.world import in_world, world
from onecard.simulator import stories
from onecard.simulator.cast import Role, cast
from onecard.simulator.people import hire
from onecard.simulator.plan import outlets, plan
from onecard.simulator.population import Inhabitant, Registry, crowd
from onecard.simulator.vault import stock_up

DAYS_BEFORE = 14
STEP = timedelta(hours=6)
CROWD = 300


class NeedsSimulatedPartners(RuntimeError):
    """A demo city lives on the simulated partners only."""


@dataclass(frozen=True)
class Progress:
    """What is being done, and how far the whole is (0 to 1)."""

    what: str
    share: float


@dataclass
class City:
    """The city while it is being loaded."""

    clock: SetClock
    registry: Registry
    roles: dict[str, Role]
    crowd: list[Inhabitant]
    hired: dict[str, Actor] = field(default_factory=dict)


def load(*, at: datetime, seed: int) -> Iterator[Progress]:
    """Load the city as it stands at `at`; yields before each part of the work."""
    if not isinstance(partners(), SimulatedPartners):
        raise NeedsSimulatedPartners
    clock = SetClock(at - timedelta(days=DAYS_BEFORE))
    rng = SeededRng(f"demo-{seed}")
    here = replace(world(), clock=clock, rng=rng, ids=UlidIds(clock, rng))
    with in_world(here):
        yield Progress("people", 0.0)
        city = _people(clock, seed, at)
        yield Progress("places", 0.1)
        employers = _places(clock)
        yield Progress("staff", 0.15)
        city.hired = hire(employers, clock)
        yield Progress("stock", 0.35)
        stock_up(city.hired.values(), clock)
        yield from _live(city, until=at)
        _label(city)
    yield Progress("done", 1.0)


def _people(clock: SetClock, seed: int, at: datetime) -> City:
    registry = Registry(seed, local_day(at))
    roles = {role.key: role for role in cast(registry, plan().cast)}
    city = City(clock, registry, roles, crowd(registry, CROWD))
    everybody = [role.who for role in roles.values()] + city.crowd
    played = partners()
    assert isinstance(played, SimulatedPartners)  # noqa: S101 - load() asked already
    played.simulation.seed([Resident(p.person, p.has_photo, p.cards) for p in everybody])
    return city


def _places(clock: SetClock) -> dict[str, str]:
    """Outlets and employers; gives the employers' ids by credit code."""
    contacts = policy.in_force("contacts", Contacts, on=local_day(clock.now()))
    for outlet in outlets(contacts):
        place.open_outlet(plan=outlet, actor=THE_CLOCK, at=clock.now())
    return {
        one.credit_code: employer.register(
            credit_code=one.credit_code, name=one.name, actor=THE_CLOCK, at=clock.now()
        ).employer
        for one in plan().employers
    }


def _live(city: City, *, until: datetime) -> Iterator[Progress]:
    """Two weeks: stories act at their hour, the worker runs every few hours."""
    begun, hours = city.clock.now(), DAYS_BEFORE * 24
    waiting = stories.told(city.roles, city.crowd, city.hired)
    while city.clock.now() < until:
        since = int((city.clock.now() - begun).total_seconds() // 3600)
        yield Progress("life", 0.4 + 0.6 * since / hours)
        while waiting and waiting[0].hour <= since:
            waiting.pop(0).happen(city.clock.now())
        timers.run_due(city.clock.now())
        city.clock.advance(STEP)
    city.clock.set(until)
    for story in waiting:
        story.happen(city.clock.now())


def _label(city: City) -> None:
    demo.label(
        staff={member.username: member.role.value for member in plan().staff},
        people={role.who.person.identity_number: key for key, role in city.roles.items()},
        actor=THE_CLOCK,
        at=city.clock.now(),
    )
