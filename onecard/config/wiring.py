"""The one place that says: this clock, these keys, these adapters, this city."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

from onecard import policy
from onecard.adapters import demo_cards, hsm, partners, pushing
from onecard.adapters.hsm.software import SoftwareHsm
from onecard.adapters.pushing import Pusher
from onecard.config import keys
from onecard.config import partners as chosen_partners
from onecard.config.environment import Environment
from onecard.seams import world
from onecard.seams.blobs import FolderBlobs
from onecard.seams.clock import OffsetClock, SystemClock
from onecard.seams.ids import UlidIds
from onecard.seams.rng import SystemRng
from onecard.seams.transport import HttpTransport
from onecard.seams.world import World


def wire() -> None:
    """Install the world, the city's figures and the adapters of this process."""
    environment: Environment = settings.ENVIRONMENT
    world.install(real_world(environment))
    policy.use_pack(environment.city_pack)
    partners.install(chosen_partners.chosen(environment))
    hsm.install(SoftwareHsm())
    keys.install(environment, world.world().rng)
    demo_cards.install(_demo_cards(environment))
    pushing.install(Pusher(local=environment.sandbox))


def _demo_cards(environment: Environment) -> demo_cards.DemoCards | None:
    """Simulated chips for the pages that play phone and reader: in demo mode only."""
    if not environment.demo or environment.production:
        return None
    return demo_cards.DemoCards(environment.home / "demo-cards", SystemRng())


def real_world(environment: Environment) -> World:
    """The production set of seams, with keys and blobs in the home folder.

    The API sandbox has a clock that can be moved; signatures go by the machine's own.
    """
    rng = SystemRng()
    clock = OffsetClock(timedelta(0)) if environment.sandbox else SystemClock()
    return World(
        clock=clock,
        ids=UlidIds(clock, rng),
        rng=rng,
        transport=HttpTransport(),
        custody=keys.data_custody(environment, rng),
        blobs=FolderBlobs(environment.home / "blobs"),
        wire_clock=SystemClock() if environment.sandbox else None,
    )
