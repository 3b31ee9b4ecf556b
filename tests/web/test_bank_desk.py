"""The bank desk: own cards only; activation, formal loss, withdrawal, slips, what is not known."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from onecard.adapters.faults import Fault
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.authority import Role
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.records.models import AuditRow, Card, LossReport
from onecard.seams.world import world
from tests import cast, held_cards, made_card, staff
from tests.web.citizen import hidden, sit_down, text_of

pytestmark = pytest.mark.django_db
PAPERS = {
    "who": "holder",
    "kind": "resident_id",
    "number": cast.ADULT,
    "valid_to": "20360101",
    "original": "on",
    "agent_kind": "resident_id",
}
IN_HAND = {**PAPERS, "card": made_card.CARD_NUMBER}


@pytest.fixture
def card(city: SimulatedPartners) -> Card:  # noqa: ARG001
    """王芳's card of ICBC, in use."""
    return held_cards.in_use()


@pytest.fixture
def clerk(card: Card) -> Client:  # noqa: ARG001
    """A clerk of ICBC."""
    return staff.at_the_desk(Role.BANK_CLERK, outlet=held_cards.a_bank_outlet())


def page_of(card: Card) -> str:
    return f"/bank/person/{card.person_id}/card/{card.ref}"


def done(clerk: Client, address: str, form: dict[str, str]) -> str:
    """Fill in the form of an act; gives the page after it, as text."""
    asked = clerk.get(address)
    hidden_fields = {"once": hidden(asked, "once")}
    version = re.search(r'name="version" value="(\d+)"', asked.content.decode())
    if version:
        hidden_fields["version"] = version[1]
    answer = clerk.post(address, {**hidden_fields, **form})
    assert answer.status_code == 302, text_of(answer)
    return text_of(clerk.get(answer["Location"]))


def refused(clerk: Client, address: str, form: dict[str, str]) -> str:
    """The page that says no."""
    answer = clerk.post(address, {"once": world().ids.new("frm"), "version": "1", **form})
    assert answer.status_code == 422
    return text_of(answer)


@pytest.mark.rule("platform C5-01")
def test_a_card_of_the_own_bank_opens_masked(clerk: Client, card: Card) -> None:
    """读卡:本行的卡打开,信息打码。"""
    answer = clerk.post(
        "/bank/", {"card": f" {made_card.CARD_NUMBER[:4]} {made_card.CARD_NUMBER[4:]}"}
    )
    assert answer["Location"] == page_of(card)
    page = clerk.get(answer["Location"])
    said = text_of(page)
    assert "王*" in said
    assert "已激活" in said
    for whole in (cast.ADULT, "王芳", made_card.CARD_NUMBER):
        assert whole not in page.content.decode()


@pytest.mark.rule("platform B19")
def test_the_holder_sees_later_that_the_card_was_read(clerk: Client, card: Card) -> None:
    """银行读了卡,本人在「谁看过我的信息」里看得到,有理由。"""
    clerk.post("/bank/", {"card": made_card.CARD_NUMBER})
    holder = Client()
    sit_down(holder, card.person)
    said = text_of(holder.get("/looks"))
    for part in ("银行网点柜员", "读卡，看到三项功能的状态", "拿着卡到银行办事"):
        assert part in said, part
    assert "没有写理由" not in said


@pytest.mark.rule("platform C5.1; rule book 12.2: financial_function.wrong_bank")
def test_of_another_banks_card_only_the_bank_and_its_number_are_told(
    city: SimulatedPartners,  # noqa: ARG001
) -> None:
    """别家银行的卡:只告诉是哪家银行、哪个电话,其他都看不到。"""
    card = held_cards.in_use(bank="jnrcb")
    clerk = staff.at_the_desk(Role.BANK_CLERK, outlet=held_cards.a_bank_outlet())
    page = clerk.post("/bank/", {"card": made_card.CARD_NUMBER})
    said = text_of(page)
    assert "江南农村商业银行" in said
    assert "96008" in said
    for more in ("王", "正常", "已激活", card.ref, card.person_id, "有效期"):
        assert more not in said.partition("需要帮助")[0].partition("这是别家银行的卡")[2]
    for address in ("", "/slip", "/activate", "/formal", "/relink"):
        assert clerk.get(page_of(card) + address).status_code in (404, 405)
    assert clerk.post(f"{page_of(card)}/slip").status_code == 404
    assert clerk.post(f"{page_of(card)}/formal", PAPERS).status_code == 404


