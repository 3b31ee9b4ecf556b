"""Many cards, in our archive and in the partners' books alike, and ways to make them differ.

Rows are put there as acts leave them; each person has one card.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

from stdnum.iso7064 import mod_11_2

from onecard.actions import financial
from onecard.actions._people import name_index_of
from onecard.adapters.bank import accounts
from onecard.adapters.bank.accounts import Account
from onecard.adapters.bank.codes import BANK
from onecard.adapters.bank.newsroom import Tidings
from onecard.adapters.partners import in_partners
from onecard.adapters.simulation import SimulatedPartners, simulated_partners
from onecard.domain.application import ApplicationKind, AppliedBy, Collection, MakingMode
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.collection import CardInHand, Shown
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.person import ApplicantClass, Sex
from onecard.domain.production import ProductionState
from onecard.records.models import ApiClient, Application, Card, Person
from onecard.seams.world import world
from tests import cast
from tests.made_card import an_outlet, index, own_document

BANKS = tuple(BANK)
NAME = "王芳"


@contextmanager
def with_partners(**more: object) -> Iterator[SimulatedPartners]:
    """Partners in memory for the length of a block."""
    made = simulated_partners(state_folder=None, now=world().clock.now, seed=7, **more)  # type: ignore[arg-type]
    with in_partners(made):
        yield made
    made.simulation.close()


def cards(
    count: int,
    *,
    bank: str = "",
    hr: HrState = HrState.NORMAL,
    money: FinancialState = FinancialState.ACTIVATED,
    first: int = 0,
) -> list[Card]:
    """So many persons, each with a card in use; of all banks in turn unless one is named."""
    numbers = range(first, first + count)
    people = [_person(number) for number in numbers]
    papers = [_application(person, number) for person, number in zip(people, numbers, strict=True)]
    made = [
        _card(paper, number, bank or BANKS[number % len(BANKS)], hr, money)
        for paper, number in zip(papers, numbers, strict=True)
    ]
    Person.objects.bulk_create(people)
    Application.objects.bulk_create(papers)
    Card.objects.bulk_create(made)
    return made


def desks() -> None:
    """An outlet of each bank with a clerk, and each bank's own system."""
    for bank in BANKS:
        an_outlet(f"out_{bank}", bank=bank, name=f"{bank}天宁支行")
        ApiClient.objects.get_or_create(
            ref=f"cli_{bank}",
            defaults={
                "name": bank,
                "role": Role.PARTNER,
                "bank": bank,
                "token_index": index("token", bank),
                "created_at": cast.MONDAY_9AM,
            },
        )


def teller(bank: str) -> Actor:
    """A clerk at a bank's outlet."""
    return Actor(Role.BANK_CLERK, f"stf_{bank}", Channel.CARD_FACE_BANK, outlet=f"out_{bank}")


def system_of(bank: str) -> Actor:
    """A bank's own system."""
    return Actor(Role.PARTNER, f"cli_{bank}", Channel.PARTNER_API)


def shown_by(card: Card) -> Shown:
    """The holder's own document."""
    return Shown(own_document(card.person.identity_number, NAME))


def in_hand(card: Card) -> CardInHand:
    """The card itself, put on the desk."""
    return CardInHand(card_number=card.card_number)


def take_news(told: Tidings) -> bool:
    """A bank's news, as its own system brings them to us."""
    card = Card.objects.get(card_number_index=index("card_number", told.card_number))
    news = financial.News(
        card=card.ref,
        event=told.event,
        serial=told.serial,
        sequence=told.sequence,
        happened_at=told.happened_at,
        names=told.names,
    )
    financial.take_news(news=news, actor=system_of(told.bank), at=world().clock.now())
    return True


def known_to(partners: SimulatedPartners, made: list[Card]) -> None:
    """The register and the banks hold the same as we do."""
    register = partners.simulation.hr_database
    for card in made:
        register.register_card(
            message_id=f"made {card.ref}",
            identity_number=card.person.identity_number,
            card_number=card.card_number,
            bank=card.bank,
            state=card.hr_state,
        )
        _keep(partners, card.bank, _account(card))


