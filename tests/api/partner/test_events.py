"""Events are the truth: complete, in order, in one cursor (platform D6; guarantees I2)."""

from __future__ import annotations

from typing import Any

import pytest

from onecard.actions import event
from onecard.domain.authority import THE_CLOCK
from onecard.domain.event import LONGEST_BODY
from onecard.domain.partner_scope import PartnerKind
from onecard.records.models import Card, Event
from onecard.seams.world import world
from tests.api.partner import stage
from tests.api.partner.calling import Partner, a_bank, a_partner

pytestmark = pytest.mark.django_db


def lose_and_find(bank: Partner, card: Card, times: int) -> None:
    """Report and withdraw, again and again."""
    for number in range(times):
        body = {"card_id": card.ref, "kind": "formal", "biz_serial_no": f"{number}"}
        told = bank.post("/v1/losses", body).json()
        path = f"/v1/losses/{told['id']}/withdrawal"
        assert bank.post(path, **{"If-Match": f'"{told["version"]}"'}).status_code == 200


def read_all(client: Partner, limit: int = 3) -> list[dict[str, Any]]:
    """Everything, page by page."""
    found, cursor = [], ""
    while True:
        page = client.get(f"/v1/events?limit={limit}&after={cursor}").json()
        found += page["data"]
        cursor = page["next_cursor"]
        if not page["has_more"]:
            return found


def test_every_change_is_one_event_in_order_without_a_gap() -> None:
    """每一次变化一个事件,按卡连续编号。"""
    card, icbc = stage.a_card(), a_bank()
    lose_and_find(icbc, card, 4)
    events = read_all(icbc)
    assert [e["type"] for e in events] == ["loss.formal.created", "loss.formal.withdrawn"] * 4
    assert [int(e["sequence"]) for e in events] == list(range(1, 9))
    assert {len(e["sequence"]) for e in events} == {20}
    assert {e["source"] for e in events} == {f"urn:onecard:changzhou:card:{card.ref}"}


def test_an_event_says_states_and_versions_and_is_thin() -> None:
    card, icbc = stage.a_card(), a_bank()
    told = icbc.post("/v1/losses", {"card_id": card.ref, "kind": "formal"}).json()
    answer = icbc.get("/v1/events")
    (made,) = answer.json()["data"]
    assert made["subject"] == told["id"] == made["data"]["loss_id"]
    functions = {f["function"]: f for f in made["data"]["functions"]}
    assert (functions["hr"]["state"], functions["hr"]["state_version"]) == ("formal_loss", 1)
    assert (functions["fin"]["state"], functions["fin"]["state_version"]) == ("formal_loss", 2)
    assert "state_version" not in made
    assert len(answer.content) < LONGEST_BODY


def test_reading_goes_on_where_it_stopped() -> None:
    card, icbc = stage.a_card(), a_bank()
    first = icbc.get("/v1/events").json()
    assert (first["data"], first["has_more"]) == ([], False)
    lose_and_find(icbc, card, 1)
    page = icbc.get(f"/v1/events?after={first['next_cursor']}").json()
    assert len(page["data"]) == 2
    assert icbc.get(f"/v1/events?after={page['next_cursor']}").json()["data"] == []


def test_events_are_found_by_type_and_card() -> None:
    card, other = stage.two_cards()
    icbc, hr = a_bank(), a_partner(PartnerKind.HR)
    lose_and_find(icbc, card, 2)
    lose_and_find(a_bank("abc"), other, 1)
    assert len(hr.get("/v1/events").json()["data"]) == 6
    assert len(hr.get("/v1/events?type=loss.formal.created").json()["data"]) == 3
    assert len(hr.get(f"/v1/events?card_id={other.ref}").json()["data"]) == 2
    assert len(icbc.get("/v1/events").json()["data"]) == 4


def test_an_event_that_is_committed_late_is_never_passed_over() -> None:
    """晚提交的事件不会被读取位置跳过。"""
    card, icbc = stage.a_card(), a_bank()
    lose_and_find(icbc, card, 1)
    late = Event.objects.order_by("-sequence").first()
    assert late is not None
    event.place_new(actor=THE_CLOCK, at=world().clock.now())
    cursor = icbc.get("/v1/events").json()["next_cursor"]
    Event.objects.create(
        ref="evt_00000000000000000000000000",
        type="card.enabled",
        about=card.ref,
        sequence=late.sequence + 1,
        subject=card.ref,
        bank="icbc",
        card=card.ref,
        at=world().clock.now(),
    )
    page = icbc.get(f"/v1/events?after={cursor}").json()
    assert [e["id"] for e in page["data"]] == ["evt_00000000000000000000000000"]


@pytest.mark.parametrize("cursor", ["x", "////", "YWJj", "YWJjfDAw", "%C3%A9"])
def test_a_cursor_that_is_not_ours_is_not_found(cursor: str) -> None:
    assert a_bank().get(f"/v1/events?after={cursor}").status_code == 404
