"""卡库: the drawer of an outlet, what is coming, what waits for a second person, the last count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from onecard import policy
from onecard.domain import stock as rules
from onecard.domain.authority import Actor
from onecard.domain.refusal import NotFound, Refusal
from onecard.domain.stock import BlankState, StockPolicy
from onecard.queries._reading import one_moment
from onecard.records.models import BlankCard, Outlet, StockCount
from onecard.seams.clock import local_day

MOST = 200
"""No list of single cards is longer."""


@dataclass(frozen=True)
class SerialRun:
    """Blank cards with serials one after the other, both ends included."""

    first: str
    last: str
    count: int


@dataclass(frozen=True)
class BankDrawer:
    """The blank cards of one bank in the drawer; `is_low` asks for a new delivery."""

    bank: str
    count: int
    is_low: bool
    runs: tuple[SerialRun, ...]


@dataclass(frozen=True)
class BlankSeen:
    """One blank card outside the drawer. `state` and `reason` are keys of words.

    `may_approve` is what would be said to the asker who wanted to approve it.
    """

    serial: str
    bank: str
    state: str
    reason: str
    reported_by: str
    application: str
    may_approve: Refusal | None


@dataclass(frozen=True)
class DrawerSeen:
    """Everything an outlet must account for today, by bank and card by card."""

    outlet: str
    name: str
    day: date
    is_closed: bool
    banks: tuple[BankDrawer, ...]
    coming: tuple[BlankSeen, ...]
    in_printer: tuple[BlankSeen, ...]
    to_approve: tuple[BlankSeen, ...]
    last_count: date | None


def drawer(*, as_seen_by: Actor, at: datetime) -> DrawerSeen:
    """The drawer of the asker's outlet. Raises `NotFound` for whoever has none."""
    today = local_day(at)
    with one_moment():
        outlet = Outlet.objects.filter(ref=as_seen_by.outlet).first()
        if outlet is None:
            raise NotFound(Outlet.__name__)
        counts = StockCount.objects.filter(outlet=outlet).order_by("-day")
        last = counts.values_list("day", flat=True).first()
        cards = BlankCard.objects.filter(outlet=outlet).order_by("bank", "serial")
        return DrawerSeen(
            outlet=outlet.ref,
            name=outlet.name,
            day=today,
            is_closed=last == today,
            banks=_banks(cards, policy.in_force("stock", StockPolicy, on=today)),
            coming=_cards(cards, BlankState.IN_TRANSIT, as_seen_by),
            in_printer=_cards(cards, BlankState.TAKEN, as_seen_by),
            to_approve=_cards(cards, BlankState.SPOIL_REPORTED, as_seen_by),
            last_count=last,
        )


def _banks(cards: QuerySet[BlankCard], figures: StockPolicy) -> tuple[BankDrawer, ...]:
    serials: dict[str, list[str]] = {}
    in_stock = cards.filter(state=BlankState.IN_STOCK).values_list("bank", "serial")
    for bank, serial in in_stock:
        serials.setdefault(bank, []).append(serial)
    return tuple(
        BankDrawer(bank, len(these), len(these) < figures.low_stock_cards, _runs(these))
        for bank, these in sorted(serials.items())
    )


def _runs(serials: Iterable[str]) -> tuple[SerialRun, ...]:
    runs: list[SerialRun] = []
    for serial in serials:
        if runs and rules.is_next_serial(runs[-1].last, serial):
            runs[-1] = SerialRun(runs[-1].first, serial, runs[-1].count + 1)
        else:
            runs.append(SerialRun(serial, serial, 1))
    return tuple(runs)


def _cards(cards: QuerySet[BlankCard], state: BlankState, asker: Actor) -> tuple[BlankSeen, ...]:
    return tuple(_seen(card, asker) for card in cards.filter(state=state)[:MOST])


def _seen(card: BlankCard, asker: Actor) -> BlankSeen:
    reason = f"stock.reason.{card.spoil_reason}" if card.spoil_reason else ""
    return BlankSeen(
        serial=card.serial,
        bank=card.bank,
        state=f"stock.state.{card.state.value}",
        reason=reason,
        reported_by=card.spoiled_by,
        application=card.application_id or "",
        may_approve=rules.must_be_second_person(
            reported_by=card.spoiled_by, approver=asker.ref, is_same_person=False
        ),
    )
