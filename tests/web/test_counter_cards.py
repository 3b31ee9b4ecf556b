"""Acts about a card at the counter: loss, withdrawal, replacement, exchange, PIN, cancellation."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from onecard.actions import hr_pin
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.application import ApplicationKind
from onecard.domain.authority import Role
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.stock import OutletKind
from onecard.domain.transit_purse import TransitState
from onecard.records.models import Application, AuditRow, Card, Outlet, TransferOut
from onecard.seams.world import world
from tests import cast, held_cards, made_card, staff
from tests.web.citizen import hidden, text_of

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
CASE = {
    "applied_by": "holder",
    "kind": "resident_id",
    "number": cast.ADULT,
    "valid_to": "20360101",
    "original": "on",
    "phone": "13800138000",
    "address": "江苏省常州市天宁区延陵西路1号",
    "occupation": "23",
    "nationality": "CHN",
    "bank": "icbc",
    "making_mode": "factory",
    "collection": "outlet",
    "base_data_right": "on",
}


@pytest.fixture
def card(city: SimulatedPartners) -> Card:  # noqa: ARG001
    """王芳's card, in use, its purse opened."""
    return held_cards.in_use()


@pytest.fixture
def clerk(card: Card) -> Client:  # noqa: ARG001
    """A clerk of the outlet in Tianning."""
    return staff.at_the_desk(Role.OUTLET_CLERK)


def person_page(card: Card) -> str:
    return f"/counter/person/{card.person_id}"


def card_page(card: Card) -> str:
    return f"{person_page(card)}/card/{card.ref}"


def sent(clerk: Client, address: str, form: dict[str, Any]) -> Any:
    """Open the page of an act and send its form."""
    asked = clerk.get(address)
    told = {"once": hidden(asked, "once"), **form}
    version = re.search(r'name="version" value="(\d+)"', asked.content.decode())
    return clerk.post(address, {**({"version": version[1]} if version else {}), **told})


def taken(clerk: Client, card: Card, kind: str, **different: Any) -> Any:
    """A case of one kind up to its acceptance; the scan fetches the portrait."""
    clerk.post("/counter/find", {"kind": "resident_id", "number": cast.ADULT, "name": ""})
    clerk.post(f"{person_page(card)}/begin", {"kind": kind})
    kept = clerk.post(f"{person_page(card)}/case", {**CASE, **different})
    assert kept.status_code == 302, text_of(kept)
    check = f"{person_page(card)}/case/check"
    page = clerk.get(check)
    assert page.status_code == 200, text_of(page)
    return clerk.post(check, {"once": hidden(page, "once")})


def test_what_may_be_done_stands_first_and_what_not_with_its_reason(
    clerk: Client, card: Card
) -> None:
    """人员页:能办的在前带快捷键,不能办的写明原因。"""
    page = clerk.get(person_page(card))
    said = text_of(page)
    for part in (
        "正式挂失（人社功能）",
        "社保密码：设置、修改、重置",
        "补卡须先正式挂失",
        "已开通交通功能，须先退值",
        "银行账户未结清",
    ):
        assert part in said, part
    keys = re.findall(r"<kbd>(F\d+)</kbd>", page.content.decode().partition('class="acts"')[2])
    assert keys[:2] == ["F6", "F7"]
    assert len(keys) == len(set(keys))


@pytest.mark.rule("SEED, FAQ 11: HR counters cover the HR side")
def test_a_formal_loss_at_the_counter_stops_the_hr_side_and_names_the_bank(
    clerk: Client, card: Card
) -> None:
    """窗口正式挂失:只停人社;银行侧写明电话;打印回单计次。"""
    page = text_of(clerk.get(f"{card_page(card)}/loss"))
    for part in ("银行账户不在内", "95588", "交通账户不能挂失"):
        assert page.index(part) < page.index("确认正式挂失"), part
    answer = sent(clerk, f"{card_page(card)}/loss", PAPERS)
    assert answer["Location"] == f"{card_page(card)}/board"
    assert "没有保护" in text_of(clerk.get(answer["Location"]))
    card.refresh_from_db()
    assert card.hr_state is HrState.FORMAL_LOSS
    assert card.financial_state is FinancialState.ACTIVATED
    assert clerk.post(f"{card_page(card)}/slip").content.startswith(b"%PDF-")
    assert AuditRow.objects.filter(act="slip.note_loss_print").count() == 1


