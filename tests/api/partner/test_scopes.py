"""Every route, every kind of partner, every card: own, foreign, absent (guarantees P3, R22)."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from onecard.domain.partner_scope import EVENT_READ, RECONCILIATION_READ, RIGHTS, PartnerKind
from onecard.records.models import Application, Event, LossReport
from tests import made_card
from tests.api.partner import stage
from tests.api.partner.calling import Partner, a_bank, a_partner
from tests.api.partner.rooms import ROUTES, Route, objects_of

pytestmark = pytest.mark.django_db
KINDS = ("bank:icbc", "bank:abc", "hr", "hospital", "transit", "courier")
HIDE = ("instance", "trace_id")


def a_client(kind: str) -> Partner:
    """A client of a kind, to which the card of ICBC alone was presented."""
    name, _, bank = kind.partition(":")
    made = a_partner(PartnerKind(name), bank=bank)
    if name in {"hospital", "transit"}:
        stage.present(made, stage.ICBC_CARD)
    return made


def reaches(kind: str, route: Route, owner: str) -> bool:
    """Whether an object of a bank's card is this client's to see: the table, told once more."""
    name, _, bank = kind.partition(":")
    if route.function and route.function not in {
        f.value for f in RIGHTS[PartnerKind(name)].functions
    }:
        return False
    if name == "bank":
        return bank == owner
    if route.scope == RECONCILIATION_READ:
        return False  # a comparison is of one partner's book alone
    if route.scope == EVENT_READ and name in {"courier", "transit"}:
        return False  # a loss is none of theirs
    if name == "courier":
        return True
    return name == "hr" or owner == "icbc"


@pytest.mark.rule("guarantees P3, R22")
@pytest.mark.parametrize(("route", "kind"), list(itertools.product(ROUTES, KINDS)), ids=str)
def test_own_is_seen_and_foreign_looks_exactly_like_absent(route: Route, kind: str) -> None:
    """不存在的和不属于你的,状态、内容、长度都一样。"""
    objects = objects_of(route)
    client = a_client(kind)
    absent = _told(client, route, "x" * len(objects["icbc"]))
    may = route.scope in RIGHTS[PartnerKind(kind.partition(":")[0])].scopes
    for owner in ("icbc", "abc"):
        status, body, length = _told(client, route, objects[owner])
        if not may:
            assert status == 403
        elif reaches(kind, route, owner):
            assert status == route.status, body
        else:
            assert (status, body, length) == absent
            assert status == 404


def _told(client: Partner, route: Route, ref: str) -> tuple[int, Any, int]:
    """Status, body without what is of this request alone, and its length."""
    path = route.path.replace("{}", ref)
    more = {"If-Match": '"1"'} if route.needs_version else {}
    body = dict(route.body or {})
    if "biz_serial_no" in body:
        body["biz_serial_no"] = ref[-3:]
    answer = client.get(path) if route.body is None else client.post(path, body, **more)
    said = json.loads(answer.content)
    kept = {name: value for name, value in said.items() if name not in HIDE}
    return answer.status_code, kept, len(answer.content)


@pytest.mark.parametrize("kind", KINDS)
def test_lists_hold_nothing_foreign(kind: str) -> None:
    """列表里没有别家的卡。"""
    stage.two_cards()
    client = a_client(kind)
    mine = {"bank:icbc": 1, "bank:abc": 1, "hr": 2, "hospital": 1, "transit": 1, "courier": None}
    answer = client.get("/v1/cards")
    if mine[kind] is None:
        assert answer.status_code == 403
        return
    assert len(answer.json()["data"]) == mine[kind]


def test_a_cursor_is_of_one_client_and_one_list_alone() -> None:
    stage.two_cards()
    hr, other = a_partner(PartnerKind.HR), a_partner(PartnerKind.HR)
    first = hr.get("/v1/cards?limit=1").json()
    assert first["has_more"] is True
    rest = hr.get(f"/v1/cards?limit=1&after={first['next_cursor']}").json()
    assert (rest["has_more"], rest["next_cursor"]) == (False, None)
    assert {first["data"][0]["id"], rest["data"][0]["id"]} == {stage.ICBC_CARD, stage.ABC_CARD}
    cursor = first["next_cursor"]
    assert other.get(f"/v1/cards?limit=1&after={cursor}").status_code == 404
    assert hr.get(f"/v1/losses?limit=1&after={cursor}").status_code == 404


@pytest.mark.parametrize("limit", ["0", "-1", "201", "1000000000", "x", "1.5", ""])
def test_a_page_has_a_size_within_limits(limit: str) -> None:
    answer = a_bank().get(f"/v1/cards?limit={limit}")
    assert answer.status_code == 400
    assert answer.json()["code"] == "request.page_limit"


@pytest.mark.parametrize("query", ["ordering=password", "limit=1&order_by=-person__name"])
def test_only_known_parameters_are_read(query: str) -> None:
    answer = a_bank().get(f"/v1/cards?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "request.unknown_field")


def test_nothing_personal_is_ever_told() -> None:
    """报文里没有姓名、证件号码、完整卡号。"""
    card, _ = stage.two_cards()
    bank = a_bank()
    made_card.an_application(card.person, bank="icbc")
    bank.post("/v1/losses", {"card_id": card.ref, "kind": "formal"})
    said = b"".join(
        bank.get(path).content
        for path in ("/v1/cards", "/v1/losses", "/v1/card_transitions", "/v1/events")
    )
    for secret in (card.person.identity_number, card.person.name, card.card_number):
        assert secret.encode() not in said
    assert LossReport.objects.count() == 1
    assert Event.objects.count() >= 1
    assert Application.objects.count() == 1
