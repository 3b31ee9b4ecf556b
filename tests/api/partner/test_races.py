"""What two requests at the same instant may not do (real row locks only)."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.test import Client

from onecard.actions import event, webhook
from onecard.domain.authority import THE_CLOCK
from onecard.records.models import Event, LossReport, WebhookDelivery
from onecard.seams.world import world
from tests import threads
from tests.api.partner import stage
from tests.api.partner.calling import a_bank
from tests.api.partner.receiver import HOST, URL, a_receiver

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
AT_ONCE = 8


def at_once(work: Any) -> list[Any]:
    """The same work in many threads, started together; what each came to."""
    gate, found = threading.Barrier(AT_ONCE), []

    def one() -> None:
        gate.wait()
        found.append(work())

    threads.join(threads.start(*[one] * AT_ONCE))
    return found


def test_one_nonce_lets_one_request_in_however_many_come_at_once() -> None:
    """同一随机串并发重放,只放行一个。"""
    bank = a_bank()
    headers = bank.headers("GET", "/v1/cards", b"")
    statuses = at_once(lambda: Client().get("/v1/cards", headers=headers).status_code)
    assert sorted(statuses) == [200] + [401] * (AT_ONCE - 1)


def test_one_serial_number_has_one_effect_however_many_come_at_once() -> None:
    """同一流水号并发,只办一次。"""
    card, bank = stage.a_card(), a_bank()
    body = {"card_id": card.ref, "kind": "formal", "biz_serial_no": "0001"}
    answers = at_once(lambda: bank.post("/v1/losses", body).content)
    assert len(set(answers)) == 1
    assert LossReport.objects.count() == 1
    assert Event.objects.filter(type="loss.formal.created").count() == 1


def test_two_workers_place_and_bring_every_event_once() -> None:
    """多个进程同时编号、推送,不重不漏。"""
    card, bank = stage.a_card(), a_bank(hosts=(HOST,))
    with a_receiver() as receiver:
        bank.post("/v1/webhook_endpoints", {"url": URL})
        for number in range(3):
            body = {"card_id": card.ref, "kind": "formal", "biz_serial_no": f"{number}"}
            told = bank.post("/v1/losses", body).json()
            path = f"/v1/losses/{told['id']}/withdrawal"
            bank.post(path, **{"If-Match": f'"{told["version"]}"'})
        at_once(lambda: event.place_if_new(actor=THE_CLOCK, at=world().clock.now()))
        assert sorted(Event.objects.values_list("place", flat=True)) == list(range(1, 7))
        at_once(lambda: webhook.bring_due(actor=THE_CLOCK, at=world().clock.now()))
        webhook.bring_due(actor=THE_CLOCK, at=world().clock.now())
        assert WebhookDelivery.objects.filter(delivered_at=None).count() == 0
        assert len(receiver.got) == len(set(receiver.ids)) == 6
        events = list(Event.objects.order_by("sequence").values_list("ref", flat=True))
        assert receiver.ids == events
