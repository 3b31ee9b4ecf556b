"""The citizen's purse: what is on it, an amount, the card held, and where the money is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import Client

from onecard.actions import payment
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.authority import THE_CLOCK
from onecard.records.models import Card, PurseAccount, TopUpOrder
from tests import cast, held_cards, made_card, topping_up
from tests.web import demo_chips
from tests.web.citizen import sit_down, text_of
from tests.web.demo_chips import chips_in, post, tap

pytestmark = pytest.mark.django_db
PHONE = "/purse/phone"


@dataclass
class Holder:
    """Somebody at their phone, and their card."""

    client: Client
    card: Card

    def looks(self) -> str:
        """Read the card; the page on which the amount is chosen."""
        return str(tap(self.client, PHONE, f"{PHONE}/look", self.card.ref)["next"])

    def orders(self, yuan: str = "50", platform: str = "android") -> str:
        """An order of the card just read; its name."""
        asked = {"amount_fen": "other", "other": yuan, "platform": platform}
        answer = self.client.post(self.looks(), asked)
        assert answer.status_code == 302, text_of(answer)
        return str(answer["Location"].rpartition("/")[2])

    def paid(self, **how: str) -> str:
        """An order paid at the simulated channel; its name."""
        order = self.orders()
        cashier = self.client.post(f"/purse/orders/{order}/pay")["Location"]
        assert "¥50.00" in text_of(self.client.get(cashier))
        self.client.post(cashier, how)
        return order

    def holds(self, order: str, **how: object) -> str:
        """Hold the card for an order; where the page goes then."""
        begin = f"{PHONE}/begin/{order}"
        return str(tap(self.client, PHONE, begin, self.card.ref, **how)["next"])  # type: ignore[arg-type]

    def reads(self, order: str) -> str:
        """What the order's page says."""
        return text_of(self.client.get(f"/purse/orders/{order}"))


@pytest.fixture
def holder(city: SimulatedPartners, tmp_path: Path) -> Iterator[Holder]:  # noqa: ARG001
    """A card in use in its holder's hand, keys in force."""
    card, client = held_cards.in_use(), Client()
    sit_down(client, card.person)
    with topping_up.keys(), chips_in(tmp_path):
        yield Holder(client, card)


@pytest.mark.rule("SEED, FAQ 14")
def test_a_purse_is_read_topped_up_and_told(holder: Holder) -> None:
    """贴卡、选金额、付款、再贴卡:写入有凭证,余额是证明过的。"""
    assert "还没有读过" in text_of(holder.client.get("/purse"))
    order = holder.paid()
    assert "钱在平台待写卡账户" in holder.reads(order)
    assert holder.holds(order) == f"/purse/orders/{order}"
    page = holder.reads(order)
    assert "钱在卡里" in page
    assert "写卡应答里的凭证（TAC）已验证" in page
    assert "¥50.00" in text_of(holder.client.get("/purse"))
    assert order in holder.client.get("/purse/orders").content.decode()


@pytest.mark.rule("card 10.3")
def test_a_torn_load_is_healed_by_the_next_tap(holder: Holder) -> None:
    """写完没有应答:待确认,钱不动;再贴一次卡即查明。"""
    order = holder.paid()
    holder.holds(order, tear="after_credit")
    assert "结果待确认" in holder.reads(order)
    topping_up.later(seconds=5)
    holder.looks()
    assert "再次贴卡取得的凭证（TAC）已验证" in holder.reads(order)


@pytest.mark.rule("guarantees, top-up")
def test_a_lying_phone_gets_no_refund(holder: Holder) -> None:
    """已写入却谎称没有:退款须等卡片证明,证明已写入就不退。"""
    order = holder.paid()
    holder.holds(order, lie=True)
    answer = holder.client.post(f"/purse/orders/{order}/ask-back", follow=True)
    assert "已记下退款申请" in text_of(answer)
    topping_up.later(seconds=5)
    holder.looks()
    assert topping_up.state(order) == "loaded"


@pytest.mark.rule("SEED, FAQ 14")
def test_only_android_may_write(holder: Holder) -> None:
    """苹果手机不能写卡,页面说明原因。"""
    answer = holder.client.post(holder.looks(), {"amount_fen": "5000", "platform": "ios"})
    assert answer.status_code == 422
    assert "仅支持带NFC的安卓手机" in text_of(answer)
    assert not TopUpOrder.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [("2000", "余额不得高于1000.00元"), ("5", "金额须不少于10.00元"), ("x", "整数元")],
)
def test_an_amount_that_cannot_be_is_refused_before_payment(
    holder: Holder, typed: str, said: str
) -> None:
    """超上限、低于最低、不是整数元:付款之前就说清楚。"""
    asked = {"amount_fen": "other", "other": typed, "platform": "android"}
    answer = holder.client.post(holder.looks(), asked)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not TopUpOrder.objects.exists()


def test_a_lost_notice_is_asked_for(holder: Holder) -> None:
    """付款通知丢了:去问渠道,只认它的答复。"""
    order = holder.paid(quiet="1")
    assert topping_up.state(order) == "opened"
    topping_up.later(minutes=2)
    payment.ask_due(actor=THE_CLOCK, at=topping_up.now())
    assert topping_up.state(order) == "paid"


def test_an_unpaid_order_can_be_given_up(holder: Holder) -> None:
    order = holder.orders()
    holder.client.post(f"/purse/orders/{order}/cancel")
    assert topping_up.state(order) == "void"


def test_a_chip_is_what_it_was_after_a_restart(holder: Holder, tmp_path: Path) -> None:
    """重启之后卡还是那张卡。"""
    holder.holds(holder.paid())
    with chips_in(tmp_path):
        page = text_of(holder.client.get(holder.looks()))
    assert "¥50.00" in page


def test_nobody_sees_or_holds_another_ones_card(holder: Holder) -> None:
    """别人的卡、别人的订单都不存在。"""
    order = holder.paid()
    stranger = Client()
    sit_down(stranger, made_card.a_person(cast.ADULT_MAN))
    assert stranger.get(f"/purse/orders/{order}").status_code == 404
    step = demo_chips.said(post(stranger, f"{PHONE}/look", {}))
    held = post(stranger, f"{PHONE}/hold", {"card": holder.card.ref, "step": step})
    assert held.status_code == 404


def test_outside_demo_mode_no_page_plays_a_phone(city: SimulatedPartners) -> None:  # noqa: ARG001
    """非演示环境没有模拟卡。"""
    client = Client()
    sit_down(client, held_cards.in_use().person)
    assert client.get(PHONE).status_code == 404
    assert post(client, f"{PHONE}/hold", {"card": "x", "step": {}}).status_code == 404
    assert client.get("/purse").status_code == 200


@pytest.mark.parametrize("body", [{}, {"answers": "9000", "seq": 0}, {"answers": [1], "seq": 0}])
def test_odd_posts_of_a_script_are_turned_away(holder: Holder, body: dict[str, object]) -> None:
    assert post(holder.client, f"{PHONE}/tap", body).status_code == 404


@pytest.mark.rule("B6")
def test_the_loss_board_names_the_money_at_risk(holder: Holder) -> None:
    """挂失看板写明可能被用掉的金额。"""
    holder.holds(holder.paid())
    assert PurseAccount.objects.get().card_id == holder.card.ref
    page = text_of(holder.client.get(f"/cards/{holder.card.ref}/loss"))
    assert "可能被用掉：¥50.00" in page
