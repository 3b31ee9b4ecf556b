"""A card goes by post: packed once, handed over once, followed scan by scan, and back again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from onecard.actions import delivery, outbox
from onecard.actions.delivery import scans
from onecard.adapters.courier import Parcel, Scan, Scans
from onecard.adapters.faults import Fault
from onecard.adapters.outcomes import PartnerSilent
from onecard.adapters.partners import in_partners
from onecard.adapters.simulation import SimulatedPartners, simulated_partners
from onecard.domain.application import Collection
from onecard.domain.authority import THE_CLOCK
from onecard.domain.delivery import DeliveryEvent, DeliveryState, ScanVerdict
from onecard.domain.hr_function import HrState
from onecard.domain.production import ProductionState
from onecard.domain.refusal import NotFound, Refused
from onecard.records.models import (
    Application,
    AuditRow,
    Card,
    CourierScan,
    Discrepancy,
    Notification,
    OutboxRow,
    Shipment,
    ShipmentStep,
)
from onecard.seams.failpoint import Crash, armed
from onecard.seams.world import world
from tests import cast, made_card

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def city() -> Iterator[SimulatedPartners]:
    """Partners made of software, in memory."""
    partners = simulated_partners(state_folder=None, now=world().clock.now, seed=7)
    with in_partners(partners):
        yield partners


def now() -> datetime:
    return world().clock.now()


def packed(**more: object) -> str:
    """The shipment of a card that was just packed."""
    _, application, _ = made_card.posted_card(**more)
    return delivery.pack(application=application.ref, actor=THE_CLOCK, at=now()).shipment


def on_its_way(**more: object) -> Shipment:
    """A parcel the courier has."""
    shipment = packed(**more)
    outbox.deliver_due(actor=THE_CLOCK, at=now())
    return Shipment.objects.get(ref=shipment)


def returned_parcel() -> Shipment:
    """A parcel that came back."""
    shipment = on_its_way()
    _take(shipment, DeliveryEvent.RETURN, 5)
    shipment.refresh_from_db()
    return shipment


def _take(
    shipment: Shipment, event: DeliveryEvent, hours: int, *, scan_id: str = "", number: str = ""
) -> scans.ScanReceipt:
    scan = Scan(
        scan_id or f"{shipment.ref}-{event.value}-{hours}",
        number or shipment.ems_number,
        event,
        "常州",
        cast.MONDAY_9AM + hours * HOUR,
    )
    return scans.take_scan(scan=scan, actor=THE_CLOCK, at=now())


@pytest.mark.rule("SEED, FAQ 6; rule book 10")
def test_a_made_card_is_packed_handed_over_and_followed_to_the_door(
    city: SimulatedPartners,
) -> None:
    """制卡完成后采用EMS邮寄到付;妥投后卡仍封存,提示完成个人领卡。"""
    person, _, card = made_card.posted_card()
    assert delivery.pack_due(actor=THE_CLOCK, at=now()) == 1
    assert Application.objects.get().state is ProductionState.POSTED
    outbox.deliver_due(actor=THE_CLOCK, at=now())
    shipment = Shipment.objects.get()
    assert shipment.state is DeliveryState.HANDED_OVER
    assert shipment.ems_number
    made_card.clock().advance(timedelta(days=2))
    read = delivery.read_scans(actor=THE_CLOCK, at=now())
    assert read.applied == 3
    shipment.refresh_from_db()
    assert shipment.state is DeliveryState.DELIVERED
    assert Card.objects.get(ref=card.ref).hr_state is HrState.SEALED
    assert Application.objects.get().holder_of_the_moment == "applicant"
    outbox.deliver_due(actor=THE_CLOCK, at=now())
    texts = [text.text for text in city.simulation.sms.sent()]
    assert "还未启用" in texts[-1]
    assert "个人领卡" in texts[-1]
    assert Notification.objects.filter(person=person).count() == len(texts)
    assert not [text for text in texts if cast.ADULT in text or made_card.CARD_NUMBER in text]


def test_packing_twice_makes_one_parcel() -> None:
    """同一申请只装封一次。"""
    _, application, _ = made_card.posted_card()
    first = delivery.pack(application=application.ref, actor=THE_CLOCK, at=now())
    second = delivery.pack(application=application.ref, actor=THE_CLOCK, at=now())
    assert second.notice == "delivery.already_packed"
    assert second.shipment == first.shipment
    assert OutboxRow.objects.filter(party="courier").count() == 1


def test_only_a_card_applied_for_by_post_is_packed() -> None:
    """非邮寄领取的卡不装封。"""
    _, application, _ = made_card.card_at_outlet(state=ProductionState.MADE)
    with pytest.raises(Refused) as refused:
        delivery.pack(application=application.ref, actor=THE_CLOCK, at=now())
    assert refused.value.refusal.code == "delivery.not_by_post"
    assert not Shipment.objects.exists()
    assert AuditRow.objects.get().code == "delivery.not_by_post"
    assert delivery.pack_due(actor=THE_CLOCK, at=now()) == 0


def test_a_card_without_an_address_waits_for_one_and_goes_then() -> None:
    """缺收件地址的卡等待补填,补填后交寄。"""
    shipment = packed(key_information={"phone": "13912345678"})
    assert not OutboxRow.objects.filter(party="courier").exists()
    with pytest.raises(Refused) as refused:
        delivery.hand_over(shipment=shipment, actor=THE_CLOCK, at=now())
    assert refused.value.refusal.code == "delivery.address_missing"
    person = Shipment.objects.get().application.person
    delivery.give_address(
        shipment=shipment, address="文化宫2号", actor=made_card.as_citizen(person), at=now()
    )
    outbox.deliver_due(actor=THE_CLOCK, at=now())
    assert Shipment.objects.get().state is DeliveryState.HANDED_OVER
    with pytest.raises(Refused) as refused:
        delivery.give_address(
            shipment=shipment, address="别处", actor=made_card.as_citizen(person), at=now()
        )
    assert refused.value.refusal.code == "delivery.not_in_this_state"


def test_a_crash_after_the_couriers_answer_gives_the_same_parcel(
    city: SimulatedPartners,
) -> None:
    """寄递公司答复后系统中断,重做得到同一邮件号。"""
    shipment = packed()
    with armed("delivery.after_courier_call"), pytest.raises(Crash):
        outbox.deliver_due(actor=THE_CLOCK, at=now())
    assert Shipment.objects.get().state is DeliveryState.PACKED
    made_card.clock().advance(outbox.queue.LEASE)
    outbox.deliver_due(actor=THE_CLOCK, at=now())
    row = Shipment.objects.get(ref=shipment)
    assert row.state is DeliveryState.HANDED_OVER
    parcel = Parcel(f"{shipment}-1", "", "", "")
    assert city.simulation.courier.hand_over(parcel) == row.ems_number


def test_news_of_a_parcel_that_came_before_its_number_is_not_lost(
    city: SimulatedPartners,
) -> None:
    """邮件号尚未入库时收到的轨迹,补登后照常生效。"""
    shipment = packed()
    with armed("delivery.after_courier_call"), pytest.raises(Crash):
        outbox.deliver_due(actor=THE_CLOCK, at=now())
    number = city.simulation.courier.hand_over(Parcel(f"{shipment}-1", "", "", ""))
    made_card.clock().advance(timedelta(days=2))
    read = delivery.read_scans(actor=THE_CLOCK, at=now())
    assert read.discrepancies == 3
    assert Discrepancy.objects.filter(settled_at=None).count() == 3
    outbox.deliver_due(actor=THE_CLOCK, at=now())
    row = Shipment.objects.get(ref=shipment)
    assert row.ems_number == number
    assert row.state is DeliveryState.DELIVERED
    assert not Discrepancy.objects.filter(settled_at=None).exists()


def test_a_courier_that_gives_no_answer_delays_only_the_hand_over(
    city: SimulatedPartners,
) -> None:
    """寄递公司无应答时保留待寄,恢复后继续。"""
    city.simulation.faults.set("courier", Fault.DOWN)
    packed()
    assert outbox.deliver_due(actor=THE_CLOCK, at=now()).silent == ("courier",)
    with pytest.raises(PartnerSilent):
        delivery.read_scans(actor=THE_CLOCK, at=now())
    city.simulation.faults.heal("courier")
    made_card.clock().advance(timedelta(minutes=2))
    outbox.deliver_due(actor=THE_CLOCK, at=now())
    assert Shipment.objects.get().state is DeliveryState.HANDED_OVER


def test_a_scan_has_its_effect_once() -> None:
    """同一轨迹编号重复到达不再生效。"""
    shipment = on_its_way()
    first = _take(shipment, DeliveryEvent.DELIVER, 3, scan_id="s1")
    second = _take(shipment, DeliveryEvent.DELIVER, 3, scan_id="s1")
    assert first.verdict == ScanVerdict.APPLIED.value
    assert second.repeated
    assert ShipmentStep.objects.filter(event="deliver").count() == 1
    assert OutboxRow.objects.filter(event="card.delivered").count() == 1


def test_a_late_scan_is_history_and_a_wrong_one_a_discrepancy() -> None:
    """迟到轨迹只进记录;表外轨迹记差错,状态不变。"""
    shipment = on_its_way()
    _take(shipment, DeliveryEvent.DELIVER, 3)
    assert _take(shipment, DeliveryEvent.SCAN, 1).verdict == ScanVerdict.LATE.value
    assert _take(shipment, DeliveryEvent.RETURN, 4).verdict == ScanVerdict.DISCREPANCY.value
    assert _take(shipment, DeliveryEvent.REFUSE, 5).verdict == ScanVerdict.DISCREPANCY.value
    shipment.refresh_from_db()
    assert shipment.state is DeliveryState.DELIVERED
    assert Discrepancy.objects.get().kind == "courier.scan_does_not_fit"
    assert ShipmentStep.objects.filter(shipment=shipment).count() == 4
    assert CourierScan.objects.count() == 4


def test_news_of_a_parcel_nobody_knows_is_kept_as_a_discrepancy() -> None:
    """查无此邮件的轨迹记差错。"""
    shipment = on_its_way()
    taken = _take(shipment, DeliveryEvent.DELIVER, 3, number="EA000000000CN")
    assert taken.verdict == ScanVerdict.DISCREPANCY.value
    assert Discrepancy.objects.get().kind == scans.UNKNOWN
    shipment.refresh_from_db()
    assert shipment.state is DeliveryState.HANDED_OVER


@pytest.mark.rule("acceptance case A19")
def test_a_returned_parcel_is_collected_at_the_outlet_its_holder_chooses() -> None:
    """退件后持卡人选择到网点领取。"""
    shipment = returned_parcel()
    citizen = made_card.as_citizen(shipment.application.person)
    receipt = delivery.choose_outlet(
        shipment=shipment.ref, outlet=made_card.an_outlet().ref, actor=citizen, at=now()
    )
    assert receipt.state == "at_outlet"
    application = Application.objects.get()
    assert application.state is ProductionState.AT_OUTLET
    assert application.collection is Collection.OUTLET
    assert application.collect_at_id == "out_tianning"
    with pytest.raises(Refused) as refused:
        delivery.send_again(shipment=shipment.ref, actor=citizen, at=now())
    assert refused.value.refusal.code == "delivery.not_in_this_state"


@pytest.mark.rule("acceptance case A19")
def test_a_returned_parcel_is_sent_again_under_a_new_number() -> None:
    """退件后选择再次寄送:新邮件号,再次到付。"""
    shipment = returned_parcel()
    first_number = shipment.ems_number
    citizen = made_card.as_citizen(shipment.application.person)
    asked = delivery.send_again(
        shipment=shipment.ref, address="常州市新北区太湖东路9号", actor=citizen, at=now()
    )
    assert asked.attempt == 2
    again = delivery.send_again(shipment=shipment.ref, actor=citizen, at=now())
    assert again.notice == "delivery.already_going_again"
    with pytest.raises(Refused) as refused:
        delivery.choose_outlet(
            shipment=shipment.ref, outlet=made_card.an_outlet().ref, actor=citizen, at=now()
        )
    assert refused.value.refusal.code == "delivery.already_going_again"
    outbox.deliver_due(actor=THE_CLOCK, at=now())
    shipment.refresh_from_db()
    assert shipment.state is DeliveryState.HANDED_OVER
    assert shipment.ems_number not in {"", first_number}
    assert shipment.address == "常州市新北区太湖东路9号"
    assert _take(shipment, DeliveryEvent.DELIVER, 9).verdict == ScanVerdict.APPLIED.value


def test_news_of_an_earlier_parcel_never_moves_the_one_under_way() -> None:
    """前一次邮件的迟到轨迹不影响再次寄送的邮件。"""
    shipment = returned_parcel()
    old = shipment.ems_number
    delivery.send_again(
        shipment=shipment.ref, actor=made_card.as_citizen(shipment.application.person), at=now()
    )
    outbox.deliver_due(actor=THE_CLOCK, at=now())
    shipment.refresh_from_db()
    late = _take(shipment, DeliveryEvent.SCAN, 2, number=old)
    wrong = _take(shipment, DeliveryEvent.DELIVER, 8, number=old)
    assert (late.verdict, wrong.verdict) == ("late", "discrepancy")
    shipment.refresh_from_db()
    assert shipment.state is DeliveryState.HANDED_OVER


def test_somebody_elses_parcel_looks_like_none() -> None:
    """他人的邮件与不存在的邮件表现一致。"""
    shipment = returned_parcel()
    stranger = made_card.as_citizen(made_card.a_person(cast.ADULT_MAN, name="李强"))
    for ref in (shipment.ref, "shp_nobody"):
        with pytest.raises(NotFound):
            delivery.send_again(shipment=ref, actor=stranger, at=now())


class _PagedCourier:
    """A courier with a page of two scans at a time."""

    def __init__(self, scans: list[Scan]) -> None:
        self.scans = scans

    def hand_over(self, parcel: Parcel) -> str:
        return f"11{parcel.message_id[-11:]}"

    def scans_after(self, cursor: str) -> Scans:
        start = int(cursor or 0)
        page = tuple(self.scans[start : start + 2])
        return Scans(page, str(start + len(page)))


def test_reading_goes_on_where_it_stopped_and_a_crash_reads_again(
    city: SimulatedPartners,
) -> None:
    """轨迹读取位置落库后才前移,中断后重读不重复生效。"""
    shipment = on_its_way()
    news = [
        Scan(f"s{place}", shipment.ems_number, event, "", cast.MONDAY_9AM + place * HOUR)
        for place, event in enumerate(
            [DeliveryEvent.SCAN, DeliveryEvent.SCAN, DeliveryEvent.SCAN, DeliveryEvent.DELIVER]
        )
    ]
    with in_partners(replace(city, courier=_PagedCourier(news))):
        with armed("delivery.before_cursor_moves"), pytest.raises(Crash):
            delivery.read_scans(actor=THE_CLOCK, at=now())
        assert CourierScan.objects.count() == 2
        read = delivery.read_scans(actor=THE_CLOCK, at=now())
        assert (read.repeated, read.applied) == (2, 2)
        again = delivery.read_scans(actor=THE_CLOCK, at=now())
        assert (again.repeated, again.applied) == (0, 0)
    shipment.refresh_from_db()
    assert shipment.state is DeliveryState.DELIVERED


def test_the_place_to_go_on_reading_never_moves_backwards() -> None:
    """两个进程同时读取时,读取位置不后退。"""
    moved = scans.move_cursor(seen="", cursor="5", actor=THE_CLOCK, at=now())
    late = scans.move_cursor(seen="", cursor="2", actor=THE_CLOCK, at=now())
    assert moved.moved
    assert not late.moved
    assert late.cursor == "5"
