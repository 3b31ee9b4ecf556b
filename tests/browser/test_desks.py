"""The desks in a real browser: a whole application by keyboard alone, and every page accessible."""

from __future__ import annotations

from base64 import b32decode
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_otp.oath import TOTP
from playwright.sync_api import Browser, Page

from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.authority import Role
from onecard.domain.production import ProductionState
from onecard.records.models import Application, Employer
from onecard.seams.world import world
from tests import cast, staff
from tests.actions.application import people

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def code_now() -> str:
    clock = TOTP(b32decode(staff.SECRET))
    clock.time = world().clock.now().timestamp()
    return f"{clock.token():06d}"


def keys(page: Page, *strokes: str) -> None:
    """Type and press, as a clerk does: `=text` is typed, everything else is a key."""
    for stroke in strokes:
        if stroke.startswith("="):
            page.keyboard.type(stroke[1:])
        else:
            page.keyboard.press(stroke)


def leads_on(page: Page, *strokes: str) -> None:
    """Keys of which the last one opens the next page."""
    keys(page, *strokes[:-1])
    with page.expect_navigation():
        keys(page, strokes[-1])


def sign_in(page: Page, address: str, username: str) -> None:
    """Both factors, by keyboard."""
    page.goto(address)
    page.focus("[name=username]")
    leads_on(page, f"={username}", "Tab", f"={staff.PASSWORD}", "Enter")
    page.focus("[name=code]")
    leads_on(page, f"={code_now()}", "Enter")
    world().clock.advance(timedelta(seconds=31))  # type: ignore[attr-defined]


def walk_to(page: Page, name: str) -> None:
    """Tab until the wanted question has the focus."""
    for _ in range(60):
        if page.evaluate("document.activeElement.name") == name:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{name} cannot be reached by Tab")


def test_a_whole_application_is_taken_by_keyboard_alone(
    house: SimulatedPartners,  # noqa: ARG001
    live_server: Any,
    page: Page,
) -> None:
    """全程键盘办理:扫描、填写、核对、受理;回车不会提交没填完的表。"""
    staff.a_member(Role.OUTLET_CLERK, username="clerk", password=staff.PASSWORD)
    sign_in(page, f"{live_server.url}/sign-in/", "clerk")
    assert page.evaluate("document.activeElement.name") == "number"
    leads_on(page, f"={cast.ADULT}", "Enter")
    leads_on(page, "F6")
    walk_to(page, "valid_to")
    keys(page, "=20360101", "Enter")
    assert page.url.endswith("/case")
    assert page.evaluate("document.activeElement.name") == "original"
    keys(page, " ")
    walk_to(page, "phone")
    keys(page, "=13800138000")
    walk_to(page, "address")
    keys(page, "=江苏省常州市天宁区延陵西路1号")
    walk_to(page, "occupation")
    for _ in range(page.locator("[name=occupation] option").count()):
        if page.input_value("[name=occupation]") == "23":
            break
        keys(page, "ArrowDown")
    walk_to(page, "bank")
    keys(page, " ")
    leads_on(page, "F9")
    assert page.url.endswith("/check")
    assert Application.objects.count() == 0
    leads_on(page, "F9")
    row = Application.objects.get()
    assert row.state is ProductionState.ACCEPTED
    assert row.bank == "icbc"
    assert row.key_information["occupation"] == "23"


def test_the_focus_is_always_seen(
    house: SimulatedPartners,  # noqa: ARG001
    live_server: Any,
    page: Page,
) -> None:
    """焦点可见:每一步焦点都有轮廓。"""
    staff.a_member(Role.OUTLET_CLERK, username="clerk", password=staff.PASSWORD)
    sign_in(page, f"{live_server.url}/sign-in/", "clerk")
    page.evaluate("document.activeElement.blur()")
    seen = 0
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break  # past the last one
        width = page.evaluate(
            "(() => { const s = getComputedStyle(document.activeElement);"
            " return s.outlineStyle === 'none' ? 0 : parseFloat(s.outlineWidth) })()"
        )
        assert width >= 2, page.evaluate("document.activeElement.outerHTML")
        seen += 1
    assert seen > 8


def test_an_idle_clerk_is_reminded_and_loses_nothing(
    house: SimulatedPartners,  # noqa: ARG001
    live_server: Any,
    page: Page,
) -> None:
    """闲置到时前提醒,继续后内容还在。"""
    staff.a_member(Role.OUTLET_CLERK, username="clerk", password=staff.PASSWORD)
    page.clock.install()
    sign_in(page, f"{live_server.url}/sign-in/", "clerk")
    page.fill("[name=name]", "王")
    page.clock.run_for(28 * 60 * 1000 + 5000)
    assert page.is_visible("[data-stay-on]")
    page.click("[data-stay-on]")
    page.wait_for_selector("[data-stay-on]", state="hidden")
    assert page.input_value("[name=name]") == "王"
    page.clock.run_for(31 * 60 * 1000)
    assert page.is_visible("[data-sign-in]")
    assert not page.is_visible("[name=name]")
    assert page.input_value("[name=name]") == "王"


DESKS = {
    Role.OUTLET_SUPERVISOR: (
        "/counter/",
        "/counter/person/{person}",
        "/counter/person/{person}/case",
        "/counter/person/{person}/case/photo",
        "/counter/application/{application}",
        "/counter/application/{application}/correct",
        "/counter/employers",
        "/counter/employer/emp_works",
        "/counter/stock",
        "/counter/stock/count",
        "/office/",
        "/sign-in/account",
        "/sign-in/password",
    ),
    Role.EMPLOYER_AGENT: ("/unit/", "/unit/add", "/unit/handout"),
    Role.PLATFORM_OPERATOR: (
        "/office/",
        "/office/batches",
        "/office/failures",
        "/office/application/{application}",
        "/office/due",
        "/office/outbox",
        "/office/discrepancies",
    ),
    Role.AUDITOR: ("/office/audit",),
    Role.SECURITY_ADMIN: ("/office/accounts",),
}


@pytest.mark.parametrize("role", DESKS, ids=lambda role: role.value)
def test_every_page_of_a_desk_is_accessible_wide_and_narrow(
    house: SimulatedPartners,  # noqa: ARG001
    live_server: Any,
    chromium: Browser,
    role: Role,
) -> None:
    """axe-core 零违例;390 像素宽不左右滚动。"""
    known = {
        "person": people.at_desk(people.MAN),
        "application": people.accepted_at_counter(people.WOMAN).application,
    }
    place = {"employer": Employer.objects.get(ref="emp_works")} if "employer" in role.value else {}
    row = staff.a_member(role, username="somebody", **place)
    cookie = staff.signed_in(row).cookies["sessionid"].value
    context = chromium.new_context(locale="zh-CN", bypass_csp=True)
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page = context.new_page()
    for address in DESKS[role]:
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(live_server.url + address.format(**known))
            found = Axe().run(page)
            assert found.violations_count == 0, f"{address}: {found.generate_report()}"
            wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            assert not page.evaluate(wider), f"{address} scrolls sideways at {width}"
    context.close()