@pytest.mark.rule("rule book 20.3: loss.wrong_outlet")
def test_the_outlet_that_accepted_it_takes_it_back(clerk: Client, card: Card) -> None:
    """谁受理谁解除。"""
    sent(clerk, f"{card_page(card)}/loss", PAPERS)
    other = staff.at_the_desk(
        Role.OUTLET_CLERK, username="other", outlet=Outlet.objects.get(ref="out_zhonglou")
    )
    assert "须到受理挂失的网点" in text_of(other.get(person_page(card)))
    stranger = sent(other, f"{card_page(card)}/withdraw", IN_HAND)
    assert stranger.status_code == 422
    own = sent(clerk, f"{card_page(card)}/withdraw", IN_HAND)
    assert own["Location"] == f"{card_page(card)}/board"
    card.refresh_from_db()
    assert card.hr_state is HrState.NORMAL


@pytest.mark.rule("rule book 21.2")
def test_a_lost_card_is_replaced_with_every_notice_read_out(clerk: Client, card: Card) -> None:
    """窗口补领:逐条告知确认;少一条不受理;申请后不能解挂。"""
    sent(clerk, f"{card_page(card)}/loss", PAPERS)
    notices = ["balance_lost", "withdrawal_closes", "activate_and_relink", "benefits_may_bounce"]
    few = taken(clerk, card, "replacement", confirmed=notices[:2])
    assert few.status_code == 422
    assert "请逐项确认" in text_of(few)
    done = taken(clerk, card, "replacement", confirmed=notices)
    assert done.status_code == 302, text_of(done)
    row = Application.objects.get()
    assert row.kind is ApplicationKind.REPLACEMENT
    assert row.predecessor_id == card.ref
    assert "已申请补卡，不能解挂" in text_of(clerk.get(person_page(card)))


@pytest.mark.rule("SEED, FAQ 13; platform C4.2: exchange refused until the purse is refunded")
def test_an_exchange_waits_for_the_refund_and_a_slip_leads_there(clerk: Client, card: Card) -> None:
    """换卡:先退值;受阻单指到直营网点;退值后同样的申请受理。"""
    Outlet.objects.create(
        ref="out_direct", kind=OutletKind.DIRECT, name="市民卡直营网点", address="演示路18号"
    )
    case = {"reason": "damaged", "old_card_shown": "on"}
    blocked = taken(clerk, card, "exchange", **case)
    assert blocked.status_code == 422
    assert "已开通交通功能，须先退值" in text_of(blocked)
    at = f"{person_page(card)}/refund-first"
    assert f'action="{at}"' in blocked.content.decode()
    assert f'action="{at}"' in clerk.get(person_page(card)).content.decode()
    assert clerk.post(at).content.startswith(b"%PDF-")
    assert AuditRow.objects.filter(act="slip.note_refund_first_print").count() == 1
    Card.objects.filter(ref=card.ref).update(transit_state=TransitState.CLOSED)
    check = f"{person_page(card)}/case/check"
    done = clerk.post(check, {"once": hidden(clerk.get(check), "once")})
    assert done.status_code == 302, text_of(done)
    assert Application.objects.get().kind is ApplicationKind.EXCHANGE


@pytest.mark.parametrize(
    ("different", "sentence"),
    [
        ({"reason": "damaged"}, "换卡须带旧卡"),
        ({"reason": "expiring", "old_card_shown": "on"}, "距到期还有"),
        (
            {"reason": "data_changed", "old_card_shown": "on", "base_data_right": ""},
            "基础信息未更正",
        ),
        ({"reason": "bank_change", "old_card_shown": "on", "bank": "jnrcb"}, "原银行账户未处理"),
    ],
    ids=["old card", "too early", "data", "account"],
)
@pytest.mark.rule("rule book 21.3")
def test_an_exchange_is_refused_by_its_reason(
    clerk: Client, card: Card, different: dict[str, str], sentence: str
) -> None:
    """换卡各种不能办的原因,原样说明。"""
    Card.objects.filter(ref=card.ref).update(transit_state=TransitState.NOT_OPENED)
    refused = taken(clerk, card, "exchange", **different)
    assert refused.status_code == 422
    assert sentence in text_of(refused)
    assert not Application.objects.exists()


def test_an_exchange_without_a_reason_is_said_beside_the_question(
    clerk: Client, card: Card
) -> None:
    clerk.post(f"{person_page(card)}/begin", {"kind": "exchange"})
    answer = clerk.post(f"{person_page(card)}/case", CASE)
    assert answer.status_code == 422
    assert "选择换卡原因" in text_of(answer)


