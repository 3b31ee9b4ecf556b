"""After the application: progress, the returned parcel, enabling, messages, corrections."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from onecard.domain.delivery import DeliveryState
from onecard.domain.hr_function import HrState
from onecard.domain.production import ProductionState
from onecard.records.models import Card, Notification, Person, Shipment, ShipmentStep
from onecard.seams.world import world
from onecard.web.portal import tracker
from tests import cast, made_card
from tests.web.citizen import Page, hidden, sit_down, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]


def at_home(client: Client, **more: Any) -> tuple[Person, Any, Card]:
    """Somebody whose card was posted, signed in."""
    person, application, card = made_card.posted_card(
        **(
            {
                "state": ProductionState.POSTED,
                "promised_on": cast.MONDAY,
                "holder_of_the_moment": "applicant",
            }
            | more
        )
    )
    sit_down(client, person)
    return person, application, card


def parcel(application: Any, card: Card, state: DeliveryState) -> Shipment:
    """The parcel, where it stands."""
    shipment = Shipment.objects.create(
        ref=world().ids.new("shp"),
        application=application,
        card=card,
        state=state,
        ems_number="EA123456789CN",
        recipient="王芳",
        phone="13912345678",
        address="江苏省常州市天宁区延陵西路1号",
        state_since=cast.MONDAY_9AM,
    )
    ShipmentStep.objects.create(
        shipment=shipment, event="scan", to_state=state.value, at=cast.MONDAY_9AM
    )
    return shipment


@pytest.mark.parametrize(
    ("state", "said", "not_said"),
    [
        (DeliveryState.IN_TRANSIT, "邮件在路上", "卡已送达"),
        (DeliveryState.DELIVERED, "卡已送达", "邮件在路上"),
    ],
)
def test_a_card_is_not_called_delivered_before_it_is(
    client: Client, state: DeliveryState, said: str, not_said: str
) -> None:
    """运输中不说已送达;首页只在送达后请人启用。"""
    _, application, card = at_home(client)
    parcel(application, card, state)
    page = text_of(client.get(f"/applications/{application.number}"))
    assert said in page
    assert not_said not in page
    assert ("确认收卡并启用" in text_of(client.get("/"))) is (state is DeliveryState.DELIVERED)


def test_lists_name_a_returned_parcel_as_the_tracker_does(client: Client) -> None:
    """退回的邮件,首页和列表也写明已退回,不写已交邮寄。"""
    _, application, card = at_home(client)
    parcel(application, card, DeliveryState.RETURNED)
    for path in ("/", "/applications"):
        page = text_of(client.get(path))
        assert "已退回" in page
        assert "已交邮寄" not in page


def test_the_tracker_says_where_who_and_when(client: Client) -> None:
    """进度页:承诺日、谁在办、接下来。"""
    _, application, _ = at_home(client, state=ProductionState.AT_VENDOR)
    page = client.get(f"/applications/{application.number}")
    said = text_of(page)
    assert "承诺完成日 2026年3月2日" in said
    assert 'aria-current="step"' in page.content.decode()
    way = said[said.index("走到哪一步") :]
    assert way.index("银行开户 已完成") < way.index("制卡 进行中") < way.index("EMS 邮寄 还没到")


@pytest.mark.parametrize("state", list(ProductionState), ids=lambda state: state.value)
def test_every_state_has_its_stage(client: Client, state: ProductionState) -> None:
    """每个状态都有对应的一步,最多一步在进行。"""
    _, application, _ = at_home(client, state=state)
    page = client.get(f"/applications/{application.number}").content.decode()
    going_on = page.count('class="step step--now"') + page.count('class="step step--stop"')
    assert going_on == 1
    assert set(tracker.GOING_ON) == set(ProductionState)


def test_a_foreign_and_an_absent_application_look_the_same(client: Client) -> None:
    """别人的与不存在的,一模一样。"""
    _, application, _ = at_home(client)
    stranger = Client()
    sit_down(stranger, made_card.a_person(cast.ADULT_MAN))
    foreign = stranger.get(f"/applications/{application.number}")
    absent = stranger.get("/applications/260302999999999")
    assert foreign.status_code == absent.status_code == 404
    for page in ("receipt", "parcel", "correct"):
        assert stranger.get(f"/applications/{application.number}/{page}").status_code == 404
    assert stranger.post(f"/applications/{application.number}/retract").status_code == 404


def test_a_returned_parcel_is_collected_at_an_outlet(client: Client) -> None:
    """退件改为网点自取。"""
    _, application, card = at_home(client)
    shipment = parcel(application, card, DeliveryState.RETURNED)
    assert "邮件退回来了" in text_of(client.get(f"/applications/{application.number}"))
    address = f"/applications/{application.number}/parcel"
    token = hidden(client.get(address), "once")
    empty = client.post(address, {"once": token, "way": "outlet", "outlet": "", "address": ""})
    assert "选择自取的网点" in text_of(empty)
    assert Page(empty).title.startswith("错误：")
    form = {"once": token, "way": "outlet", "outlet": "out_tianning", "address": ""}
    for _ in range(2):
        assert client.post(address, form)["Location"] == f"/applications/{application.number}"
    shipment.refresh_from_db()
    assert shipment.state is DeliveryState.AT_OUTLET


def test_a_returned_parcel_is_sent_again_to_a_new_address(client: Client) -> None:
    """退件再次寄送,可换地址。"""
    _, application, card = at_home(client)
    shipment = parcel(application, card, DeliveryState.RETURNED)
    address = f"/applications/{application.number}/parcel"
    token = hidden(client.get(address), "once")
    form = {"once": token, "way": "again", "outlet": "", "address": "常州市武进区新路2号"}
    client.post(address, form)
    shipment.refresh_from_db()
    assert shipment.asked_again_at is not None
    assert shipment.address == "常州市武进区新路2号"
    assert shipment.attempt == 2


def test_a_new_address_must_fit_the_label_as_the_first_one_did(client: Client) -> None:
    """换的地址同样要写得下面单。"""
    _, application, card = at_home(client)
    shipment = parcel(application, card, DeliveryState.RETURNED)
    address = f"/applications/{application.number}/parcel"
    token = hidden(client.get(address), "once")
    form = {"once": token, "way": "again", "outlet": "", "address": "长" * 161}
    answer = client.post(address, form)
    assert answer.status_code == 422
    assert "地址有161个字" in text_of(answer)
    assert "长" * 161 in answer.content.decode()
    shipment.refresh_from_db()
    assert shipment.asked_again_at is None


def test_a_parcel_on_its_way_cannot_be_redirected(client: Client) -> None:
    _, application, card = at_home(client)
    parcel(application, card, DeliveryState.IN_TRANSIT)
    address = f"/applications/{application.number}/parcel"
    token = hidden(client.get(address), "once")
    answer = client.post(address, {"once": token, "way": "again", "outlet": "", "address": ""})
    assert answer.status_code == 422
    assert "当前寄递状态" in text_of(answer)


@pytest.mark.rule("rule book 11.2, 11.5")
def test_confirm_receipt_and_enable(client: Client) -> None:
    """确认收卡并启用:卡号证明卡在手里。"""
    _, application, card = at_home(client)
    parcel(application, card, DeliveryState.DELIVERED)
    assert "卡还没启用" in text_of(client.get("/cards"))
    address = f"/cards/{card.ref}/enable"
    token = hidden(client.get(address), "once")
    form = {"once": token, "card_number": "A 9999 9999", "in_hand": "on"}
    wrong = client.post(address, form)
    assert wrong.status_code == 422
    assert 'class="field field--wrong"' in wrong.content.decode()
    assert 'value="A 9999 9999"' in wrong.content.decode()
    form |= {"card_number": f" {card.card_number[:4]} {card.card_number[4:]}", "once": "frm_2"}
    for _ in range(2):
        assert client.post(address, form)["Location"] == "/cards"
    card.refresh_from_db()
    assert card.hr_state is HrState.NORMAL
    assert "人社功能已启用。" in text_of(client.get("/cards"))


def test_the_word_that_the_card_is_in_hand_is_needed(client: Client) -> None:
    _, application, card = at_home(client)
    parcel(application, card, DeliveryState.DELIVERED)
    form = {"once": "frm_1", "card_number": card.card_number}
    answer = client.post(f"/cards/{card.ref}/enable", form)
    assert answer.status_code == 422
    card.refresh_from_db()
    assert card.hr_state is HrState.SEALED


def test_a_card_of_somebody_else_is_not_there(client: Client) -> None:
    _, _, card = at_home(client)
    stranger = Client()
    sit_down(stranger, made_card.a_person(cast.ADULT_MAN))
    assert stranger.get(f"/cards/{card.ref}/enable").status_code == 404


def test_my_card_shows_three_lights_with_their_owners(client: Client) -> None:
    """三项功能分开显示,各有主管。"""
    at_home(client)
    page = client.get("/cards")
    said = text_of(page)
    for part in ("人社功能", "封存（未启用）", "金融功能", "已开户未激活", "交通功能", "未开通"):
        assert part in said
    assert made_card.CARD_NUMBER not in page.content.decode()


def test_messages_are_new_until_they_are_read(client: Client) -> None:
    person, application, _ = at_home(client)
    message = Notification.objects.create(
        ref=world().ids.new("ntf"),
        person=person,
        about=application.ref,
        key="notification.application.retracted",
        facts={"number": application.number},
        at=cast.MONDAY_9AM,
    )
    assert "未读" in text_of(client.get("/messages"))
    client.post(f"/messages/{message.ref}/read")
    assert "未读" not in text_of(client.get("/messages"))


def test_a_stopped_application_is_put_right(client: Client) -> None:
    """银行开户没办成:更正后继续,不用重新申请。"""
    _, application, _ = at_home(
        client,
        state=ProductionState.BANK_FAILED,
        failure="手机号核验未通过",
        key_information={
            "phone": "13800000004",
            "address": "常州市",
            "occupation": "23",
            "nationality": "CHN",
            "document_valid_to": "2036-01-01",
            "post_to": "常州市天宁区",
            "postage_understood": True,
        },
    )
    address = f"/applications/{application.number}/correct"
    page = client.get(address)
    assert "手机号核验未通过" in text_of(page)
    assert "13800000004" not in page.content.decode()
    nothing = client.post(address, {"once": "frm_1"})
    assert "至少填写一项" in text_of(nothing)
    answer = client.post(address, {"once": "frm_2", "phone": "139 1234 5678"})
    assert answer["Location"] == f"/applications/{application.number}"
    application.refresh_from_db()
    assert application.key_information["phone"] == "13912345678"


def test_what_is_being_made_can_no_longer_be_corrected(client: Client) -> None:
    _, application, _ = at_home(client, state=ProductionState.AT_VENDOR)
    answer = client.get(f"/applications/{application.number}/correct")
    assert answer.status_code == 422
    assert "当前状态" in text_of(answer)


def test_an_application_is_withdrawn_once(client: Client) -> None:
    """撤回申请,重复提交只撤一次。"""
    _, application, _ = at_home(client, state=ProductionState.ACCEPTED)
    page = client.get(f"/applications/{application.number}")
    form = {"once": hidden(page, "once")}
    for _ in range(2):
        answer = client.post(f"/applications/{application.number}/retract", form)
        assert answer["Location"] == f"/applications/{application.number}"
    application.refresh_from_db()
    assert application.state is ProductionState.RETRACTED
    assert "已撤回" in text_of(client.get(f"/applications/{application.number}"))
