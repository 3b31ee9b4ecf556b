"""Every page about a card's life after the first day: accessible, coded, whole at any width."""

from __future__ import annotations

import re

import pytest

from onecard.actions import loss as acts
from onecard.actions import person as people
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.financial_function import FinancialState
from onecard.records.models import AuditRow, Card
from onecard.seams.world import world
from tests import cast, held_cards, made_card
from tests.actions.application.people import WOMAN, at_desk
from tests.browser.audit import Findings
from tests.browser.house_windows import House, card_in_use, inside
from tests.browser.visitor import Visitor

__all__ = ["inside"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OPERATOR = Actor(Role.PHONE_OPERATOR, "stf_phone", Channel.PHONE)
OF_CITIZENS = (
    "/lost",
    "/cards",
    "/cards/{card}/loss",
    "/timeline",
    "/looks",
    "/looks/{line}",
    "/e-card",
    "/pin",
    "/exchange",
    "/plan",
    "/plan/exchange",
    "/plan/exchange?reason=damaged",
    "/plan/replace",
    "/plan/use",
)
OF_A_LOST_CARD = (
    "/lost",
    "/cards/{card}/loss",
    "/cards/{card}/loss/withdraw",
    "/replace/known",
    "/replace/notices",
    "/replace/details",
    "/replace/delivery",
    "/replace/check",
)
OF_BANKS = (
    "/bank/",
    "/bank/payday",
    "/bank/discrepancies",
    "/bank/person/{person}/card/{card}",
    "/bank/person/{person}/card/{card}/formal",
    "/bank/person/{person}/card/{card}/activate",
    "/bank/person/{person}/card/{card}/withdraw-formal",
    "/bank/person/{person}/card/{card}/relink",
)
OF_COUNTERS = (
    "/counter/person/{person}",
    "/counter/person/{person}/card/{card}/loss",
    "/counter/person/{person}/card/{card}/board",
    "/counter/person/{person}/card/{card}/withdraw",
    "/counter/person/{person}/card/{card}/pin",
    "/counter/person/{person}/card/{card}/cancel",
    "/counter/person/{person}/transfer",
)


def all_is_well(visitor: Visitor, paths: tuple[str, ...], **known: str) -> None:
    """Measure every page; what is wrong is told at once."""
    found = Findings()
    for path in paths:
        visitor.go(path.format(**known))
        found.look_at(visitor)
    assert found.lines == [], "\n".join(found.lines)


def formally_lost(card: Card) -> None:
    citizen = made_card.as_citizen(card.person)
    acts.report_formally_online(card=card.ref, actor=citizen, at=world().clock.now())


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_pages_of_a_card_in_use(inside: House, locale: str) -> None:
    """卡在用时的各页,中英文。"""
    card = card_in_use(inside, financial_state=FinancialState.OPENED)
    people.unmask(
        person=card.person_id,
        field="phone",
        reason="contact",
        actor=cast.CLERK,
        at=world().clock.now(),
    )
    line = AuditRow.objects.get(act="person.unmask").pk
    holder = inside.citizen(card.person, locale=locale)
    all_is_well(holder, OF_CITIZENS, card=card.ref, line=str(line))


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_pages_of_a_lost_card(inside: House, locale: str) -> None:
    """挂失、解挂、补卡各页,中英文。"""
    card = card_in_use(inside)
    formally_lost(card)
    all_is_well(inside.citizen(card.person, locale=locale), OF_A_LOST_CARD, card=card.ref)


def test_the_code_is_asked_for_and_the_electronic_card_agreed_to(inside: House) -> None:
    """验证码页和电子社保卡同意页。"""
    card = card_in_use(inside)
    now = world().clock.now()
    call = acts.identify_caller(name="王芳", identity_number=cast.ADULT, actor=OPERATOR, at=now)
    acts.report_temporary(call=call.call, card=card.ref, actor=OPERATOR, at=now)
    holder, found = inside.citizen(card.person), Findings()
    for path in ("/lost", f"/cards/{card.ref}/loss", "/e-card", "/e-card/consent"):
        holder.go(path)
        found.look_at(holder)
    holder.press("发送短信验证码")
    holder.sees("验证码已发到139****5678")
    found.look_at(holder)
    formally_lost(card)
    holder.go(f"/cards/{card.ref}/loss/withdraw")
    holder.press("发送短信验证码")
    holder.is_at("输入验证码，解除挂失")
    found.look_at(holder)
    sent = re.search(r"验证码(\d{6})", inside.partners.simulation.sms.sent()[-1].text)
    assert sent
    holder.fill(code=sent[1])
    holder.press("确认解除人社功能的挂失")
    holder.is_at("卡没有挂失")
    assert found.lines == [], "\n".join(found.lines)


def test_pages_of_the_telephone_desk(inside: House) -> None:
    """12333工作台各页。"""
    card = card_in_use(inside)
    operator, found = inside.desk(Role.PHONE_OPERATOR), Findings()
    operator.go("/phone/page?code=C1-10")
    found.look_at(operator)
    operator.go("/phone/")
    operator.fill(name="王芳", number="x")
    operator.press("核对身份")
    operator.sees("身份核对未通过")
    found.look_at(operator)
    operator.fill(number=cast.ADULT)
    operator.press("核对身份")
    operator.is_at("来电人和名下的卡")
    found.look_at(operator)
    call = operator.path
    for act in ("report_temporary_financial", "report_formally_at_bank", "report_transit"):
        operator.go(f"{call}/card/{card.ref}/no/{act}")
        found.look_at(operator)
    operator.go(call)
    operator.press("临时挂失人社功能")
    operator.is_at("念给来电人听")
    found.look_at(operator)
    operator.go(f"{call}/end")
    found.look_at(operator)
    assert found.lines == [], "\n".join(found.lines)


def test_pages_of_the_bank_desk(inside: House) -> None:
    """银行工作台各页,别家的卡也在内。"""
    card = card_in_use(inside)
    formally_lost(card)
    clerk = inside.desk(Role.BANK_CLERK, outlet=held_cards.a_bank_outlet())
    all_is_well(clerk, OF_BANKS, person=card.person_id, card=card.ref)
    other = inside.desk(Role.BANK_CLERK, outlet=held_cards.a_bank_outlet("jnrcb"))
    other.go("/bank/")
    other.fill(card=made_card.CARD_NUMBER)
    other.press("读卡")
    other.is_at("这是别家银行的卡")
    found = Findings()
    found.look_at(other)
    other.go(f"/bank/person/{card.person_id}")
    found.look_at(other)
    assert found.lines == [], "\n".join(found.lines)


def test_pages_of_the_counter(inside: House) -> None:
    """窗口办理卡事务各页。"""
    card = card_in_use(inside)
    at_desk(WOMAN)
    clerk = inside.desk(Role.OUTLET_CLERK)
    all_is_well(clerk, OF_COUNTERS[:2], person=card.person_id, card=card.ref)
    formally_lost(card)
    all_is_well(clerk, OF_COUNTERS, person=card.person_id, card=card.ref)
    found = Findings()
    clerk.go(f"/counter/person/{card.person_id}")
    clerk.main.get_by_role("listitem").filter(has_text="补领").get_by_role("button").click()
    clerk.is_at("补领")
    found.look_at(clerk)
    assert found.lines == [], "\n".join(found.lines)