@pytest.mark.rule("rule book 13; platform C4-10")
def test_the_pin_is_set_changed_and_reset_with_its_lock_opened(clerk: Client, card: Card) -> None:
    """社保密码:首次设置、修改;连错锁定后凭证件重置解锁。"""
    page = f"{card_page(card)}/pin"
    differ = sent(clerk, page, {**IN_HAND, "what": "first", "pin": "482917", "again": "482918"})
    assert differ.status_code == 422
    assert "两次输入的新密码不一样" in text_of(differ)
    simple = sent(clerk, page, {**IN_HAND, "what": "first", "pin": "123456", "again": "123456"})
    assert "密码过于简单" in text_of(simple)
    assert "482917" not in text_of(simple)
    first = {**IN_HAND, "what": "first", "pin": "482917", "again": "482917"}
    assert sent(clerk, page, first).status_code == 302
    new = {"card": made_card.CARD_NUMBER, "who": "holder", "what": "change", "kind": "resident_id"}
    change = {**new, "old_pin": "482917", "pin": "739154", "again": "739154"}
    assert sent(clerk, page, change).status_code == 302
    for _ in range(6):
        hr_pin.try_pin(card=card.ref, pin="000001", actor=cast.CLERK, at=world().clock.now())
    assert "社保密码锁定" in text_of(clerk.get(person_page(card)))
    reset = {**IN_HAND, "what": "reset", "pin": "604938", "again": "604938"}
    assert sent(clerk, page, reset).status_code == 302
    card.refresh_from_db()
    assert card.hr_state is HrState.NORMAL


@pytest.mark.rule("rule book 16; platform C4-11: everything that is open is told at once")
def test_a_cancellation_tells_every_open_step_in_its_order(clerk: Client, card: Card) -> None:
    """注销:账户、退值、交卡没做完的一次告知;做完才注销,不能恢复。"""
    page = f"{card_page(card)}/cancel"
    form = {**PAPERS, "reason": "holders_request", "understood": "on"}
    refused = sent(clerk, page, form)
    said = text_of(refused)
    assert refused.status_code == 422
    order = [said.index(part) for part in ("银行账户未结清", "还没有退值", "须交回卡片")]
    assert order == sorted(order)
    Card.objects.filter(ref=card.ref).update(
        financial_state=FinancialState.CLOSED, transit_state=TransitState.CLOSED
    )
    done = sent(clerk, page, {**form, "handed_in": "on"})
    assert done.status_code == 302, text_of(done)
    card.refresh_from_db()
    assert card.hr_state is HrState.CANCELLED


def test_after_a_death_the_family_comes_with_the_certificate(clerk: Client, card: Card) -> None:
    """去世:家属凭本人证件和死亡证明。"""
    Card.objects.filter(ref=card.ref).update(
        financial_state=FinancialState.CLOSED, transit_state=TransitState.CLOSED
    )
    page = f"{card_page(card)}/cancel"
    form = {"reason": "death", "understood": "on", "handed_in": "on", "kind": "resident_id"}
    alone = sent(clerk, page, {**form, "who": "holder", "agent_kind": "resident_id"})
    assert "由家属作为代办人办理" in text_of(alone)
    family = {
        "who": "agent",
        "agent_name": "李强",
        "agent_kind": "resident_id",
        "agent_number": cast.ADULT_MAN,
        "agent_valid_to": "0",
        "agent_original": "on",
    }
    assert "缺死亡证明" in text_of(sent(clerk, page, {**form, **family}))
    done = sent(clerk, page, {**form, **family, "death_proof": "on"})
    assert done.status_code == 302, text_of(done)


@pytest.mark.rule("SEED, FAQ 7; rule book 15")
def test_a_move_out_of_the_province_is_recorded_and_nothing_switched_off(
    clerk: Client, card: Card
) -> None:
    """省外转移只作记录,卡照常能用;省内不用办。"""
    page = f"{person_page(card)}/transfer"
    inside = sent(clerk, page, {"to_province": "32", "moved_on": "20260301"})
    assert "省内转移" in text_of(clerk.get(inside["Location"]))
    assert not TransferOut.objects.exists()
    sent(clerk, page, {"to_province": "33", "moved_on": "20260301"})
    assert TransferOut.objects.count() == 1
    card.refresh_from_db()
    assert card.hr_state is HrState.NORMAL
    wrong = sent(clerk, page, {"to_province": "", "moved_on": "x"})
    assert wrong.status_code == 422


def test_the_card_of_another_person_is_not_there(clerk: Client, card: Card) -> None:
    stranger = made_card.a_person(cast.ADULT_MAN, name="李强")
    for page in ("loss", "withdraw", "board", "pin", "cancel"):
        address = f"/counter/person/{stranger.ref}/card/{card.ref}/{page}"
        assert clerk.get(address).status_code == 404
