"""From an online application to a working card, by the worker alone; and what may go wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from onecard.actions import collection, delivery, outbox, timers
from onecard.adapters.courier.simulated import UNKNOWN_WORD
from onecard.adapters.faults import Fault
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.hr_function import HrState
from onecard.domain.production import ProductionState
from onecard.queries import card as cards
from onecard.queries import delivery as parcels
from onecard.queries import notification as messages
from onecard.records.models import Application, Card, OutboxRow
from onecard.seams.world import World, world
from tests import cast, made_card
from tests.actions.application import people
from tests.actions.application.conftest import played

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def province(a_world: World, db: None) -> Iterator[SimulatedPartners]:  # noqa: ARG001
    """Simulated partners who know the people, and the places of the city."""
    with played(a_world) as simulated:
        yield simulated


def let_go_by(**time: float) -> None:
    """Time goes by, the worker looks in every two hours."""
    until = world().clock.now() + timedelta(**time)
    while world().clock.now() < until:
        made_card.clock().advance(timedelta(hours=2))
        done = timers.run_due(world().clock.now())
        silent = "PartnerDown: hr_database"  # a job that asks the province again later
    assert not [job for job in done if job.error not in {"", silent}], done


def number_on_the_card() -> str:
    """As whoever holds the card reads it."""
    return Card.objects.get().card_number


@pytest.mark.rule("SEED, FAQ 6; acceptance cases A2, A19")
def test_a_card_applied_for_online_comes_by_post_and_is_enabled_online(
    province: SimulatedPartners,
) -> None:
    """网上申请→制卡→EMS到付→确认收卡并启用→省卡库登记。"""
    receipt = people.applied_online(people.WOMAN)
    citizen = people.signed_in(people.WOMAN)
    let_go_by(days=3)
    parcel = parcels.of_application(
        application=receipt.application, as_seen_by=citizen, at=world().clock.now()
    )
    assert parcel is not None
    assert (parcel.state, parcel.postage) == ("delivered", "delivery.postage.collect")
    (card,) = cards.my_cards(as_seen_by=citizen, at=world().clock.now()).cards
    assert card.standing == "to_enable"
    enabled = collection.enable_online(
        card=card.card,
        card_number=number_on_the_card(),
        actor=citizen,
        at=world().clock.now(),
    )
    assert not enabled.register_told
    let_go_by(hours=2)
    (card,) = cards.my_cards(as_seen_by=citizen, at=world().clock.now()).cards
    assert (card.standing, card.register) == ("usable", "confirmed")
    known = province.hr_database.cards_of(cast.ADULT)
    assert [told.state for told in known] == [HrState.NORMAL]
    assert not OutboxRow.objects.filter(delivered_at=None).exists()
    told = messages.mine(as_seen_by=citizen, language="zh", at=world().clock.now())
    assert len(told) == len(province.simulation.sms.sent()) == 6
    assert Application.objects.get().state is ProductionState.COLLECTED


@pytest.mark.rule("rule book 11.6")
def test_a_silent_register_delays_nobody_and_is_caught_up(province: SimulatedPartners) -> None:
    """省卡库不通:卡照常启用,页面显示同步中,恢复后自动补登。"""
    people.applied_online(people.WOMAN)
    citizen = people.signed_in(people.WOMAN)
    let_go_by(days=3)
    province.simulation.faults.set("hr_database", Fault.DOWN)
    (card,) = cards.my_cards(as_seen_by=citizen, at=world().clock.now()).cards
    collection.enable_online(
        card=card.card, card_number=number_on_the_card(), actor=citizen, at=world().clock.now()
    )
    let_go_by(hours=4)
    (card,) = cards.my_cards(as_seen_by=citizen, at=world().clock.now()).cards
    assert (card.standing, card.register) == ("usable", "pending")
    assert OutboxRow.objects.filter(party="sms", delivered_at=None).count() == 0
    province.simulation.faults.heal("hr_database")
    let_go_by(hours=2)
    (card,) = cards.my_cards(as_seen_by=citizen, at=world().clock.now()).cards
    assert card.register == "confirmed"


@pytest.mark.rule("acceptance case A19")
def test_a_parcel_that_comes_back_is_collected_at_the_counter() -> None:
    """退件→选择网点自取→柜面启用。"""
    receipt = people.applied_online(people.WOMAN, post_to=f"江苏省常州市天宁区{UNKNOWN_WORD}")
    citizen = people.signed_in(people.WOMAN)
    let_go_by(days=4)
    at = world().clock.now()
    (parcel,) = parcels.returned(as_seen_by=citizen, at=at)
    delivery.choose_outlet(shipment=parcel.shipment, outlet="out_tianning", actor=citizen, at=at)
    collection.hand_over(
        application=receipt.application,
        proof=collection.CardInHand(card_number=number_on_the_card()),
        shown=collection.Shown(made_card.own_document()),
        actor=cast.CLERK,
        at=at,
    )
    enabled = collection.enable(
        card=Card.objects.get().ref,
        proof=collection.CardInHand(card_number=number_on_the_card()),
        shown=collection.Shown(made_card.own_document()),
        old_card_handed_in=False,
        actor=cast.CLERK,
        at=at,
    )
    assert enabled.hr_state == "normal"
    assert outbox.parties_due(at=at) == ("hr_database", "sms")
