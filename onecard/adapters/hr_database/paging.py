"""The cards that this platform entered in the simulated register, page by page."""

from __future__ import annotations

from cattrs.preconf.json import make_converter

from onecard.adapters.hr_database import ProvincialCard, RegisterPage
from onecard.adapters.store import Shelf
from onecard.domain.reconciliation import Digest

_ENTERED = "entered"
_kept = make_converter()


def enter(shelf: Shelf, card_number: str) -> None:
    """Remember that a card was entered by us."""
    shelf.add(_ENTERED, card_number, {})


def page(shelf: Shelf, after: int, most: int) -> RegisterPage:
    """The next page; behind the last card the cursor is empty and the digest stands."""
    found = shelf.every(_ENTERED, after=after, most=most)
    cards = tuple(card for entry in found if (card := _card(shelf, entry.key)))
    if len(found) == most:
        return RegisterPage(cards, str(found[-1].number))
    whole = Digest()
    for entry in shelf.every(_ENTERED):
        card = _card(shelf, entry.key)
        if card:
            whole = whole.plus(card.card_number, card.state)
    return RegisterPage(cards, "", whole.count, whole.hex)


def _card(shelf: Shelf, card_number: str) -> ProvincialCard | None:
    entry = shelf.get("card", card_number)
    return _kept.structure(entry.body, ProvincialCard) if entry else None
