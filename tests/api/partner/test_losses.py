"""A bank's own system reports, withdraws and tells news (architecture 3.1; platform D4, D7)."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from onecard.domain.application import ApplicationKind
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.partner_scope import PartnerKind
from onecard.records.models import Card, LossReport
from tests import made_card
from tests.api.partner import stage
from tests.api.partner.calling import Partner, a_bank, a_partner

pytestmark = pytest.mark.django_db


@pytest.fixture
def card() -> Card:
    """A card of ICBC in use."""
    return stage.a_card()


@pytest.fixture
def icbc() -> Partner:
    """ICBC's own system."""
    return a_bank()


def report(bank: Partner, card: Card, **more: Any) -> Any:
    body = {"card_id": card.ref, "kind": "formal", "biz_serial_no": "0001"} | more
    return bank.post("/v1/losses", body)


@pytest.mark.rule("SEED, FAQ 11")
def test_a_banks_report_covers_both_functions_at_once(card: Card, icbc: Partner) -> None:
    """正式挂失:人社与金融功能同时挂失,双向实时。"""
    answer = report(icbc, card)
    told = answer.json()
    assert answer.status_code == 201
    assert (told["hr_state"], told["financial_state"]) == ("formal_loss", "formal_loss")
    assert answer["ETag"] == f'"{told["version"]}"'
    hospital = a_partner(PartnerKind.HOSPITAL)
    stage.present(hospital, card.ref)
    seen = hospital.with_token().get(f"/v1/cards/{card.ref}/functions/hr").json()
    assert (seen["usable"], seen["refusal"]) == (False, "hr_function.lost")
    assert icbc.get(f"/v1/cards/{card.ref}/functions/fin").json()["state"] == "formal_loss"


def test_the_answer_is_evidence_of_what_was_asked(card: Card, icbc: Partner) -> None:
    """应答带请求报文的摘要,一份签名证明两件事。"""
    raw = json.dumps({"card_id": card.ref, "kind": "formal"}).encode()
    answer = icbc.post("/v1/losses", raw)
    assert answer.json()["request_digest"] == hashlib.sha256(raw).hexdigest()


def test_no_party_is_called_confirmed_before_it_said_so(card: Card, icbc: Partner) -> None:
    told = report(icbc, card).json()
    states = {line["party"]: line["state"] for line in told["confirmations"]}
    assert states["hr_database"] == "pending"


@pytest.mark.rule("platform D4")
def test_the_same_serial_number_has_one_effect_whatever_the_header(
    card: Card, icbc: Partner
) -> None:
    """同一业务流水号只办一次。"""
    first = report(icbc, card)
    again = report(icbc, card)
    with_key = icbc.post(
        "/v1/losses",
        {"card_id": card.ref, "kind": "formal", "biz_serial_no": "0001"},
        key='"0001"',
    )
    assert again.json() == with_key.json() == first.json()
    assert again["Idempotent-Replayed"] == with_key["Idempotent-Replayed"] == "true"
    assert LossReport.objects.count() == 1


def test_header_and_serial_number_that_differ_are_refused(card: Card, icbc: Partner) -> None:
    body = {"card_id": card.ref, "kind": "formal", "biz_serial_no": "0001"}
    answer = icbc.post("/v1/losses", body, key="another")
    assert (answer.status_code, answer.json()["code"]) == (422, "request.keys_disagree")


def test_the_same_serial_number_with_another_body_is_refused(card: Card, icbc: Partner) -> None:
    report(icbc, card)
    answer = report(icbc, card, reason="stolen")
    assert (answer.status_code, answer.json()["code"]) == (422, "request.key_reused")


def test_an_act_without_key_and_serial_number_is_refused(card: Card, icbc: Partner) -> None:
    answer = icbc.post("/v1/losses", {"card_id": card.ref, "kind": "formal"}, key="-")
    assert (answer.status_code, answer.json()["code"]) == (400, "request.key_missing")


def test_two_banks_may_use_the_same_key(card: Card, icbc: Partner) -> None:
    other = stage.a_card(stage.ABC_CARD, "abc")
    assert report(icbc, card).status_code == 201
    assert report(a_bank("abc"), other).status_code == 201


def test_a_loss_that_stands_is_answered_and_changes_nothing(card: Card, icbc: Partner) -> None:
    first = report(icbc, card).json()
    again = report(icbc, card, biz_serial_no="0002")
    assert again.status_code == 201
    assert (again.json()["notice"], again.json()["version"]) == (
        "loss.already_formal",
        first["version"],
    )
    assert LossReport.objects.count() == 1


@pytest.mark.rule("SEED, FAQ 12")
def test_a_loss_of_the_purse_is_explained_never_taken(card: Card, icbc: Partner) -> None:
    """交通账户不挂失。"""
    answer = report(icbc, card, function="transit")
    assert (answer.status_code, answer.json()["code"]) == (422, "transit_purse.no_loss_report")


