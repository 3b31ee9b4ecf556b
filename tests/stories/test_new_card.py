"""A new card in the place of the old one, from the counter or the sofa to the register (21).

Every kind goes through the same factory, the same post and the same outlets to the day on which
the new card is enabled and the old one ends, in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from onecard.actions import (
    application,
    card,
    collection,
    exchange,
    financial,
    production,
    replacement,
    stock,
)
from onecard.actions.card import CancelCase
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.application import MakingMode
from onecard.domain.cancellation import CancellationReason, Cancelling
from onecard.domain.collection import CardInHand, Shown
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.planner import Wish
from onecard.domain.production import ProductionState
from onecard.domain.replacement import ExchangeReason, Replacing
from onecard.domain.stock import OutletKind
from onecard.domain.transit_purse import TransitState
from onecard.queries import card as cards
from onecard.queries import notification as messages
from onecard.queries import planner
from onecard.queries.planner import Asked
from onecard.records.models import Application, Card, Event, OutboxRow, Outlet, Transition
from onecard.seams import failpoint
from onecard.seams.failpoint import Crash
from onecard.seams.world import World
from tests import applying, cast, made_card, new_cards
from tests.actions.application import people
from tests.actions.application.conftest import played
from tests.actions.application.people import CLERK, HOLDER, refused
from tests.new_cards import enable, fresh, holder, let_go_by, made_for, now

pytestmark = pytest.mark.django_db
EMPTIED = {"transit_state": TransitState.CLOSED}


@pytest.fixture(autouse=True)
def province(a_world: World, db: None) -> Iterator[SimulatedPartners]:  # noqa: ARG001
    """Simulated partners who know the people, and the places of the city."""
    with played(a_world) as simulated:
        yield simulated


CANCELLED = ("card.cancelled", "card.replaced")


def events_of(card: Card) -> list[str]:
    """What partners read of a card, in its order.

    The simulated bank never opened the account of a card that a test put into the archive; what
    reconciliation finds there is not this story's.
    """
    rows = Event.objects.filter(about=card.ref).exclude(type__startswith="reconciliation")
    return list(rows.order_by("sequence").values_list("type", flat=True))


def states_there(city: SimulatedPartners, number: str = cast.ADULT) -> list[HrState]:
    """The person's cards as the province's register has them."""
    return [told.state for told in city.hr_database.cards_of(number)]


@pytest.mark.rule("PROVINCIAL S4; SEED, FAQ 11, 12; rule book 21.2, 21.4, V5, V10")
def test_a_lost_card_is_replaced_online_by_post(province: SimulatedPartners) -> None:
    """线上挂失→补领→制卡→EMS→确认收卡并启用:旧卡注销,卡号换新,余额留在旧卡。"""
    old = new_cards.lost()
    receipt = new_cards.replace_online(old)
    let_go_by(days=3)
    new = made_for(receipt)
    assert (new.hr_state, new.predecessor_id) == (HrState.SEALED, old.ref)
    assert new.card_number != old.card_number
    new_cards.must_be_one_person_one_card(old.person_id)
    done = new_cards.enable_online(new)
    assert (done.hr_state, done.predecessor) == ("normal", old.ref)
    old, new = fresh(old), fresh(new)
    assert (old.hr_state, new.hr_state) == (HrState.CANCELLED, HrState.NORMAL)
    assert (old.transit_state, new.transit_state) == (TransitState.OPEN, TransitState.NOT_OPENED)
    let_go_by(hours=2)
    assert states_there(province) == [HrState.CANCELLED, HrState.NORMAL]
    seen = cards.my_cards(as_seen_by=holder(new), at=now())
    assert seen.live is not None
    assert (seen.live.card, seen.live.register) == (new.ref, "confirmed")
    told = [one.text for one in messages.mine(as_seen_by=holder(new), language="zh", at=now())]
    assert any("不能再解挂" in text for text in told)
    assert any("转接" in text for text in told)
    assert not OutboxRow.objects.filter(delivered_at=None).exists()
    assert events_of(old) == ["loss.formal.created", "replacement.created", *CANCELLED]
    assert events_of(new) == ["card.produced", "card.enabled", "replacement.completed"]


@pytest.mark.rule("SEED, FAQ 13; rule book 21.3, 21.4, V4")
def test_a_worn_card_is_exchanged_and_works_until_the_new_one_does(
    province: SimulatedPartners,
) -> None:
    """换领:新卡启用前旧卡照用,启用时交回旧卡并注销。"""
    old = new_cards.in_use(**EMPTIED)
    new = new_cards.brought_to_outlet(new_cards.exchange_at_counter())
    new_cards.must_be_one_person_one_card(old.person_id)
    assert fresh(old).hr_state is HrState.NORMAL
    with refused("card.not_handed_in"):
        enable(new)
    assert fresh(old).hr_state is HrState.NORMAL
    done = enable(new, handed_in=True)
    assert (done.predecessor, fresh(old).hr_state) == (old.ref, HrState.CANCELLED)
    ended = Transition.objects.filter(card=old).latest("sequence")
    begun = Transition.objects.filter(card=new).latest("sequence")
    assert ended.at == begun.at == now()
    let_go_by(hours=2)
    assert states_there(province) == [HrState.CANCELLED, HrState.NORMAL]
    assert events_of(old) == ["exchange.created", *CANCELLED]
    assert events_of(new) == ["card.produced", "card.enabled", "exchange.completed"]


def test_a_replacement_taken_at_a_counter_is_collected_there() -> None:
    """窗口补领,到原网点领取启用,不用交旧卡。"""
    old = new_cards.lost()
    new = new_cards.brought_to_outlet(new_cards.replace_at_counter())
    assert enable(new).predecessor == old.ref
    assert fresh(old).hr_state is HrState.CANCELLED


def test_an_older_card_is_upgraded_to_the_end(province: SimulatedPartners) -> None:
    """二代卡换发,到启用为止。"""
    case = people.case_of(HOLDER, old_card_shown=True)
    case = replace(case, replacing=Replacing(reason=ExchangeReason.UPGRADE))
    receipt = exchange.apply_at_counter(case=case, actor=CLERK, at=now())
    new = new_cards.brought_to_outlet(receipt)
    shown = Shown(replace(applying.OWN, number=HOLDER.person.identity_number, name="张华"))
    done = collection.enable(
        card=new.ref,
        proof=CardInHand(card_number=new.card_number),
        shown=shown,
        old_card_handed_in=True,
        actor=CLERK,
        at=now(),
    )
    assert Card.objects.get(ref=done.predecessor).generation == 2
    let_go_by(hours=2)
    assert states_there(province, HOLDER.person.identity_number) == [
        HrState.CANCELLED,
        HrState.NORMAL,
    ]


@pytest.mark.rule("PROVINCIAL S7")
def test_a_card_exchanged_on_the_spot_is_ready_at_once() -> None:
    """即时制卡的网点,当场换、当场启用。"""
    old = new_cards.in_use(**EMPTIED)
    Outlet.objects.filter(ref=CLERK.outlet).update(instant_issue=True)
    stock.receive(bank="icbc", first="S100", last="S109", actor=cast.SUPERVISOR, at=now())
    receipt = new_cards.exchange_at_counter(making_mode=MakingMode.INSTANT)
    assert (
        production.issue_instantly(
            application=receipt.application, serial="", actor=CLERK, at=now()
        ).state
        == "instant_made"
    )
    assert enable(made_for(receipt), handed_in=True).predecessor == old.ref


@pytest.mark.rule("rule book 17.2 ³ ⁴")
def test_a_card_that_is_lost_during_its_exchange() -> None:
    """换卡途中旧卡丢了:临时挂失不够,正式挂失后可启用新卡,不用交回。"""
    old = new_cards.in_use(**EMPTIED)
    new = new_cards.brought_to_outlet(new_cards.exchange_at_counter())
    Card.objects.filter(ref=old.ref).update(hr_state=HrState.TEMPORARY_LOSS)
    with refused("collection.predecessor_not_settled"):
        enable(new, handed_in=True)
    Card.objects.filter(ref=old.ref).update(hr_state=HrState.NORMAL)
    new_cards.lose(old)
    assert enable(new).predecessor == old.ref


@pytest.mark.rule("SEED, FAQ 9; rule book 12, 18, 21.5")
def test_the_account_is_moved_at_the_bank_afterwards() -> None:
    """新卡启用后,到卡面银行激活并转接账户,旧卡金融功能关闭。"""
    old = new_cards.lost(financial_state=FinancialState.FORMAL_LOSS)
    new = new_cards.brought_to_outlet(new_cards.replace_at_counter())
    enable(new)
    assert OutboxRow.objects.filter(event="replacement.relink_due").count() == 1
    facts = {
        "card": new.ref,
        "proof": CardInHand(card_number=new.card_number),
        "shown": Shown(applying.OWN),
        "actor": new_cards.TELLER,
        "at": now(),
    }
    financial.activate(**facts)
    assert replacement.relink(**facts).predecessor == old.ref
    assert fresh(old).financial_state is FinancialState.CLOSED
    assert fresh(new).financial_state is FinancialState.ACTIVATED
    let_go_by(hours=2)
    assert not OutboxRow.objects.filter(event="function.relinked", delivered_at=None).exists()


def test_a_new_bank_makes_the_new_card_and_nothing_is_moved() -> None:
    """更换银行:新卡由新银行制作,不转接账户。"""
    old = new_cards.in_use(financial_state=FinancialState.CLOSED, **EMPTIED)
    told = Replacing(reason=ExchangeReason.BANK_CHANGE)
    receipt = new_cards.exchange_at_counter(
        told=told, answers=replace(applying.ANSWERS, bank="ccb")
    )
    new = new_cards.brought_to_outlet(receipt)
    enable(new, handed_in=True)
    assert (fresh(new).bank, fresh(old).bank) == ("ccb", "icbc")
    assert not OutboxRow.objects.filter(event="replacement.relink_due").exists()
    with refused("financial_function.nothing_to_relink"):
        replacement.relink(
            card=new.ref,
            proof=CardInHand(card_number=new.card_number),
            shown=Shown(applying.OWN),
            actor=new_cards.OTHER_TELLER,
            at=now(),
        )


@pytest.mark.rule("rule book 10, O13")
def test_a_replacement_lost_in_the_post_is_cancelled_and_applied_for_again() -> None:
    """补领的新卡寄丢:注销新卡,再补领一次;旧卡仍是挂失。"""
    old = new_cards.lost()
    first = new_cards.replace_online(old)
    let_go_by(days=1)
    gone = made_for(first)
    told = Cancelling(CancellationReason.LOST_BEFORE_ENABLING, Shown(applying.OWN))
    card.cancel(case=CancelCase(gone.ref, told), actor=CLERK, at=now())
    assert Application.objects.get(ref=first.application).state is ProductionState.RETRACTED
    second = new_cards.replace_online(old)
    let_go_by(days=3)
    new = made_for(second)
    assert new.predecessor_id == old.ref
    assert new_cards.enable_online(new).predecessor == old.ref
    new_cards.must_be_one_person_one_card(old.person_id)


@pytest.mark.rule("rule book V4; guarantees C1")
@pytest.mark.parametrize(
    "point",
    [
        "replacement.between_old_and_new",
        "collection.enable.before_commit",
        "collection.enable.after_commit",
    ],
)
def test_a_crash_never_leaves_two_cards_or_none(point: str) -> None:
    """启用中断:要么仍是旧卡,要么已是新卡,不会两张或没有。"""
    old = new_cards.in_use(**EMPTIED)
    new = new_cards.brought_to_outlet(new_cards.exchange_at_counter())
    with failpoint.armed(point), pytest.raises(Crash):
        enable(new, handed_in=True)
    done = point.endswith("after_commit")
    states = (fresh(old).hr_state, fresh(new).hr_state)
    assert states == (
        (HrState.CANCELLED, HrState.NORMAL) if done else (HrState.NORMAL, HrState.SEALED)
    )
    enable(new, handed_in=True)
    assert (fresh(old).hr_state, fresh(new).hr_state) == (HrState.CANCELLED, HrState.NORMAL)
    ended = Transition.objects.filter(card=old, to_state="cancelled")
    assert ended.count() == 1


@pytest.mark.rule("platform B10; rule book 21.4, V1, V5")
def test_five_cards_in_a_row_make_one_history() -> None:
    """连补五张:履历连续,卡号各不相同,旧号不外露。"""
    old = new_cards.in_use()
    person, numbers = old.person_id, {old.card_number}
    for _ in range(5):
        new_cards.lose(old)
        receipt = new_cards.replace_online(old)
        let_go_by(days=3)
        old = made_for(receipt)
        new_cards.enable_online(old)
        old = fresh(old)
        numbers.add(old.card_number)
        new_cards.must_be_one_person_one_card(person)
    assert len(numbers) == 6
    lines = cards.timeline(person=person, as_seen_by=holder(old))
    mentioned = {line.about for line in lines}
    assert {row.ref for row in Card.objects.filter(person=person)} <= mentioned
    assert not [number for number in numbers if number in str(lines)]
    assert old.person.identity_number == cast.ADULT


@pytest.mark.rule("platform B5")
def test_the_plan_of_a_real_person_is_walked_to_its_end() -> None:
    """计划里的每一步,柜面都照办。"""
    old = new_cards.in_use()
    asked = Asked(wish=Wish.EXCHANGE, reason=ExchangeReason.DAMAGED)
    made_card.an_outlet("out_direct", name="市民卡直营网点")
    Outlet.objects.filter(ref="out_direct").update(kind=OutletKind.DIRECT)
    first = planner.for_person(person=old.person_id, asked=asked, as_seen_by=CLERK, at=now())
    assert [[act.act for act in visit.acts] for visit in first.visits] == [
        ["planner.act.refund"],
        ["planner.act.apply_exchange"],
        ["planner.act.enable", "planner.act.activate"],
    ]
    assert [visit.outlets[0].ref for visit in first.visits] == [
        "out_direct",
        "out_tianning",
        "out_icbc",
    ]
    Card.objects.filter(ref=old.ref).update(transit_state=TransitState.CLOSED)
    receipt = new_cards.exchange_at_counter(collect_at="out_icbc")
    waiting = planner.for_person(person=old.person_id, asked=asked, as_seen_by=CLERK, at=now())
    assert (waiting.trips, waiting.visits[0].on) == (1, receipt.promised_on)
    new = new_cards.brought_to_outlet(receipt)
    assert (
        planner.for_person(person=old.person_id, asked=asked, as_seen_by=CLERK, at=now())
        .visits[0]
        .outlets[0]
        .ref
        == "out_icbc"
    )
    enable(new, handed_in=True, actor=new_cards.TELLER)
    financial.activate(
        card=new.ref,
        proof=CardInHand(card_number=new.card_number),
        shown=Shown(applying.OWN),
        actor=new_cards.TELLER,
        at=now(),
    )
    done = planner.for_person(
        person=old.person_id, asked=Asked(wish=Wish.USE), as_seen_by=holder(new), at=now()
    )
    assert (done.visits, done.refusal) == ((), None)


def test_a_retracted_replacement_leaves_the_old_card_lost_and_the_way_to_another_open() -> None:
    """撤回补领:旧卡仍挂失,可再补领,直到启用。"""
    old = new_cards.lost()
    receipt = new_cards.replace_online(old)
    application.retract(
        application=receipt.application, reason="changed_mind", actor=holder(old), at=now()
    )
    assert fresh(old).hr_state is HrState.FORMAL_LOSS
    again = new_cards.brought_to_outlet(new_cards.replace_at_counter())
    assert enable(again).predecessor == old.ref
