"""The Citizen Card outlet's desk: cash onto a card, a torn load healed, a purse refunded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client

from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.authority import Role
from onecard.records.models import Card, CashShift, PurseRefund
from tests import held_cards, made_card, staff, topping_up
from tests.web.citizen import sit_down, text_of
from tests.web.demo_chips import chips_in, tap

pytestmark = pytest.mark.django_db
DESK = "/card-desk"


@dataclass
class Desk:
    """A clerk at the reader."""

    client: Client
    card: Card

    def reads(self) -> str:
        """Read the card; where the page goes then."""
        return str(tap(self.client, DESK, f"{DESK}/look", self.card.ref)["next"])

    def paid(self) -> str:
        """A top-up of 100 yuan whose cash is in the drawer."""
        answer = self.client.post(self.reads(), {"amount_fen": "10000"})
        order = str(answer["Location"].rpartition("/")[2])
        self.client.post(f"{DESK}/order/{order}/cash")
        return order

    def writes(self, order: str, tear: str = "") -> str:
        """Hold the card for an order; where the page goes then."""
        begin = f"{DESK}/order/{order}/begin"
        return str(tap(self.client, DESK, begin, self.card.ref, tear=tear)["next"])

    def order(self, order: str) -> str:
        """What the order's page says."""
        return text_of(self.client.get(f"{DESK}/order/{order}"))

    def refund(self, reason: str = "exchange", **more: str) -> str:
        """A refund of a purse with 100 yuan in it; its page."""
        self.writes(self.paid())
        topping_up.later(seconds=5)
        purse = self.reads()
        answer = self.client.post(f"{purse}/refund", {"reason": reason, **more})
        assert answer.status_code == 302, text_of(answer)
        return str(answer["Location"])


@pytest.fixture
def desk(city: SimulatedPartners, tmp_path: Path) -> Iterator[Desk]:  # noqa: ARG001
    """A direct outlet, and somebody's card on its reader."""
    holder = made_card.a_person(demo="enabled")
    client = staff.at_the_desk(Role.CARD_OUTLET_CLERK, outlet=staff.an_outlet("out_direct"))
    client.post(f"{DESK}/drawer", {"float_fen": "200"})
    with topping_up.keys(), chips_in(tmp_path):
        yield Desk(client, held_cards.in_use(holder))


@pytest.mark.rule("platform C6")
def test_cash_goes_onto_a_card_with_a_receipt(desk: Desk) -> None:
    """现金充值:读卡、收款、写卡、凭条。"""
    order = desk.paid()
    assert "钱在平台待写卡账户" in desk.order(order)
    assert desk.writes(order) == f"{DESK}/order/{order}"
    assert "钱在卡里" in desk.order(order)
    assert "打印凭条" in desk.order(order)


@pytest.mark.rule("card 10.3")
@pytest.mark.parametrize("tear", ["before_credit", "during_credit", "after_credit"])
def test_a_torn_load_is_finished_when_the_card_is_read_again(desk: Desk, tear: str) -> None:
    """补登:卡再放上来,没办完的先办完。"""
    order = desk.paid()
    desk.writes(order, tear=tear)
    assert "结果待确认" in desk.order(order)
    topping_up.later(seconds=5)
    assert desk.reads() == f"{DESK}/order/{order}"
    assert topping_up.state(order) == "loaded"


@pytest.mark.rule("SEED, FAQ 13")
def test_a_purse_is_emptied_and_then_paid_out(desk: Desk) -> None:
    """退值:登记、取出、有凭证才付款,只付一次。"""
    refund = desk.refund()
    answer = desk.client.post(f"{refund}/pay-out")
    assert "还没有证明卡内余额已取出" in text_of(answer)
    tap(desk.client, DESK, f"{refund}/begin", desk.card.ref)
    assert "已取出，待付款" in text_of(desk.client.get(refund))
    paid = desk.client.post(f"{refund}/pay-out", follow=True)
    assert "¥100.00" in text_of(paid)
    desk.client.post(f"{refund}/pay-out")
    assert PurseRefund.objects.get().amount_fen == 10000
    holder = Client()
    sit_down(holder, desk.card.person)
    page = holder.get("/purse")
    assert "交通账户已退值关闭" in text_of(page)
    assert "现在最多可充" not in text_of(page)


def test_a_refund_can_be_taken_back_before_the_chip_was_touched(desk: Desk) -> None:
    refund = desk.refund()
    assert "已撤回" in text_of(desk.client.post(f"{refund}/withdraw", follow=True))


def test_a_card_that_cannot_be_read_waits(desk: Desk) -> None:
    """不可读卡:登记后等待期满才付。"""
    refund = desk.refund(unreadable="on")
    desk.client.post(f"{refund}/unreadable")
    assert "不可读卡等待期" in text_of(desk.client.get(refund))


def test_a_reason_is_asked(desk: Desk) -> None:
    assert desk.client.post(f"{desk.reads()}/refund", {}).status_code == 422


def test_a_step_nobody_knows_is_absent(desk: Desk) -> None:
    assert desk.client.post(f"{desk.refund()}/give-it-all").status_code == 404


def test_other_desks_do_not_open_this_one(desk: Desk) -> None:  # noqa: ARG001
    """别的岗位进不来。"""
    clerk = staff.at_the_desk(Role.OUTLET_CLERK, username="another")
    answer: HttpResponse = clerk.get(f"{DESK}/")
    assert answer.status_code == 403


def test_a_drawer_is_counted_to_the_fen(desk: Desk) -> None:
    """日结到分:相符即关箱。"""
    desk.paid()
    assert "¥300.00" in text_of(desk.client.get(f"{DESK}/drawer"))
    done = desk.client.post(f"{DESK}/drawer", {"counted_fen": "300.00"}, follow=True)
    assert "账款相符，已关箱" in text_of(done)


def test_a_difference_waits_for_another_person(desk: Desk) -> None:
    """差额写明原因,另一个人看过才记账。"""
    answer = desk.client.post(f"{DESK}/drawer", {"counted_fen": "199.50"})
    assert answer.status_code == 422
    desk.client.post(f"{DESK}/drawer", {"counted_fen": "199.50", "reason": "a coin fell"})
    assert "等另一个人确认" in text_of(desk.client.get(f"{DESK}/drawer"))
    outlet = staff.an_outlet("out_direct")
    other = staff.at_the_desk(Role.CARD_OUTLET_CLERK, username="other", outlet=outlet)
    assert "a coin fell" in text_of(other.get(f"{DESK}/drawer"))
    shift = CashShift.objects.get().ref
    done = other.post(f"{DESK}/drawer/{shift}/approve", follow=True)
    assert "差额已记账" in text_of(done)


def test_cash_is_not_taken_without_a_drawer(desk: Desk) -> None:
    """没有开箱不能收现金。"""
    desk.client.post(f"{DESK}/drawer", {"counted_fen": "200"})
    order = desk.paid()
    assert topping_up.state(order) == "opened"


def test_an_unused_purse_has_nothing_to_refund(desk: Desk) -> None:
    """未开通:无需退值。"""
    answer = desk.client.post(f"{desk.reads()}/refund", {"reason": "exchange"}, follow=True)
    assert "未开通交通功能，无需退值" in text_of(answer)
