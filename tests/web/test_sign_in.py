"""The staff door: two factors, one answer for every wrong try, locks, and the end of a session."""

from __future__ import annotations

from base64 import b32decode
from datetime import timedelta
from html import unescape

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import check_password
from django.test import Client, override_settings
from django_otp.oath import TOTP

from onecard.config.hashers import StaffPasswordHasher
from onecard.domain.authority import Role
from onecard.records.models import AuditRow, Staff, StaffTotp
from onecard.seams.world import world
from onecard.web.sign_in import lockout
from tests import staff

pytestmark = pytest.mark.django_db
START, CODE = "/sign-in/", "/sign-in/code"
NOT_LET_IN = "用户名或密码不对"


@pytest.fixture(autouse=True)
def quick_hashes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many passwords are tried here: hash them cheaply, but for the test of the cost itself."""
    if "cost" not in request.node.name:
        monkeypatch.setattr(StaffPasswordHasher, "memory_cost", 64)
        monkeypatch.setattr(StaffPasswordHasher, "time_cost", 1)


def code_now() -> str:
    clock = TOTP(b32decode(staff.SECRET))
    clock.time = world().clock.now().timestamp()
    return f"{clock.token():06d}"


def try_to_enter(client: Client, username: str, password: str, **more: str) -> object:
    return client.post(START, {"username": username, "password": password}, **more)


def enter(client: Client, username: str = "auditor") -> None:
    assert try_to_enter(client, username, staff.PASSWORD).status_code == 302
    assert client.post(CODE, {"code": code_now()}).status_code == 302


def wait(**by: int) -> None:
    world().clock.advance(timedelta(**by))  # type: ignore[attr-defined]


def test_both_factors_open_the_door_and_each_gives_a_new_session() -> None:
    """口令加动态验证码,登录更换会话标识。"""
    staff.a_member(Role.AUDITOR, password=staff.PASSWORD)
    client = Client()
    client.get(START)
    client.session["citizen"] = "per_somebody"
    client.session.save()
    try_to_enter(client, "auditor", staff.PASSWORD)
    half = client.session.session_key
    assert "citizen" not in client.session
    assert client.get("/sign-in/account").status_code == 303
    client.post(CODE, {"code": code_now()})
    assert client.session.session_key not in {half, None}
    assert client.get("/sign-in/account").status_code == 200


def test_a_code_that_was_used_does_not_open_another_session() -> None:
    staff.a_member(Role.AUDITOR, password=staff.PASSWORD)
    code = code_now()
    enter(Client())
    other = Client()
    try_to_enter(other, "auditor", staff.PASSWORD)
    answer = other.post(CODE, {"code": code})
    assert answer.status_code == 422
    assert "验证码不对或已用过" in answer.content.decode()


def test_only_accounts_of_the_demo_city_are_told_their_code_and_each_code_once() -> None:
    """验证码只在演示城市的账号登录时显示。"""
    for username, demo in (("clerk", "outlet_clerk"), ("real", "")):
        staff.a_member(Role.OUTLET_CLERK, username=username, password=staff.PASSWORD, demo=demo)
    other, demo_browser = Client(), Client()
    try_to_enter(other, "real", staff.PASSWORD)
    assert "演示模式：" not in other.get(CODE).content.decode()
    try_to_enter(demo_browser, "clerk", staff.PASSWORD)
    assert f"现在的验证码是 {code_now()}" in demo_browser.get(CODE).content.decode()
    assert demo_browser.post(CODE, {"code": code_now()}).status_code == 302
    again = Client()
    try_to_enter(again, "clerk", staff.PASSWORD)
    assert code_now() not in again.get(CODE).content.decode()


def _without_what_was_typed(answer: object, *typed: str) -> str:
    page = answer.content.decode()  # type: ignore[attr-defined]
    for text in typed:
        page = page.replace(text, "")
    return "\n".join(
        line for line in page.splitlines() if "csrf" not in line and "nonce" not in line
    )


def test_unknown_wrong_and_locked_look_exactly_alike() -> None:
    """未知用户、口令错误、已锁定:同一页面、同一状态码。"""
    staff.a_member(Role.AUDITOR, password=staff.PASSWORD)
    unknown = try_to_enter(Client(), "nobody", "wrong")
    wrong = try_to_enter(Client(), "auditor", "wrong")
    for _ in range(5):
        try_to_enter(Client(), "auditor", "wrong")
    locked = try_to_enter(Client(), "auditor", staff.PASSWORD)
    pages = {
        _without_what_was_typed(answer, "auditor", "nobody") for answer in (unknown, wrong, locked)
    }
    assert len(pages) == 1
    assert {answer.status_code for answer in (unknown, wrong, locked)} == {422}
    assert NOT_LET_IN in unescape(wrong.content.decode())


def test_unknown_wrong_and_locked_hash_exactly_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """三种情形耗时相同:各做一次口令运算。"""
    staff.a_member(Role.AUDITOR, password=staff.PASSWORD)
    hashed: list[str] = []
    encode, verify = StaffPasswordHasher.encode, StaffPasswordHasher.verify
    monkeypatch.setattr(
        StaffPasswordHasher, "encode", lambda *a: hashed.append("encode") or encode(*a)
    )
    monkeypatch.setattr(
        StaffPasswordHasher, "verify", lambda *a: hashed.append("verify") or verify(*a)
    )
    counts = []
    for username in ("nobody", "auditor"):
        try_to_enter(Client(), username, "wrong")
        counts.append(len(hashed))
        hashed.clear()
    AccessAttempt.objects.update(failures_since_start=5)
    try_to_enter(Client(), "auditor", staff.PASSWORD)
    counts.append(len(hashed))
    assert counts == [1, 1, 1]


@pytest.mark.rule("guarantees 13, 15: five failures, thirty minutes, tiers")
def test_a_name_is_locked_for_thirty_minutes_and_longer_when_it_goes_on() -> None:
    """5次失败锁定30分钟,继续失败逐级加长。"""
    row = staff.a_member(Role.AUDITOR, password=staff.PASSWORD)
    for _ in range(5):
        try_to_enter(Client(), row.username, "wrong")
    wait(minutes=29)
    assert try_to_enter(Client(), row.username, staff.PASSWORD).status_code == 422
    wait(minutes=1)
    for _ in range(5):
        assert try_to_enter(Client(), row.username, "wrong").status_code == 422
        wait(minutes=30)
    assert try_to_enter(Client(), row.username, staff.PASSWORD).status_code == 422
    wait(minutes=90)
    assert try_to_enter(Client(), row.username, staff.PASSWORD).status_code == 302


def test_tries_while_locked_do_not_make_the_lock_longer() -> None:
    row = staff.a_member(Role.AUDITOR, password=staff.PASSWORD)
    for _ in range(30):
        try_to_enter(Client(), row.username, "wrong")
    wait(minutes=30)
    assert try_to_enter(Client(), row.username, staff.PASSWORD).status_code == 302


def test_a_device_of_the_owner_passes_a_lock_that_others_caused() -> None:
    """已验证设备不受他人恶意锁定影响(威胁17)。"""
    row = staff.a_member(Role.AUDITOR, password=staff.PASSWORD)
    own = Client()
    enter(own)
    own.post("/sign-in/out")
    for _ in range(5):
        try_to_enter(Client(), row.username, "wrong", REMOTE_ADDR="203.0.113.7")
    assert try_to_enter(Client(), row.username, staff.PASSWORD).status_code == 422
    forged = Client()
    forged.cookies["known_device"] = lockout.name_index(row.username)
    assert try_to_enter(forged, row.username, staff.PASSWORD).status_code == 422
    assert try_to_enter(own, row.username, staff.PASSWORD).status_code == 302


def test_an_address_that_tries_many_names_is_locked_and_others_are_not() -> None:
    staff.a_member(Role.AUDITOR, password=staff.PASSWORD)
    for number in range(30):
        try_to_enter(Client(), f"name{number}", "wrong", REMOTE_ADDR="203.0.113.7")
    here = try_to_enter(Client(), "auditor", staff.PASSWORD, REMOTE_ADDR="203.0.113.7")
    elsewhere = try_to_enter(Client(), "auditor", staff.PASSWORD, REMOTE_ADDR="203.0.113.8")
    assert (here.status_code, elsewhere.status_code) == (422, 302)


@override_settings(TRUSTED_PROXIES=("10.0.0.1",))
def test_only_a_named_proxy_may_say_where_somebody_comes_from() -> None:
    said = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "198.51.100.9, 203.0.113.7"}
    try_to_enter(Client(), "nobody", "wrong", **said)
    try_to_enter(Client(), "nobody", "wrong", **{**said, "REMOTE_ADDR": "10.0.0.2"})
    addresses = AccessAttempt.objects.values_list("ip_address", flat=True)
    assert sorted(addresses) == ["10.0.0.2", "203.0.113.7"]


def test_a_name_that_was_typed_is_kept_nowhere() -> None:
    """误输入用户名栏的身份证号不得留存。"""
    number = "320499199001010024"
    try_to_enter(Client(), number, "wrong")
    kept = AccessAttempt.objects.get()
    assert number not in f"{kept.username}{kept.post_data}{kept.get_data}{kept.path_info}"
    noted = AuditRow.objects.get(act="staff.note_failed_sign_in")
    assert number not in f"{noted.facts}{noted.about}"


def test_a_board_that_looks_by_itself_keeps_no_session_alive() -> None:
    """看板自动刷新不算使用:30分钟照样退出,整页重新打开。"""
    staff.a_member(Role.AUDITOR, password=staff.PASSWORD)
    client = Client()
    enter(client)
    wait(minutes=29)
    by_itself = {"HX-Request": "true"}
    assert client.get("/sign-in/account", headers=by_itself).status_code == 200
    wait(minutes=1)
    answer = client.get("/sign-in/account", headers=by_itself)
    assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")
    assert client.get("/sign-in/account").status_code == 303


def test_a_session_ends_after_half_an_hour_without_use() -> None:
    """闲置30分钟退出。"""
    staff.a_member(Role.AUDITOR, password=staff.PASSWORD)
    client = Client()
    enter(client)
    wait(minutes=29)
    assert client.get("/sign-in/account").status_code == 200
    wait(minutes=29, seconds=59)
    assert client.get("/sign-in/account").status_code == 200
    wait(minutes=30)
    answer = client.get("/sign-in/account?x=1")
    assert answer["Location"] == "/sign-in/?ended=idle&next=%2Fsign-in%2Faccount%3Fx%3D1"
    assert client.get("/sign-in/account").status_code == 303
    assert AuditRow.objects.filter(act="staff.sign_out", facts__because="idle").count() == 1


def test_a_session_ends_after_eight_hours_of_work() -> None:
    """最长8小时。"""
    staff.a_member(Role.AUDITOR, password=staff.PASSWORD)
    client = Client()
    enter(client)
    for _ in range(23):
        wait(minutes=20)
        assert client.get("/sign-in/account").status_code == 200
    wait(minutes=20)
    assert "ended=longest" in client.get("/sign-in/account")["Location"]


def test_an_ended_account_is_out_with_its_next_request() -> None:
    row = staff.a_member(Role.AUDITOR)
    client = staff.signed_in(row)
    assert client.get("/sign-in/account").status_code == 200
    Staff.objects.filter(ref=row.ref).update(is_active=False)
    assert client.get("/sign-in/account").status_code == 303


def test_a_first_sign_in_binds_a_phone_and_chooses_a_password() -> None:
    """首次登录须绑定验证器并修改口令。"""
    row = staff.a_member(Role.AUDITOR, password=staff.PASSWORD)
    StaffTotp.objects.all().delete()
    Staff.objects.update(must_change_password=True)
    client = Client()
    answer = try_to_enter(client, row.username, staff.PASSWORD)
    assert answer["Location"] == "/sign-in/enrol"
    assert not StaffTotp.objects.exists()
    page = client.post("/sign-in/enrol").content.decode()
    clock = TOTP(b32decode(StaffTotp.objects.get().secret))
    clock.time = world().clock.now().timestamp()
    assert "<svg" in page
    bound = client.post("/sign-in/enrol", {"code": f"{clock.token():06d}"})
    assert bound["Location"] == "/sign-in/password"
    new = "another sentence of words"
    changed = client.post("/sign-in/password", {"old": staff.PASSWORD, "new": new, "again": new})
    assert changed.status_code == 302
    row.refresh_from_db()
    assert check_password(new, row.password)
    assert client.get("/sign-in/account").status_code == 200


def test_a_changed_password_ends_every_other_session() -> None:
    """修改口令后其他会话全部退出。"""
    row = staff.a_member(Role.AUDITOR, password=staff.PASSWORD)
    here, elsewhere = staff.signed_in(row), staff.signed_in(row)
    new = "another sentence of words"
    here.post("/sign-in/password", {"old": staff.PASSWORD, "new": new, "again": new})
    assert here.get("/sign-in/account").status_code == 200
    assert elsewhere.get("/sign-in/account").status_code == 303


@pytest.mark.parametrize("wanted", ["https://example.org/", "//example.org", "javascript:alert(1)"])
def test_the_way_back_never_leads_to_another_site(wanted: str) -> None:
    staff.a_member(Role.AUDITOR, password=staff.PASSWORD)
    client = Client()
    client.post(f"{START}?next={wanted}", {"username": "auditor", "password": staff.PASSWORD})
    answer = client.post(CODE, {"code": code_now(), "next": wanted})
    assert "example.org" not in answer["Location"]
    assert answer["Location"].startswith("/")


def test_going_on_is_a_question_that_renews_the_session() -> None:
    client = staff.at_the_desk(Role.AUDITOR)
    wait(minutes=28)
    assert client.get("/sign-in/stay").json()["left"] == 1800
    assert Client().get("/sign-in/stay").status_code == 401


def test_a_password_costs_what_the_house_says() -> None:
    row = staff.a_member(Role.AUDITOR, password=staff.PASSWORD)
    assert row.password.startswith("argon2$argon2id$v=19$m=65536,t=3,p=4$")
