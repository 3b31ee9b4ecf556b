"""Citizens report a loss, see who has confirmed, and take a formal report back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from onecard.actions import loss as acts
from onecard.actions.collection import Shown
from onecard.adapters.faults import Fault
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.records.models import Card, LossReport
from onecard.seams.world import world
from tests import cast, held_cards, made_card
from tests.web.citizen import hidden, sit_down, text_of
from tests.web.test_frame import OPEN_PAGES, OWN_PAGES

pytestmark = pytest.mark.django_db
OPERATOR = Actor(Role.PHONE_OPERATOR, "stf_phone", Channel.PHONE)


@pytest.fixture
def card(city: SimulatedPartners) -> Card:  # noqa: ARG001
    """王芳's card, in use."""
    return held_cards.in_use()


@pytest.fixture
def client(card: Card) -> Client:
    """王芳, signed in just now."""
    client = Client()
    sit_down(client, card.person)
    return client


def report(client: Client, card: Card, **more: str) -> str:
    """Press the button of the page; gives the board as text."""
    form = {"once": hidden(client.get("/lost"), "once"), "card": card.ref, **more}
    answer = client.post("/lost/report", form)
    assert answer["Location"] == f"/cards/{card.ref}/loss"
    return text_of(client.get(answer["Location"]))


def by_phone(card: Card) -> None:
    """The holder calls 12333."""
    now = world().clock.now()
    caller = acts.identify_caller(name="王芳", identity_number=cast.ADULT, actor=OPERATOR, at=now)
    acts.report_temporary(call=caller.call, card=card.ref, actor=OPERATOR, at=now)


def sent_code(city: SimulatedPartners) -> str:
    """The code of the newest text message."""
    found = re.search(r"验证码(\d{6})", city.simulation.sms.sent()[-1].text)
    assert found
    return found[1]


@pytest.mark.rule("platform C1.6: a loss from any page in at most two taps")
@pytest.mark.parametrize("path", [*OPEN_PAGES, *OWN_PAGES])
def test_every_page_leads_to_the_loss_page_in_one_tap(client: Client, path: str) -> None:
    """任何一页,点一下到挂失页,再点一下就挂失。"""
    assert 'href="/lost"' in client.get(path, follow=True).content.decode()


def test_a_stranger_is_told_whom_to_call_and_led_through_the_sign_in(
    city: SimulatedPartners,  # noqa: ARG001
) -> None:
    page = Client().get("/lost")
    assert "拨打12333临时挂失，7天内有效" in text_of(page)
    assert 'href="/real-name?next=/lost"' in page.content.decode()
    assert Client().post("/lost/report", {"card": "crd_x"}).status_code == 302


@pytest.mark.rule("platform C1.7, C1.8; SEED, FAQ 11 and 12")
def test_what_is_not_protected_stands_above_the_button(client: Client) -> None:
    """按钮之前写明:银行侧不在内及电话,交通余额停不了。"""
    page = client.get("/lost")
    said = text_of(page)
    button = said.index("确认正式挂失")
    for part in ("请按中国工商银行的规定挂失", "95588", "交通账户不能挂失", "这里不能保护"):
        assert said.index(part) < button, part
    assert made_card.CARD_NUMBER not in page.content.decode()


@pytest.mark.rule("SEED, FAQ 11: online covers the HR function only")
def test_online_the_hr_side_is_stopped_and_the_bank_side_shown_as_open(
    client: Client, card: Card
) -> None:
    """线上正式挂失:只停人社;看板写明银行侧还没挂失和电话。"""
    said = report(client, card)
    card.refresh_from_db()
    assert card.hr_state is HrState.FORMAL_LOSS
    assert card.financial_state is FinancialState.ACTIVATED
    assert "卡已正式挂失" in said
    assert "中国工商银行那一侧还没有挂失" in said
    assert "没有保护" in said
    assert "95588" in said


