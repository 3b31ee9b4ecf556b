"""The standing cast of the tests, named by role. Identity numbers use the unassigned 320499."""

from __future__ import annotations

from datetime import date, datetime

from onecard.domain.authority import Actor, Channel, Role
from onecard.seams.blobs import MemoryBlobs
from onecard.seams.clock import LOCAL, SetClock
from onecard.seams.custody import KeyRing, SoftwareCustody
from onecard.seams.ids import UlidIds
from onecard.seams.rng import SeededRng
from onecard.seams.transport import Unplugged
from onecard.seams.world import World

MONDAY_9AM = datetime(2026, 3, 2, 9, 0, tzinfo=LOCAL)
MONDAY = date(2026, 3, 2)

ADULT = "320499199001010024"
ADULT_MAN = "320499199001010016"
CHILD_BORN_2018_06_22 = "320499201806220010"
LEAP_DAY_CHILD = "320499202002290018"


def a_world(at: datetime = MONDAY_9AM, seed: int = 7) -> World:
    """A repeatable world: set clock, seeded chance, blobs in memory, no wire."""
    clock, rng = SetClock(at), SeededRng(seed)
    return World(
        clock=clock,
        ids=UlidIds(clock, rng),
        rng=rng,
        transport=Unplugged(),
        custody=SoftwareCustody(KeyRing({1: bytes(range(32))}, 1), rng),
        blobs=MemoryBlobs(),
    )


CITIZEN = Actor(Role.CITIZEN, "per_citizen", Channel.PORTAL)
CLERK = Actor(Role.OUTLET_CLERK, "stf_clerk", Channel.SERVICE_OUTLET, outlet="out_tianning")
SUPERVISOR = Actor(
    Role.OUTLET_SUPERVISOR, "stf_supervisor", Channel.SERVICE_OUTLET, outlet="out_tianning"
)
OPERATOR = Actor(Role.PLATFORM_OPERATOR, "stf_operator", Channel.PARTNER_API)
