"""Fares come in by file: proven by their TAC, booked once, or set aside for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from onecard.actions import clearing, refund
from onecard.chip.simulated_card import SimulatedCard
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.clearing import Fare, LineState, written
from onecard.domain.hr_function import HrState
from onecard.domain.refund import RefundReason
from onecard.domain.refusal import NotFound, Refused
from onecard.queries import clearing as reports
from onecard.records.models import FareFile, FareLine, PurseAccount
from onecard.seams.clock import local_day
from onecard.seams.failpoint import Crash, armed
from onecard.simulator.gates import Gate
from tests import held_cards
from tests.actions.refund.test_refund import reader, used
from tests.chip.desk import a_card
from tests.topping_up import HOLDER, HOST, OUTLET, Phone, a_purse, held_fen, keys, later, now, paid

pytestmark = pytest.mark.django_db
OPERATOR = Actor(Role.PLATFORM_OPERATOR, "stf_operator", Channel.OFFICE)
BUS, METRO = bytes.fromhex("300089000340"), bytes.fromhex("300089000777")


@pytest.fixture(autouse=True)
def _purse_keys() -> Iterator[None]:
    with keys():
        yield


def bus(counter: int = 0) -> Gate:
    return Gate(HOST.keys, BUS, counter=counter)


def ride(card: SimulatedCard, gate: Gate, fen: int = 200) -> Fare:
    later(minutes=5)
    card.enter_field()
    fare = gate.take(card, fen, at=now())
    card.leave_field()
    return fare


def take(*fares: Fare) -> clearing.FileReceipt:
    later(hours=1)
    text = written("bus_city", local_day(now()), fares)
    return clearing.take_file(text=text, actor=OPERATOR, at=now())


def states() -> list[LineState]:
    return [row.state for row in FareLine.objects.order_by("file__taken_at", "line")]


@pytest.mark.rule("guarantees: shadow balance; card reference 10.5")
def test_a_fare_lowers_the_shadow_and_is_owed_to_its_operator() -> None:
    """消费入账:影子余额减少,应付运营商增加。"""
    card = a_card()
    purse = used(card)
    Phone(card, OUTLET).top_up(paid(purse))
    gate = bus()
    fares = [ride(card, gate), ride(card, gate, 400)]
    assert take(*fares).done_lines == len(fares)
    row = PurseAccount.objects.get()
    assert row.shadow_balance_fen == card.balance_fen
    assert held_fen("operator_settlement") == 600
    assert states() == [LineState.BOOKED] * 2


def test_a_metro_gate_writes_journey_and_fare_in_one_and_its_tac_is_checked_alike() -> None:
    """地铁复合消费的认证码同样核对。"""
    card = a_card()
    used(card)
    metro = Gate(HOST.keys, METRO, composite=True)
    take(ride(card, metro, 500))
    assert states() == [LineState.BOOKED]


def test_the_same_file_twice_and_the_same_fare_in_two_files_are_booked_once() -> None:
    """同一文件、同一笔:只入账一次。"""
    card = a_card()
    used(card)
    fare = ride(card, bus())
    text = written("bus_city", local_day(now()), [fare])
    later(hours=1)
    assert not clearing.take_file(text=text, actor=OPERATOR, at=now()).known
    assert clearing.take_file(text=text, actor=OPERATOR, at=now()).known
    take(fare, ride(card, bus(100)))
    assert states() == [LineState.BOOKED, LineState.DUPLICATE, LineState.BOOKED]
    assert held_fen("operator_settlement") == 400


@pytest.mark.parametrize(
    "changed", [{"amount_fen": 2000}, {"terminal_counter": 9}, {"tac": "0" * 8}]
)
def test_a_line_that_was_changed_on_its_way_is_owed_to_nobody(changed: dict[str, object]) -> None:
    """被改过的记录:认证码不符,不入账,留人查。"""
    card = a_card()
    used(card)
    take(replace(ride(card, bus()), **changed))  # type: ignore[arg-type]
    assert states() == [LineState.WRONG_TAC]
    assert held_fen("operator_settlement") == 0
    assert [one.state for one in reports.set_aside(as_seen_by=OPERATOR)] == ["wrong_tac"]


def test_an_unknown_card_is_set_aside() -> None:
    """不认识的卡:列出,不入账。"""
    card = a_card()
    take(ride(card, bus()))
    assert states() == [LineState.UNKNOWN_CARD]


@pytest.mark.rule("rule book 22.5: late purchases; guarantees: post close")
def test_a_fare_that_arrives_after_the_refund_is_booked_to_what_came_too_late() -> None:
    """退值后到达的记录:不再动已付的退值款。"""
    card = a_card()
    purse = used(card)
    fare = ride(card, bus())
    done = refund.ask(purse=purse.ref, reason=RefundReason.EXCHANGE, actor=OUTLET, at=now())
    reader(card).empty(done.refund)
    refund.pay_out(refund=done.refund, actor=OUTLET, at=now())
    take(fare)
    assert states() == [LineState.LATE]
    assert (held_fen("post_close"), held_fen("operator_settlement")) == (-200, 200)


def test_a_file_that_was_interrupted_goes_on_where_it_stopped() -> None:
    """中断的文件接着收,不重不漏。"""
    card = a_card()
    used(card)
    gate = bus()
    text = written("bus_city", local_day(now()), [ride(card, gate) for _ in range(3)])
    later(hours=1)
    with armed("clearing.book_lines.before_commit"), pytest.raises(Crash):
        clearing.take_file(text=text, actor=OPERATOR, at=now())
    assert not FareLine.objects.exists()
    done = clearing.take_file(text=text, actor=OPERATOR, at=now())
    assert (done.known, done.done_lines, FareFile.objects.count()) == (True, 3, 1)
    assert len(states()) == done.lines


def test_a_broken_file_books_nothing() -> None:
    """坏文件一笔不入。"""
    with pytest.raises(Refused, match=r"clearing\.header"):
        clearing.take_file(text="nonsense", actor=OPERATOR, at=now())
    assert not FareFile.objects.exists()


@pytest.mark.rule("SEED, FAQ 12")
def test_the_purse_of_a_lost_card_pays_at_the_gate() -> None:
    """挂失的卡,交通钱包照样能刷。"""
    card = a_card()
    purse = used(card)
    lost = held_cards.in_use(hr_state=HrState.FORMAL_LOSS)
    purse.card = lost
    purse.save(update_fields=["card"])
    before = card.balance_fen
    take(ride(card, bus()))
    assert (card.balance_fen, states()) == (before - 200, [LineState.BOOKED])
    with pytest.raises(Refused, match=r"refund\.lost_card"):
        refund.ask(purse=purse.ref, reason=RefundReason.EXCHANGE, actor=OUTLET, at=now())


def test_the_report_is_for_whoever_looks_after_the_money() -> None:
    """清算报告只给经管的人看。"""
    a_purse()
    with pytest.raises(NotFound):
        reports.files(as_seen_by=HOLDER)
    take(ride(a_card(), bus()))
    (one,) = reports.files(as_seen_by=OPERATOR)
    assert (one.operator, one.lines, one.done_lines, one.counts) == (
        "bus_city",
        1,
        1,
        {"booked": 1},
    )
