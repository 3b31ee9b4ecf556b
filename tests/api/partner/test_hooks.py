"""Messages that partners push to us: verified before they are read (guarantees 10.6)."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from django.test import Client
from standardwebhooks.webhooks import Webhook

from onecard.actions import partner
from onecard.actions.partner import KeyReceipt
from onecard.domain import webhook
from onecard.domain.authority import THE_CLOCK
from onecard.domain.signature import Profile
from onecard.records.models import AuditRow, BankNews, Card
from onecard.seams.world import world
from tests.api.partner import stage
from tests.api.partner.calling import a_bank

pytestmark = pytest.mark.django_db


@pytest.fixture
def card() -> Card:
    return stage.a_card()


@pytest.fixture
def hook() -> KeyReceipt:
    return a_hook("icbc")


def a_hook(bank: str) -> KeyReceipt:
    return partner.add_key(
        client=a_bank(bank).client,
        profile=Profile.WEBHOOK,
        actor=THE_CLOCK,
        at=world().clock.now(),
    )


def body_of(card: Card, **more: Any) -> bytes:
    data = {
        "card_id": card.ref,
        "event": "close",
        "serial": "S1",
        "sequence": 1,
        "happened_at": "2026-03-02T08:00:00+08:00",
    } | more
    told = {"specversion": "1.0", "id": "m1", "source": "urn:icbc", "data": data}
    return json.dumps(told | {"type": "bank.function.changed"}).encode()


def push(hook: KeyReceipt, body: bytes, **more: str) -> Any:
    """As a bank's own program does it, with the official library."""
    at = more.pop("timestamp", str(int(world().clock.now().timestamp())))
    message = more.pop("message", "msg_1")
    key = base64.b64decode(hook.secret.removeprefix("whsec_"))
    string = webhook.signed_string(message=message, timestamp=at, body=body)
    headers = {
        "webhook-id": message,
        "webhook-timestamp": at,
        "webhook-signature": more.pop("signature", webhook.v1(string, key=key)),
    }
    return Client().post(
        f"/v1/hooks/{more.pop('to', hook.serial)}",
        data=more.pop("sent", body.decode()),
        content_type="application/cloudevents+json",
        headers=headers,
    )


def test_the_official_library_signs_what_we_accept(card: Card, hook: KeyReceipt) -> None:
    """对方用官方库签名,我方验签后入账。"""
    body, now = body_of(card), world().clock.now()
    made = Webhook(hook.secret).sign("msg_1", now, body.decode())
    answer = push(hook, body, signature=made)
    assert (answer.status_code, answer.json()["result"]) == (200, "applied"), answer.content
    card.refresh_from_db()
    assert card.financial_state.value == "closed"


@pytest.mark.parametrize("off", [-301, 301])
def test_a_message_out_of_its_time_is_refused(card: Card, hook: KeyReceipt, off: int) -> None:
    at = str(int(world().clock.now().timestamp()) + off)
    answer = push(hook, body_of(card), timestamp=at)
    assert (answer.status_code, answer.json()["code"]) == (401, "signature.time")


@pytest.mark.parametrize("timestamp", ["", "soon", "1.5"])
def test_a_time_that_is_none_is_refused(card: Card, hook: KeyReceipt, timestamp: str) -> None:
    assert push(hook, body_of(card), timestamp=timestamp).status_code == 401


def test_the_same_message_twice_has_one_effect(card: Card, hook: KeyReceipt) -> None:
    """同号同文只记一次;同号不同文,拒绝并报警。"""
    body = body_of(card)
    first, again = push(hook, body), push(hook, body)
    assert first.json() == again.json()
    assert BankNews.objects.count() == 1
    other = push(hook, body_of(card, sequence=2))
    assert (other.status_code, other.json()["code"]) == (409, "webhook.same_id")
    assert AuditRow.objects.filter(result="refused", code="request.key_reused").exists()


@pytest.mark.parametrize("signature", ["", "v1,", "v1,%%%", "v2,AAAA", " ".join(["v1,AAAA"] * 100)])
def test_what_is_no_signature_is_refused(card: Card, hook: KeyReceipt, signature: str) -> None:
    answer = push(hook, body_of(card), signature=signature)
    assert (answer.status_code, answer.json()["code"]) == (401, "signature.invalid")
    assert BankNews.objects.count() == 0


def test_a_signature_for_another_address_is_refused(card: Card, hook: KeyReceipt) -> None:
    for to in (a_hook("abc").serial, "hook_none"):
        assert push(hook, body_of(card), to=to).status_code == 401


def test_a_body_that_was_written_anew_is_refused(card: Card, hook: KeyReceipt) -> None:
    body = body_of(card)
    answer = push(hook, body, sent=json.dumps(json.loads(body), separators=(",", ":")))
    assert answer.status_code == 401


def test_who_it_is_says_the_key_never_the_body(card: Card) -> None:
    """身份以密钥为准,不看报文里写的。"""
    answer = push(a_hook("abc"), body_of(card, serial="X"))
    assert answer.status_code == 404
    assert BankNews.objects.count() == 0


@pytest.mark.parametrize(
    "more", [{"event": "explode"}, {"sequence": "1"}, {"sequence": 0}, {"card_id": []}, {"x": 1}]
)
def test_a_body_that_does_not_fit_is_named(card: Card, hook: KeyReceipt, more: Any) -> None:
    answer = push(hook, body_of(card, **more))
    assert (answer.status_code, answer.json()["code"]) == (400, "request.field_value")


def test_a_body_too_large_is_refused_unread(hook: KeyReceipt) -> None:
    assert push(hook, b"x" * (1 << 21)).status_code == 413
