"""A queue of people who stand at a counter with everything in hand, ready to be accepted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from onecard import policy
from onecard.actions import application, person, place
from onecard.adapters.hr_database.magic import Resident
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.authority import THE_CLOCK, Actor, Channel, Role
from onecard.domain.contacts import Contacts
from onecard.seams.clock import local_day
from onecard.simulator.at_counter import case, look_for
from onecard.simulator.plan import outlets
from onecard.simulator.population import Inhabitant, Registry, mainland

OUTLET = "out_tianning"
CLERK = Actor(Role.OUTLET_CLERK, "stf_measured", Channel.SERVICE_OUTLET, outlet=OUTLET)
SEED = 11
TENTH = 10


class Applicants:
    """Makes people, lets the province know them, and meets them at the counter."""

    def __init__(self, played: SimulatedPartners, at: datetime) -> None:
        self._played, self._at = played, at
        self._registry = Registry(SEED, local_day(at))

    def prepare(self, count: int, tell: Callable[[str], object]) -> list[Callable[[], object]]:
        """One call for each applicant: its acceptance, photo and base data fetched before."""
        contacts = policy.in_force("contacts", Contacts, on=local_day(self._at))
        for outlet in outlets(contacts):
            place.open_outlet(plan=outlet, actor=THE_CLOCK, at=self._at)
        people = [mainland(self._registry, self._registry.birthday(20, 60)) for _ in range(count)]
        self._played.simulation.seed([Resident(who.person) for who in people])
        calls = []
        for number, who in enumerate(people, 1):
            calls.append(self._met(who))
            if number % max(1, count // TENTH) == 0:
                tell(f"applicants {number} of {count}")
        return calls

    def _met(self, who: Inhabitant) -> Callable[[], object]:
        met = person.find_at_counter(look=look_for(who), actor=CLERK, at=self._at)
        desk = case(met.person, who, None)
        return partial(application.accept_at_counter, case=desk, actor=CLERK, at=self._at)
