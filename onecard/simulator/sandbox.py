"""The city of the API sandbox: a small one, on a fixed morning, with partners who may call us.

Eight people whose One Cards are in use at two banks, every bank's outlets, one client with a key
for each kind of partner. The same seed gives the same city, clients and keys, so that a partner's
own tests can hold them in a file. The magic identity numbers of `docs/partners.md` work here too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.core.management import call_command

from onecard import policy
from onecard.actions import (
    api_client,
    financial,
    partner,
    partner_health,
    place,
    sandbox,
)
from onecard.actions.api_client import ClientPlan
from onecard.actions.financial import News
from onecard.adapters.hr_database import ProvincialCard
from onecard.adapters.hr_database.magic import Resident
from onecard.adapters.partners import install
from onecard.adapters.simulation import SEED, SimulatedPartners, simulated_partners
from onecard.domain.authority import THE_CLOCK, Actor, Channel, Role
from onecard.domain.contacts import Contacts
from onecard.domain.financial_function import FinancialEvent
from onecard.domain.hr_function import HrState
from onecard.domain.partner_scope import RIGHTS, PartnerKind
from onecard.domain.signature import Profile
from onecard.seams.clock import LOCAL, OffsetClock, SetClock, SystemClock
from onecard.seams.ids import UlidIds
from onecard.seams.rng import SeededRng
from onecard.seams.world import in_world, world
from onecard.simulator.online import Visit
from onecard.simulator.plan import outlets
from onecard.simulator.population import Inhabitant, Registry, mainland

MORNING = datetime(2026, 3, 2, 9, tzinfo=LOCAL)
"""Where the city's clock stands when it was made."""
HOOK_HOST = "hooks.partner.example.com"
BANKS = ("icbc", "abc")
PEOPLE = 8
ISSUED, VALID_TO = date(2024, 3, 4), date(2034, 3, 4)
YOUNGEST, OLDEST = 25, 60


@dataclass(frozen=True)
class Member:
    """A partner of the sandbox, with everything that is secret elsewhere."""

    as_: str
    client: str
    secret: str
    serial: str
    key: str


@dataclass(frozen=True)
class Holder:
    """Somebody whose card is in use, with the two numbers that are presented."""

    bank: str
    card: str
    card_number: str
    identity_number: str


@dataclass(frozen=True)
class Sandbox:
    """Who may call, and whose cards there are."""

    members: tuple[Member, ...]
    holders: tuple[Holder, ...]


PARTNERS = (
    (PartnerKind.BANK, "icbc"),
    (PartnerKind.BANK, "abc"),
    (PartnerKind.HR, ""),
    (PartnerKind.TRANSIT, ""),
    (PartnerKind.HOSPITAL, ""),
    (PartnerKind.COURIER, ""),
)


def prepare() -> None:
    """Bring the tables up to date, and say how the city is made anew."""
    call_command("migrate", verbosity=0, interactive=False)
    sandbox.install(fill)


def fill(seed: int) -> Sandbox:
    """Empty everything and make the city from its seed."""
    sandbox.empty()
    clock = world().clock
    if isinstance(clock, OffsetClock):
        clock.offset = MORNING - SystemClock().now()
    played = simulated_partners(
        state_folder=None,
        now=_now,
        seed=SEED,
        report=partner_health.report,
    )
    install(played)
    still, rng = SetClock(MORNING), SeededRng(f"sandbox-{seed}")
    with in_world(replace(world(), clock=still, rng=rng, ids=UlidIds(still, rng))):
        members = tuple(_member(kind, bank) for kind, bank in PARTNERS)
        return Sandbox(members, _holders(played, seed, members))


def _now() -> datetime:
    return world().clock.now()


def _holders(
    played: SimulatedPartners, seed: int, members: tuple[Member, ...]
) -> tuple[Holder, ...]:
    """Outlets, and people with cards in use, whose banks have told of their accounts."""
    contacts = policy.in_force("contacts", Contacts, on=MORNING.date())
    for outlet in outlets(contacts):
        place.open_outlet(plan=outlet, actor=THE_CLOCK, at=MORNING)
    registry = Registry(seed, MORNING.date())
    people = [_with_card(registry, BANKS[index % len(BANKS)]) for index in range(PEOPLE)]
    played.simulation.seed([Resident(who.person, who.has_photo, who.cards) for who in people])
    return tuple(_holder(who, members) for who in people)


def _with_card(registry: Registry, bank: str) -> Inhabitant:
    born_on = registry.birthday(YOUNGEST, OLDEST)
    who = mainland(registry, born_on, has_card=False, photo=True)
    number = "C" + registry.card_number()[1:]
    card = ProvincialCard(number, 3, bank, policy.pack_name(), HrState.NORMAL, ISSUED, VALID_TO)
    return replace(who, cards=(card,))


def _holder(who: Inhabitant, members: tuple[Member, ...]) -> Holder:
    """They have signed in once, hold their card, and the bank says that the account is open."""
    visit = Visit.of(who, MORNING)
    kept = sandbox.keep_cards(person=visit.actor.ref, cards=who.cards, actor=THE_CLOCK, at=MORNING)
    (card,), (known,) = kept.cards, who.cards
    client = next(one.client for one in members if one.as_ == f"bank:{known.bank}")
    bank = Actor(Role.PARTNER, client, Channel.PARTNER_API)
    for number, event in enumerate((FinancialEvent.OPEN, FinancialEvent.ACTIVATE), start=1):
        serial = f"{card[-8:]}-{number}"
        news = News(card, event, serial, number, MORNING)
        financial.take_news(news=news, actor=bank, at=MORNING)
    return Holder(known.bank, card, known.card_number, who.person.identity_number)


def _member(kind: PartnerKind, bank: str) -> Member:
    as_ = f"{kind.value}:{bank}" if bank else kind.value
    plan = ClientPlan(
        name=f"sandbox {as_}",
        role=Role.PARTNER,
        scopes=tuple(RIGHTS[kind].scopes),
        bank=bank,
        kind=kind,
        webhook_hosts=(HOOK_HOST,),
    )
    made = api_client.register(plan=plan, actor=THE_CLOCK, at=MORNING)
    key = partner.add_key(client=made.client, profile=Profile.HMAC, actor=THE_CLOCK, at=MORNING)
    return Member(as_, made.client, made.token, key.serial, key.secret)
