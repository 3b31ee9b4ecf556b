"""Sixteen at once report, withdraw, replace, exchange and cancel one card: never two live cards,

never a withdrawn loss with a filed replacement, and nobody gets an error (guarantees C1, C4).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from onecard.actions import card, collection, exchange, loss, replacement
from onecard.actions.card import CancelCase
from onecard.adapters.hr_database.magic import Resident
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.application import ApplicationKind, Collection
from onecard.domain.cancellation import CancellationReason, Cancelling
from onecard.domain.collection import CardInHand, Shown
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import IN_USE, HrState
from onecard.domain.loss import Side
from onecard.domain.production import OPEN, ProductionState
from onecard.domain.transit_purse import TransitState
from onecard.records.models import Application, Card, LossSide, Transition
from tests import applying, made_card, new_cards, replacing
from tests.actions.application import people
from tests.actions.application.people import CLERK
from tests.actions.application.test_races import THREADS, at_once
from tests.new_cards import fresh, holder, now
from tests.production import a_number

pytestmark = pytest.mark.postgres
ROUNDS = 6

EXPECTED = {
    "done",
    "loss.other_report",
    "loss.replacement_already_applied",
    "loss.is_temporary",
    "replacement.formal_loss_first",
    "replacement.card_is_lost",
    "replacement.no_card",
    "card.successor_on_its_way",
    "card.not_handed_in",
    "hr_function.cancelled",
    "collection.predecessor_not_settled",
    "application.already_in_production",
}


def own(row: Card) -> Shown:
    """The holder's own document."""
    number, name = row.person.identity_number, row.person.name
    return Shown(replace(applying.OWN, number=number, name=name))


def withdraw(row: Card) -> None:
    """At a counter, naming the loss that stands as it was seen."""
    loss.withdraw_formally(
        card=row.ref,
        version=fresh(row).loss_version,
        proof=CardInHand(card_number=row.card_number),
        shown=own(row),
        actor=CLERK,
        at=now(),
    )


def cancel(row: Card) -> None:
    told = Cancelling(CancellationReason.HOLDERS_REQUEST, own(row), handed_in=True)
    card.cancel(case=CancelCase(row.ref, told), actor=CLERK, at=now())


def must_hold(row: Card) -> None:
    """What must be true of the archive whenever anybody looks."""
    new_cards.must_be_one_person_one_card(row.person_id)
    state = fresh(row).hr_state
    filed = Application.objects.filter(predecessor=row, kind=ApplicationKind.REPLACEMENT)
    assert not (filed.exists() and state in IN_USE), state
    assert Application.objects.filter(person=row.person_id, state__in=OPEN).count() <= 1
    open_sides = LossSide.objects.filter(card=row, ended_at=None, function=Side.HR).count()
    assert open_sides == (state is HrState.FORMAL_LOSS)
    lines = Transition.objects.filter(card=row).order_by("sequence")
    assert [line.sequence for line in lines] == list(range(1, len(lines) + 1))
    moves = [line for line in lines if line.function == "hr"]
    for before, after in pairwise(moves):
        assert before.to_state == after.from_state


@pytest.mark.rule("guarantees C1, C4; issue B")
def test_sixteen_report_withdraw_and_replace_one_card(open_province: SimulatedPartners) -> None:
    """十六人同时挂失、解挂、补领、换领、注销一张卡:规则不破。"""
    ended: Counter[str] = Counter()
    for turn in range(ROUNDS):
        who = people.resident(a_number(200 + turn), "王芳", date(1990, 1, 1))
        open_province.simulation.seed([who])
        ended += one_round(who, turn)
    assert set(ended) <= EXPECTED, ended
    assert sum(ended.values()) == ROUNDS * THREADS


def one_round(who: Resident, turn: int) -> Counter[str]:
    """Sixteen at one card, each twice as likely to report it as to do anything else."""
    row = new_cards.in_use(
        who,
        card_number=f"R{turn:08d}",
        card_identifier=f"{turn:032X}",
        financial_state=FinancialState.CLOSED,
        transit_state=TransitState.CLOSED,
    )
    case = new_cards.case_of(who)
    exchanged = replace(case, old_card_shown=True, replacing=replacing.TOLD_OF_WEAR)
    acts: tuple[Callable[[], Any], ...] = (
        lambda: new_cards.lose(row),
        lambda: withdraw(row),
        lambda: new_cards.lose(row),
        lambda: new_cards.replace_online(row),
        lambda: withdraw(row),
        lambda: replacement.apply_at_counter(case=case, actor=CLERK, at=now()),
        lambda: cancel(row),
        lambda: exchange.apply_at_counter(case=exchanged, actor=CLERK, at=now()),
    )
    ended = at_once(lambda number: acts[(number + turn) % len(acts)]())
    must_hold(row)
    return ended


@pytest.mark.rule("guarantees C1, C4; rule book 27 A6")
def test_a_withdrawal_and_a_replacement_at_once_have_one_winner(
    open_province: SimulatedPartners,
) -> None:
    """解挂与补领同时:只有一个成功。"""
    assert open_province
    row = new_cards.lost()

    def doing(turn: int) -> None:
        if turn % 2:
            withdraw(row)
        else:
            new_cards.replace_online(row)

    at_once(doing)
    must_hold(row)
    withdrawn = fresh(row).hr_state is HrState.NORMAL
    filed = Application.objects.filter(predecessor=row).count()
    assert (withdrawn, filed) in {(True, 0), (False, 1)}


def test_sixteen_replacements_make_one_application(open_province: SimulatedPartners) -> None:
    """同时补领十六次,一件申请,人人得到受理号。"""
    assert open_province
    row = new_cards.lost()
    numbers: set[str] = set()

    def doing(turn: int) -> None:
        case = new_cards.replace_online if turn % 2 else replaced_at_counter
        numbers.add(case(row).number)

    assert at_once(doing) == {"done": THREADS}
    assert len(numbers) == Application.objects.filter(predecessor=row).count() == 1


def replaced_at_counter(row: Card) -> Any:
    del row
    return new_cards.replace_at_counter()


@pytest.mark.rule("rule book V2, V3, V4")
def test_enabling_cancelling_and_losing_at_once(open_province: SimulatedPartners) -> None:
    """启用新卡、注销旧卡、挂失旧卡同时进行:始终一人一卡。"""
    assert open_province
    old = new_cards.in_use(financial_state=FinancialState.CLOSED, transit_state=TransitState.CLOSED)
    row = made_card.an_application(
        old.person,
        kind=ApplicationKind.EXCHANGE,
        predecessor=old,
        state=ProductionState.AT_OUTLET,
        collection=Collection.OUTLET,
        bank="icbc",
    )
    new = made_card.a_card(
        old.person,
        row,
        card_number="N00000001",
        card_identifier="3" * 32,
        bank="icbc",
        predecessor=old,
    )

    def enable() -> None:
        collection.enable(
            card=new.ref,
            proof=CardInHand(card_number=new.card_number),
            shown=own(new),
            old_card_handed_in=True,
            actor=CLERK,
            at=now(),
        )

    acts = (enable, lambda: new_cards.lose(old), lambda: cancel(old), lambda: withdraw(old))

    ended = at_once(lambda turn: acts[turn % len(acts)]())
    assert set(ended) <= EXPECTED, ended
    new_cards.must_be_one_person_one_card(old.person_id)
    assert fresh(new).hr_state is HrState.NORMAL
    assert fresh(old).hr_state is HrState.CANCELLED
    assert holder(new).ref == old.person_id
