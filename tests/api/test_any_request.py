"""Whatever is sent, the API answers as its contract says: schemathesis over both contracts.

No 5xx, no status and no shape that is not written down. Bounded: a few dozen requests for each
operation, the same ones every time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import requests
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from onecard.adapters.partners import in_partners
from onecard.adapters.simulation import simulated_partners
from onecard.domain.authority import Role
from onecard.domain.partner_scope import PartnerKind
from onecard.seams.world import World
from tests.actions.application import people
from tests.api.calling import program
from tests.api.partner import stage
from tests.api.partner.calling import Partner, a_bank, a_partner

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
TRIES = 6
EVERY_SCOPE = (
    "application.read",
    "application.write",
    "application.review",
    "card.read",
    "card.write",
    "counter.write",
    "employer.write",
    "photo.write",
    "production.write",
    "topup.read",
    "topup.write",
)
_SIGNED = {"onecard-serial", "onecard-signature", "authorization", "content-type"}


@cache
def contract_at(path: str) -> Any:
    """A contract as a program reads it."""
    return schemathesis.openapi.from_dict(Client().get(path).json())


def names(path: str) -> list[str]:
    """Every operation, by method and path, read from the routes without a database."""
    from onecard.api import urls as citizens
    from onecard.api.partner import urls as partners

    house = (partners if path.startswith("/v1") else citizens).api
    schema = house.get_openapi_schema(path_prefix=path.removesuffix("openapi.json"))
    return [
        f"{method.upper()} {place}" for place, ways in schema["paths"].items() for method in ways
    ]


@pytest.fixture(autouse=True)
def the_city(a_world: World) -> Iterator[None]:
    """Partners in memory, two outlets, a card."""
    played = simulated_partners(state_folder=None, now=a_world.clock.now, seed=7)
    played.simulation.seed(people.RESIDENTS)
    people.open_places()
    stage.a_card()
    with in_partners(played):
        yield


def _tried(path: str, name: str, send: Any) -> None:
    """Some requests to one operation, each answered as the contract says."""
    method, _, place = name.partition(" ")
    operation = contract_at(path)[place][method]

    @settings(
        max_examples=TRIES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def one(case: Any) -> None:
        case.validate_response(_as_response(send(case), case), checks=CHECKS)

    one()


def _address(case: Any) -> str:
    path = case.formatted_path if hasattr(case, "formatted_path") else case.path
    query = urlencode(case.query or {}, doseq=True, quote_via=quote)
    return f"{path}?{query}" if query else str(path)


def _body(case: Any) -> tuple[bytes, str]:
    """What the case sends, as it goes over the wire."""
    kind = case.media_type or "application/json"
    if not isinstance(case.body, (dict, list, str, int, float, bool, type(None))):
        return b"", kind
    if "urlencoded" in kind:
        return urlencode(case.body if isinstance(case.body, dict) else {}).encode(), kind
    return json.dumps(case.body).encode("utf-8", "surrogatepass"), kind


def _headers(case: Any) -> dict[str, str]:
    given = {str(name): str(value) for name, value in (case.headers or {}).items()}
    return {name: value for name, value in given.items() if name.lower() not in _SIGNED}


def _as_response(answer: Any, case: Any) -> Response:
    """A test client's answer as schemathesis reads one."""
    return Response(
        status_code=answer.status_code,
        headers={name: [value] for name, value in answer.headers.items()},
        content=answer.content,
        request=requests.Request(case.method, "http://testserver/").prepare(),
        elapsed=0.1,
        verify=True,
    )


@pytest.mark.parametrize("name", names("/v1/openapi.json"))
def test_no_request_of_a_partner_surprises_us(name: str) -> None:
    """任何请求都按接口说明回答,没有5xx,没有未写明的状态。"""
    sender = _of_parcels() if "/scans" in name else a_bank()

    def send(case: Any) -> Any:
        url, (body, kind) = _address(case), _body(case)
        return sender.http.generic(
            case.method,
            url,
            data=body,
            content_type=kind,
            headers=_headers(case) | sender.headers(case.method, url, body),
        )

    _tried("/v1/openapi.json", name, send)


def _of_parcels() -> Partner:
    return a_partner(PartnerKind.COURIER).with_token()


@pytest.mark.parametrize("name", names("/api/v1/openapi.json"))
def test_no_request_of_a_citizens_or_an_outlets_program_surprises_us(name: str) -> None:
    outlet = "/counter" in name or "/employer" in name or "production" in name
    role = Role.OUTLET_CLERK if outlet else Role.CITIZEN
    person = "" if outlet else people.signed_in(people.WOMAN).ref
    token = program(role, *EVERY_SCOPE, person=person, outlet="out_tianning").token

    def send(case: Any) -> Any:
        body, kind = _body(case)
        return Client().generic(
            case.method,
            _address(case),
            data=body,
            content_type=kind,
            headers=_headers(case) | {"Authorization": f"Bearer {token}"},
        )

    _tried("/api/v1/openapi.json", name, send)
