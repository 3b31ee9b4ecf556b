"""What people may see of cards and parcels: masked, their own, and said by the rules themselves."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from onecard import words
from onecard.actions import collection, delivery, outbox, timers
from onecard.actions.delivery import scans
from onecard.adapters.courier import Scan
from onecard.adapters.partners import in_partners
from onecard.adapters.simulation import simulated_partners
from onecard.domain.authority import THE_CLOCK, Actor, Channel, Role
from onecard.domain.delivery import DeliveryEvent
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.refusal import NotFound
from onecard.domain.transit_purse import TransitState
from onecard.queries import card as queries
from onecard.queries import delivery as parcels
from onecard.queries import outbox as queues
from onecard.records.models import Card, OutboxRow, Shipment
from onecard.seams.world import world
from tests import cast, made_card

pytestmark = pytest.mark.django_db


def now() -> datetime:
    return world().clock.now()


def _parcel() -> tuple[Actor, Shipment]:
    """A citizen and the parcel with the card."""
    person, application, _ = made_card.posted_card()
    shipment = delivery.pack(application=application.ref, actor=THE_CLOCK, at=now()).shipment
    with in_partners(simulated_partners(state_folder=None, now=world().clock.now, seed=7)):
        outbox.deliver_due(actor=THE_CLOCK, at=now())
    return made_card.as_citizen(person), Shipment.objects.get(ref=shipment)


def _scan(shipment: Shipment, event: DeliveryEvent) -> None:
    scan = Scan(f"s-{event.value}", shipment.ems_number, event, "投递部", now())
    scans.take_scan(scan=scan, actor=THE_CLOCK, at=now())


@pytest.mark.rule("acceptance case A17")
def test_the_status_query_names_the_one_live_card_by_masked_number_and_bank() -> None:
    """手上有几张卡,查询指出一张有效卡,卡号脱敏并写明银行。"""
    person, _, card = made_card.card_at_outlet()
    made_card.a_predecessor(person, HrState.CANCELLED)
    collection.enable(
        card=card.ref,
        proof=collection.CardInHand(card_number=made_card.CARD_NUMBER),
        shown=collection.Shown(made_card.own_document()),
        old_card_handed_in=False,
        actor=cast.CLERK,
        at=now(),
    )
    seen = queries.my_cards(as_seen_by=made_card.as_citizen(person), at=now())
    assert seen.live is not None
    assert (seen.live.number, seen.live.bank, seen.live.standing) == (
        "B*******8",
        "jnrcb",
        "usable",
    )
    assert [shown.standing for shown in seen.cards] == ["usable", "cancelled"]


@pytest.mark.rule("acceptance case A2; platform C1-09, C1-12")
def test_a_delivered_card_says_that_it_is_not_enabled_and_where_to_do_it() -> None:
    """已送达未启用:三项功能分别显示,并指明在哪里启用。"""
    citizen, shipment = _parcel()
    before = queries.my_cards(as_seen_by=citizen, at=now()).cards[0]
    _scan(shipment, DeliveryEvent.DELIVER)
    card = queries.my_cards(as_seen_by=citizen, at=now()).cards[0]
    assert before.may_enable_online is None, "the number on the card says more than a scan"
    assert card.may_enable_online is None
    hr, financial, transit = card.lights
    assert (hr.function, hr.state, hr.tone, hr.next) == (
        "hr",
        "sealed",
        "wait",
        "card.next.hr.enable_here",
    )
    assert (financial.state, transit.state) == ("opened", "not_opened")
    clerks = queries.cards_of(person=citizen.ref, as_seen_by=cast.CLERK, at=now()).cards[0]
    assert clerks.lights[0].next == "card.next.hr.sealed"
    (waiting,) = queries.to_enable(as_seen_by=cast.OPERATOR, at=now() + timedelta(days=3))
    assert (waiting.days, waiting.how, waiting.name) == (3, "post", "王*")
    assert queries.to_enable(as_seen_by=citizen, at=now())
    assert not queries.to_enable(as_seen_by=cast.CLERK, at=now()), "another outlet's business"


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_light_has_words(language: str) -> None:
    """每种状态都有说法和下一步。"""
    lights = [("hr", "hr_function", HrState), ("financial", "financial_function", FinancialState)]
    for function, room, states in [*lights, ("transit", "transit_purse", TransitState)]:
        for state in states:
            assert words.has(f"{room}.state.{state.value}", language)
            assert words.has(f"card.next.{function}.{state.value}", language)


@pytest.mark.rule("rule book 11.6")
def test_the_register_is_shown_as_pending_until_it_has_confirmed() -> None:
    """省卡库确认之前如实显示“同步中”,不提前显示已完成。"""
    person, _, card = made_card.card_at_outlet()
    citizen = made_card.as_citizen(person)
    assert queries.my_cards(as_seen_by=citizen, at=now()).cards[0].register == ""
    row = OutboxRow.objects.create(
        ref="evt_a",
        event="card.enabled",
        party="hr_database",
        subject=card.ref,
        sequence=1,
        payload={"state": "normal"},
        created_at=now(),
        due_at=now(),
    )
    assert queries.my_cards(as_seen_by=citizen, at=now()).cards[0].register == "pending"
    row.delivered_at = now()
    row.save()
    seen = queries.my_cards(as_seen_by=citizen, at=now()).cards[0]
    assert (seen.register, seen.register_confirmed_at) == ("confirmed", now())


def test_a_temporary_loss_is_shown_as_over_when_its_time_is() -> None:
    """临时挂失到期即显示正常,不待定时任务。"""
    person = made_card.a_person()
    made_card.a_predecessor(person, HrState.TEMPORARY_LOSS, ends_at=now())
    seen = queries.my_cards(as_seen_by=made_card.as_citizen(person), at=now())
    assert seen.cards[0].lights[0].state == "normal"
    earlier = queries.my_cards(
        as_seen_by=made_card.as_citizen(person), at=now() - timedelta(microseconds=1)
    )
    assert earlier.cards[0].lights[0].state == "temporary_loss"


def test_somebody_elses_cards_and_history_look_like_none() -> None:
    """他人的卡、经过、邮件与不存在的表现一致。"""
    citizen, shipment = _parcel()
    stranger = made_card.as_citizen(made_card.a_person(cast.ADULT_MAN, name="李强"))
    agent = Actor(Role.EMPLOYER_AGENT, "stf", Channel.EMPLOYER, employer="emp_a")
    for viewer in (stranger, agent):
        with pytest.raises(NotFound):
            queries.cards_of(person=citizen.ref, as_seen_by=viewer, at=now())
        with pytest.raises(NotFound):
            queries.timeline(person=citizen.ref, as_seen_by=viewer)
    with pytest.raises(NotFound):
        parcels.show(shipment=shipment.ref, as_seen_by=stranger, at=now())
    with pytest.raises(NotFound):
        parcels.of_application(application=shipment.application_id, as_seen_by=stranger, at=now())


def test_the_history_runs_on_across_application_parcel_and_card() -> None:
    """申请、寄递、卡的经过按时间排成一条线,卡号脱敏。"""
    citizen, shipment = _parcel()
    made_card.clock().advance(timedelta(hours=1))
    _scan(shipment, DeliveryEvent.DELIVER)
    made_card.clock().advance(timedelta(hours=1))
    collection.enable_online(
        card=Card.objects.get().ref,
        card_number=made_card.CARD_NUMBER,
        actor=citizen,
        at=now(),
    )
    lines = queries.timeline(person=citizen.ref, as_seen_by=citizen)
    what = [line.what for line in lines]
    assert set(what[:2]) == {"hr_function.state.normal", "production.state.collected"}
    assert what[2] == "delivery.state.delivered"
    assert {"delivery.state.packed", "delivery.state.handed_over"} < set(what)
    assert all(words.has(key) for key in what)
    assert made_card.CARD_NUMBER not in repr(lines)


@pytest.mark.rule("acceptance case A19; SEED, FAQ 6")
def test_a_parcel_shows_who_pays_no_amount_and_what_may_be_chosen() -> None:
    """显示邮费到付、不显示金额;退件后给出两种选择。"""
    citizen, shipment = _parcel()
    ref = shipment.application_id
    seen = parcels.of_application(application=ref, as_seen_by=citizen, at=now())
    assert seen is not None
    assert (seen.carrier, seen.postage, seen.postage_fen) == (
        "EMS",
        "delivery.postage.collect",
        None,
    )
    assert (seen.recipient, seen.phone) == ("王*", "139****5678")
    assert "文化宫" not in seen.address
    assert seen.may_choose_outlet is not None
    _scan(shipment, DeliveryEvent.RETURN)
    number = shipment.application.number
    back = parcels.of_application(application=number, as_seen_by=citizen, at=now())
    assert back is not None
    assert back.may_choose_outlet is None
    assert back.may_send_again is None
    assert [line.shipment for line in parcels.returned(as_seen_by=cast.OPERATOR, at=now())] == [
        shipment.ref
    ]
    assert parcels.returned(as_seen_by=cast.CLERK, at=now()) == ()


def test_a_parcel_without_news_for_long_is_on_the_list() -> None:
    """长时间没有新轨迹的邮件列入待查清单。"""
    _, shipment = _parcel()
    soon, late = now() + timedelta(days=9), now() + timedelta(days=10)
    assert parcels.without_news(as_seen_by=cast.OPERATOR, at=soon) == ()
    (silent,) = parcels.without_news(as_seen_by=cast.OPERATOR, at=late)
    assert silent.shipment == shipment.ref


def test_a_card_without_an_address_is_on_the_list() -> None:
    """缺地址待补的卡在清单上。"""
    _, application, _ = made_card.posted_card(key_information={})
    delivery.pack(application=application.ref, actor=THE_CLOCK, at=now())
    (line,) = parcels.without_address(as_seen_by=cast.OPERATOR, at=now())
    assert line.address_missing
    assert line.may_give_address is None
    assert parcels.on_their_way(as_seen_by=cast.OPERATOR, at=now()) == (line,)


def test_the_operator_sees_who_waits_and_why_and_nobody_else_does() -> None:
    """运行人员看到各方积压与原因,其他人看不到。"""
    OutboxRow.objects.create(
        ref="evt_a",
        event="x",
        party="north",
        subject="a",
        sequence=1,
        created_at=now() - timedelta(minutes=5),
        due_at=now(),
    )
    outbox.give_up(message="evt_a", reason="rejected: 空号", actor=THE_CLOCK, at=now())
    OutboxRow.objects.create(
        ref="evt_b",
        event="x",
        party="north",
        subject="b",
        sequence=1,
        created_at=now() - timedelta(minutes=3),
        due_at=now(),
    )
    (north,) = queues.parties(as_seen_by=cast.OPERATOR, at=now())
    assert (north.waiting, north.given_up, north.behind_seconds) == (1, 1, 180)
    (message,) = queues.given_up(as_seen_by=cast.OPERATOR, at=now())
    assert message.reason == "rejected: 空号"
    assert len(queues.held_back(as_seen_by=cast.OPERATOR, party="north")) == 1
    for ask in (queues.parties, queues.given_up, queues.jobs):
        with pytest.raises(NotFound):
            ask(as_seen_by=cast.CLERK, at=now())


def test_jobs_that_bring_messages_are_told_by_party_and_never_called_late() -> None:
    """发送消息按合作方各自的线程跑,不在定时任务里报「没有按时运行」。"""
    timers.run_due(now())
    told = {job.job for job in queues.jobs(as_seen_by=cast.OPERATOR, at=now())}
    assert "loss.lapse_due" in told
    assert not told & {"outbox", "webhook"}