def test_a_number_that_is_no_card_is_said_beside_it(clerk: Client) -> None:
    answer = clerk.post("/bank/", {"card": "Z99999999"})
    assert answer.status_code == 422
    assert "没有这个卡号的卡" in text_of(answer)


def test_somebody_without_a_card_of_this_bank_is_shown_nothing(
    city: SimulatedPartners,  # noqa: ARG001
) -> None:
    """这个人没有本行的卡:不说有没有别家的。"""
    held_cards.in_use(bank="jnrcb")
    clerk = staff.at_the_desk(Role.BANK_CLERK, outlet=held_cards.a_bank_outlet())
    found = clerk.post("/bank/", {"number": cast.ADULT, "kind": "resident_id", "name": ""})
    said = text_of(clerk.get(found["Location"]))
    assert "没有卡面是本行的卡" in said
    assert "江南" not in said


@pytest.mark.rule("SEED, FAQ 9: 本人持有效身份证件和卡激活")
def test_the_financial_function_is_activated_with_card_and_document(
    city: SimulatedPartners,  # noqa: ARG001
) -> None:
    """激活:本人、卡、有效证件;没有激活的影响先说明。"""
    card = held_cards.in_use(financial_state=FinancialState.OPENED)
    clerk = staff.at_the_desk(Role.BANK_CLERK, outlet=held_cards.a_bank_outlet())
    clerk.post("/bank/", {"card": made_card.CARD_NUMBER})
    assert "金融功能没有激活，会影响" in text_of(clerk.get(page_of(card)))
    address = f"{page_of(card)}/activate"
    assert f'value="{made_card.CARD_NUMBER}"' in clerk.get(address).content.decode()
    agent = {
        "who": "agent",
        "agent_name": "李强",
        "agent_number": cast.ADULT_MAN,
        "agent_valid_to": "0",
        "agent_original": "on",
    }
    assert "须本人办理" in refused(clerk, address, {**IN_HAND, **agent})
    other = {**IN_HAND, "card": "B00000000"}
    assert "须带卡办理" in refused(clerk, address, other)
    assert "金融功能已激活" in done(clerk, address, IN_HAND)
    card.refresh_from_db()
    assert card.financial_state is FinancialState.ACTIVATED


@pytest.mark.rule("SEED, FAQ 11; platform C5.3")
def test_a_formal_loss_moves_both_functions_and_its_slip_is_counted(
    clerk: Client, card: Card
) -> None:
    """本行网点正式挂失:人社和金融一起,看板有各方时间,回单计次。"""
    found = clerk.post("/bank/", {"number": cast.ADULT, "kind": "resident_id", "name": "王芳"})
    assert clerk.get(found["Location"])["Location"] == page_of(card)
    said = done(clerk, f"{page_of(card)}/formal", PAPERS)
    assert "人社和金融功能已停用" in said
    card.refresh_from_db()
    assert card.hr_state is HrState.FORMAL_LOSS
    assert card.financial_state is FinancialState.FORMAL_LOSS
    assert "交通账户不能挂失" in said
    for copy in range(2):
        slip = clerk.post(f"{page_of(card)}/slip")
        assert slip.content.startswith(b"%PDF-")
        noted = AuditRow.objects.filter(act="slip.note_loss_print").latest("id")
        assert noted.facts == {"copy": copy}


