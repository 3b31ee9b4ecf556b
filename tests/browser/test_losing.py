"""The days after a card is lost, as its holder, the operator and the clerks see them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from onecard.actions import loss as acts
from onecard.domain.authority import THE_CLOCK, Role
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.stock import OutletKind
from onecard.domain.transit_purse import TransitState
from onecard.records.models import Application, Card, Outlet
from onecard.seams.world import world
from tests import cast, held_cards, made_card
from tests.browser import citizen
from tests.browser.house_windows import House, card_in_use, inside
from tests.browser.visitor import Visitor

__all__ = ["inside"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_KEYS = 10
PAPERS = {
    "who": "holder",
    "number": cast.ADULT,
    "valid_to": "20360101",
    "original": "on",
}


@pytest.fixture
def card(inside: House) -> Card:
    """王芳's card, in use."""
    return card_in_use(inside)


class Keyboard:
    """An operator's hands: every key that is pressed is counted, words typed are not."""

    def __init__(self, visitor: Visitor) -> None:
        self.page, self.pressed = visitor.page, 0

    def types(self, text: str) -> None:
        """Type a whole answer."""
        self.page.keyboard.type(text)

    def press(self, key: str) -> None:
        """One key."""
        self.pressed += 1
        self.page.keyboard.press(key)

    def leads_on(self, key: str) -> None:
        """One key that opens the next page."""
        with self.page.expect_navigation():
            self.press(key)


def reports_by_phone(operator: Visitor) -> Keyboard:
    """From the empty page to the sentence that is read out, by keyboard alone."""
    operator.go("/phone/")
    hands = Keyboard(operator)
    assert operator.page.evaluate("document.activeElement.name") == "name"
    for answer in ("王芳", cast.ADULT, made_card.CARD_NUMBER):
        hands.types(answer)
        hands.press("Enter")
    assert operator.path == "/phone/"
    hands.leads_on("Enter")
    operator.is_at("来电人和名下的卡")
    hands.leads_on("F9")
    operator.is_at("念给来电人听")
    return hands


def at(moment: timedelta) -> None:
    """So long after the first morning."""
    world().clock.set(cast.MONDAY_9AM + moment)  # type: ignore[attr-defined]


def a_bank_clerk(inside: House) -> Visitor:
    """At an outlet of the card's bank."""
    return inside.desk(Role.BANK_CLERK, outlet=held_cards.a_bank_outlet())


def reports_at_bank(clerk: Visitor) -> None:
    """The holder comes without the card; the clerk finds it by the document."""
    clerk.go("/bank/")
    clerk.fill(number=cast.ADULT, name="王芳")
    clerk.press("查找本行的卡")
    clerk.is_at("B*******8")
    clerk.follow("开始办理 正式挂失（人社和金融）")
    clerk.is_at("正式挂失")
    clerk.sees("交通账户不能挂失")
    clerk.fill(**PAPERS)
    clerk.press("确认正式挂失")
    clerk.is_at("B*******8")


@pytest.mark.rule("platform C6.1, C6.2; acceptance A4")
def test_lost_by_phone_and_found_on_day_six(inside: House, card: Card) -> None:
    """电话临时挂失:全键盘十次按键以内;第六天看倒计时和提醒;找到卡到银行解除。"""
    operator = inside.desk(Role.PHONE_OPERATOR)
    hands = reports_by_phone(operator)
    assert hands.pressed <= MOST_KEYS
    operator.sees("临时挂失到2026年3月9日 09:00自动解挂", "银行侧请致电中国工商银行，电话95588")
    operator.sees("这部分无法停用")
    hands.leads_on("F9")
    operator.is_at("结束通话")
    inside.worker()
    at(timedelta(days=5, hours=20))
    acts.remind_due(actor=THE_CLOCK, at=world().clock.now())
    inside.worker()
    holder = inside.citizen(card.person)
    holder.go("/messages")
    holder.sees("将于2026年3月9日 09:00自动解挂，还有约")
    holder.go(f"/cards/{card.ref}/loss")
    holder.is_at("卡已临时挂失")
    holder.sees("还剩1天4小时0分", "到期自动解挂，卡恢复使用", "没有保护")
    clerk = a_bank_clerk(inside)
    clerk.go("/bank/")
    clerk.fill(card=made_card.CARD_NUMBER)
    clerk.press("读卡")
    clerk.follow("开始办理 解除临时挂失")
    assert clerk.page.input_value("[name=card]") == made_card.CARD_NUMBER
    clerk.fill(**PAPERS)
    clerk.press("确认解除")
    clerk.sees("挂失已解除")
    holder.page.reload()
    holder.is_at("卡没有挂失")
    card.refresh_from_db()
    assert card.hr_state is HrState.NORMAL


@pytest.mark.rule("rule book 20.1: lost while now < until, NORMAL at now = until")
def test_lapsed_on_day_seven_to_the_microsecond(inside: House, card: Card) -> None:
    """第七天满:前一微秒还停用,到点就恢复,不等后台;之后明说已经解除。"""
    operator = inside.desk(Role.PHONE_OPERATOR)
    reports_by_phone(operator)
    operator.page.close()
    holder = inside.citizen(card.person)
    for moment, heading in (
        (timedelta(days=7) - timedelta(microseconds=1), "卡已临时挂失"),
        (timedelta(days=7), "卡没有挂失"),
    ):
        at(moment)
        inside.signs_in_again(holder, card.person)
        holder.go(f"/cards/{card.ref}/loss")
        holder.is_at(heading)
    holder.go("/cards")
    holder.sees("可用于人社办事和医保结算")
    card.refresh_from_db()
    assert card.hr_state is HrState.TEMPORARY_LOSS, "time decided, nobody had swept"
    acts.lapse_due(actor=THE_CLOCK, at=world().clock.now())
    inside.worker()
    holder.go(f"/cards/{card.ref}/loss")
    holder.sees("逾期自动解挂")
    holder.go("/messages")
    holder.sees("解挂")


