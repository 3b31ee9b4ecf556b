"""The 12333 desk: who calls, what is reported by telephone, what is read out, what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.authority import Role
from onecard.domain.hr_function import HrState
from onecard.records.models import AuditRow, Card, LossReport
from onecard.seams.world import world
from tests import cast, held_cards, made_card, staff
from tests.web.citizen import hidden, text_of

pytestmark = pytest.mark.django_db
TOLD = {"name": "王芳", "number": cast.ADULT, "card_number": made_card.CARD_NUMBER}


@pytest.fixture
def card(city: SimulatedPartners) -> Card:  # noqa: ARG001
    """王芳's card, in use."""
    return held_cards.in_use()


@pytest.fixture
def operator(card: Card) -> Client:  # noqa: ARG001
    """An operator with a headset on."""
    return staff.at_the_desk(Role.PHONE_OPERATOR)


def identified(operator: Client, **different: str) -> str:
    """The address of the call of an identified caller."""
    answer = operator.post("/phone/", {**TOLD, **different})
    assert answer.status_code == 302, text_of(answer)
    return str(answer["Location"])


def reported(operator: Client, card: Card) -> str:
    """The page that is read out after the report."""
    call = identified(operator)
    token = hidden(operator.get(call), "once")
    answer = operator.post(f"{call}/card/{card.ref}/report", {"once": token})
    assert answer.status_code == 302, text_of(answer)
    return str(answer["Location"])


@pytest.mark.rule("platform C6.1, C6-02")
def test_the_first_question_has_the_focus_and_the_script_lies_beside_it(operator: Client) -> None:
    """来电:第一个字段有焦点,旁边是要念的话。"""
    page = operator.get("/phone/")
    assert 'name="name"' in page.content.decode().partition("autofocus")[0][-200:]
    assert "请问您的姓名、身份证号" in text_of(page)


def test_the_card_that_can_be_reported_comes_first_with_its_key(
    operator: Client, card: Card
) -> None:
    """名下有未启用的新卡时,能挂失的卡排在前面,F9可用。"""
    new = held_cards.in_use(
        card.person,
        card_number="B87654321",
        card_identifier="E" * 32,
        hr_state=HrState.SEALED,
        issued_on=card.issued_on + timedelta(days=1),
    )
    page = operator.get(identified(operator)).content.decode()
    assert page.index(f"card/{card.ref}") < page.index(f"card/{new.ref}")
    assert "<kbd>F9</kbd>" in page


def test_an_identity_number_is_never_part_of_an_address(operator: Client) -> None:
    """证件号码不得出现在网址中。"""
    assert cast.ADULT not in identified(operator)


@pytest.mark.rule("rule book 20.1; platform C6-03")
def test_the_summary_is_masked(operator: Client) -> None:
    """来电人页全部打码。"""
    page = operator.get(identified(operator))
    said = text_of(page)
    assert "王*" in said
    assert "3****************4" in said
    for whole in (cast.ADULT, "王芳", made_card.CARD_NUMBER):
        assert whole not in page.content.decode()


@pytest.mark.rule("rule book 20.1: caller_not_identified")
@pytest.mark.parametrize(
    "different",
    [
        {"name": "王方"},
        {"number": cast.ADULT_MAN},
        {"card_number": "B00000000"},
        {"number": "not a number"},
    ],
    ids=["name", "number", "card", "nonsense"],
)
def test_whoever_is_not_believed_is_told_nothing_about_why(
    operator: Client, different: dict[str, str]
) -> None:
    """身份不符:一律同一句,填的都在,每次都记录。"""
    answer = operator.post("/phone/", {**TOLD, **different})
    assert answer.status_code == 422
    assert "身份核对未通过" in text_of(answer)
    kept = {**TOLD, **different}["name"]
    assert f'value="{kept}"' in answer.content.decode()
    assert AuditRow.objects.filter(act="loss.identify_caller").count() == 1
    assert not LossReport.objects.exists()


@pytest.mark.rule("rule book 20.1; platform C6.2")
def test_the_script_reads_out_the_end_and_what_is_not_covered(operator: Client, card: Card) -> None:
    """挂失后念:哪天几点自动解挂;银行侧、交通余额不在内;补卡须正式挂失。"""
    page = operator.get(reported(operator, card))
    said = text_of(page)
    card.refresh_from_db()
    assert card.hr_state is HrState.TEMPORARY_LOSS
    assert "临时挂失到2026年3月9日 09:00" in said
    assert "自动解挂" in said
    assert "95588" in said
    assert "这部分无法停用" in said
    assert "要补领新卡，先办正式挂失" in said


