"""付款的门: an app starts a payment, the channel tells, and nobody else is believed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from onecard.adapters.payment.notices import Sent
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.authority import Actor, Channel, Role
from tests import made_card
from tests.api.calling import Program, program
from tests.paying import a_channel, gateway
from tests.topping_up import AMOUNT_FEN, a_purse, keys, opened, state

pytestmark = pytest.mark.django_db
NOTICES = "/api/v1/payments/notices"


@pytest.fixture(autouse=True)
def channel() -> Iterator[SimulatedPartners]:
    """A channel made of software."""
    with a_channel() as made, keys():
        yield made


@pytest.fixture
def person() -> str:
    """A citizen."""
    return made_card.a_person().ref


@pytest.fixture
def order(person: str) -> str:
    """An order of that citizen."""
    return opened(a_purse(), actor=Actor(Role.CITIZEN, person, Channel.NFC_APP))


@pytest.fixture
def app(person: str) -> Program:
    """常州行, in which that citizen has signed in."""
    return program(Role.CITIZEN, "topup.read", "topup.write", person=person)


def _post(sent: Sent, **more: Any) -> Any:
    headers = {key: value for key, value in sent.headers().items() if key != "Content-Type"}
    return Client().post(
        NOTICES,
        data=more.get("body", sent.body),
        content_type="application/json",
        headers=headers | more.get("headers", {}),
    )


def test_an_app_sends_its_payer_and_the_channel_tells(
    app: Program, order: str, channel: SimulatedPartners
) -> None:
    """发起付款、渠道通知、查询结果。"""
    started = app.post("/payments", {"order": order})
    assert started.status_code == 201
    told = started.json()
    assert (told["amount_fen"], told["state"]) == (AMOUNT_FEN, "started")
    gateway(channel).pay(told["payment"])
    (sent,) = gateway(channel).waiting()
    answers = [_post(sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["result"] == "credited"
    (seen,) = app.get(f"/payments/of/{order}").json()
    assert (seen["state"], seen["applied"], seen["refunds"]) == ("paid", "credited", [])
    again = app.post("/payments", {"order": order})
    assert (again.status_code, again.json()["code"]) == (409, "payment.order_not_payable")


@pytest.mark.rule("guarantees 10.6 cases 105 to 109")
def test_nobody_but_the_channel_is_believed(
    app: Program, order: str, channel: SimulatedPartners
) -> None:
    """没有签名、改动、过大、不是JSON的通知一律拒绝。"""
    gateway(channel).pay(app.post("/payments", {"order": order}).json()["payment"])
    (sent,) = gateway(channel).waiting()
    bad = [
        _post(sent, headers={"webhook-signature": ""}),
        _post(sent, headers={"webhook-timestamp": "0"}),
        _post(sent, body=sent.body + b" "),
        _post(sent, body=b"\x00"),
        Client().post(NOTICES, data=b"", content_type="text/plain"),
    ]
    assert {answer.status_code for answer in bad} == {401}
    assert {answer.json()["code"] for answer in bad} == {"signature.invalid"}
    assert state(order) == "opened"
    assert Client().get(NOTICES).status_code == 405


def test_a_stranger_s_payment_is_not_there(order: str) -> None:
    """别人的订单:查无此单。"""
    stranger = program(
        Role.CITIZEN,
        "topup.read",
        "topup.write",
        person=made_card.a_person(made_card.AGENT_NUMBER).ref,
    )
    assert stranger.post("/payments", {"order": order}).status_code == 404
    assert stranger.get(f"/payments/of/{order}").status_code == 404