@pytest.mark.rule("SEED, FAQ 11; platform C5.3")
def test_formal_at_the_bank(inside: House, card: Card) -> None:
    """卡面银行网点正式挂失:人社、金融一起,银行确认后才写已确认,市民同样看到。"""
    clerk = a_bank_clerk(inside)
    reports_at_bank(clerk)
    clerk.sees("人社和金融功能已停用", "对方已签名确认，留存备查", "尚未确认，正在同步")
    inside.worker()
    clerk.does_not_see("尚未确认，正在同步")
    holder = inside.citizen(card.person)
    holder.go(f"/cards/{card.ref}/loss")
    holder.is_at("卡已正式挂失")
    holder.does_not_see("没有保护", "尚未确认", "那一侧还没有挂失")
    slip = clerk.page.request.post(
        f"{inside.address}{clerk.path}/slip",
        form={"csrfmiddlewaretoken": clerk.page.input_value("[name=csrfmiddlewaretoken]")},
    )
    assert slip.body().startswith(b"%PDF-")
    card.refresh_from_db()
    assert card.hr_state is HrState.FORMAL_LOSS
    assert card.financial_state is FinancialState.FORMAL_LOSS


@pytest.mark.rule("platform C1.6 to C1.8; acceptance A5")
def test_online_formal_with_the_bank_side_open_until_the_bank_has_it(
    inside: House, card: Card
) -> None:
    """线上正式挂失:从首页点两下;银行侧写明没有保护和电话;银行办了以后看板跟着变。"""
    holder = inside.citizen(card.person)
    holder.go("/")
    holder.page.get_by_role("navigation").get_by_role("link", name="挂失").click()
    holder.sees("请按中国工商银行的规定挂失", "95588", "交通账户不能挂失")
    holder.press("确认正式挂失")
    holder.is_at("卡已正式挂失")
    holder.sees("中国工商银行那一侧还没有挂失", "没有保护")
    card.refresh_from_db()
    assert card.financial_state is FinancialState.ACTIVATED
    reports_at_bank(a_bank_clerk(inside))
    inside.worker()
    holder.page.reload()
    holder.does_not_see("那一侧还没有挂失", "没有保护")


def test_the_board_looks_again_by_itself_until_everybody_has_confirmed(
    inside: House, card: Card
) -> None:
    """省卡库确认以后,看板自己变成已确认,不用刷新,焦点不动。"""
    holder = inside.citizen(card.person)
    holder.go("/lost")
    holder.press("确认正式挂失")
    holder.sees("尚未确认，正在同步")
    holder.page.get_by_role("link", name="我的卡").focus()
    inside.worker()
    holder.does_not_see("尚未确认，正在同步")
    focused = holder.page.evaluate("document.activeElement.textContent.trim()")
    assert focused.startswith("我的卡")


@pytest.mark.rule("acceptance A6: loss.replacement_already_applied")
def test_found_after_applying(inside: House, card: Card) -> None:
    """申请补卡后找到旧卡:线上、银行、窗口都不能再解除。"""
    holder = inside.citizen(card.person)
    holder.go("/lost")
    holder.press("确认正式挂失")
    citizen.replaces_online(holder)
    assert Application.objects.get().predecessor_id == card.ref
    holder.go(f"/cards/{card.ref}/loss")
    holder.sees("已申请补卡，不能解挂", "等待新卡")
    holder.go(f"/cards/{card.ref}/loss/withdraw")
    holder.is_at("已申请补卡，不能解挂")
    clerk = a_bank_clerk(inside)
    clerk.go("/bank/")
    clerk.fill(card=made_card.CARD_NUMBER)
    clerk.press("读卡")
    clerk.sees("解除正式挂失", "已申请补卡，不能解挂")
    card.refresh_from_db()
    assert card.hr_state is HrState.FORMAL_LOSS


@pytest.mark.rule("SEED, FAQ 13; acceptance A8")
def test_exchange_refused_until_the_purse_is_refunded(inside: House, card: Card) -> None:
    """换卡:没退值先指到直营网点,打印告知单;退值后同一份申请受理。"""
    Outlet.objects.create(
        ref="out_direct", kind=OutletKind.DIRECT, name="市民卡直营网点", address="演示路18号"
    )
    clerk = inside.desk(Role.OUTLET_CLERK)
    clerk.go("/counter/")
    clerk.fill(number=cast.ADULT)
    clerk.press("查找")
    exchange = clerk.main.get_by_role("listitem").filter(has_text="换领（旧卡在手）")
    exchange.get_by_text("已开通交通功能，须先退值").wait_for()
    exchange.get_by_role("button", name="打印告知单").wait_for()
    Card.objects.filter(ref=card.ref).update(transit_state=TransitState.CLOSED)
    clerk.page.reload()
    exchange.get_by_role("button", name="开始办理").click()
    clerk.is_at("换领（旧卡在手）")
    clerk.fill(
        reason="damaged",
        base_data_right="on",
        old_card_shown="on",
        number=cast.ADULT,
        valid_to="20360101",
        original="on",
        phone=citizen.PHONE,
        address=citizen.HOME,
        occupation="23",
    )
    assert not clerk.page.is_visible("[name=account_settled]")
    clerk.press("继续")
    clerk.is_at("核对后受理")
    clerk.sees("卡片损坏")
    clerk.press("确认受理")
    clerk.is_at("受理号")
    assert re.search("换领", clerk.main.inner_text())
