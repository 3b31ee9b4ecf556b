"""A month of ordinary life for sixty people, and then payday: whose money comes back (B21).

What happens at the banks is kept in a small model of its own; what the radar said the day before
is compared with what the banks then do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest

from onecard.actions import benefit, financial
from onecard.actions.financial import News
from onecard.adapters.hr_database import BenefitDue
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.application import ApplicationKind
from onecard.domain.authority import THE_CLOCK, Actor, Channel, Role
from onecard.domain.benefit import BenefitKind
from onecard.domain.financial_function import FinancialEvent as E
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.production import ProductionState
from onecard.queries import benefit as seen
from onecard.records.models import ApiClient, Card, Person
from onecard.seams.rng import SeededRng
from onecard.seams.world import World, world
from tests import cast, made_card
from tests.actions.application.conftest import played
from tests.production import a_number

pytestmark = pytest.mark.django_db
PEOPLE, DAYS = 60, 14
PAYDAY = cast.MONDAY + timedelta(days=DAYS + 1)
BANK = Actor(Role.PARTNER, "cli_icbc", Channel.PARTNER_API)


@dataclass
class Account:
    """An account as the bank itself sees it."""

    activated: bool = True
    closed: bool = False
    stopped: bool = False
    orphaned: bool = False
    moved_to: Account | None = None

    def takes_money(self) -> bool:
        """What the bank does with a payment."""
        if self.moved_to is not None:
            return self.moved_to.takes_money()
        return self.activated and not (self.closed or self.stopped or self.orphaned)


@dataclass
class Life:
    """One person, the card they have now, and the account the pension is paid to."""

    person: Person
    card: Card
    paid_to: Account
    account: Account
    before: list[tuple[Card, Account]] = field(default_factory=list)
    news: int = 0


@pytest.fixture(autouse=True)
def province(a_world: World, db: None) -> Iterator[SimulatedPartners]:  # noqa: ARG001
    """Simulated partners, and the bank's own system."""
    with played(a_world) as simulated:
        yield simulated


def a_life(number: int) -> Life:
    identity = a_number(300 + number)
    person = made_card.a_person(identity, name="王芳")
    account = Account()
    card = a_card(person, f"L{number:03d}", FinancialState.ACTIVATED)
    return Life(person, card, account, account)


def a_card(person: Person, stem: str, state: FinancialState, old: Card | None = None) -> Card:
    count = Card.objects.filter(person=person).count()
    row = made_card.an_application(
        person,
        bank="icbc",
        kind=ApplicationKind.REPLACEMENT if old else ApplicationKind.FIRST,
        state=ProductionState.COLLECTED,
    )
    return made_card.a_card(
        person,
        row,
        card_number=f"{stem}{count:05d}",
        card_identifier=f"{person.ref}{count}"[-32:],
        bank="icbc",
        hr_state=HrState.NORMAL,
        financial_state=state,
        predecessor=old,
    )


def tell(life: Life, card: Card, event: E) -> None:
    """The bank's own system tells us."""
    life.news += 1
    told = News(card.ref, event, f"{card.ref}-{life.news}", life.news, world().clock.now())
    assert financial.take_news(news=told, actor=BANK, at=world().clock.now()).result == "applied"


def activate(life: Life) -> None:
    if not life.account.activated and not life.account.closed:
        life.account.activated = True
        tell(life, life.card, E.ACTIVATE)


def close(life: Life) -> None:
    if life.account.closed:
        return
    life.account.closed = True
    tell(life, life.card, E.CLOSE)


def stop(life: Life) -> None:
    if life.account.activated and not (life.account.closed or life.account.stopped):
        life.account.stopped = True
        tell(life, life.card, E.REPORT_FORMAL)


def replace(life: Life) -> None:
    """A new card, not activated; the old account hangs on the old card."""
    old = life.card
    Card.objects.filter(ref=old.ref).update(hr_state=HrState.CANCELLED)
    life.before.append((old, life.account))
    life.account.orphaned = not life.account.closed
    life.card = a_card(life.person, old.card_number[:4], FinancialState.OPENED, old)
    life.account = Account(activated=False)


def relink(life: Life) -> None:
    """The bank moves the account of the last old card to the new one."""
    if not life.before or life.account.closed:
        return
    old, account = life.before[-1]
    if account.closed or account.moved_to is not None:
        return
    account.moved_to = life.account
    tell(life, old, E.RELINK_AWAY)


HAPPENINGS = (activate, activate, close, stop, replace, replace, relink, relink)


@pytest.mark.rule("platform B21; NATIONAL S38, S39")
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_payment_that_comes_back_was_on_the_radar_the_day_before(
    province: SimulatedPartners, seed: int
) -> None:
    """模拟一个月:退回的每一笔,前一天都在雷达上;雷达上的每一笔都会退回。"""
    chance = SeededRng(seed)
    ApiClient.objects.create(
        ref=BANK.ref,
        name="icbc",
        role=Role.PARTNER,
        bank="icbc",
        token_index="t",
        created_at=cast.MONDAY_9AM,
    )
    lives = [a_life(number) for number in range(PEOPLE)]
    for life in lives:
        listed(province, life, PAYDAY)
    benefit.refresh_due(actor=THE_CLOCK, at=world().clock.now())
    for _ in range(DAYS):
        made_card.clock().advance(timedelta(days=1))
        for _ in range(PEOPLE // 6):
            life = lives[chance.below(PEOPLE)]
            HAPPENINGS[chance.below(len(HAPPENINGS))](life)
        benefit.refresh_due(actor=THE_CLOCK, at=world().clock.now())
        benefit.warn_holders(actor=THE_CLOCK, at=world().clock.now())
    radar = seen.radar(as_seen_by=cast.OPERATOR, at=world().clock.now())
    bounced = {life.person.ref for life in lives if not life.paid_to.takes_money()}
    assert {line.person for line in radar} == bounced
    assert 5 < len(bounced) < PEOPLE
    assert all(line.warned_at is not None for line in radar)


def listed(city: SimulatedPartners, life: Life, day: date) -> None:
    """The province's list was made when this was the person's card, and is not changed."""
    city.simulation.hr_database.owe(
        BenefitDue(
            f"pay-{life.person.ref}",
            life.person.identity_number,
            BenefitKind.PENSION,
            day,
            "icbc",
            life.card.card_number,
        )
    )
