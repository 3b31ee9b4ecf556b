"""The cards that the tests of the partners' API speak of: one at ICBC, one at ABC."""

from __future__ import annotations

from typing import Any

from onecard.actions import partner
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.partner_scope import Reach
from onecard.records.models import Card
from onecard.seams.world import world
from tests import cast, made_card
from tests.api.partner.calling import Partner

ICBC_CARD, ABC_CARD = "crd_01JGFJJZ000000000000000CA1", "crd_01JGFJJZ000000000000000CA2"
NUMBERS = {ICBC_CARD: "B12345678", ABC_CARD: "C12345678"}
PEOPLE = {ICBC_CARD: cast.ADULT, ABC_CARD: cast.ADULT_MAN}


def a_card(ref: str = ICBC_CARD, bank: str = "icbc", **more: Any) -> Card:
    """A card in use whose account is activated, with the beginning of its history."""
    person = made_card.a_person(PEOPLE[ref])
    columns = {
        "ref": ref,
        "card_number": NUMBERS[ref],
        "card_identifier": ref[-4:].rjust(32, "0"),
        "hr_state": HrState.NORMAL,
        "financial_state": FinancialState.ACTIVATED,
        "bank": bank,
    } | more
    return made_card.a_card(person, None, **columns)


def two_cards() -> tuple[Card, Card]:
    """One of each bank."""
    return a_card(), a_card(ABC_CARD, "abc")


def present(to: Partner, card: str) -> None:
    """Somebody shows a card and a document at a partner's desk."""
    found = partner.present(
        client=to.client,
        reach=Reach.PRESENTED,
        bank="",
        card_number=NUMBERS[card],
        identity_number=PEOPLE[card],
        actor=Actor(Role.PARTNER, to.client, Channel.PARTNER_API),
        at=world().clock.now(),
    )
    assert found.match
