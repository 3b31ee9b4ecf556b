"""A card the post brought back goes on from a counter, for whoever cannot use the portal."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from onecard import words
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.authority import Role
from onecard.domain.delivery import DeliveryState
from onecard.domain.production import ProductionState
from onecard.records.models import Application, Shipment
from onecard.seams.world import world
from tests import made_card, staff

pytestmark = [pytest.mark.django_db, pytest.mark.rule("rule book 10")]


@pytest.fixture
def clerk(city: SimulatedPartners) -> Client:  # noqa: ARG001
    return staff.at_the_desk(Role.OUTLET_CLERK)


def a_parcel(state: DeliveryState) -> tuple[Application, Shipment]:
    _, application, card = made_card.posted_card(state=ProductionState.POSTED)
    shipment = Shipment.objects.create(
        ref=world().ids.new("shp"),
        application=application,
        card=card,
        state=state,
        recipient="王芳",
        phone="13912345678",
        address=made_card.ADDRESS,
        ems_number="EA123456785CN",
        state_since=world().clock.now(),
    )
    return application, shipment


def text_of(page: Any) -> str:
    return unescape(page.content.decode())


def form_of(page: Any, **answers: str) -> dict[str, str]:
    token = re.search(r'name="once" value="([^"]+)"', page.content.decode())
    assert token is not None
    return {"once": token[1], **answers}


def test_a_returned_card_is_kept_at_the_counter_where_its_person_stands(clerk: Client) -> None:
    """退件改在本网点领取，点两次也只办一次。"""
    application, shipment = a_parcel(DeliveryState.RETURNED)
    here = f"/counter/application/{application.ref}"
    assert f"{here}/parcel" in text_of(clerk.get(here))
    form = form_of(clerk.get(f"{here}/parcel"), way="here", address="")
    for _ in range(2):
        assert clerk.post(f"{here}/parcel", form)["Location"] == here
    application.refresh_from_db()
    shipment.refresh_from_db()
    assert shipment.state is DeliveryState.AT_OUTLET
    assert application.state is ProductionState.AT_OUTLET
    assert application.collect_at is not None


def test_a_returned_card_is_sent_again_to_a_new_address(clerk: Client) -> None:
    """退件再寄，可换地址。"""
    application, shipment = a_parcel(DeliveryState.RETURNED)
    here = f"/counter/application/{application.ref}/parcel"
    clerk.post(here, form_of(clerk.get(here), way="again", address="常州市武进区新路2号"))
    shipment.refresh_from_db()
    assert (shipment.address, shipment.attempt) == ("常州市武进区新路2号", 2)
    assert shipment.asked_again_at is not None


def test_an_address_that_does_not_fit_is_said_beside_its_box(clerk: Client) -> None:
    application, shipment = a_parcel(DeliveryState.RETURNED)
    here = f"/counter/application/{application.ref}/parcel"
    answer = clerk.post(here, form_of(clerk.get(here), way="again", address="长" * 161))
    assert answer.status_code == 422
    assert "地址有161个字" in text_of(answer)
    shipment.refresh_from_db()
    assert shipment.attempt == 1


def test_a_parcel_on_its_way_is_left_alone(clerk: Client) -> None:
    """还在路上的邮件不能改。"""
    application, _ = a_parcel(DeliveryState.IN_TRANSIT)
    here = f"/counter/application/{application.ref}"
    assert f"{here}/parcel" not in text_of(clerk.get(here))
    answer = clerk.post(
        f"{here}/parcel", form_of(clerk.get(f"{here}/parcel"), way="here", address="")
    )
    assert answer.status_code == 422
    assert words.text("delivery.refusal.not_in_this_state.next") in text_of(answer)


def test_an_application_without_a_parcel_has_no_such_page(clerk: Client) -> None:
    _, application, _ = made_card.card_at_outlet()
    assert clerk.get(f"/counter/application/{application.ref}/parcel").status_code == 404