@pytest.mark.rule("platform C5.6: nothing is confirmed before the acknowledgement arrived")
def test_a_silent_bank_is_shown_as_not_confirmed(
    city: SimulatedPartners, clerk: Client, card: Card
) -> None:
    """银行没有回执:看板写没有确认和电话,不冒称已保护。"""
    city.simulation.faults.set("bank:icbc", Fault.DOWN)
    said = done(clerk, f"{page_of(card)}/formal", PAPERS)
    assert "人社和金融功能已停用" not in said
    assert "银行系统还没有确认金融功能，正在同步" in said
    board = said.partition("挂失看板")[2]
    bank = board.partition("中国工商银行")[2].partition("交通")[0]
    assert "未确认" in bank
    assert "急需时致电95588" in bank
    assert " 已确认" not in bank
    card.refresh_from_db()
    assert card.hr_state is HrState.FORMAL_LOSS


@pytest.mark.rule("rule book 20.3; platform C5.5")
def test_a_formal_loss_is_withdrawn_with_the_card_in_hand(clerk: Client, card: Card) -> None:
    """找到卡:本人持卡和证件到受理的网点解除。"""
    done(clerk, f"{page_of(card)}/formal", PAPERS)
    page = text_of(clerk.get(page_of(card)))
    assert "解除正式挂失" in page
    address = f"{page_of(card)}/withdraw-formal"
    assert "挂失已解除" in done(clerk, address, IN_HAND)
    card.refresh_from_db()
    assert card.hr_state is HrState.NORMAL
    assert card.financial_state is FinancialState.ACTIVATED


def test_a_withdrawal_names_the_report_it_lifts(clerk: Client, card: Card) -> None:
    """解挂写明解的是哪一次挂失,页面旧了就不办。"""
    done(clerk, f"{page_of(card)}/formal", PAPERS)
    stale = {**IN_HAND, "version": "7"}
    refused(clerk, f"{page_of(card)}/withdraw-formal", stale)
    card.refresh_from_db()
    assert card.hr_state is HrState.FORMAL_LOSS


def test_another_outlet_of_the_bank_does_not_withdraw_what_it_did_not_accept(
    clerk: Client, card: Card
) -> None:
    """谁受理谁解除:同一银行的另一网点不能解。"""
    done(clerk, f"{page_of(card)}/formal", PAPERS)
    second = held_cards.a_bank_outlet(ref="out_icbc_2", name="工行新北支行")
    other = staff.at_the_desk(Role.BANK_CLERK, username="other", outlet=second)
    said = text_of(other.get(page_of(card)))
    assert "须到受理挂失的网点" in said


@pytest.mark.rule("C0.6: no double effects")
def test_the_form_sent_twice_reports_once(clerk: Client, card: Card) -> None:
    address = f"{page_of(card)}/formal"
    form = {**PAPERS, "once": hidden(clerk.get(address), "once")}
    first, second = clerk.post(address, form), clerk.post(address, form)
    assert first["Location"] == second["Location"] == page_of(card)
    assert LossReport.objects.count() == 1


def test_the_lists_of_the_bank_open(clerk: Client) -> None:
    assert "对不上的消息" in text_of(clerk.get("/bank/discrepancies"))
    assert "下次待遇会退回的客户" in text_of(clerk.get("/bank/payday"))


@pytest.mark.parametrize("role", [Role.OUTLET_CLERK, Role.PHONE_OPERATOR, Role.AUDITOR])
def test_other_roles_have_no_seat_here(city: SimulatedPartners, role: Role) -> None:  # noqa: ARG001
    """最小权限:银行工作台只对银行柜员开放。"""
    answer = staff.at_the_desk(role).get("/bank/")
    assert answer.status_code == 403
    assert "银行网点柜员" in text_of(answer)


def test_the_desk_ends_with_the_clock(clerk: Client, card: Card) -> None:
    world().clock.advance(timedelta(hours=9))  # type: ignore[attr-defined]
    assert clerk.get(page_of(card)).status_code == 303
