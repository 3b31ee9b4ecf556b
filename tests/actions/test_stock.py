"""Blank cards: each in one place, spoiled ones with a second person, no day without count."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from onecard.actions import stock
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.refusal import NotFound, Refused
from onecard.domain.stock import BlankState, SpoilReason
from onecard.records.models import BlankCard, Outlet, Staff, StockCount, StockMovement
from tests import cast
from tests.production import OTHER_CLERK, a_person, now
from tests.staff import an_outlet

pytestmark = pytest.mark.django_db

OTHER_SUPERVISOR = Actor(
    Role.OUTLET_SUPERVISOR, "stf_head_wujin", Channel.SERVICE_OUTLET, outlet="out_wujin"
)


@pytest.fixture(autouse=True)
def two_outlets() -> tuple[Outlet, Outlet]:
    return an_outlet(), an_outlet("out_wujin", name="武进网点")


def receive(first: str = "S001", last: str = "S010", bank: str = "icbc") -> stock.DeliveryReceipt:
    return stock.receive(bank=bank, first=first, last=last, actor=cast.SUPERVISOR, at=now())


def spoil(serial: str, actor: Actor = cast.CLERK) -> stock.SpoilReceipt:
    reason = SpoilReason.DAMAGED
    return stock.report_spoiled(serial=serial, reason=reason, actor=actor, at=now())


def state_of(serial: str) -> BlankState:
    return BlankCard.objects.get(serial=serial).state


def test_a_delivery_puts_every_serial_into_the_drawer_with_its_movement() -> None:
    """入库:每张空白卡一条移动记录。"""
    receipt = receive()
    assert (receipt.count, receipt.outlet) == (10, "out_tianning")
    assert BlankCard.objects.filter(outlet="out_tianning", bank="icbc").count() == 10
    assert set(StockMovement.objects.values_list("from_place", "to_place")) == {
        ("supplier", "drawer:out_tianning")
    }


def test_a_serial_is_taken_in_once() -> None:
    """同一张空白卡只入库一次。"""
    receive()
    with pytest.raises(Refused, match="serial_known"):
        receive("S010", "S012")
    assert BlankCard.objects.count() == 10


def test_cards_on_their_way_are_in_transit_and_the_missing_ones_are_named() -> None:
    """调拨在途;没到的指出来。"""
    receive()
    stock.send(first="S003", last="S005", receiver="out_wujin", actor=cast.SUPERVISOR, at=now())
    assert state_of("S003") is BlankState.IN_TRANSIT
    arrived = stock.confirm_arrival(first="S003", last="S004", actor=OTHER_CLERK, at=now())
    assert (arrived.count, arrived.missing) == (2, ("S005",))
    assert BlankCard.objects.filter(outlet="out_wujin", state=BlankState.IN_STOCK).count() == 2


def test_the_cards_of_another_outlet_look_like_none() -> None:
    """看不到其他网点的空白卡。"""
    receive()
    with pytest.raises(NotFound):
        spoil("S001", OTHER_CLERK)
    with pytest.raises(NotFound):
        stock.confirm_arrival(first="S001", last="S001", actor=OTHER_CLERK, at=now())


@pytest.mark.rule("platform C4.3")
def test_a_spoiled_card_needs_a_second_person_who_is_somebody_else() -> None:
    """报废须有原因和第二个人,不能自己复核自己。"""
    receive()
    spoil("S001")
    spoil("S002", cast.SUPERVISOR)
    with pytest.raises(Refused, match="not_yours"):
        stock.approve_spoiled(serial="S001", actor=cast.CLERK, at=now())
    with pytest.raises(Refused, match="second_person"):
        stock.approve_spoiled(serial="S002", actor=cast.SUPERVISOR, at=now())
    receipt = stock.approve_spoiled(serial="S001", actor=cast.SUPERVISOR, at=now())
    assert (receipt.state, receipt.reason) == ("spoiled", "damaged")
    movement = StockMovement.objects.get(blank__serial="S001", to_place__startswith="shredder")
    assert movement.approved_by == cast.SUPERVISOR.ref


@pytest.mark.rule("guarantees 12")
def test_a_second_sign_in_of_the_same_person_is_no_second_person() -> None:
    """同一人的另一个账号不算第二个人。"""
    receive()
    person = a_person()
    for ref, role in (
        (cast.CLERK.ref, Role.OUTLET_CLERK),
        (cast.SUPERVISOR.ref, cast.SUPERVISOR.role),
    ):
        Staff.objects.create(
            ref=ref, username=ref, display_name="周", role=role, person=person, created_at=now()
        )
    spoil("S001")
    with pytest.raises(Refused, match="second_person"):
        stock.approve_spoiled(serial="S001", actor=cast.SUPERVISOR, at=now())


def test_a_card_found_good_goes_back_into_the_drawer() -> None:
    """复核完好,退回卡库。"""
    receive()
    spoil("S001")
    stock.find_good(serial="S001", actor=cast.SUPERVISOR, at=now())
    assert state_of("S001") is BlankState.IN_STOCK


@pytest.mark.rule("platform C4.5")
def test_a_day_closes_only_when_every_card_is_explained() -> None:
    """日终:少卡、多卡、报废待复核,都不能关。"""
    receive()
    spoil("S001")
    with pytest.raises(Refused) as refused:
        close({"icbc": 8, "ccb": 1})
    codes = [refusal.code for refusal in refused.value.refusals]
    assert codes == ["stock.cards_too_many", "stock.cards_missing", "stock.spoil_waits"]
    stock.approve_spoiled(serial="S001", actor=cast.SUPERVISOR, at=now())
    assert close({"icbc": 9}).counted == {"icbc": 9}
    with pytest.raises(Refused, match="day_closed"):
        spoil("S002")
    with pytest.raises(Refused, match="day_closed"):
        close({"icbc": 9})
    assert StockCount.objects.count() == 1


def test_a_missing_card_is_explained_by_a_reason_and_a_second_person() -> None:
    """找不到的卡,逐张报废并由主管复核后才能日终。"""
    receive("S001", "S003")
    with pytest.raises(Refused, match="cards_missing"):
        close({"icbc": 2})
    stock.report_spoiled(serial="S002", reason=SpoilReason.MISSING, actor=cast.CLERK, at=now())
    stock.approve_spoiled(serial="S002", actor=cast.SUPERVISOR, at=now())
    assert close({"icbc": 2}).counted == {"icbc": 2}


def close(counted: dict[str, int]) -> stock.CountReceipt:
    return stock.close_day(counted=counted, actor=cast.CLERK, at=now())


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        ("S001", "T002", "not_a_range"),
        ("S001", "S0002", "not_a_range"),
        ("S002", "S001", "not_a_range"),
        ("S", "S", "not_a_range"),
        ("S000001", "S900000", "delivery_too_large"),
    ],
)
def test_a_range_that_is_none_is_refused(first: str, last: str, code: str) -> None:
    """首尾序号不成段、张数过多,不办。"""
    with pytest.raises(Refused, match=code):
        receive(first, last)


def test_the_table_itself_keeps_a_taken_card_with_its_application() -> None:
    """表约束:领用的卡必有申请,在库的卡没有。"""
    receive("S001", "S001")
    with pytest.raises(IntegrityError), transaction.atomic():
        BlankCard.objects.update(state=BlankState.TAKEN)
    with pytest.raises(IntegrityError), transaction.atomic():
        BlankCard.objects.update(state=BlankState.SPOILED)
