"""A lost card is replaced online, by the questions of a first application and a few more."""

from __future__ import annotations

import pytest
from django.test import Client

from onecard.actions import loss as acts
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.application import ApplicationKind
from onecard.records.models import Application, Card
from onecard.seams.world import world
from tests import held_cards, made_card
from tests.web.citizen import DELIVERY, DETAILS, hidden, sign_in, text_of

pytestmark = pytest.mark.django_db
NAME = "王芳"
EVERYTHING = (
    "balance_lost",
    "withdrawal_closes",
    "activate_and_relink",
    "benefits_may_bounce",
)


@pytest.fixture
def card(city: SimulatedPartners) -> Card:  # noqa: ARG001
    """王芳's card, in use."""
    return held_cards.in_use(made_card.a_person(nationality="CHN"))


@pytest.fixture
def client(card: Card) -> Client:  # noqa: ARG001
    """王芳, through the real-name service."""
    client = Client()
    sign_in(client, NAME)
    return client


def reported_lost(card: Card) -> None:
    citizen = made_card.as_citizen(card.person)
    acts.report_formally_online(card=card.ref, actor=citizen, at=world().clock.now())


def answered(client: Client) -> None:
    """Every question up to the check page."""
    client.get("/replace/known")
    known = {"base_data_right": "on", "confirmed": EVERYTHING}
    for name, answers in (("notices", known), ("details", DETAILS), ("delivery", DELIVERY)):
        answer = client.post(f"/replace/{name}", answers)
        assert answer.status_code == 302, text_of(answer)


@pytest.mark.rule("rule book 21.2: replacement.formal_loss_first; acceptance A11")
def test_without_a_formal_loss_the_first_page_says_where_to_report(client: Client) -> None:
    """没有正式挂失,第一页就说明,并指到挂失页。"""
    answer = client.get("/replace/known")
    assert answer.status_code == 422
    assert "补卡须先正式挂失" in text_of(answer)
    assert 'href="/lost"' in answer.content.decode()


@pytest.mark.rule("rule book 21.2; PROVINCIAL S4")
def test_a_lost_card_is_replaced_online_by_post(client: Client, card: Card) -> None:
    """线上补领:告知四条并确认,填联系方式和邮寄地址,核对,提交,EMS寄送。"""
    reported_lost(card)
    answered(client)
    page = client.get("/replace/check")
    said = text_of(page)
    assert "提交补卡申请前，核对一遍" in said
    assert "中国工商银行" in said
    assert "更改 银行" not in said
    form = {"once": hidden(page, "once"), "seen": hidden(page, "seen")}
    first, second = client.post("/replace/check", form), client.post("/replace/check", form)
    assert first["Location"] == second["Location"]
    row = Application.objects.get()
    assert row.kind is ApplicationKind.REPLACEMENT
    assert row.predecessor_id == card.ref
    assert row.bank == card.bank
    assert "补领" in text_of(client.get(f"/applications/{row.number}"))


@pytest.mark.rule("rule book 21.2.8")
def test_every_notice_has_to_be_confirmed(client: Client, card: Card) -> None:
    """四条告知逐条勾选,少一条都不能继续。"""
    reported_lost(card)
    client.get("/replace/known")
    said = text_of(client.get("/replace/notices"))
    for part in ("不退，也不能转到新卡", "不能再解除", "激活金融功能", "会退回"):
        assert part in said
    answer = client.post("/replace/notices", {"base_data_right": "on", "confirmed": EVERYTHING[:3]})
    assert answer.status_code == 422
    assert "还有没勾选的" in text_of(answer)
    assert answer.content.decode().count("checked") == 4


@pytest.mark.rule("acceptance A6: found after applying")
def test_once_applied_for_nothing_can_be_withdrawn(client: Client, card: Card) -> None:
    """申请补卡后找到旧卡:不能再解除挂失,页面说明原因。"""
    reported_lost(card)
    answered(client)
    page = client.get("/replace/check")
    client.post("/replace/check", {"once": hidden(page, "once"), "seen": hidden(page, "seen")})
    board = text_of(client.get(f"/cards/{card.ref}/loss"))
    assert "已申请补卡，不能解挂" in board
    refused = client.post(f"/cards/{card.ref}/loss/withdraw")
    assert refused.status_code == 422
    assert "已申请补卡，不能解挂" in text_of(refused)


def test_the_questions_of_a_first_application_stay_where_they_were(client: Client) -> None:
    """首次申领与补领,各有各的地址和草稿。"""
    assert client.get("/apply/notices").status_code == 404
    assert client.get("/replace/bank").status_code == 404
