"""The service of simulated partners stands strange requests, and shows a page to a browser."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import httpx
import pytest

from onecard.seams.world import World
from tests.adapters.stage import Stage, over_http
from tests.adapters.test_real_name import BACK_AT, _authorize_url, _exchange, _query


@pytest.fixture
def stage(a_world: World) -> Iterator[Stage]:
    """Only over a wire."""
    with over_http(a_world) as ready:
        yield ready


@pytest.fixture
def browser(stage: Stage) -> Iterator[httpx.Client]:
    """A browser at the service's own pages."""
    address = _authorize_url(stage).partition("/real-name")[0]
    with httpx.Client(base_url=address, trust_env=False) as client:
        yield client


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/", b"", 404),
        ("POST", "/nobody/at-all", b"{}", 404),
        ("GET", "/hr-database/find-person", b"", 405),
        ("POST", "/hr-database/find-person", b"", 400),
        ("POST", "/hr-database/find-person", b"[]", 400),
        ("POST", "/hr-database/find-person", b'{"AAC002": 7}', 400),
        ("POST", "/hr-database/find-person", b"[" * 100_000, 400),
        ("POST", "/hr-database/set-state", b'{"message_id":"1","AAZ500":"1","AAZ502":"7"}', 400),
        ("POST", "/bank/icbc/send-file", b'{"name":"a","content":"no base64!"}', 400),
        ("POST", "/real-name/approve", b"person=0", 400),
        ("POST", "/real-name/token", b"\xff=%zz", 400),
    ],
)
def test_a_strange_request_gets_a_status_and_no_details(
    browser: httpx.Client, method: str, path: str, body: bytes, status: int
) -> None:
    """异常请求有状态码,不回显内容。"""
    reply = browser.request(method, path, content=body)
    assert reply.status_code == status
    assert len(reply.content) < 100


def test_a_browser_chooses_a_person_and_comes_back_with_a_code(
    stage: Stage, browser: httpx.Client
) -> None:
    """在模拟实名认证页选择一人,带授权码返回。"""
    url = _authorize_url(stage)
    page = browser.get(url)
    assert "吴常顺" in page.text
    assert "320499199001019002" not in page.text
    query = url.partition("?")[2]
    back = browser.post(f"/real-name/approve?{query}", data={"person": "0"})
    assert back.status_code == 303
    assert back.headers["Location"].startswith(BACK_AT)
    proven = _exchange(stage, _query(back.headers["Location"])["code"])
    assert getattr(proven, "name", "") == "吴常顺"


def test_a_browser_may_say_no(stage: Stage, browser: httpx.Client) -> None:
    query = _authorize_url(stage).partition("?")[2]
    back = browser.post(f"/real-name/deny?{query}")
    assert _query(back.headers["Location"])["error"] == "access_denied"


def test_the_page_shows_markup_as_text(stage: Stage, browser: httpx.Client) -> None:
    """页面不执行查询串里的标记。"""
    del stage
    page = browser.get("/real-name/authorize", params={"state": '"><script>alert(1)</script>'})
    assert "<script>" not in page.text


def test_a_body_too_long_is_refused_before_it_is_read(browser: httpx.Client) -> None:
    """超长报文不读即拒。"""
    address = (browser.base_url.host, browser.base_url.port or 0)
    with socket.create_connection(address, timeout=5) as line:
        line.sendall(b"POST /sms/send HTTP/1.0\r\nContent-Length: 25165825\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.0 400")
