"""EMS, in process and over a wire: numbers, scans as time goes by, parcels that come back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from onecard.adapters.courier import Parcel, Scan
from onecard.domain.delivery import DeliveryEvent
from onecard.domain.identity import NumberKind, check_number
from tests import cast
from tests.adapters.stage import Stage

E = DeliveryEvent
ADDRESS = "江苏省常州市天宁区和平北路1号"


def _parcel(message_id: str = "evt_1", address: str = ADDRESS) -> Parcel:
    return Parcel(message_id, "王芳", "13900000001", address)


def _read_all(stage: Stage) -> tuple[Scan, ...]:
    return stage.partners.courier.scans_after("").scans


@pytest.mark.rule("rule book 5.1")
def test_every_ems_number_is_a_right_one_of_either_form(stage: Stage) -> None:
    """EMS单号:13位数字,或带校验位的S10。"""
    numbers = [stage.partners.courier.hand_over(_parcel(f"evt_{n}")) for n in range(20)]
    assert len(set(numbers)) == 20
    assert {len(number) for number in numbers} == {13}
    assert {number.isdigit() for number in numbers} == {True, False}
    assert not [n for n in numbers if check_number(NumberKind.EMS, n, on=cast.MONDAY)]


def test_the_same_message_id_hands_over_one_parcel(stage: Stage) -> None:
    """同一消息编号只交寄一件。"""
    first = stage.partners.courier.hand_over(_parcel())
    assert stage.partners.courier.hand_over(_parcel()) == first
    stage.clock.advance(timedelta(days=3))
    assert [scan.event for scan in _read_all(stage)].count(E.DELIVER) == 1


def test_nothing_happens_before_its_time(stage: Stage) -> None:
    stage.partners.courier.hand_over(_parcel())
    assert _read_all(stage) == ()
    stage.clock.advance(timedelta(hours=2))
    assert [scan.event for scan in _read_all(stage)] == [E.SCAN]
    assert _read_all(stage)[0].at == stage.clock.now()


def test_what_has_happened_does_not_happen_again(stage: Stage) -> None:
    stage.inside.courier.hand_over(_parcel())
    later = stage.clock.now() + timedelta(days=3)
    assert [stage.inside.courier.advance(later) for _ in range(2)] == [3, 0]


@pytest.mark.rule("rule book 10")
@pytest.mark.parametrize(
    ("address", "events"),
    [
        (ADDRESS, [E.SCAN, E.SCAN, E.DELIVER]),
        (ADDRESS + "(拒收)", [E.SCAN, E.SCAN, E.REFUSE, E.RETURN]),
        (ADDRESS + "(查无此人)", [E.SCAN, E.SCAN, E.RETURN]),
        (ADDRESS + "(丢件)", [E.SCAN]),
    ],
    ids=["delivered", "refused", "unknown", "lost"],
)
def test_a_parcel_goes_the_way_its_address_says(
    stage: Stage, address: str, events: list[DeliveryEvent]
) -> None:
    """妥投、拒收退回、查无此人退回、丢件。"""
    number = stage.partners.courier.hand_over(_parcel(address=address))
    stage.clock.advance(timedelta(days=5))
    scans = _read_all(stage)
    assert [scan.event for scan in scans] == events
    assert {scan.ems_number for scan in scans} == {number}
    assert sorted(scans, key=lambda scan: scan.at) == list(scans)
    assert len({scan.scan_id for scan in scans}) == len(scans)


def test_reading_on_from_a_cursor_misses_nothing_and_repeats_nothing(stage: Stage) -> None:
    """按游标续读,不漏不重。"""
    courier, cursor = stage.partners.courier, ""
    seen: list[Scan] = []
    for hour in range(40):
        if hour < 5:
            courier.hand_over(_parcel(f"evt_{hour}"))
        page = courier.scans_after(cursor)
        cursor, seen = page.cursor, [*seen, *page.scans]
        stage.clock.advance(timedelta(hours=1))
    assert len(seen) == len({scan.scan_id for scan in seen}) == 15
    assert courier.scans_after(cursor).scans == ()


def test_more_scans_than_a_page_come_page_by_page(stage: Stage) -> None:
    for number in range(70):
        stage.inside.courier.hand_over(_parcel(f"evt_{number}"))
    stage.clock.advance(timedelta(days=3))
    first = stage.partners.courier.scans_after("")
    second = stage.partners.courier.scans_after(first.cursor)
    assert (len(first.scans), len(second.scans)) == (200, 10)


@pytest.mark.parametrize("cursor", ["-1", "abc", "9" * 1500, "٣"])
def test_a_strange_cursor_reads_from_the_beginning(stage: Stage, cursor: str) -> None:
    stage.inside.courier.hand_over(_parcel())
    stage.clock.advance(timedelta(days=3))
    assert len(stage.partners.courier.scans_after(cursor).scans) == 3
