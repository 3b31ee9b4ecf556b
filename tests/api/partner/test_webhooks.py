"""Events are pushed: signed, in order, patiently, and only to where they may go (platform D6)."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import standardwebhooks.webhooks as official
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from onecard.actions import webhook as acts
from onecard.adapters.hsm.software import SoftwareHsm
from onecard.domain import webhook
from onecard.domain.authority import THE_CLOCK
from onecard.records.models import (
    AuditRow,
    Card,
    Event,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)
from onecard.seams.world import world
from tests import made_card
from tests.api.partner import stage
from tests.api.partner.calling import Partner, a_bank
from tests.api.partner.receiver import DEAD, HOST, SLOW, URL, Receiver, a_receiver, answers

pytestmark = pytest.mark.django_db


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with a_receiver() as here:
        yield here


@pytest.fixture
def icbc() -> Partner:
    return a_bank(hosts=(HOST,))


@pytest.fixture
def card() -> Card:
    return stage.a_card()


def opened(bank: Partner, **more: Any) -> dict[str, Any]:
    answer = bank.post("/v1/webhook_endpoints", {"url": URL} | more)
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def lose(bank: Partner, card: Card, serial: str = "1") -> dict[str, Any]:
    body = {"card_id": card.ref, "kind": "formal", "biz_serial_no": serial}
    return dict(bank.post("/v1/losses", body).json())


def find(bank: Partner, told: dict[str, Any]) -> None:
    path = f"/v1/losses/{told['id']}/withdrawal"
    assert bank.post(path, **{"If-Match": f'"{told["version"]}"'}).status_code == 200


def push() -> acts.BroughtTo:
    """One round of the worker."""
    return acts.deliver_due(actor=THE_CLOCK, at=world().clock.now())


@pytest.fixture
def official_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The official library reads the wall clock: give it the city's."""

    class Here(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return world().clock.now().astimezone(tz or UTC)

    monkeypatch.setattr(official, "datetime", Here)


@pytest.mark.rule("Standard Webhooks 1.0.0")
@pytest.mark.usefixtures("official_clock")
def test_the_official_library_verifies_what_we_push(
    receiver: Receiver, icbc: Partner, card: Card
) -> None:
    """推送用Standard Webhooks官方库验签。"""
    endpoint = opened(icbc)
    lose(icbc, card)
    assert push().delivered == 1
    (request,) = receiver.got
    body = Webhook(endpoint["secret"]).verify(request.body, dict(request.headers))
    assert body["type"] == "loss.formal.created"
    assert body["id"] == request.headers["webhook-id"]
    assert request.headers["Content-Type"].startswith("application/cloudevents+json")
    with pytest.raises(WebhookVerificationError):
        Webhook(endpoint["secret"]).verify(request.body + b" ", dict(request.headers))
    assert json.loads(request.body) == icbc.get(f"/v1/events/{body['id']}").json()


def test_all_three_schemes_sign_the_same_string(
    receiver: Receiver, icbc: Partner, card: Card
) -> None:
    endpoint = opened(icbc, schemes=["v1", "v1a", "sm2"])
    lose(icbc, card)
    push()
    (request,) = receiver.got
    string = webhook.signed_string(
        message=request.headers["webhook-id"],
        timestamp=request.headers["webhook-timestamp"],
        body=request.body,
    )
    made = dict(part.split(",") for part in request.headers["webhook-signature"].split(" "))
    assert list(made) == ["v1", "v1a", "sm2"]
    key = base64.b64decode(endpoint["verify_key"].removeprefix("whpk_"))
    Ed25519PublicKey.from_public_bytes(key).verify(base64.b64decode(made["v1a"]), string)
    hsm = SoftwareHsm()
    assert hsm.verify(hsm.public_key("webhook"), string, base64.b64decode(made["sm2"]))


def test_of_one_card_one_event_is_under_way_and_the_order_holds(
    receiver: Receiver, icbc: Partner, card: Card
) -> None:
    """同一张卡按顺序推送,前一条未到不推后一条。"""
    opened(icbc)
    told = lose(icbc, card)
    find(icbc, told)
    receiver.plan = [DEAD]
    assert push().put_off == 1
    assert len(receiver.got) == 1
    assert push().delivered == 0
    made_card.clock().advance(timedelta(seconds=7))
    assert push().delivered == 2
    kinds = [json.loads(request.body)["type"] for request in receiver.got]
    assert kinds == ["loss.formal.created", "loss.formal.created", "loss.formal.withdrawn"]
    assert receiver.ids[0] == receiver.ids[1]


def test_a_card_that_is_stuck_holds_up_no_other(receiver: Receiver) -> None:
    from onecard.domain.partner_scope import PartnerKind
    from tests.api.partner.calling import a_partner

    card, other = stage.two_cards()
    hr = a_partner(PartnerKind.HR, hosts=(HOST,))
    opened(hr)
    lose(a_bank(), card)
    receiver.plan = [DEAD]
    push()
    lose(a_bank("abc"), other)
    push()
    assert [json.loads(r.body)["data"]["card_id"] for r in receiver.got] == [card.ref, other.ref]


@pytest.mark.rule("Standard Webhooks 1.0.0")
def test_a_dead_endpoint_is_tried_ten_times_in_three_days_and_then_given_up(
    receiver: Receiver, icbc: Partner, card: Card
) -> None:
    """重试间隔:0秒、5秒、5分、30分、2时、5时、10时、14时、20时、24时,加随机抖动。"""
    endpoint = opened(icbc)
    lose(icbc, card)
    waits = []
    for tried in range(10):
        receiver.plan = [SLOW]
        before = world().clock.now()
        push()
        row = WebhookDelivery.objects.get()
        assert row.tried == tried + 1
        waits.append((row.due_at - before).total_seconds())
        made_card.clock().set(row.due_at)
    planned = [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
    for wait, plan in zip(waits[:9], planned, strict=True):
        assert plan <= wait <= plan * 1.2
    assert sum(planned) == 75 * 3600 + 35 * 60 + 5
    assert WebhookDelivery.objects.get().gave_up_at is not None
    assert AuditRow.objects.filter(act="webhook.note_try", about=endpoint["endpoint"]).exists()
    seen = icbc.get(f"/v1/webhook_endpoints/{endpoint['endpoint']}").json()
    assert (seen["waiting"], seen["given_up"]) == (0, 1)
    tries = icbc.get(f"/v1/webhook_endpoints/{endpoint['endpoint']}/attempts").json()
    assert [line["number"] for line in tries] == list(range(10, 0, -1))
    assert {line["outcome"] for line in tries} == {"ReadTimeout"}


def spend_every_try(receiver: Receiver) -> None:
    """Nobody answers, until the last delivery is given up."""
    receiver.plan = [SLOW] * 9
    push()
    while row := WebhookDelivery.objects.filter(delivered_at=None, gave_up_at=None).first():
        made_card.clock().set(max(row.due_at, world().clock.now()))
        receiver.plan = [SLOW] * 9
        push()
    receiver.plan = []


def test_the_owner_of_an_endpoint_that_is_given_up_is_told_elsewhere_and_once(
    receiver: Receiver, icbc: Partner, card: Card
) -> None:
    """推送最终失败,经事件清单和其他地址告知其所有者,只告知一次。"""
    dead = opened(icbc)["endpoint"]
    told = lose(icbc, card)
    spend_every_try(receiver)
    find(icbc, told)
    spend_every_try(receiver)
    other = opened(icbc, url=f"{URL}/other")["endpoint"]
    page = icbc.get("/v1/events?type=webhook.given_up").json()["data"]
    assert [event["data"]["endpoint"] for event in page] == [dead]
    since = {"since": "2026-03-01T00:00:00+08:00"}
    icbc.post(f"/v1/webhook_endpoints/{other}/missing", since)
    receiver.got.clear()
    push()
    kinds = [json.loads(request.body)["type"] for request in receiver.got]
    assert sorted(kinds) == ["loss.formal.created", "loss.formal.withdrawn", "webhook.given_up"]
    assert {request.url for request in receiver.got} == {f"{URL}/other"}


def test_that_news_of_a_failure_fails_is_no_news(receiver: Receiver, icbc: Partner) -> None:
    """告知失败本身不再产生告知。"""
    first, _ = opened(icbc), opened(icbc, url=f"{URL}/other")
    assert icbc.post(f"/v1/webhook_endpoints/{first['endpoint']}/ping").status_code == 200
    spend_every_try(receiver)
    kinds = Event.objects.values_list("type", flat=True)
    assert sorted(kinds) == ["webhook.given_up", "webhook.ping"]


@pytest.mark.parametrize("status", [301, 302, 400, 404, 429, 500, 503])
def test_only_2xx_is_success(receiver: Receiver, icbc: Partner, card: Card, status: int) -> None:
    opened(icbc)
    lose(icbc, card)
    receiver.plan = [answers(status, location="http://127.0.0.1/")]
    assert push() == acts.BroughtTo(put_off=1)
    assert len(receiver.got) == 1
    assert WebhookAttempt.objects.get().status == status


def test_410_disables_the_endpoint_and_enabling_recovers_what_was_missed(
    receiver: Receiver, icbc: Partner, card: Card
) -> None:
    """对方答复410,停用该地址;重新启用后可补推。"""
    endpoint = opened(icbc)["endpoint"]
    told = lose(icbc, card)
    receiver.plan = [answers(410)]
    assert push().given_up == 1
    find(icbc, told)
    assert push() == acts.BroughtTo()
    path = f"/v1/webhook_endpoints/{endpoint}"
    assert icbc.get(path).json()["disabled_why"] == "answered 410"
    page = icbc.get("/v1/events?type=webhook.disabled").json()["data"]
    assert [event["data"]["endpoint"] for event in page] == [endpoint]
    assert icbc.post(f"{path}/enabling").json()["disabled"] is False
    since = {"since": "2026-03-01T00:00:00+08:00"}
    assert icbc.post(f"{path}/missing", since).json()["deliveries"] == 1
    assert icbc.post(f"{path}/recovery", since).json()["deliveries"] == 2
    assert push().delivered == 2
    assert icbc.post(f"{path}/recovery", since).json()["deliveries"] == 0


@pytest.mark.parametrize(
    ("asked", "seconds"), [("120", 120), ("1000000000", 86400), ("-5", 5), ("soon", 5), ("²", 5)]
)
def test_retry_after_is_honoured_up_to_a_day(
    receiver: Receiver, icbc: Partner, card: Card, asked: str, seconds: int
) -> None:
    opened(icbc)
    lose(icbc, card)
    receiver.plan = [answers(429, Retry_After=asked)]
    push()
    wait = (WebhookDelivery.objects.get().due_at - world().clock.now()).total_seconds()
    assert seconds <= wait <= max(seconds, 6)


def test_a_process_that_dies_after_sending_sends_again_and_loses_nothing(
    receiver: Receiver, icbc: Partner, card: Card
) -> None:
    """推送后进程中断,会重发,不会丢。"""
    from onecard.seams.failpoint import Crash, armed

    opened(icbc)
    lose(icbc, card)
    with armed("webhook.after_push"), pytest.raises(Crash):
        push()
    assert push() == acts.BroughtTo()
    made_card.clock().advance(timedelta(minutes=2))
    assert push().delivered == 1
    assert len(set(receiver.ids)) == 1


@pytest.mark.usefixtures("official_clock")
def test_both_secrets_sign_while_one_replaces_the_other(
    receiver: Receiver, icbc: Partner, card: Card
) -> None:
    old = opened(icbc)
    path = f"/v1/webhook_endpoints/{old['endpoint']}"
    new = icbc.post(f"{path}/secret").json()
    told = lose(icbc, card)
    push()
    for secret in (old["secret"], new["secret"]):
        Webhook(secret).verify(receiver.got[-1].body, dict(receiver.got[-1].headers))
    made_card.clock().advance(timedelta(hours=24))
    find(icbc, told)
    push()
    with pytest.raises(WebhookVerificationError):
        Webhook(old["secret"]).verify(receiver.got[-1].body, dict(receiver.got[-1].headers))


def test_types_are_chosen_pings_and_examples_come_all_the_same(
    receiver: Receiver, icbc: Partner, card: Card
) -> None:
    endpoint = opened(icbc, types=["card.enabled"])["endpoint"]
    lose(icbc, card)
    path = f"/v1/webhook_endpoints/{endpoint}"
    icbc.post(f"{path}/ping")
    icbc.post(f"{path}/example", {"type": "loss.formal.created"})
    push()
    bodies = [json.loads(request.body) for request in receiver.got]
    assert [body["type"] for body in bodies] == ["webhook.ping", "webhook.ping"]
    assert bodies[1]["data"]["example_of"] == "loss.formal.created"
    icbc.post(f"{path}/types", {"types": []})
    wrong = icbc.post(f"{path}/types", {"types": ["no.such"]})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "webhook.type")


def test_one_delivery_is_sent_again_on_request(
    receiver: Receiver, icbc: Partner, card: Card
) -> None:
    endpoint = opened(icbc)["endpoint"]
    lose(icbc, card)
    push()
    (line,) = icbc.get(f"/v1/webhook_endpoints/{endpoint}/attempts").json()
    assert icbc.post(f"/v1/webhook_deliveries/{line['delivery']}/resend").status_code == 200
    push()
    assert len(receiver.got) == 2
    assert (
        a_bank("abc").post(f"/v1/webhook_deliveries/{line['delivery']}/resend").status_code == 404
    )


def test_another_partners_endpoint_looks_like_none(receiver: Receiver, icbc: Partner) -> None:
    assert not receiver.got
    path = f"/v1/webhook_endpoints/{opened(icbc)['endpoint']}"
    other = a_bank("abc")
    assert other.get(path).status_code == other.get(f"{path}/attempts").status_code == 404
    for verb in ("secret", "ping", "disabling", "enabling"):
        assert other.post(f"{path}/{verb}").status_code == 404
    assert other.get("/v1/webhook_endpoints").json() == []


SSRF = """
http://hooks.icbc.example.com/ https://127.0.0.1/ https://127.1/ https://2130706433/
https://0x7f000001/ https://0177.0.0.1/ https://[::1]/ https://[::ffff:127.0.0.1]/ https://[::]/
https://0.0.0.0/ https://localhost/ https://LOCALHOST/ https://localhost./ https://10.0.0.1/
https://172.16.0.1/ https://192.168.1.1/ https://169.254.169.254/latest/meta-data/
https://[fd00::1]/ https://[fe80::1]/ https://[64:ff9b::7f00:1]/ https://[2002:7f00:1::]/
https://metadata.google.internal/ https://service.local/ https://router.lan/ https://intranet/
https://hooks.icbc.example.com@127.0.0.1/ https://user:pw@hooks.icbc.example.com/
https://hooks.icbc.example.com.evil.example.net/ https://evil-hooks.icbc.example.com/
https://hooks.icbc.example.com:22/ https://hooks.icbc.example.com:0/
https://hooks.icbc.example.com:99999/ https://hooks.icbc.example.com#@evil.example.net/
https://hooks.icbc.example.com\\@evil.example.net/ https:hooks.icbc.example.com
https:///hooks.icbc.example.com //hooks.icbc.example.com/ ftp://hooks.icbc.example.com/
file:///etc/passwd gopher://hooks.icbc.example.com/ javascript:alert(1)
https://ｈooks.icbc.example.com/ https://hooks.icbc.example。com/ https://HOOKS.icbc.example.com/
https://%68ooks.icbc.example.com/ https://hooks.icbc.example.com%00.evil.example.net/
""".split()  # noqa: SIM905


@pytest.mark.rule("guarantees 8, threat 13")
@pytest.mark.parametrize("url", SSRF)
def test_an_address_inside_or_in_disguise_is_refused(
    receiver: Receiver, icbc: Partner, url: str
) -> None:
    """只推送到登记过的公网域名。"""
    answer = icbc.post("/v1/webhook_endpoints", {"url": url})
    assert (answer.status_code, answer.json()["code"]) == (422, "webhook.address")
    assert not receiver.got
    assert WebhookEndpoint.objects.count() == 0


def test_there_are_forty_such_addresses() -> None:
    assert len(SSRF) >= 40


@pytest.mark.parametrize(
    "addresses",
    [
        ("127.0.0.1",),
        ("10.1.2.3",),
        ("169.254.169.254",),
        ("::1",),
        ("::ffff:10.0.0.1",),
        ("64:ff9b::a00:1",),
        ("2002:a00:1::",),
        ("100.64.0.1",),
        ("224.0.0.1",),
        ("0.0.0.0",),  # noqa: S104
        ("93.184.216.34", "127.0.0.1"),
    ],
)
def test_a_name_that_means_something_inside_is_not_followed(
    icbc: Partner, card: Card, addresses: tuple[str, ...]
) -> None:
    """域名解析到内网地址,不推送(防止改绑)。"""
    with a_receiver(*addresses) as receiver:
        opened(icbc)
        lose(icbc, card)
        assert push().put_off == 1
        assert not receiver.got
        assert WebhookAttempt.objects.get().outcome == "address not allowed"


def test_the_connection_goes_to_the_address_that_was_looked_at(
    receiver: Receiver, icbc: Partner, card: Card
) -> None:
    opened(icbc)
    lose(icbc, card)
    push()
    assert (receiver.got[0].connect_to, receiver.got[0].url) == ("93.184.216.34", URL)
    assert receiver.got[0].most_reply == 64 * 1024
