"""The comparison desk: two operators, one difference, both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from onecard.actions import reconciliation
from onecard.adapters.faults import Fault
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.authority import THE_CLOCK, Role
from onecard.domain.financial_function import FinancialState as Money
from onecard.records.models import Card, StateBreak
from onecard.seams.world import world
from tests import many_cards
from tests.staff import a_member, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/office/reconciliation"


@pytest.fixture
def partners() -> Iterator[SimulatedPartners]:
    """Partners in memory, and one card of which its bank says something else."""
    with many_cards.with_partners() as made:
        (card,) = many_cards.cards(1, bank="icbc")
        many_cards.known_to(made, [card])
        many_cards.change_account(made, card, state=Money.FORMAL_LOSS, loss="ICBC9")
        yield made


def _operator(name: str) -> Client:
    return signed_in(a_member(Role.PLATFORM_OPERATOR, username=name))


def _text(client: Client, **headers: str) -> str:
    return client.get(PAGE, headers=headers).content.decode()


def test_a_difference_goes_from_its_finding_through_two_pairs_of_hands(
    partners: SimulatedPartners,
) -> None:
    """对账、提出、复核、再对账:两位运营人员在页面上走完全程。"""
    del partners
    one, other = _operator("one"), _operator("other")
    assert "还没有对过账" in _text(one)
    assert one.post(f"{PAGE}/run", {"party": "bank:icbc"}).status_code == 302
    shown = _text(one)
    assert "对方挂失更严" in shown
    assert "差异：1条" in shown or "1条差异" in shown
    found = StateBreak.objects.get()
    told = {"fix": "follow", "reason": "已与银行核实", "propose": ""}
    assert one.post(f"{PAGE}/{found.ref}", told).status_code == 302
    assert 'name="approve"' not in _text(one)
    assert one.post(f"{PAGE}/{found.ref}", {"approve": ""}).status_code == 422
    assert 'name="approve"' in _text(other)
    assert other.post(f"{PAGE}/{found.ref}", {"approve": ""}).status_code == 302
    assert Card.objects.get().financial_state is Money.FORMAL_LOSS
    other.post(f"{PAGE}/run")
    shown = _text(other)
    assert "没有未处理的差异" in shown
    assert "已与银行核实" in shown


def test_a_silent_bank_is_said_and_nothing_invented(partners: SimulatedPartners) -> None:
    """银行没有应答:页面如实说,不列差异。"""
    partners.simulation.faults.set("bank:icbc", Fault.DOWN)
    one = _operator("one")
    one.post(f"{PAGE}/run", {"party": "bank:icbc"})
    assert "没有应答" in _text(one)
    assert not StateBreak.objects.exists()


def test_a_whole_number_is_nowhere_on_the_page(partners: SimulatedPartners) -> None:
    """页面只显示号码末四位。"""
    del partners
    now = world().clock.now()
    reconciliation.run(party="bank:icbc", actor=THE_CLOCK, at=now)
    shown, card = _text(_operator("one")), Card.objects.get()
    assert card.bank_card_number[-4:] in shown
    assert card.bank_card_number not in shown
    assert card.card_number not in shown


def test_the_desk_opens_for_operators_only(partners: SimulatedPartners) -> None:
    del partners
    auditor = signed_in(a_member(Role.AUDITOR))
    assert auditor.get(PAGE).status_code == 403
    assert Client().get(PAGE)["Location"].startswith("/sign-in/")


def test_the_page_speaks_english(partners: SimulatedPartners) -> None:
    del partners
    shown = _text(_operator("one"), **{"Accept-Language": "en"})
    assert "Comparison of states" in shown