def test_a_second_report_changes_nothing(operator: Client, card: Card) -> None:
    """重复挂失:到期时间不变,说明原来就已挂失。"""
    reported(operator, card)
    card.refresh_from_db()
    ends = card.loss_ends_at
    world().clock.advance(timedelta(minutes=25))  # type: ignore[attr-defined]
    page = operator.get(identified(operator))
    assert "已挂失：看状态并念给来电人听" in text_of(page)
    again = operator.post(f"{page.wsgi_request.path}/card/{card.ref}/report", {"once": "frm_2"})
    assert "原来就已挂失" in text_of(operator.get(again["Location"]))
    card.refresh_from_db()
    assert card.loss_ends_at == ends
    assert LossReport.objects.count() == 1


@pytest.mark.rule("SEED, FAQ 11; platform C6.3")
@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        ("report_temporary_financial", "电话只能办理临时挂失"),
        ("report_formally_at_bank", "电话只能办理临时挂失"),
        ("report_transit", "交通账户不能挂失"),
    ],
)
def test_what_the_telephone_cannot_do_is_refused_with_the_banks_script(
    operator: Client, card: Card, act: str, sentence: str
) -> None:
    """银行卡挂失、正式挂失、交通余额:这里不办,念银行的电话。"""
    call = identified(operator)
    assert f"/no/{act}" in operator.get(call).content.decode()
    said = text_of(operator.get(f"{call}/card/{card.ref}/no/{act}"))
    assert sentence in said
    assert ("致电中国工商银行，电话95588" in said) is (act != "report_transit")
    card.refresh_from_db()
    assert card.hr_state is HrState.NORMAL


def test_an_open_act_has_no_page_that_refuses_it(operator: Client, card: Card) -> None:
    call = identified(operator)
    assert operator.get(f"{call}/card/{card.ref}/no/report_temporary").status_code == 404
    assert operator.get(f"{call}/card/{card.ref}/no/anything").status_code == 404


def test_a_call_is_its_own_operators_and_soon_over(operator: Client, card: Card) -> None:
    """一通电话只归这位话务员,过时要重新核对。"""
    call = identified(operator)
    other = staff.at_the_desk(Role.PHONE_OPERATOR, username="other")
    assert other.get(call).status_code == 404
    for _ in range(2):
        world().clock.advance(timedelta(minutes=16))  # type: ignore[attr-defined]
        operator.get(call)
    late = operator.post(f"{call}/card/{card.ref}/report", {"once": "frm_9"})
    assert late.status_code == 422
    assert "身份核对已失效" in text_of(late)


def test_the_card_of_somebody_else_cannot_be_reported(operator: Client, card: Card) -> None:
    """只能挂失来电人自己的卡。"""
    stranger = made_card.a_person(cast.ADULT_MAN, name="李强")
    foreign = held_cards.in_use(stranger, card_number="B87654321", card_identifier="E" * 32)
    call = identified(operator)
    answer = operator.post(f"{call}/card/{foreign.ref}/report", {"once": "frm_1"})
    assert answer.status_code == 404
    assert operator.get(f"{call}/card/{foreign.ref}").status_code == 404
    card.refresh_from_db()
    assert card.hr_state is HrState.NORMAL


@pytest.mark.rule("platform C6.5")
def test_a_page_code_opens_the_page_the_caller_sees(operator: Client) -> None:
    """页面编号:看到来电人那一页;本人页要核对身份后才看。"""
    said = text_of(operator.get("/phone/page?code=c1-10"))
    assert "C1-10" in said
    assert 'href="/lost"' in operator.get("/phone/page?code=C1-10").content.decode()
    assert "只有本人登录后能看" in text_of(operator.get("/phone/page?code=C1-09"))
    assert "没有编号是 C9-99" in text_of(operator.get("/phone/page?code=c9-99"))


def test_the_wrap_up_says_what_stands(operator: Client, card: Card) -> None:
    call = reported(operator, card).partition("/card/")[0]
    said = text_of(operator.get(f"{call}/end"))
    assert "临时挂失" in said
    assert "2026年3月9日 09:00" in said


@pytest.mark.parametrize(
    "role", [Role.OUTLET_CLERK, Role.BANK_CLERK, Role.PLATFORM_OPERATOR, Role.AUDITOR]
)
def test_other_roles_have_no_seat_here(city: SimulatedPartners, role: Role) -> None:  # noqa: ARG001
    """最小权限:12333工作台只对话务员开放。"""
    place = {"outlet": held_cards.a_bank_outlet()} if role is Role.BANK_CLERK else {}
    answer = staff.at_the_desk(role, **place).get("/phone/")
    assert answer.status_code == 403
    assert "12333话务员" in text_of(answer)
