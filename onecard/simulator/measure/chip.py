"""What a talk with a card costs: one command, and a whole top-up, in process and over PC/SC.

    python -m onecard.simulator.measure chip ROUNDS PER_ROUND

The card is the simulated one in both; over PC/SC it lies behind pcscd and vpcd in a network of its
own. A top-up is one tap (SELECT, balance, INITIALIZE) and the write, with its MACs made and checked
in keys in memory. The ratio is top-ups over single commands on the same wire. Prints one JSON
object; `left_out` says why PC/SC is not there.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from onecard.adapters.purse_keys.software import SoftwarePurseKeys
from onecard.adapters.purse_keys.uses import gathering
from onecard.adapters.reader import ReaderError, Readers, virtual
from onecard.adapters.reader.cards import CardPlan, Drawer, make_card
from onecard.adapters.reader.desk import desk_readers
from onecard.adapters.reader.in_process import InProcessCard
from onecard.chip import purse_commands, purse_reading, tap, transit_purse
from onecard.chip.challenge import Challenge
from onecard.chip.purse_facts import OnlineAttempt
from onecard.chip.purse_vectors import CARD, TRIPLE_DES
from onecard.chip.wire import Transmit, hold
from onecard.seams.rng import SystemRng
from onecard.simulator.measure.rounds import Work, compare

PROFILE = TRIPLE_DES.profile
AT = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
ONE_FEN = 1
PATIENCE_SECONDS = 15


class NotProven(Exception):
    """A card gave a TAC that does not verify: the figures would be about nothing."""


def main(arguments: list[str]) -> None:
    """Measure and print."""
    rounds, per_round = map(int, arguments)
    print(json.dumps(measured(rounds, per_round)))


def measured(rounds: int, per_round: int) -> dict[str, Any]:
    """A row for each wire."""
    with InProcessCard(make_card(CardPlan(), rng=SystemRng())) as card:
        rows = [_row("in process", card.transmit, rounds, per_round)]
    try:
        with _over_pcsc() as transmit:
            rows.append(_row("PC/SC", transmit, rounds, per_round))
    except (ReaderError, virtual.CannotRun) as missing:
        return {"rows": rows, "left_out": {"PC/SC": str(missing)}}
    return {"rows": rows, "left_out": {}}


def _row(wire: str, transmit: Transmit, rounds: int, per_round: int) -> dict[str, Any]:
    print(wire, file=sys.stderr, flush=True)
    hold(purse_reading.select_purse(PROFILE), transmit)
    keys = SoftwarePurseKeys(production=False)
    balance = purse_commands.get_balance().encode()
    loads: list[list[Work]] = [[partial(load, transmit, keys)] * per_round] * rounds
    bare: list[list[Work]] = [[partial(transmit, balance)] * per_round] * rounds
    return {"wire": wire, **asdict(compare(loads, bare, clients=1))}


def load(transmit: Transmit, keys: SoftwarePurseKeys) -> None:
    """One fen onto the card, proven. Raises `NotProven`."""
    rule = PROFILE.challenge
    challenge = Challenge.draw(rule, SystemRng().bytes(rule.entropy_bytes))
    with gathering():
        wish = tap.Wish(amount_fen=ONE_FEN, challenge=challenge, card=CARD)
        init = hold(tap.tap(PROFILE, wish), transmit).init
        facts: dict[str, Any] = {
            "amount_fen": ONE_FEN,
            "terminal": challenge.terminal,
            "at": AT,
        }
        mac2 = keys.authorise_load(CARD, PROFILE, init, **facts)
        attempt = OnlineAttempt.load(CARD, init, **facts)
        loaded = hold(transit_purse.credit_load(at=AT, mac2=mac2), transmit)
        if not keys.check_load_tac(CARD, PROFILE, attempt, loaded.tac):
            raise NotProven


@contextmanager
def _over_pcsc() -> Iterator[Transmit]:
    """The same card behind pcscd. Raises `CannotRun`, `ReaderError`."""
    readers = desk_readers()
    with tempfile.TemporaryDirectory(prefix="chip") as place:
        folder = Path(place)
        Drawer(folder).put(0, CardPlan())
        (folder / virtual.OWN_DAEMON).touch()
        os.environ["PCSCLITE_CSOCK_NAME"] = str(folder / "run" / "pcscd.comm")
        process, _ = virtual.start(folder)
        try:
            with _patiently(lambda: readers.open(_first(readers))) as card:
                yield card.transmit
        finally:
            process.terminate()
            process.wait()


def _first(readers: Readers) -> str:
    names = readers.names()
    if not names:
        raise ReaderError("pcscd knows of no reader yet")
    return names[0]


def _patiently(get: Callable[[], Any]) -> Any:
    """What `get` gives as soon as pcscd and its driver have seen the card."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return get()
        except ReaderError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
