"""The stage of the contract tests: every partner in process, and again behind a real wire."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

from onecard.adapters.bank.habits import BankHabit
from onecard.adapters.caller import Patience
from onecard.adapters.http_partners import http_partners
from onecard.adapters.pace import AT_ONCE
from onecard.adapters.partners import Partners
from onecard.adapters.service.application import PartnerService
from onecard.adapters.service.server import in_a_thread
from onecard.adapters.simulation import Simulation, simulate, simulated_partners
from onecard.seams.clock import SetClock
from onecard.seams.transport import HttpTransport
from onecard.seams.world import World, in_world

SEED = 7
ONE_TRY = Patience(timeout_seconds=3, tries=1)
IMPATIENT = Patience(timeout_seconds=0.3, tries=1)
LATE_SECONDS = 1.0


@dataclass(frozen=True)
class Stage:
    """Partners as we see them, the simulation behind them, and the clock both look at."""

    partners: Partners
    inside: Simulation
    clock: SetClock
    over_http: bool


@contextmanager
def over_http(
    world: World,
    patience: Patience = ONE_TRY,
    token: str = "",
    habits: Mapping[str, BankHabit] | None = None,
) -> Iterator[Stage]:
    """The simulations behind a server on a free port, and the real clients before it."""
    assert isinstance(world.clock, SetClock)
    built: list[Simulation] = []

    def application(address: str) -> PartnerService:
        issuer = f"{address}/real-name"
        built.append(
            simulate(
                state_folder=None,
                now=world.clock.now,
                seed=SEED,
                pace=AT_ONCE,
                issuer=issuer,
                habits=habits,
            )
        )
        return PartnerService(built[0], token=token, slow_seconds=LATE_SECONDS)

    with ExitStack() as stack:
        address = stack.enter_context(in_a_thread(application))
        stack.enter_context(in_world(replace(world, transport=HttpTransport())))
        partners = http_partners(
            address,
            now=world.clock.now,
            token=token,
            patience=patience,
            patience_with_files=patience,
            pause=lambda _: None,
        )
        stack.callback(built[0].close)
        yield Stage(partners, built[0], world.clock, over_http=True)


@contextmanager
def in_process(world: World, habits: Mapping[str, BankHabit] | None = None) -> Iterator[Stage]:
    """The simulations as `make run` uses them, in memory."""
    assert isinstance(world.clock, SetClock)
    partners = simulated_partners(state_folder=None, now=world.clock.now, seed=SEED, habits=habits)
    yield Stage(partners, partners.simulation, world.clock, over_http=False)
    partners.simulation.close()
