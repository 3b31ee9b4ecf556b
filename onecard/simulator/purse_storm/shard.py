"""One part of a storm: some orders, one after the other, on an empty database of its own.

    python -m onecard.simulator.purse_storm ORDERS SEED WEATHER

Says on the error stream how many orders are over, and prints the verdict as JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime

from django.core.management import call_command
from django.db import connection

from onecard.actions import topup
from onecard.adapters.purse_keys import in_purse_keys
from onecard.chip.simulated_card import SimulatedCard
from onecard.domain.authority import THE_CLOCK, Actor, Channel, Role
from onecard.queries.topup import daily_check
from onecard.seams.blobs import MemoryBlobs
from onecard.seams.clock import LOCAL, SetClock
from onecard.seams.custody import KeyRing, SoftwareCustody
from onecard.seams.ids import UlidIds
from onecard.seams.rng import Rng, SeededRng
from onecard.seams.transport import Unplugged
from onecard.seams.world import World, in_world
from onecard.simulator.purse_storm.carrier import Carrier
from onecard.simulator.purse_storm.life import OVER, Life, Lived
from onecard.simulator.purse_storm.verdict import Verdict, judge
from onecard.simulator.purse_storm.wallet import keys, new_cards, pay_fare
from onecard.simulator.purse_storm.weather import Weather

MORNING = datetime(2026, 3, 2, 9, tzinfo=LOCAL)
READER = Actor(Role.CARD_OUTLET_CLERK, "stf_outlet", Channel.DIRECT_OUTLET, outlet="out_direct")
AUDITOR = Actor(Role.PLATFORM_OPERATOR, "stf_operator", Channel.OFFICE)
AMOUNTS_FEN = (2000, 5000, 10000, 20000)
_FULL_FEN = 80_000
"""From here on the holder spends before topping up again: the cap is not what this storm is for."""
_EVERY = 50
_LAST_FARE = 1 << 24
"""Fares that make room are numbered apart from those of the storm."""


def main(arguments: list[str]) -> None:
    """Run the part and print its verdict."""
    orders, seed = int(arguments[0]), arguments[1]
    weather = Weather(**json.loads(arguments[2]))
    call_command("migrate", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
    found = run(orders, seed, weather, told=lambda done: print(done, file=sys.stderr, flush=True))
    print(json.dumps(asdict(found)))


def run(orders: int, seed: str, weather: Weather, *, told: Callable[[int], None]) -> Verdict:
    """Live that many orders in a world made of that seed; the verdict over them."""
    clock, rng = SetClock(MORNING), SeededRng(seed)
    with in_world(_a_world(clock, rng)), in_purse_keys(keys()):
        lives = list(_lives(orders, weather, clock, rng, told))
        topup.silence_due(actor=THE_CLOCK, at=clock.now())
        checked = daily_check(as_seen_by=AUDITOR, at=clock.now())
        return judge(lives, checked.breaks)


def _lives(
    orders: int, weather: Weather, clock: SetClock, rng: Rng, told: Callable[[int], None]
) -> Iterator[Lived]:
    """One card is used until an order on it stays open; then its holder gets another one."""
    life, cards = Life(weather, rng, clock), new_cards(rng)
    card, purse = next(cards), ""
    for number in range(orders):
        purse = purse or _met(card, clock)
        if card.balance_fen > _FULL_FEN:
            pay_fare(card, card.balance_fen, terminal_counter=_LAST_FARE + number)
        lived = life.live(number, purse, card, AMOUNTS_FEN[rng.below(len(AMOUNTS_FEN))])
        yield lived
        if lived.state not in OVER or not lived.honest:
            card, purse = next(cards), ""
        if number % _EVERY == _EVERY - 1:
            told(number + 1)


def _met(card: SimulatedCard, clock: SetClock) -> str:
    """Hold a new card to an outlet's reader: the house meets its purse. Its reference."""
    card.enter_field()
    step = topup.begin_look(actor=READER, at=clock.now())
    seen = Carrier(READER, card).carry(step)
    card.leave_field()
    return str(seen.facts["purse"])


def _a_world(clock: SetClock, rng: Rng) -> World:
    return World(
        clock=clock,
        ids=UlidIds(clock, rng),
        rng=rng,
        transport=Unplugged(),
        custody=SoftwareCustody(KeyRing({1: bytes(range(32))}, 1), rng),
        blobs=MemoryBlobs(),
    )
