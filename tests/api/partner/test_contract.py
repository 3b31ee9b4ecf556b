"""The contract: OpenAPI 3.1 with webhooks, whose examples run (platform D1, D9)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from onecard.domain.event import TYPES
from onecard.domain.partner_scope import PartnerKind
from tests.api.partner import rooms, stage
from tests.api.partner.calling import Partner, a_bank, a_partner
from tests.api.partner.receiver import HOST

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract() -> dict[str, Any]:
    return dict(Client().get("/v1/openapi.json").json())


def test_it_is_openapi_3_1_with_a_webhook_for_every_type_of_event(contract: Any) -> None:
    assert contract["openapi"].startswith("3.1")
    assert set(contract["webhooks"]) == TYPES
    names = {p["name"] for p in contract["webhooks"]["loss.formal.created"]["post"]["parameters"]}
    assert names == {"webhook-id", "webhook-timestamp", "webhook-signature"}


def test_every_operation_says_what_it_does_and_how_it_may_fail(contract: Any) -> None:
    for path, methods in contract["paths"].items():
        for method, operation in methods.items():
            assert operation["description"], path
            assert {"400", "401", "403", "404", "409", "413", "415", "422", "429"} <= set(
                operation["responses"]
            )
            keys = [p["name"] for p in operation.get("parameters", [])]
            exempt = operation["operationId"] in {
                "search_person",
                "search_card",
                "get_token",
                "push_message",
            }
            tool = operation["tags"] == ["tools"]
            assert ("Idempotency-Key" in keys) is (method == "post" and not exempt and not tool)


def test_a_withdrawal_asks_for_a_version(contract: Any) -> None:
    operation = contract["paths"]["/v1/losses/{loss_id}/withdrawal"]["post"]
    assert "If-Match" in [p["name"] for p in operation["parameters"]]
    assert {"412", "428"} <= set(operation["responses"])


def test_every_way_to_sign_in_and_every_scope_is_named(contract: Any) -> None:
    schemes = contract["components"]["securitySchemes"]
    scopes = schemes["oauth2"]["flows"]["clientCredentials"]["scopes"]
    assert scopes["card:loss.write"]
    assert contract["paths"]["/v1/losses"]["post"]["security"] == [
        {"signature": []},
        {"oauth2": []},
    ]


def test_every_reference_leads_somewhere(contract: Any) -> None:
    shapes = contract["components"]["schemas"]

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            target = value.get("$ref")
            if target:
                assert target.rpartition("/")[2] in shapes, target
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(contract)


EXAMPLES = {
    "search_person": (PartnerKind.HOSPITAL, "/v1/persons/search", 200),
    "search_card": (PartnerKind.HOSPITAL, "/v1/cards/search", 200),
    "tell_news": (PartnerKind.BANK, "/v1/cards/{card}/functions/fin/news", 200),
    "report_loss": (PartnerKind.BANK, "/v1/losses", 201),
    "withdraw_loss": (PartnerKind.BANK, "/v1/losses/{loss}/withdrawal", 200),
    "tell_scan": (PartnerKind.COURIER, "/v1/shipments/{parcel}/scans", 200),
    "open_webhook_endpoint": (PartnerKind.BANK, "/v1/webhook_endpoints", 201),
    "choose_webhook_types": (PartnerKind.BANK, "/v1/webhook_endpoints/{endpoint}/types", 200),
    "send_webhook_example": (PartnerKind.BANK, "/v1/webhook_endpoints/{endpoint}/example", 200),
    "recover_webhook_endpoint": (
        PartnerKind.BANK,
        "/v1/webhook_endpoints/{endpoint}/recovery",
        200,
    ),
    "replay_missing_webhooks": (PartnerKind.BANK, "/v1/webhook_endpoints/{endpoint}/missing", 200),
    "explain_signature": (None, "/v1/tools/verify-signature", 404),
    "advance_test_clock": (None, "/v1/test_clock/advance", 404),
    "simulate_fault": (None, "/v1/simulate/partner_fault", 404),
    "simulate_factory_reject": (None, "/v1/simulate/factory_reject", 404),
}
"""Every example of the contract: who sends it where. Tools are of the sandbox (404 elsewhere)."""


def examples(contract: Any) -> dict[str, Any]:
    """The body of every operation that has one."""
    found = {}
    for methods in contract["paths"].values():
        for operation in methods.values():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if not content:
                continue
            shape = contract["components"]["schemas"][content["schema"]["$ref"].rpartition("/")[2]]
            if "examples" in shape:
                found[operation["operationId"]] = shape["examples"][0]
    return found


def test_every_example_of_the_contract_is_run(contract: Any) -> None:
    assert set(examples(contract)) == set(EXAMPLES)


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_an_example_works(contract: Any, name: str) -> None:
    """说明中的每个例子都跑得通。"""
    kind, path, status = EXAMPLES[name]
    card = stage.a_card()
    bank = a_bank(hosts=(HOST,))
    more = {}
    if "{loss}" in path:
        told = bank.post("/v1/losses", {"card_id": card.ref, "kind": "formal"}).json()
        path, more = path.replace("{loss}", told["id"]), {"If-Match": f'"{told["version"]}"'}
    if "{parcel}" in path:
        path = path.replace("{parcel}", rooms._parcel(card))
    if "{endpoint}" in path:
        made = bank.post("/v1/webhook_endpoints", {"url": f"https://{HOST}/"}).json()
        path = path.replace("{endpoint}", made["endpoint"])
    answer = _sender(kind, bank).post(
        path.replace("{card}", card.ref), examples(contract)[name], **more
    )
    assert answer.status_code == status, answer.content


def _sender(kind: PartnerKind | None, bank: Partner) -> Partner:
    if kind in {None, PartnerKind.BANK}:
        return bank
    assert kind is not None
    return a_partner(kind)


def test_the_tools_of_the_sandbox_are_nowhere_else() -> None:
    """沙箱工具在正式环境不存在。"""
    http = Client()
    assert http.get("/v1/test_clock").status_code == 404
    for path in ("tools/verify-signature", "test_clock/advance", "sandbox/reset"):
        answer = http.post(f"/v1/{path}", data="{}", content_type="application/json")
        assert answer.status_code in {400, 404}
    assert http.post("/v1/sandbox/reset?seed=7").status_code == 404


def test_the_reference_of_the_partners_interface_is_a_page_of_ours() -> None:
    answer = Client().get("/api/partner-docs")
    assert answer.status_code == 200
    assert b"/v1/losses" in answer.content
