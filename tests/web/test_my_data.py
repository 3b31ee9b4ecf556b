"""What people see of their own data: one timeline, who looked, the electronic card, the planner."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client

from onecard import words
from onecard.actions import loss as losses
from onecard.actions import person as people
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.records.models import AuditRow, Card
from onecard.seams.world import world
from onecard.web import portal
from onecard.web.portal.codes import PAGES
from tests import cast, held_cards, made_card
from tests.web.citizen import hidden, sit_down, text_of

pytestmark = pytest.mark.django_db
OPERATOR = Actor(Role.PHONE_OPERATOR, "stf_phone", Channel.PHONE)


@pytest.fixture
def card(city: SimulatedPartners) -> Card:  # noqa: ARG001
    """王芳's card, in use."""
    return held_cards.in_use(valid_to=date(2036, 3, 2))


@pytest.fixture
def client(card: Card) -> Client:
    """王芳, signed in just now."""
    client = Client()
    sit_down(client, card.person)
    return client


def lost_by_phone(card: Card) -> None:
    now = world().clock.now()
    call = losses.identify_caller(name="王芳", identity_number=cast.ADULT, actor=OPERATOR, at=now)
    losses.report_temporary(call=call.call, card=card.ref, actor=OPERATOR, at=now)


@pytest.mark.rule("platform B10")
def test_the_line_runs_on_across_cards_and_numbers_stay_masked(client: Client, card: Card) -> None:
    """换过卡,经过仍在一条线上,卡号打码。"""
    lost_by_phone(card)
    held_cards.in_use(
        card.person,
        card_number="D87654321",
        card_identifier="D" * 32,
        predecessor=card,
        hr_state=HrState.SEALED,
    )
    page = client.get("/timeline")
    said = text_of(page)
    assert "人社功能： 临时挂失" in said
    assert "B*******8 中国工商银行" in said
    assert made_card.CARD_NUMBER not in page.content.decode()


def test_an_odd_place_in_the_line_is_the_beginning(client: Client) -> None:
    for before in ("", "yesterday", "2026-03-02T09:00:00", "2026-03-02T09:00:00+08:00"):
        assert client.get("/timeline", {"before": before}).status_code == 200


@pytest.mark.rule("platform B19")
def test_every_look_is_told_with_its_reason_and_may_be_objected_to(
    client: Client, card: Card
) -> None:
    """谁看过:岗位、时间、理由;可提异议,只提一次,记录不变。"""
    people.unmask(
        person=card.person_id,
        field="phone",
        reason="contact",
        actor=cast.CLERK,
        at=world().clock.now(),
    )
    page = client.get("/looks")
    said = text_of(page)
    for part in ("服务网点", "查看完整信息 手机号", "联系本人", "提出异议"):
        assert part in said, part
    line = re.search(r'href="(/looks/\d+)"', page.content.decode())
    assert line
    before = AuditRow.objects.count()
    nothing = client.post(line[1], {"once": "frm_1"})
    assert nothing.status_code == 422
    assert "选择一个理由" in text_of(nothing)
    for token in ("frm_2", "frm_2", "frm_3"):
        answer = client.post(line[1], {"once": token, "reason": "unknown"})
        assert answer["Location"] == "/looks"
    filed = AuditRow.objects.filter(act="objection.file")
    assert [row.facts["reason"] for row in filed] == ["unknown"]
    assert AuditRow.objects.count() == before + 1
    assert "已提异议" in text_of(client.get("/looks"))


def test_nobody_objects_to_a_line_about_somebody_else(client: Client, card: Card) -> None:
    """别人的记录像不存在一样。"""
    stranger = made_card.a_person(cast.ADULT_MAN, name="李强")
    people.unmask(
        person=stranger.ref,
        field="phone",
        reason="contact",
        actor=cast.CLERK,
        at=world().clock.now(),
    )
    line = AuditRow.objects.get(concerning=stranger.ref).pk
    assert client.get(f"/looks/{line}").status_code == 404
    assert client.post(f"/looks/{line}", {"reason": "unknown"}).status_code == 404
    assert card.person_id != stranger.ref