def test_the_board_that_looks_by_itself_ends_with_the_session(client: Client, card: Card) -> None:
    """看板自动刷新:不延长登录;登录已结束的,整页重新打开,不把登录页塞进看板。"""
    report(client, card)
    noted = client.session["seen_at"]
    made_card.clock().advance(timedelta(minutes=5))
    by_itself = {"HX-Request": "true"}
    assert client.get(f"/cards/{card.ref}/loss/state", headers=by_itself).status_code == 200
    assert client.session["seen_at"] == noted
    answer = Client().get(f"/cards/{card.ref}/loss/state", headers=by_itself)
    assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")


def test_the_board_follows_what_the_bank_reports_later(client: Client, card: Card) -> None:
    """银行后来挂失,看板跟着变。"""
    report(client, card)
    outlet = held_cards.a_bank_outlet()
    clerk = Actor(Role.BANK_CLERK, "stf_bank", Channel.CARD_FACE_BANK, outlet=outlet.ref)
    acts.report_formally_at_bank(
        card=card.ref,
        shown=Shown(made_card.own_document()),
        actor=clerk,
        at=world().clock.now(),
    )
    said = text_of(client.get(f"/cards/{card.ref}/loss"))
    assert "那一侧还没有挂失" not in said
    assert "没有保护" not in said


def test_sending_twice_reports_once(client: Client, card: Card) -> None:
    form = {"once": hidden(client.get("/lost"), "once"), "card": card.ref}
    for _ in range(2):
        assert client.post("/lost/report", form)["Location"] == f"/cards/{card.ref}/loss"
    assert LossReport.objects.count() == 1
    assert client.get("/lost")["Location"] == f"/cards/{card.ref}/loss"


def test_while_the_report_is_temporary_the_page_says_that_it_is_stopped_already(
    client: Client, card: Card
) -> None:
    """临时挂失中:写明已停用到几时,按下确认不再自动解挂。"""
    by_phone(card)
    said = text_of(client.get("/lost"))
    assert "已停用到2026年3月9日 09:00；按下确认，不再自动解挂" in said
    assert "按下确认，立即停用" not in said
    assert "可以临时挂失" not in said


def test_a_card_that_is_not_enabled_promises_nothing_and_leads_to_the_one_that_was_lost(
    client: Client, card: Card
) -> None:
    """新卡未启用:不写停用什么,指到以前丢失的那张卡。"""
    report(client, card)
    held_cards.in_use(
        card.person,
        card_number="B87654321",
        card_identifier="E" * 32,
        predecessor=card,
        hr_state=HrState.SEALED,
    )
    page = client.get("/lost")
    assert "卡未启用，不需挂失" in text_of(page)
    assert "立即停用" not in text_of(page)
    board = f'href="/cards/{card.ref}/loss"'
    assert board in page.content.decode()
    assert board in client.get("/cards").content.decode()


def test_the_card_of_somebody_else_cannot_be_reported_nor_seen(client: Client) -> None:
    """别人的卡:挂失、看板、解挂都像不存在。"""
    stranger = made_card.a_person(cast.ADULT_MAN, name="李强")
    foreign = held_cards.in_use(stranger, card_number="B87654321", card_identifier="E" * 32)
    assert client.post("/lost/report", {"once": "frm_1", "card": foreign.ref}).status_code == 404
    for page in ("", "/state", "/withdraw", "/withdraw/code"):
        assert client.get(f"/cards/{foreign.ref}/loss{page}").status_code == 404
    foreign.refresh_from_db()
    assert foreign.hr_state is HrState.NORMAL


@pytest.mark.rule("rule book 20.1; platform B7")
def test_a_temporary_report_counts_down_and_becomes_formal_by_one_press(
    client: Client, card: Card
) -> None:
    """临时挂失:倒计时、到期时刻;一键改为正式。"""
    by_phone(card)
    world().clock.advance(timedelta(days=5, hours=3))  # type: ignore[attr-defined]
    sit_down(client, card.person)
    page = client.get(f"/cards/{card.ref}/loss")
    said = text_of(page)
    assert "卡已临时挂失" in said
    assert "2026年3月9日 09:00" in said
    assert "还剩1天21小时0分" in said
    client.post("/lost/report", {"once": hidden(page, "once"), "card": card.ref})
    assert "卡已正式挂失" in text_of(client.get(f"/cards/{card.ref}/loss"))


