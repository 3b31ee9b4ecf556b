"""What a clerk may do for the person who stands here: open acts first, closed ones with the reason.

The rules answer, each in its own room; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.urls import reverse

from onecard.domain.refusal import Refusal
from onecard.queries import card as cards
from onecard.queries import loss, replacement
from onecard.queries.card import CardSeen
from onecard.queries.person import CounterPerson
from onecard.queries.staff import Me
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.pages import SpokenRefusal

KEYS = ("F6", "F7", "F8", "F9", "F10")
"""The keys of the first open acts; F11 and F12 belong to the browser."""

BY_CASE = ("first", "upgrade", "replacement", "exchange")
LOSS_PAGES = {
    "loss.report_formally_at_counter": ("counter:report_loss", "report_formal"),
    "loss.withdraw_formally": ("counter:withdraw", "withdraw"),
}
REFUND_FIRST = "replacement.refund_first"


@dataclass(frozen=True)
class ActLine:
    """One act: where it begins (a case of a `kind`, or a page), its key, or why it is closed."""

    act: str
    why_not: SpokenRefusal | None
    href: str = ""
    key: str = ""
    slip_at: str = ""

    @property
    def is_case(self) -> bool:
        """Whether it opens a case, with papers and answers."""
        return self.act in BY_CASE


def offered(seen: CounterPerson, me: Me, language: str) -> list[ActLine]:
    """Every act, the open ones first and with their keys."""
    lines = list(_lines(seen, me, language))
    opened = [line for line in lines if line.why_not is None]
    keyed = [
        replace(line, key=KEYS[place] if place < len(KEYS) else "")
        for place, line in enumerate(opened)
    ]
    return keyed + [line for line in lines if line.why_not is not None]


def _lines(seen: CounterPerson, me: Me, language: str) -> Iterator[ActLine]:
    person, now = seen.person, world().clock.now()
    for act in seen.acts:
        yield _line(act.act, act.refusal, language)
    live = cards.cards_of(person=person, as_seen_by=me.actor, at=now).live
    if live is not None:
        yield from _about_card(person, live, me, language)
    for offer in replacement.offers(person=person, as_seen_by=me.actor, at=now):
        line = _line(offer.act, offer.refusal, language)
        if offer.act == "cancellation" and offer.card:
            line = replace(line, href=reverse("counter:cancel", args=[person, offer.card]))
        elif offer.act == "transfer":
            line = replace(line, href=reverse("counter:transfer", args=[person]))
        if offer.refusal is not None and offer.refusal.code == REFUND_FIRST:
            line = replace(line, slip_at=reverse("counter:refund_first", args=[person]))
        yield line


def _about_card(person: str, card: CardSeen, me: Me, language: str) -> Iterator[ActLine]:
    """Loss, withdrawal and PIN of the live card; what is so already is no act."""
    for offer in loss.offers(card=card.card, as_seen_by=me.actor, at=world().clock.now()):
        page, act = LOSS_PAGES.get(offer.act, ("", ""))
        if page and offer.notice is None:
            href = reverse(page, args=[person, card.card])
            yield replace(_line(act, offer.refusal, language), href=href)
    if card.standing in ("usable", "locked"):
        yield ActLine("pin", None, reverse("counter:pin", args=[person, card.card]))
    if card.standing == "lost":
        yield ActLine("board", None, reverse("counter:board", args=[person, card.card]))


def _line(act: str, refusal: Refusal | None, language: str) -> ActLine:
    return ActLine(act, pages.speak(refusal, language) if refusal else None)
