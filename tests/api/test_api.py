"""The same acts for programs: the main road, and every way of asking badly."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from onecard.actions import api_client
from onecard.adapters.partners import in_partners
from onecard.adapters.simulation import simulated_partners
from onecard.domain.authority import THE_CLOCK, Role
from onecard.records.models import Application, AuditRow
from onecard.seams.world import World, world
from tests import cast
from tests.actions.application import people
from tests.api.calling import Program, program

pytestmark = pytest.mark.django_db
ANSWERS = {
    "bank": "icbc",
    "document_valid_to": "2036-01-01",
    "phone": "13800138000",
    "address": "江苏省常州市天宁区延陵西路1号",
    "occupation": "23",
    "nationality": "CHN",
}
BY_POST = ANSWERS | {"post_to": ANSWERS["address"] + "201室", "postage_understood": True}
WRITE = ("application.write", "application.read", "card.read", "card.write")


@pytest.fixture(autouse=True)
def the_province(a_world: World) -> Iterator[None]:
    """Partners in memory, who know the people of these tests; two outlets."""
    played = simulated_partners(state_folder=None, now=a_world.clock.now, seed=7)
    played.simulation.seed(people.RESIDENTS)
    people.open_places()
    with in_partners(played):
        yield


@pytest.fixture
def citizen() -> Program:
    """A program that acts for a citizen who has signed in and whose data were fetched."""
    from onecard.actions import application

    actor = people.signed_in(people.WOMAN)
    application.fetch_base_data(actor=actor, at=world().clock.now())
    return program(Role.CITIZEN, *WRITE, person=actor.ref)


@pytest.fixture
def outlet() -> Program:
    """A service outlet's own system."""
    return program(Role.OUTLET_CLERK, "counter.write", "application.read", outlet="out_tianning")


def code(response: Any) -> str:
    """The code of a problem document."""
    assert response["Content-Type"].startswith("application/problem+json"), response.content
    return str(response.json()["code"])


@pytest.mark.rule("SEED, FAQ 6")
def test_a_citizens_program_applies_online_and_follows_the_application(citizen: Program) -> None:
    """未申领江苏省社会保障卡人员可线上首次申请。"""
    answer = citizen.post("/applications", {"answers": BY_POST})
    assert answer.status_code == 201, answer.content
    receipt = answer.json()
    progress = citizen.get(f"/applications/{receipt['application']}").json()
    assert progress["number"] == receipt["number"]
    assert progress["promised_on"] is not None
    assert [row["number"] for row in citizen.get("/applications").json()] == [receipt["number"]]


def test_the_same_key_gives_the_same_answer_and_one_application(citizen: Program) -> None:
    """同一请求重发,只办一次。"""
    first = citizen.post("/applications", {"answers": BY_POST}, key="once")
    again = citizen.post("/applications", {"answers": BY_POST}, key='"once"')
    assert again.json() == first.json()
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert Application.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(citizen: Program) -> None:
    citizen.post("/applications", {"answers": BY_POST}, key="once")
    other = citizen.post("/applications", {"answers": BY_POST | {"bank": "abc"}}, key="once")
    assert (other.status_code, code(other)) == (422, "request.key_reused")


