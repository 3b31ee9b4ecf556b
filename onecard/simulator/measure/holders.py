"""People with a card in use, its account activated, at every bank in turn. Arguments: COUNT.

Each applied online, got the card by post, enabled it and went to the bank: all by real acts, under
a clock that stands in the days before today. Prints a JSON list of what they hold in their hands.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta

from django.core.management import call_command

from onecard import policy
from onecard.actions import financial, place, timers
from onecard.actions.collection import CardInHand, Shown
from onecard.adapters.hr_database.magic import Resident
from onecard.adapters.partners import partners
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.authority import THE_CLOCK, Actor, Channel, Role
from onecard.domain.contacts import Contacts
from onecard.domain.documents import DocumentKind, ShownDocument
from onecard.queries import card as cards
from onecard.queries import place as places
from onecard.seams.clock import SetClock, local_day
from onecard.seams.ids import UlidIds
from onecard.seams.world import in_world, world
from onecard.simulator.online import Visit, apply, enable
from onecard.simulator.plan import outlets, plan
from onecard.simulator.population import Inhabitant, Registry, mainland
from onecard.simulator.telling import document

DAYS, STEP, SEED, TENTH = 5, timedelta(hours=6), 23, 10


@dataclass(frozen=True)
class Holder:
    """A person as a bank's clerk sees them, and the card."""

    card: str
    card_number: str
    bank: str
    outlet: str
    identity_number: str
    name: str
    valid_to: str

    @property
    def clerk(self) -> Actor:
        """Who sits at the desk of the card's bank."""
        ref, door = f"stf_{self.bank}", Channel.CARD_FACE_BANK
        return Actor(Role.BANK_CLERK, ref, door, outlet=self.outlet)

    @property
    def shown(self) -> Shown:
        """The own document, the original."""
        return Shown(
            holder=ShownDocument(
                kind=DocumentKind.RESIDENT_ID,
                number=self.identity_number,
                name=self.name,
                valid_from=None,
                valid_to=date.fromisoformat(self.valid_to) if self.valid_to else None,
                original=True,
            )
        )

    @property
    def in_hand(self) -> CardInHand:
        """The card on the desk."""
        return CardInHand(card_number=self.card_number)


def main(arguments: list[str]) -> None:
    """Make them and print them."""
    call_command("migrate", verbosity=0, interactive=False)
    print(json.dumps([asdict(holder) for holder in made(int(arguments[0]))]))


def made(count: int) -> list[Holder]:
    """So many, at the banks in turn. The partners are simulated in this process, state on disk."""
    now, played = world().clock.now(), partners()
    if not isinstance(played, SimulatedPartners):
        message = "holders are made with simulated partners"
        raise TypeError(message)
    clock, registry = SetClock(now - timedelta(days=DAYS)), Registry(SEED, local_day(now))
    people = [mainland(registry, registry.birthday(20, 60)) for _ in range(count)]
    played.simulation.seed([Resident(who.person) for who in people])
    with in_world(replace(world(), clock=clock, ids=UlidIds(clock, world().rng))):
        banks = _open_outlets(clock.now())
        everybody = [(who, banks[turn % len(banks)]) for turn, who in enumerate(people)]
        for number, (who, bank) in enumerate(everybody):
            apply(who, home=plan().homes.plain, bank=bank)(clock.now())
            if number % TENTH == 0:
                _tell(f"applied {number} of {count}")
        _let_cards_come(clock, until=now - timedelta(hours=1))
        holders = [_in_use(who, bank, clock.now()) for who, bank in everybody]
        timers.run_due(clock.now())
    return holders


def _open_outlets(at: datetime) -> list[str]:
    contacts = policy.in_force("contacts", Contacts, on=local_day(at))
    for outlet in outlets(contacts):
        place.open_outlet(plan=outlet, actor=THE_CLOCK, at=at)
    return [bank.key for bank in contacts.banks]


def _let_cards_come(clock: SetClock, *, until: datetime) -> None:
    while clock.now() + STEP < until:
        timers.run_due(clock.advance(STEP))
        _tell(f"cards on their way {clock.now():%d %H:%M}")


def _in_use(who: Inhabitant, bank: str, at: datetime) -> Holder:
    """Enable what came by post, then go to the bank with it."""
    enable(who)(at)
    mine = cards.my_cards(as_seen_by=Visit.of(who, at).actor, at=at).cards[0]
    registered = partners().hr_database.cards_of(who.person.identity_number)[-1]
    shown = document(who)
    holder = Holder(
        card=mine.card,
        card_number=registered.card_number,
        bank=bank,
        outlet=next(one.ref for one in places.every() if one.bank == bank),
        identity_number=who.person.identity_number,
        name=who.person.name,
        valid_to=shown.valid_to.isoformat() if shown.valid_to else "",
    )
    financial.activate(
        card=holder.card, proof=holder.in_hand, shown=holder.shown, actor=holder.clerk, at=at
    )
    return holder


def _tell(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
