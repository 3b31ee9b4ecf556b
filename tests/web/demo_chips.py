"""Demo chips in a folder of the test's own, and a script that carries a tap through a door."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.test import Client

from onecard.adapters import demo_cards
from onecard.seams.rng import SeededRng

JSON = "application/json"
MONEY = ("8052", "8054")


@contextmanager
def chips_in(folder: Path) -> Iterator[None]:
    """Demo mode, as far as cards go."""
    demo_cards.install(demo_cards.DemoCards(folder, SeededRng(5)))
    try:
        yield
    finally:
        demo_cards.install(None)


def post(client: Client, address: str, body: dict[str, Any]) -> HttpResponse:
    """What the page's script sends."""
    return client.post(address, json.dumps(body), content_type=JSON)


def tap(
    client: Client, door: str, begin: str, card: str, *, tear: str = "", lie: bool = False
) -> dict[str, Any]:
    """Hold a card until the tap is over; `door` is where `tap` and `hold` are."""
    step = said(post(client, begin, {}))
    while not step["over"]:
        money = step["moves_money"]
        asked = {"card": card, "step": step, "tear": tear if money else ""}
        posted = {"dialogue": step["tap"], "seq": step["seq"]}
        posted |= said(post(client, f"{door}/hold", asked))
        if money and lie:
            posted |= {"answers": [], "lost_after": 0}
        step = said(post(client, f"{door}/tap", posted))
    return step


def said(answer: HttpResponse) -> dict[str, Any]:
    """A door's JSON; a no fails the test with its words."""
    told: dict[str, Any] = json.loads(answer.content)
    assert answer.status_code == 200, told
    return told