@pytest.mark.rule("rule book 20.1: half-open to the microsecond")
def test_at_the_very_end_the_page_says_that_it_is_over(client: Client, card: Card) -> None:
    """第7天09:00:00.000000起,不再是挂失;前一微秒还是。"""
    by_phone(card)
    end = cast.MONDAY_9AM + timedelta(days=7)
    for at, words in (
        (end - timedelta(microseconds=1), "卡已临时挂失"),
        (end, "卡没有挂失"),
    ):
        world().clock.set(at)  # type: ignore[attr-defined]
        sit_down(client, card.person)
        assert words in text_of(client.get(f"/cards/{card.ref}/loss"))


@pytest.mark.rule("C5.6, B6: it never claims more than was confirmed")
def test_a_party_that_has_not_answered_is_not_confirmed(
    city: SimulatedPartners, client: Client, card: Card
) -> None:
    """对方没有回执,看板写未确认;没有变化时不打扰。"""
    city.simulation.faults.set("hr_database", Fault.DOWN)
    said = report(client, card)
    board = said.partition("挂失看板")[2]
    assert "未确认" in board
    page = client.get(f"/cards/{card.ref}/loss").content.decode()
    watch = re.search(r'hx-get="([^"]+)"', page)
    assert watch
    assert client.get(watch[1].replace("&amp;", "&")).status_code == 204
    assert client.get(f"/cards/{card.ref}/loss/state?seen=old").status_code == 200


@pytest.mark.rule("rule book 20.3; guarantees 13")
def test_a_formal_report_is_withdrawn_with_a_code_and_a_fresh_sign_in(
    city: SimulatedPartners, client: Client, card: Card
) -> None:
    """线上解除:再次实名认证,短信验证码,只解人社侧。"""
    report(client, card)
    here = f"/cards/{card.ref}/loss/withdraw"
    assert "银行账户不在内" in text_of(client.get(here))
    assert client.get(f"{here}/code")["Location"] == here
    assert client.post(here)["Location"] == f"{here}/code"
    asked = client.get(f"{here}/code")
    form = {"once": hidden(asked, "once"), "version": hidden(asked, "version")}
    wrong = client.post(f"{here}/code", {**form, "code": "000 000"})
    assert wrong.status_code == 422
    assert "验证码不对，还可以试" in text_of(wrong)
    right = client.post(f"{here}/code", {**form, "code": sent_code(city)})
    assert right.status_code == 302, text_of(right)
    assert "挂失已解除" in text_of(client.get(right["Location"]))
    card.refresh_from_db()
    assert card.hr_state is HrState.NORMAL


def test_an_old_sign_in_is_asked_for_anew_before_a_code_is_sent(
    city: SimulatedPartners, client: Client, card: Card
) -> None:
    """登录超过规定分钟数的,先重新认证,不先发验证码。"""
    report(client, card)
    before = len(city.simulation.sms.sent())
    world().clock.advance(timedelta(minutes=16))  # type: ignore[attr-defined]
    asked = client.post(f"/cards/{card.ref}/loss/withdraw")
    assert asked.status_code == 422
    assert "再次确认是您本人" in text_of(asked)
    assert "again=1" in asked.content.decode()
    assert len(city.simulation.sms.sent()) == before


@pytest.mark.rule("rule book 24: e_card")
def test_a_withdrawal_without_a_report_sends_nothing(client: Client, card: Card) -> None:
    """没有挂失的卡,没有可解除的。"""
    board = text_of(client.get(f"/cards/{card.ref}/loss"))
    assert "卡没有挂失" in board
    assert "解除挂失" not in board.partition("需要帮助")[0]
