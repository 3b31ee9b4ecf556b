"""接口沙箱: the clock that can be moved, the mishaps that can be played, the city made anew.

None of it exists outside the sandbox: there the clock is the machine's own, and no way to make a
city anew was installed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from django.core.management import call_command

from onecard.actions import _register, delivery, hold, timers, webhook
from onecard.actions._keeping import act, note, walk
from onecard.actions.delivery import ScanReceipt
from onecard.adapters.faults import Fault
from onecard.adapters.hr_database import ProvincialCard
from onecard.adapters.partners import partners
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.authority import THE_CLOCK, Actor
from onecard.domain.delivery import DeliveryEvent
from onecard.domain.refusal import NotFound
from onecard.records import append_only
from onecard.records.models import Card, Person, Shipment
from onecard.seams.clock import OffsetClock
from onecard.seams.world import world

HOUR = timedelta(hours=1)
MOST_STEPS = 100
"""A long way is gone in so many steps; every one of them runs all timers that are due."""

_moving = Lock()
_anew: list[Callable[[int], object]] = []


@dataclass(frozen=True)
class Advanced:
    """Where the clock stands now, and what the timers did on the way."""

    now: datetime
    steps: int
    did: tuple[str, ...]


@dataclass(frozen=True)
class Kept:
    """A person and their cards."""

    person: str
    cards: tuple[str, ...]


def install(make_anew: Callable[[int], object]) -> None:
    """How a city is made anew from a seed: told by whoever starts the sandbox."""
    _anew[:] = [make_anew]


@walk("sandbox.advance")
def advance(*, by: timedelta) -> Advanced:
    """Move the clock on, all timers in order. Raises `NotFound` where it cannot be moved."""
    clock = world().clock
    if not isinstance(clock, OffsetClock):
        raise NotFound("TestClock")
    with _moving:
        step = max(HOUR, by / MOST_STEPS)
        left, did, steps = by, [], 0
        while left > timedelta(0):
            clock.offset += min(step, left)
            left -= step
            steps += 1
            did += run_timers(at=clock.now())
    return Advanced(clock.now(), steps, tuple(dict.fromkeys(did)))


def run_timers(*, at: datetime) -> list[str]:
    """One round of everything that is due; names the jobs that did something."""
    done = timers.run_due(at)
    webhook.deliver_due(actor=THE_CLOCK, at=at)
    return [job.name for job in done if job.did]


def reset(*, seed: int) -> None:
    """Make the city anew, its clock back on its first morning. Raises `NotFound` elsewhere."""
    if not _anew:
        raise NotFound("Sandbox")
    with _moving:
        _anew[0](seed)


def empty() -> None:
    """Empty every table. Raises `NotFound` outside the sandbox: nowhere else are walls lowered."""
    if not _anew:
        raise NotFound("Sandbox")
    with append_only.lowered():
        call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)


def set_fault(*, partner: str, fault: str, times: int | None) -> None:
    """Let a simulated partner fail. Raises `NotFound` where partners are real."""
    _played().simulation.faults.set(partner, Fault(fault), times=times)


def heal(*, partner: str) -> None:
    """Let a simulated partner work again. Raises `NotFound`."""
    _played().simulation.faults.heal(partner)


def reject_cards(*, cards: int) -> None:
    """Let the card factory reject the next cards. Raises `NotFound` where partners are real."""
    _played().simulation.card_vendor.reject_next(cards)


@act("sandbox.keep_cards")
def keep_cards(
    *, person: str, cards: tuple[ProvincialCard, ...], actor: Actor, at: datetime
) -> Kept:
    """Let a person of the sandbox hold the cards that the province knows of."""
    row = hold.one(Person, ref=person)
    _register.keep_cards(row, cards, by=actor, at=at)
    note(about=person, by=actor, at=at, ground="platform D8")
    return Kept(person, tuple(hold.refs(Card.objects.filter(person=row).order_by("ref"))))


@walk("sandbox.return_parcel")
def return_parcel(*, shipment: str, at: datetime) -> ScanReceipt:
    """EMS brings a parcel back. Raises `NotFound`."""
    row = Shipment.objects.filter(ref=shipment).exclude(ems_number="").first()
    if row is None:
        raise NotFound("Shipment")
    return delivery.take_told_scan(
        scan_id=world().ids.new("scn"),
        ems_number=row.ems_number,
        event=DeliveryEvent.RETURN,
        place="sandbox",
        happened_at=at,
        actor=THE_CLOCK,
        at=at,
    )


def _played() -> SimulatedPartners:
    here = partners()
    if not isinstance(here, SimulatedPartners):
        raise NotFound("SimulatedPartners")
    return here