@pytest.mark.parametrize("key", ["", " ", "x" * 300, "ключ"])
def test_an_act_without_a_proper_key_is_refused(citizen: Program, key: str) -> None:
    answer = citizen.http.post(
        "/api/v1/applications",
        data=json.dumps({"answers": BY_POST}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {citizen.token}", "Idempotency-Key": key},
    )
    assert (answer.status_code, code(answer)) == (400, "request.key_missing")


def test_a_rules_no_is_a_problem_document_with_the_smallest_fix(citizen: Program) -> None:
    """不能办:编码、说法、下一步,中英文一致。"""
    answer = citizen.post("/applications", {"answers": BY_POST | {"bank": "cmb"}})
    problem = answer.json()
    assert (answer.status_code, code(answer)) == (422, "application.bank_not_cooperating")
    assert problem["instance"] == "/api/v1/applications"
    assert problem["rule_version"].startswith("changzhou-")
    assert problem["minimal_fix"]
    assert problem["retryable"] is False
    english = citizen.post(
        "/applications", {"answers": BY_POST | {"bank": "cmb"}}, **{"Accept-Language": "en"}
    ).json()
    assert english["title"] != problem["title"]
    assert english["code"] == problem["code"]


def test_an_unknown_field_is_refused_and_its_value_not_echoed(citizen: Program) -> None:
    answer = citizen.post("/applications", {"answers": BY_POST, "is_admin": "secret-value"})
    assert (answer.status_code, code(answer)) == (400, "request.unknown_field")
    assert answer.json()["errors"][0]["pointer"].endswith("is_admin")
    assert b"secret-value" not in answer.content


def test_every_wrong_field_is_named_at_once(citizen: Program) -> None:
    wrong = {"bank": 1, "document_valid_to": 20360101, "postage_understood": "yes"}
    answer = citizen.post("/applications", {"answers": BY_POST | wrong})
    pointers = {error["pointer"].rpartition("/")[2] for error in answer.json()["errors"]}
    assert answer.status_code == 400
    assert pointers == set(wrong)


@pytest.mark.parametrize("body", ["[]", '"text"', "7", "null", '{"answers": []}'])
def test_anything_but_the_object_that_was_asked_for_is_refused(citizen: Program, body: str) -> None:
    answer = citizen.post("/applications", body)
    assert answer.status_code == 400, answer.content


def test_only_json_is_read(citizen: Program) -> None:
    answer = citizen.post("/applications", "answers=1", content_type="text/plain")
    assert (answer.status_code, code(answer)) == (415, "request.content_type")


def test_nobody_is_let_in_without_a_token() -> None:
    for token in ("", "ock_wrong"):
        answer = Program(token).get("/applications")
        assert (answer.status_code, code(answer)) == (401, "request.not_signed_in")
        assert answer["WWW-Authenticate"] == "Bearer"


def test_a_revoked_token_ends_with_the_act_that_revokes_it(citizen: Program) -> None:
    client = AuditRow.objects.get(act="api_client.register").about
    api_client.revoke(client=client, actor=THE_CLOCK, at=world().clock.now())
    assert citizen.get("/applications").status_code == 401


def test_a_scope_that_is_missing_is_said(outlet: Program) -> None:
    answer = outlet.post("/applications", {"answers": BY_POST})
    assert (answer.status_code, code(answer)) == (403, "request.scope_missing")


def test_absent_and_foreign_look_exactly_the_same(citizen: Program) -> None:
    """不存在的和不属于你的,回答一模一样。"""
    made = citizen.post("/applications", {"answers": BY_POST}).json()
    other = people.signed_in(people.MAN)
    stranger = program(Role.CITIZEN, *WRITE, person=other.ref)
    foreign = stranger.get(f"/applications/{made['application']}")
    absent = stranger.get("/applications/app_00000000000000000000000000")
    hide = ("instance", "trace_id")
    told = [
        {name: value for name, value in answer.json().items() if name not in hide}
        for answer in (foreign, absent)
    ]
    assert foreign.status_code == absent.status_code == 404
    assert told[0] == told[1]


@pytest.mark.rule("SEED, FAQ 3")
def test_an_outlets_system_accepts_an_application_at_the_counter(outlet: Program) -> None:
    """本人携带有效身份证件原件到社会保障卡服务网点办理。"""
    look = {"document_kind": "resident_id", "number": cast.ADULT, "name": "王芳"}
    met = outlet.post("/counter/people/search", look).json()
    document = {"kind": "resident_id", "number": cast.ADULT, "valid_to": "2036-01-01"}
    answer = outlet.post(
        "/counter/applications",
        {"person": met["person"], "answers": ANSWERS, "document": document},
    )
    assert answer.status_code == 201, answer.content
    assert answer.json()["state"] == "accepted"


def test_a_copy_is_refused_at_the_counter(outlet: Program) -> None:
    """须出示原件。"""
    look = {"document_kind": "resident_id", "number": cast.ADULT, "name": "王芳"}
    met = outlet.post("/counter/people/search", look).json()
    document = {"kind": "resident_id", "number": cast.ADULT, "original": False}
    answer = outlet.post(
        "/counter/applications",
        {"person": met["person"], "answers": ANSWERS, "document": document},
    )
    assert (answer.status_code, code(answer)) == (422, "documents.not_original")


def test_a_number_is_checked_for_anybody_and_never_repeated() -> None:
    answer = Program("").post("/numbers/checks", {"number": "110105194912310021"})
    told = answer.json()
    assert (answer.status_code, told["valid"]) == (200, False)
    assert told["problems"][0]["allowed"] == {"expected": "X"}
    assert b"110105194912310021" not in answer.content


def test_the_contract_is_openapi_3_1_and_says_problem_everywhere() -> None:
    contract = Client().get("/api/v1/openapi.json").json()
    assert contract["openapi"].startswith("3.1")
    for path, methods in contract["paths"].items():
        for operation in methods.values():
            assert "422" in operation["responses"], path
            assert operation["description"], path


def test_the_reference_and_the_catalogue_are_pages_of_ours() -> None:
    for path in ("/api/docs", "/api/errors"):
        answer = Client().get(path)
        assert answer.status_code == 200
        assert b"http://" not in answer.content.replace(b"http://127.0.0.1", b"")


def test_another_method_is_405_and_a_problem_document(citizen: Program) -> None:
    answer = citizen.http.put(
        "/api/v1/applications", headers={"Authorization": f"Bearer {citizen.token}"}
    )
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
    assert answer.json()["code"] == "request.method"
    assert "POST" in answer["Allow"]


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/v1/nothing"])
def test_an_address_that_does_not_exist_is_a_problem_document(path: str) -> None:
    answer = Client().get(path)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["code"] == "request.not_found"
