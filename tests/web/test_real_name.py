"""Sign-in by the province's real-name service: state, PKCE, a new session, and the way out."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from onecard.adapters.faults import Fault
from onecard.adapters.simulation import SimulatedPartners
from onecard.records.models import Person
from onecard.seams.world import World, world
from tests.web.citizen import ALL_WELL, sign_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]


def begin(client: Client, then: str = "/cards") -> str:
    return str(client.get("/real-name/begin", {"next": then})["Location"])


def approve(client: Client, address: str) -> str:
    key = client.get(address).content.decode().split('name="person" value="')[1].split('"')[0]
    return str(client.post(address, {"person": key})["Location"])


def test_the_browser_carries_state_and_challenge_but_no_secret() -> None:
    """授权请求带 state、nonce、PKCE 挑战,不带密钥。"""
    client = Client()
    query = parse_qs(urlsplit(begin(client)).query)
    waiting = client.session["real_name"]
    assert query["state"] == [waiting["state"]]
    assert query["nonce"] == [waiting["nonce"]]
    assert query["code_challenge_method"] == ["S256"]
    assert waiting["verifier"] not in str(query)


def test_a_proven_person_comes_back_to_the_page_they_wanted_in_a_new_session() -> None:
    client = Client()
    address = begin(client)
    before = client.session.session_key
    answer = client.get(approve(client, address))
    assert answer["Location"] == "/cards"
    assert client.session.session_key != before
    assert client.session["citizen"] == Person.objects.get().ref
    assert client.session["citizen_name"] == "王*"
    assert "real_name" not in client.session


def test_a_code_under_another_state_proves_nobody() -> None:
    """State 不符,不登录(防跨站登录)。"""
    client, other = Client(), Client()
    stolen = approve(other, begin(other))
    begin(client)
    assert client.get(stolen).status_code == 422
    mine = approve(client, begin(client))
    state = parse_qs(urlsplit(mine).query)["state"][0]
    answer = client.get(mine.replace(state, "altered"))
    assert answer.status_code == 422
    assert "尚未通过实名认证" in text_of(answer)
    assert "citizen" not in client.session


def test_a_code_works_once() -> None:
    client = Client()
    back = approve(client, begin(client))
    client.get(back)
    client.post("/sign-out")
    assert client.get(back).status_code == 422
    assert "citizen" not in client.session


def test_coming_back_without_having_gone_proves_nobody() -> None:
    answer = Client().get("/real-name/callback", {"code": "x", "state": ""})
    assert answer.status_code == 422


def test_whoever_declines_is_told_how_else_to_go_on() -> None:
    """拒绝授权:说明原因和下一步。"""
    client = Client()
    address = begin(client)
    answer = client.get(client.post(address, {"deny": "1"})["Location"])
    assert answer.status_code == 422
    assert "重新认证" in text_of(answer)
    assert 'href="/real-name?next=%2Fcards"' in answer.content.decode()


def test_a_silent_service_is_told_as_such(city: SimulatedPartners) -> None:
    client = Client()
    back = approve(client, begin(client))
    city.simulation.faults.set("real_name", Fault.DOWN, times=1)
    answer = client.get(back)
    assert answer.status_code == 422
    assert "citizen" not in client.session


@pytest.mark.parametrize("elsewhere", ["https://evil.example/x", "//evil.example", "evil"])
def test_the_way_back_leads_to_our_own_pages_only(elsewhere: str) -> None:
    """登录后只回到本站页面。"""
    client = Client()
    assert client.get(approve(client, begin(client, elsewhere)))["Location"] == "/"


def test_signing_out_empties_the_session_and_the_browser() -> None:
    client = Client()
    sign_in(client, ALL_WELL)
    answer = client.post("/sign-out")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert "citizen" not in client.session
    assert client.get("/cards").status_code == 302
    assert client.get("/sign-out").status_code == 405


def test_a_sign_in_ends_after_eight_hours_however_busy(a_world: World) -> None:
    """登录最长八小时。"""
    from datetime import timedelta

    client = Client()
    sign_in(client, ALL_WELL)
    for _ in range(31):
        a_world.clock.advance(timedelta(minutes=15))  # type: ignore[attr-defined]
        assert client.get("/cards").status_code == 200
    a_world.clock.advance(timedelta(minutes=30))  # type: ignore[attr-defined]
    assert client.get("/cards").status_code == 302


def test_the_page_of_the_simulation_shows_no_whole_number() -> None:
    client = Client()
    page = client.get(begin(client)).content.decode()
    assert "320499" not in page
    assert "这是演示用的模拟认证页" in page


def test_a_member_of_staff_who_signs_in_as_citizen_is_no_longer_staff() -> None:
    """市民与工作人员的会话互不相通。"""
    from onecard.domain.authority import Role
    from tests import staff

    clerk, client = staff.a_member(Role.AUDITOR, password=staff.PASSWORD), Client()
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["signed_in_at"] = session["seen_at"] = world().clock.now().isoformat()
    session.save()
    sign_in(client, ALL_WELL)
    assert "_auth_user_id" not in client.session