def test_a_withdrawal_names_the_version_it_takes_back(card: Card, icbc: Partner) -> None:
    """解挂须指明所解的那一次挂失。"""
    told = report(icbc, card).json()
    path = f"/v1/losses/{told['id']}/withdrawal"
    without = icbc.post(path)
    assert (without.status_code, without.json()["code"]) == (428, "request.version_missing")
    for wrong in (f'"{told["version"] + 1}"', "x", "*", '"1", "2"'):
        assert icbc.post(path, **{"If-Match": wrong}).status_code == 412
    right = icbc.post(path, **{"If-Match": f'"{told["version"]}"'})
    assert (right.status_code, right.json()["hr_state"]) == (200, "normal")
    card.refresh_from_db()
    assert (card.hr_state, card.financial_state) == (HrState.NORMAL, FinancialState.ACTIVATED)


def test_an_old_withdrawal_never_lifts_a_newer_loss(card: Card, icbc: Partner) -> None:
    """旧的解挂不能解除新的挂失。"""
    first = report(icbc, card).json()
    path, match = f"/v1/losses/{first['id']}/withdrawal", {"If-Match": f'"{first["version"]}"'}
    assert icbc.post(path, **match).status_code == 200
    second = report(icbc, card, biz_serial_no="0002").json()
    late = icbc.post(path, **match)
    assert late.status_code == 412
    assert second["version"] > first["version"]
    assert icbc.get(f"/v1/cards/{card.ref}/functions/hr").json()["state"] == "formal_loss"


@pytest.mark.rule("PROVINCIAL 2016")
def test_nothing_is_withdrawn_once_a_replacement_was_applied_for(card: Card, icbc: Partner) -> None:
    """申请补卡后不能解挂。"""
    told = report(icbc, card).json()
    made_card.an_application(
        card.person, bank="icbc", kind=ApplicationKind.REPLACEMENT, predecessor=card
    )
    answer = icbc.post(
        f"/v1/losses/{told['id']}/withdrawal", **{"If-Match": f'"{told["version"]}"'}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "loss.replacement_already_applied")


def test_the_banks_temporary_report_is_its_own_functions_alone(card: Card, icbc: Partner) -> None:
    """金融功能临时挂失按各银行规定。"""
    missing = report(icbc, card, kind="temporary")
    assert (missing.status_code, missing.json()["code"]) == (400, "request.field_missing")
    answer = report(icbc, card, kind="temporary", sequence=1, biz_serial_no="0002")
    told = answer.json()
    assert answer.status_code == 201
    assert (told["hr_state"], told["financial_state"]) == ("normal", "temporary_loss")


def test_news_are_followed_by_their_own_order(card: Card, icbc: Partner) -> None:
    """银行消息晚到、重复、乱序,都不会解除更新的状态。"""
    path = f"/v1/cards/{card.ref}/functions/fin/news"
    news = {"happened_at": "2026-03-02T08:00:00+08:00"}
    close = icbc.post(path, news | {"event": "close", "sequence": 5, "biz_serial_no": "5"})
    late = icbc.post(path, news | {"event": "open", "sequence": 4, "biz_serial_no": "4"})
    assert (close.json()["result"], late.json()["result"]) == ("applied", "stale")
    assert late.json()["financial_state"] == "closed"


def test_history_is_a_resource(card: Card, icbc: Partner) -> None:
    """每一次状态变化都可查。"""
    report(icbc, card)
    lines = icbc.get(f"/v1/card_transitions?card_id={card.ref}").json()["data"]
    assert [(line["function"], line["to_state"], line["seq"]) for line in lines] == [
        ("hr", "formal_loss", 1),
        ("fin", "formal_loss", 2),
    ]
    assert {line["actor"] for line in lines} == {"partner"}
    etag = icbc.get(f"/v1/cards/{card.ref}/functions/hr")["ETag"]
    assert etag == '"1"'


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("card_id", ["x"]),
        ("card_id", {"$ne": ""}),
        ("card_id", 7),
        ("card_id", "x' OR 1=1"),
        ("kind", "for ever"),
        ("kind", True),
        ("sequence", 1.5),
        ("sequence", "1"),
        ("sequence", True),
        ("sequence", -1),
        ("biz_serial_no", 7),
        ("biz_serial_no", "x" * 65),
        ("outlet", "{{7*7}}"),
        ("is_admin", True),
        ("__proto__", {}),
    ],
)
def test_bad_input_is_named_and_changes_nothing(
    card: Card, icbc: Partner, field: str, value: Any
) -> None:
    body = {"card_id": card.ref, "kind": "formal"} | {field: value}
    answer = icbc.post("/v1/losses", body, key="k")
    assert answer.status_code == 400, answer.content
    assert field in answer.json()["errors"][0]["pointer"]
    assert LossReport.objects.count() == 0
