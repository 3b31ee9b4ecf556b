"""读卡与卡的脾气: cards that answer in pieces, purses joined to cards, what waits is written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from onecard.actions import topup
from onecard.actions.tap import Posted
from onecard.chip.simulated_card import NINE_TEAR_POINTS, Manners
from onecard.domain.transit_purse import TransitState
from onecard.records.models import Card, ChipDialogue, PurseAccount, Transition
from tests import made_card
from tests.chip.desk import HOLDER as ON_CHIP
from tests.chip.desk import a_card
from tests.topping_up import (
    HOLDER,
    OUTLET,
    SOMEBODY,
    Phone,
    a_purse,
    attempts,
    now,
    paid,
    state,
)

pytestmark = pytest.mark.django_db
IDENTIFIER = ON_CHIP.card_identifier.hex().upper()


def a_holder() -> Card:
    """王芳 and her card, whose identifier stands on the chip as well."""
    return made_card.a_card(made_card.a_person(), None, card_identifier=IDENTIFIER)


@pytest.mark.rule("card reference 3: 61xx and 6Cxx; 12")
@pytest.mark.parametrize(
    "manners", [Manners(answers_by_get_response=True), Manners(insists_on_le=True)]
)
def test_a_card_that_answers_in_pieces_takes_more_steps_and_loads_once(manners: Manners) -> None:
    """分段应答的卡:多几步,写入一次;写卡指令只发一次。"""
    card = a_card(manners=manners)
    order = paid(a_purse(card))
    phone = Phone(card)
    assert phone.top_up(order).outcome == "topup.tap.loaded"
    sent = [apdu.hex for step in phone.steps for apdu in step.apdus]
    assert sum(one.startswith("8052") for one in sent) == 1
    assert [step.seq for step in phone.steps] == list(range(1, len(phone.steps) + 1))
    assert (attempts(order), card.balance_fen) == ([("proven", "p1")], 10_000)


def test_a_card_that_answers_in_pieces_is_healed_after_a_tear() -> None:
    """分段应答的卡撕卡后:再贴查明。"""
    card = a_card(manners=Manners(answers_by_get_response=True))
    order = paid(a_purse(card))
    assert Phone(card).torn(order, NINE_TEAR_POINTS["after_credit"]).state == "in_doubt"
    assert Phone(card).top_up(order).outcome == "topup.tap.loaded"
    assert attempts(order) == [("proven", "p2")]


@pytest.mark.rule("card reference 2.3: binding; rule book 22")
def test_our_own_reader_joins_purse_and_card() -> None:
    """网点读卡器读到两个应用:交通账户与卡绑定。"""
    row, card = a_holder(), a_card()
    Phone(card, actor=OUTLET).look()
    assert PurseAccount.objects.get().card_id == row.ref


@pytest.mark.parametrize(("actor", "joined"), [(HOLDER, True), (SOMEBODY, False)])
def test_a_phone_joins_only_the_holders_own_card(actor: object, *, joined: bool) -> None:
    """手机读卡:只绑定本人名下的卡,别人的手机不行。"""
    row = a_holder()
    who = replace(HOLDER, ref=row.person_id) if actor is HOLDER else SOMEBODY
    Phone(a_card(), actor=who).look()
    assert (PurseAccount.objects.get().card_id == row.ref) is joined


@pytest.mark.rule("rule book 19: NOT_OPENED, first load opens")
def test_the_first_load_opens_the_transit_function_of_the_card_too() -> None:
    """首次充值即开通交通功能,卡的档案同步并留痕。"""
    row, card = a_holder(), a_card()
    Phone(card, actor=OUTLET).look()
    assert Phone(card).top_up(paid(PurseAccount.objects.get())).outcome == "topup.tap.loaded"
    assert Card.objects.get(ref=row.ref).transit_state is TransitState.OPEN
    line = Transition.objects.get(card=row, function="transit")
    assert (line.from_state, line.to_state, line.reason) == ("not_opened", "open", "topup")


def test_a_bearers_purse_tells_its_card_when_it_is_joined_later() -> None:
    """先充值后绑定:卡的档案随交通账户。"""
    card = a_card()
    Phone(card).top_up(paid(a_purse(card)))
    row = a_holder()
    Phone(card, actor=OUTLET).look()
    assert Card.objects.get(ref=row.ref).transit_state is TransitState.OPEN


def test_a_card_that_is_no_transit_card_is_told_so() -> None:
    """读到的不是一卡通:说明原因,不建账户。"""

    def nothing_there(step: object, _: list[str]) -> Posted:
        return Posted(step.seq, ("6A82",))  # type: ignore[attr-defined]

    done = Phone(a_card(), meddle=nothing_there).look()
    assert (done.outcome, done.facts["why"]) == ("topup.tap.wrong_card", "other_application")
    assert PurseAccount.objects.count() == 0


def test_a_look_that_is_lost_leaves_nothing_open() -> None:
    """读卡时移开:没有影响。"""
    step = topup.begin_look(actor=HOLDER, at=now())
    done = Phone(a_card()).post(step, Posted(step.seq, (), lost_after=0))
    assert (done.outcome, done.over) == ("topup.tap.lost", True)
    assert ChipDialogue.objects.get().ended_at


@pytest.mark.rule("card reference 0.9; issue C: a pending write is finished before anything else")
def test_anybodys_reader_settles_what_is_in_doubt() -> None:
    """任何人的手机、任何网点读一次卡,未明的立即查明。"""
    card = a_card()
    order = paid(a_purse(card))
    Phone(card).torn(order, NINE_TEAR_POINTS["after_credit"])
    done = Phone(card, actor=SOMEBODY).look()
    assert (done.outcome, state(order)) == ("topup.tap.loaded", "loaded")
    assert attempts(order) == [("proven", "p2")]
