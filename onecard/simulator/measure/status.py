"""Authenticated card-status calls of a partner against a bare view and the same look-up in SQL.

Arguments: SECONDS CLIENTS,CLIENTS,... PORT. The server runs beside with a demo city. Every
call is signed (five lines, HMAC-SHA256) by a client of the HR system's kind; the bare view is asked
on the same server, the database is asked for the same columns without anything around. Prints JSON.
"""

from __future__ import annotations

import base64
import json
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import count
from typing import Any

import httpx
from django.conf import settings
from django.db import connection

from onecard.actions import api_client, partner
from onecard.actions.api_client import ClientPlan
from onecard.domain import signature
from onecard.domain.authority import THE_CLOCK, Role
from onecard.domain.partner_scope import RIGHTS, PartnerKind
from onecard.domain.signature import HEADERS, Profile
from onecard.queries import partner as queries
from onecard.queries.partner import PartnerCaller
from onecard.seams.world import world
from onecard.simulator.measure.http import BARE
from onecard.simulator.measure.rounds import Timed, timed

ROUNDS, MOST_CARDS = 3, 100
SQL = "SELECT hr_state, loss_ends_at, state_version FROM card WHERE ref = %s"
Ask = Callable[[], object]


@dataclass(frozen=True)
class Key:
    """By what one client signs."""

    serial: str
    key: bytes


def main(arguments: list[str]) -> None:
    """Measure and print, for each number of clients."""
    seconds, port = float(arguments[0]), int(arguments[2])
    sizes = [int(size) for size in arguments[1].split(",")]
    cards, keys = _cards(), [_client(number) for number in range(max(sizes))]
    base = f"http://127.0.0.1:{port}"
    print(json.dumps([_size(base, keys[:size], cards, seconds / ROUNDS) for size in sizes]))


def _size(base: str, keys: list[Key], cards: list[str], seconds: float) -> dict[str, Any]:
    """So many clients: some rounds, of which the middle one is told."""
    rounds = []
    for number in range(ROUNDS):
        said = f"{len(keys)} clients, round {number + 1} of {ROUNDS}"
        print(said, file=sys.stderr, flush=True)
        rounds.append(_round(base, keys, cards, seconds))
    rounds.sort(key=lambda one: one["checked"].per_second / one["bare"].per_second)
    middle = rounds[len(rounds) // 2]
    checked, bare, looked_up = (middle[name] for name in ("checked", "bare", "looked_up"))
    return {
        "engine": settings.DATABASES["default"]["ENGINE"].rpartition(".")[2],
        "clients": len(keys),
        **{name: asdict(one) for name, one in middle.items()},
        "of_bare": checked.per_second / bare.per_second,
        "of_database": checked.per_second / looked_up.per_second,
    }


def _round(base: str, keys: list[Key], cards: list[str], seconds: float) -> dict[str, Timed]:
    return {
        "checked": _load([_checks(base, key, cards) for key in keys], seconds),
        "bare": _load([_bare(base) for _ in keys], seconds),
        "looked_up": _load([_looks(cards) for _ in keys], seconds),
    }


def _checks(base: str, key: Key, cards: list[str]) -> Ask:
    """One client on its own connection, card after card."""
    http, turns = httpx.Client(base_url=base, timeout=30), count()

    def ask() -> object:
        turn = next(turns)
        path = f"/v1/cards/{cards[turn % len(cards)]}/functions/hr"
        answer = http.get(path, headers=_signed(key, path, turn))
        return answer.raise_for_status()

    return ask


def _bare(base: str) -> Ask:
    http = httpx.Client(base_url=base, timeout=30)
    return lambda: http.get(BARE)


def _looks(cards: list[str]) -> Ask:
    turns = count()

    def ask() -> object:
        with connection.cursor() as cursor:
            cursor.execute(SQL, [cards[next(turns) % len(cards)]])
            return cursor.fetchone()

    return ask


def _signed(key: Key, path: str, turn: int) -> dict[str, str]:
    timestamp, nonce = (
        str(int(world().clock.now().timestamp())),
        f"{time.monotonic_ns():024d}{turn:08d}",
    )
    message = signature.request_string(
        method="GET", url=path, timestamp=timestamp, nonce=nonce, body=b""
    )
    shown = {
        "serial": key.serial,
        "timestamp": timestamp,
        "nonce": nonce,
        "profile": Profile.HMAC.value,
        "signature": signature.hmac_signature(message, key=key.key),
    }
    return {HEADERS[name]: value for name, value in shown.items()}


def _load(asks: list[Ask], seconds: float) -> Timed:
    """Every client asks again and again for some seconds."""
    spent: list[float] = []
    begun = time.perf_counter()

    def work(ask: Ask) -> None:
        while time.perf_counter() - begun < seconds:
            asked = time.perf_counter()
            ask()
            spent.append(time.perf_counter() - asked)
        connection.close()

    threads = [threading.Thread(target=work, args=[ask]) for ask in asks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return timed(spent, time.perf_counter() - begun)


def _cards() -> list[str]:
    """Some cards of the demo city, as the register sees them."""
    scopes = RIGHTS[PartnerKind.HR].scopes
    caller = PartnerCaller("cli_bench", "bench", PartnerKind.HR, "", scopes)
    now = world().clock.now()
    found: list[Any] = queries.cards(caller=caller, after="", limit=MOST_CARDS, at=now)
    return [card.id for card in found]


def _client(number: int) -> Key:
    """A client of the HR system with a key."""
    now, kind = world().clock.now(), PartnerKind.HR
    plan = ClientPlan(
        f"bench {number}", Role.PARTNER, tuple(sorted(RIGHTS[kind].scopes)), kind=kind
    )
    made = api_client.register(plan=plan, actor=THE_CLOCK, at=now)
    key = partner.add_key(client=made.client, profile=Profile.HMAC, actor=THE_CLOCK, at=now)
    return Key(key.serial, base64.b64decode(key.secret))
