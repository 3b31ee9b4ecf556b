"""Sixteen at once on one card: never two in use, never withdrawn with a filed replacement."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from threading import Event, Lock

import pytest
from django.db.models import Exists, OuterRef, Q

from onecard.actions import collection, financial, loss, outbox
from onecard.actions._province import Province
from onecard.actions.financial import News
from onecard.actions.replacement import online as replacing
from onecard.adapters.hr_database import BasePerson
from onecard.adapters.partners import in_partners
from onecard.adapters.simulation import SimulatedPartners, simulated_partners
from onecard.domain.application import ApplicationKind
from onecard.domain.authority import THE_CLOCK
from onecard.domain.collection import CardInHand
from onecard.domain.financial_function import FinancialEvent, FinancialState
from onecard.domain.hr_function import IN_USE, LIVE, HrState, may_be_used
from onecard.domain.loss import Side
from onecard.domain.person import ApplicantClass, Sex
from onecard.domain.production import ProductionState
from onecard.domain.refusal import NotFound, Refused
from onecard.records.models import (
    Application,
    Card,
    LossConfirmation,
    LossSide,
    OutboxRow,
    Transition,
)
from onecard.seams.rng import SeededRng
from onecard.seams.world import world
from tests import applying, cast, lost_card, made_card, photographed, threads
from tests.lost_card import BANK, BANK_SYSTEM, OWN, TELLER, a_card, fresh, holder, registered
from tests.replacing import TOLD_OF_LOSS

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
NEW_NUMBER = "N12345678"
ANSWERS = replace(applying.BY_POST, bank=BANK)
PROVINCE = Province(
    answered=True,
    person=BasePerson(
        identity_number=cast.ADULT,
        person_number="JS0001",
        name="王芳",
        sex=Sex.FEMALE,
        born_on=date(1990, 1, 1),
        applicant_class=ApplicantClass.MAINLAND,
        nationality="CHN",
        id_card_issued=True,
        document_valid_to=date(2036, 1, 1),
        deceased=False,
    ),
)


@pytest.fixture(autouse=True)
def city() -> Iterator[SimulatedPartners]:
    """Partners made of software, in memory."""
    partners = simulated_partners(state_folder=None, now=world().clock.now, seed=7)
    with in_partners(partners):
        yield partners


@dataclass
class Day:
    """A day on which everything happens to one card at once, on a clock that only goes forward."""

    card: Card
    lock: Lock = field(default_factory=Lock)
    done: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def moment(self, **by: float) -> datetime:
        """Now, perhaps after a step."""
        with self.lock:
            return made_card.clock().advance(timedelta(**by))

    def attempt(self, name: str, act: Callable[[datetime], object]) -> None:
        """Try something; what the rules refuse is refused."""
        try:
            act(self.moment(milliseconds=1))
        except (Refused, NotFound):
            self.done[f"{name} refused"] += 1
        else:
            self.done[name] += 1

    def look(self) -> None:
        """What must never be seen, whoever looks whenever: each in one statement."""
        person, card = self.card.person_id, self.card.ref
        rows = Card.objects.filter(person=person)
        if rows.filter(hr_state__in=IN_USE).count() > 1:
            self.broken.append("two cards in use")
        if rows.filter(hr_state__in=LIVE).count() > 2:
            self.broken.append("three live cards")
        applied = Application.objects.filter(
            predecessor=OuterRef("ref"), kind=ApplicationKind.REPLACEMENT
        )
        withdrawn = Q(hr_state__in=(HrState.NORMAL, HrState.LOCKED, HrState.TEMPORARY_LOSS))
        if rows.filter(withdrawn, Exists(applied), ref=card).exists():
            self.broken.append("a withdrawn loss with a filed replacement")
        side = LossSide.objects.filter(card=OuterRef("ref"), function=Side.HR, ended_at=None)
        lost = Q(hr_state__in=(HrState.TEMPORARY_LOSS, HrState.FORMAL_LOSS))
        odd = rows.filter(ref=card).exclude(lost & Exists(side)).exclude(~lost & ~Exists(side))
        if odd.exists():
            self.broken.append("a state without its report, or a report without its state")


def people_at_work(day: Day) -> list[tuple[str, Callable[[datetime], object]]]:
    """Everything that may be done to the card by telephone, at desks, online and by the bank."""
    card = day.card

    def by_phone(at: datetime) -> object:
        call = loss.identify_caller(
            name="王芳", identity_number=cast.ADULT, actor=lost_card.OPERATOR_12333, at=at
        )
        return loss.report_temporary(
            call=call.call, card=card.ref, actor=lost_card.OPERATOR_12333, at=at
        )

    def at_bank(at: datetime) -> object:
        return loss.report_formally_at_bank(card=card.ref, shown=OWN, actor=TELLER, at=at)

    def online(at: datetime) -> object:
        return loss.report_formally_online(card=card.ref, actor=holder(card), at=at)

    def withdraw(at: datetime) -> object:
        version = fresh(card).loss_version
        facts = {"card": card.ref, "version": version, "proof": lost_card.IN_HAND, "shown": OWN}
        if fresh(card).hr_state is HrState.TEMPORARY_LOSS:
            return loss.withdraw_temporary(**facts, actor=TELLER, at=at)
        return loss.withdraw_formally(**facts, actor=TELLER, at=at)

    def lapse(at: datetime) -> object:
        return loss.lapse_due(actor=THE_CLOCK, at=at)

    def bank_says(at: datetime) -> object:
        serial = world().ids.new("n")
        news = News(card.ref, FinancialEvent.REPORT_TEMPORARY, serial, 1, at)
        return financial.take_news(news=news, actor=BANK_SYSTEM, at=at)

    def week_later(at: datetime) -> object:
        return day.moment(days=4), at

    return [
        ("phone", by_phone),
        ("bank", at_bank),
        ("online", online),
        ("withdraw", withdraw),
        ("withdraw again", withdraw),
        ("lapse", lapse),
        ("news", bank_says),
        ("time", week_later),
    ]


def replace_it(card: Card) -> Callable[[datetime], object]:
    """The holder applies for a new card, online."""

    def happen(at: datetime) -> object:
        return replacing.submit_online(
            answers=ANSWERS,
            replacing=TOLD_OF_LOSS,
            draft="",
            province=PROVINCE,
            actor=holder(card),
            at=at,
        )

    return happen


def somebody() -> Card:
    """王芳 with a card in use, known to the province, with a portrait on file."""
    person, card = a_card()
    person.person_number = "JS0001"
    person.save(update_fields=["person_number"])
    photographed.kept(person.ref)
    return card


@pytest.mark.rule("issue B; guarantees C1, C4; MUT-22, MUT-31")
@pytest.mark.parametrize("seed", range(2))
def test_sixteen_at_once_never_withdraw_what_is_being_replaced(seed: int) -> None:
    """16个线程同时挂失、解挂、补卡、到期:从无「已解挂又已补卡」,从无两张可用卡。"""
    card = somebody()
    day, stopped = Day(card), Event()
    acts = people_at_work(day)

    def worker(number: int) -> Callable[[], None]:
        def run() -> None:
            rng = SeededRng(f"{seed}-{number}")
            for _ in range(16):
                name, act = acts[rng.below(len(acts))]
                day.attempt(name, act)

        return run

    def applicant() -> None:
        until = time.monotonic() + 60
        while day.done["withdraw"] + day.done["withdraw again"] < 3 and time.monotonic() < until:
            time.sleep(0.01)
        while not day.done["replace"] and time.monotonic() < until:
            day.attempt("replace", replace_it(card))

    def watch() -> None:
        while not stopped.is_set():
            day.look()

    watcher = threads.start(watch)
    threads.join(threads.start(*[worker(number) for number in range(15)], applicant))
    day.attempt("bank", dict(acts)["bank"])
    day.attempt("replace", replace_it(card))
    day.attempt("withdraw", dict(acts)["withdraw"])
    stopped.set()
    threads.join(watcher)
    day.look()
    assert not day.broken
    assert fresh(card).state_at(world().clock.now()) is HrState.FORMAL_LOSS
    assert Application.objects.filter(predecessor=card).count() == 1
    numbers = list(
        Transition.objects.filter(card=card).order_by("sequence").values_list("sequence", flat=True)
    )
    assert numbers == list(range(1, len(numbers) + 1))
    for what in ("phone", "bank", "online", "withdraw", "replace"):
        assert day.done[what] + day.done[f"{what} refused"] > 0
    assert day.done["withdraw"] + day.done["withdraw again"] > 0


@pytest.mark.rule("guarantees C1; V3, V4; MUT-31, MUT-32")
def test_while_the_new_card_is_enabled_the_old_one_cannot_come_back() -> None:
    """新卡启用与旧卡解挂同时发生:任何时刻只有一张可用卡。"""
    card = somebody()
    day, stopped = Day(card), Event()
    acts = dict(people_at_work(day))
    day.attempt("bank", acts["bank"])
    application = made_card.an_application(
        card.person,
        kind=ApplicationKind.REPLACEMENT,
        predecessor=card,
        state=ProductionState.AT_OUTLET,
        collect_at=made_card.an_outlet(),
    )
    new = made_card.a_card(
        card.person,
        application,
        card_number=NEW_NUMBER,
        card_identifier="2" * 32,
        predecessor=card,
        bank=BANK,
    )

    def enable(at: datetime) -> object:
        return collection.enable(
            card=new.ref,
            proof=CardInHand(card_number=NEW_NUMBER),
            shown=OWN,
            old_card_handed_in=False,
            actor=cast.CLERK,
            at=at,
        )

    def enabling() -> None:
        for _ in range(10):
            day.attempt("enable", enable)

    def undoing() -> None:
        for name in ("withdraw", "phone", "online", "bank", "withdraw"):
            day.attempt(name, acts[name])

    def watch() -> None:
        while not stopped.is_set():
            day.look()

    watcher = threads.start(watch)
    threads.join(threads.start(*[enabling] * 4, *[undoing] * 12))
    stopped.set()
    threads.join(watcher)
    assert not day.broken
    assert (fresh(new).hr_state, fresh(card).hr_state) == (HrState.NORMAL, HrState.CANCELLED)
    assert LossSide.objects.get(card=card, function=Side.HR).ended_how == "successor_enabled"
    assert day.done["withdraw"] == 0


@pytest.mark.rule("guarantees C2: accepted before checked means denied; MUT-23")
def test_no_check_that_begins_after_the_acceptance_is_answered_with_yes() -> None:
    """受理之后开始的任何查询,一律为不可用。"""
    cards = [_a_numbered_card(number) for number in range(24)]
    accepted: dict[str, float] = {}
    checks: list[tuple[str, float, bool]] = []
    finished = Event()

    def check() -> None:
        rng = SeededRng(str(time.monotonic_ns()))
        while not finished.is_set():
            card = cards[rng.below(len(cards))]
            began = time.monotonic()
            state = fresh(card).state_at(world().clock.now())
            checks.append((card.ref, began, may_be_used(state=state) is None))

    def report(some: list[Card]) -> Callable[[], None]:
        def run() -> None:
            for card in some:
                loss.report_formally_online(
                    card=card.ref, actor=holder(card), at=world().clock.now()
                )
                accepted[card.ref] = time.monotonic()
                time.sleep(0.03)

        return run

    checking = threads.start(*[check] * 8)
    threads.join(threads.start(report(cards[::2]), report(cards[1::2])))
    time.sleep(0.3)
    finished.set()
    threads.join(checking)
    late = [(ref, usable) for ref, began, usable in checks if began >= accepted[ref]]
    assert len(late) > 200
    assert not [ref for ref, usable in late if usable]


@pytest.mark.rule("guarantees 6.1, I2")
def test_two_relays_and_the_desk_tell_the_bank_of_one_loss_once(city: SimulatedPartners) -> None:
    """柜台同步与发件箱同时送:银行只记一次,回执只有一份。"""
    card = somebody()
    registered(city, card)
    stopped = Event()

    def relay() -> None:
        while not stopped.is_set():
            outbox.deliver_due(actor=THE_CLOCK, at=world().clock.now())

    relays = threads.start(relay, relay)
    for _ in range(5):
        at = world().clock.now()
        loss.report_formally_at_bank(card=card.ref, shown=OWN, actor=TELLER, at=at)
        facts = {"card": card.ref, "proof": lost_card.IN_HAND, "shown": OWN}
        version = fresh(card).loss_version
        loss.withdraw_formally(**facts, version=version, actor=TELLER, at=at)
    time.sleep(0.5)
    stopped.set()
    threads.join(relays)
    outbox.deliver_due(actor=THE_CLOCK, at=made_card.clock().advance(timedelta(minutes=3)))
    assert not OutboxRow.objects.filter(party=f"bank:{BANK}", delivered_at=None).exists()
    lines = LossConfirmation.objects.filter(party=f"bank:{BANK}")
    assert lines.count() == 10
    assert not lines.filter(confirmed_at=None).exists()
    account = city.simulation.banks[BANK].account_state(card.card_number)
    assert account is not None
    assert account.state is fresh(card).financial_state is FinancialState.ACTIVATED


def _a_numbered_card(number: int) -> Card:
    """Somebody's card in use."""
    person = made_card.a_person(f"3204991990010{number:05d}")
    return made_card.a_card(
        person,
        None,
        card_number=f"R{number:08d}",
        card_identifier=f"{number:032d}",
        hr_state=HrState.NORMAL,
        financial_state=FinancialState.ACTIVATED,
        bank=BANK,
    )