@pytest.mark.rule("rule book 24: e_card.consent_needed")
def test_the_electronic_card_works_while_lost_only_with_the_holders_consent(
    city: SimulatedPartners, client: Client, card: Card
) -> None:
    """临时挂失后电子社保卡停用;本人同意(短信验证码)后可用。"""
    assert "可以使用" in text_of(client.get("/e-card"))
    assert client.get("/e-card/consent").status_code == 404
    lost_by_phone(card)
    assert "须本人同意后使用" in text_of(client.get("/e-card"))
    assert client.post("/e-card/consent", {"send": "1"})["Location"] == "/e-card/consent"
    code = re.search(r"验证码(\d{6})", city.simulation.sms.sent()[-1].text)
    assert code
    form = {"once": hidden(client.get("/e-card/consent"), "once"), "code": code[1]}
    assert client.post("/e-card/consent", form)["Location"] == "/e-card"
    said = text_of(client.get("/e-card"))
    assert "可以使用" in said
    assert "您已同意继续使用" in said


def test_with_a_first_card_there_is_no_account_to_move(client: Client, card: Card) -> None:
    """第一张卡:只说激活;换过的卡才说转接账户。"""
    Card.objects.filter(ref=card.ref).update(financial_state=FinancialState.OPENED)
    said = text_of(client.get("/plan/use"))
    assert "激活金融功能" in said
    assert "转接账户" not in said


@pytest.mark.rule("platform B5, P11")
def test_the_plan_puts_the_refund_first_and_says_why(client: Client) -> None:
    """换卡且开通过交通功能:先退值,再换卡,写明原因、材料,可打印。"""
    assert "为什么要换卡" in text_of(client.get("/plan/exchange"))
    said = text_of(client.get("/plan/exchange", {"reason": "damaged"}))
    assert said.index("交通账户退值") < said.index("申请换领")
    assert "已开通交通功能，须先退值" in said
    assert "带：" in said
    assert "打印本页" in said


def test_a_change_of_bank_asks_which_one(client: Client) -> None:
    page = client.get("/plan/exchange", {"reason": "bank_change"})
    assert "换成哪家银行" in text_of(page)
    said = text_of(client.get("/plan/exchange", {"reason": "bank_change", "bank": "jnrcb"}))
    assert "结清银行账户" in said
    assert client.get("/plan/elsewhere").status_code == 404


@pytest.mark.rule("rule book 13")
def test_the_pin_page_names_the_figures_and_the_way_out_of_a_lock(
    client: Client, card: Card
) -> None:
    """社保密码:6位,连错6次锁定,到网点重置。"""
    said = text_of(Client().get("/pin"))
    assert "连续输错6次锁定" in said
    assert "已锁定" not in said
    Card.objects.filter(ref=card.ref).update(hr_state=HrState.LOCKED)
    assert "您的社保密码已锁定" in text_of(client.get("/pin"))


@pytest.mark.rule("SEED, FAQ 6: holders exchange offline")
def test_the_exchange_page_leads_to_an_outlet(client: Client) -> None:
    said = text_of(client.get("/exchange"))
    assert "网上不能换卡" in said
    assert "先退值" in said


@pytest.mark.rule("platform C0.8, B23")
def test_every_page_of_the_portal_can_be_named_by_its_code() -> None:
    """门户每一页的编号,话务员都查得到;名称两种语言都有。"""
    folder = Path(portal.__file__).parent
    source = "\n".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    used = set(re.findall(r'"(C1-\d\d)"', source.replace((folder / "codes.py").read_text(), "")))
    assert used - {"C1-14"} <= set(PAGES), "C1-14 belongs to the real-name service"
    for page in PAGES.values():
        for language in words.LANGUAGES:
            assert words.text(page.title, language)
            assert not page.lead or words.has(page.lead, language)


def test_an_old_consent_is_not_good_for_the_next_loss(
    city: SimulatedPartners,  # noqa: ARG001
    client: Client,
    card: Card,
) -> None:
    """同意只对这一次挂失有效。"""
    lost_by_phone(card)
    world().clock.advance(timedelta(days=8))  # type: ignore[attr-defined]
    lost_by_phone(card)
    sit_down(client, card.person)
    assert "须本人同意后使用" in text_of(client.get("/e-card"))