def change_account(partners: SimulatedPartners, card: Card, **columns: object) -> None:
    """Make the bank's account of a card another one, behind everybody's back."""
    bank = partners.simulation.banks[card.bank]
    with bank._store.turn() as shelf:
        known = accounts.of_card(shelf, card.card_number, card.bank_card_number)
        accounts.drop(shelf, known)
        accounts.keep(shelf, replace(known, **columns))  # type: ignore[arg-type]


def forget_account(partners: SimulatedPartners, card: Card) -> None:
    """The bank has no such account any more."""
    with partners.simulation.banks[card.bank]._store.turn() as shelf:
        accounts.drop(shelf, accounts.of_card(shelf, card.card_number, card.bank_card_number))


def list_twice(partners: SimulatedPartners, card: Card) -> None:
    """The bank lists the card once more, under another of its numbers."""
    again = replace(_account(card), bank_card_number=f"69{card.bank_card_number[2:]}")
    with partners.simulation.banks[card.bank]._store.turn() as shelf:
        known = accounts.of_card(shelf, card.card_number)
        accounts.keep(shelf, again)
        accounts.keep(shelf, known)


def change_register(partners: SimulatedPartners, card: Card, state: HrState) -> None:
    """The register says something else of a card."""
    register = partners.simulation.hr_database
    with register._turn() as shelf:
        entry = shelf.get("card", card.card_number)
        assert entry is not None
        shelf.change("card", card.card_number, {**entry.body, "state": state.value})


def _account(card: Card) -> Account:
    at = world().clock.now().isoformat()
    return Account(
        card.bank_card_number,
        card.card_number,
        card.financial_state,
        version=card.loss_version,
        changed_at=at,
        identity_number=card.person.identity_number,
    )


def _keep(partners: SimulatedPartners, bank: str, account: Account) -> None:
    with partners.simulation.banks[bank]._store.turn() as shelf:
        accounts.keep(shelf, account)


def _identity(number: int) -> str:
    """A right number of nobody: unassigned county, 450 women for each birthday."""
    born = date(1985, 1, 1) + timedelta(days=number // 450)
    body = f"320499{born:%Y%m%d}{2 * (number % 450):03d}"
    return body + mod_11_2.calc_check_digit(body)


def _person(number: int) -> Person:
    identity = _identity(number)
    return Person(
        ref=world().ids.new("per"),
        name=NAME,
        name_index=name_index_of(NAME),
        phone=f"139{number:08d}",
        address="江苏省常州市天宁区文化宫1号",
        applicant_class=ApplicantClass.MAINLAND,
        sex=Sex.FEMALE,
        identity_number=identity,
        identity_index=index("identity", identity),
        born_on=f"{identity[6:10]}-{identity[10:12]}-{identity[12:14]}",
        created_at=cast.MONDAY_9AM,
    )


def _application(person: Person, number: int) -> Application:
    return Application(
        ref=world().ids.new("app"),
        number=f"2603{number:011d}",
        person=person,
        kind=ApplicationKind.FIRST,
        channel=Channel.PORTAL,
        making_mode=MakingMode.FACTORY,
        collection=Collection.POST,
        state=ProductionState.COLLECTED,
        bank="icbc",
        applied_by=AppliedBy.HOLDER,
        key_information={},
        bank_card_index=index("bank_card", f"62{number:017d}"),
        policy_version="test",
        submitted_at=cast.MONDAY_9AM,
        state_since=cast.MONDAY_9AM,
    )


def _card(paper: Application, number: int, bank: str, hr: HrState, money: FinancialState) -> Card:
    card_number, account = f"C{number:08d}", f"62{number:017d}"
    return Card(
        ref=world().ids.new("crd"),
        person=paper.person,
        application=paper,
        bank=bank,
        card_number=card_number,
        card_number_index=index("card_number", card_number),
        card_identifier=f"{number:032X}",
        card_identifier_index=index("card_identifier", f"{number:032X}"),
        bank_card_number=account,
        bank_card_index=index("bank_card", account),
        hr_state=hr,
        financial_state=money,
        issued_on=date(2026, 1, 5),
        valid_to=date(2036, 1, 5),
        enabled_at=cast.MONDAY_9AM,
    )
