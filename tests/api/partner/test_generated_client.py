"""A client generated from our OpenAPI file reports a formal loss and reads the events (D9)."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import Client

from tests.api.partner import stage
from tests.api.partner.calling import Partner, a_bank

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NAME = "onecard_partner_api_client"


@pytest.fixture
def generated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The generator's own work, in a folder of its own."""
    contract = tmp_path / "openapi.json"
    contract.write_bytes(Client().get("/v1/openapi.json").content)
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--path", str(contract)]
    done = subprocess.run(
        [*command, "--meta", "none", "--output-path", str(tmp_path / NAME)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path / NAME
    for module in [name for name in sys.modules if name.startswith(NAME)]:
        del sys.modules[module]


class OverTheTestClient(httpx.BaseTransport):
    """Carries the generated client's requests to us, signed over exactly its bytes."""

    def __init__(self, bank: Partner) -> None:
        self._bank = bank

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One request and its answer."""
        url, body = request.url.raw_path.decode(), request.read()
        kept = {name: value for name, value in request.headers.items() if name == "idempotency-key"}
        answer = self._bank.http.generic(
            request.method,
            url,
            data=body,
            content_type=request.headers.get("content-type", "application/json"),
            headers=self._bank.headers(request.method, url, body) | kept,
        )
        return httpx.Response(
            answer.status_code, headers=dict(answer.headers), content=answer.content
        )


def _module(path: str) -> Any:
    return importlib.import_module(f"{NAME}.{path}")


@pytest.mark.usefixtures("generated")
def test_a_generated_client_reports_a_loss_and_reads_the_events() -> None:
    """由接口说明生成的客户端,可办正式挂失并读取事件。"""
    card = stage.a_card()
    http = httpx.Client(transport=OverTheTestClient(a_bank()), base_url="https://city.example.com")
    client = _module("client").Client(base_url="https://city.example.com").set_httpx_client(http)
    models = _module("models")
    asked = models.LossAsked(
        card_id=card.ref, kind=models.LossAskedKind.FORMAL, biz_serial_no="0001"
    )
    told = _module("api.losses.report_loss").sync(client=client, body=asked)
    assert (told.hr_state, told.financial_state) == ("formal_loss", "formal_loss")
    page = _module("api.events.list_events").sync(client=client)
    assert [event.type_ for event in page.data] == ["loss.formal.created"]
    assert json.dumps(page.data[0].data.to_dict()).find(told.id) > 0
