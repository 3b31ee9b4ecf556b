"""虚拟读卡器: cards made of nothing on a real reader service. Never in production."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from subprocess import Popen
from typing import Any

from onecard.adapters.reader import virtual
from onecard.adapters.reader.cards import CardPlan, Drawer, serial_of
from onecard.adapters.reader.hand import HandAway, ask_hand
from onecard.chip.simulated_card import NINE_TEAR_POINTS
from onecard.domain.refusal import Fix, FixKind, Refusal, Refused, require
from onecard.records.models import Card
from onecard.seams.world import world

POINTS = tuple(NINE_TEAR_POINTS)
FOLDER = "reader/virtual"


def virtual_folder(home: Path) -> Path:
    """Where the cards lie between two runs."""
    return home / FOLDER


def put_cards(*, home: Path, card_numbers: Sequence[str], production: bool) -> None:
    """A card in each slot: the twin of a card of the demo city, the made-up one for an empty text.

    Raises `Refused`: `reader.not_in_production`, `reader.no_such_card`.
    """
    require(_must_be_play(production))
    plans = [plan_of(number) if number else CardPlan() for number in card_numbers]
    drawer = Drawer(virtual_folder(home))
    drawer.empty_from(len(plans))
    for slot, plan in enumerate(plans):
        drawer.put(slot, plan)


def plan_of(card_number: str) -> CardPlan:
    """The chip of a card of this archive. Raises `Refused("reader.no_such_card")`."""
    index = world().custody.blind_index("card_number", card_number.strip().upper())
    card = Card.objects.filter(card_number_index=index).select_related("person").first()
    if card is None:
        fix = Fix(FixKind.CHANGE_INPUT, {"field": "card"})
        raise Refused(Refusal("reader.no_such_card", field="card", fix=fix))
    return CardPlan(
        card_number=card.card_number,
        card_identifier=card.card_identifier,
        social_security_number=card.person.identity_number,
        name=card.person.name,
        serial=serial_of(card.card_number),
    )


def start(*, home: Path, own_daemon: bool, production: bool) -> tuple[Popen[bytes], bool]:
    """Start the reader with its cards; the process, and whether it has a network of its own.

    Raises `Refused`: `reader.not_in_production`, `reader.cannot_run`.
    """
    require(_must_be_play(production))
    folder = virtual_folder(home)
    mark = folder / virtual.OWN_DAEMON
    mark.touch() if own_daemon else mark.unlink(missing_ok=True)
    try:
        return virtual.start(folder)
    except virtual.CannotRun as cannot:
        raise Refused(Refusal("reader.cannot_run", facts={"said": str(cannot)})) from cannot


def hand(*, home: Path, slot: int, line: str) -> dict[str, Any]:
    """Tear, take away, bring back a card of a running virtual reader.

    Raises `Refused("reader.no_hand")`.
    """
    try:
        return ask_hand(virtual_folder(home) / f"hand-{slot}", line)
    except HandAway as away:
        raise Refused(Refusal("reader.no_hand", facts={"said": str(away)})) from away


def _must_be_play(production: bool) -> Refusal | None:  # noqa: FBT001 - one plain question
    return Refusal("reader.not_in_production") if production else None
