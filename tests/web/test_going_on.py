"""A case begun on a phone goes on at the counter by its code (platform B22)."""

from __future__ import annotations

import pytest
from django.test import Client

from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.authority import Role
from onecard.records.models import Application, Draft
from tests import cast, staff
from tests.web import citizen
from tests.web.test_counter import found, text_of

pytestmark = pytest.mark.django_db
PAPERS = {"applied_by": "holder", "original": "on", "agent_kind": "resident_id"}
MOST_TRIES = 5


@pytest.fixture
def clerk(city: SimulatedPartners) -> Client:  # noqa: ARG001
    """A clerk at the desk of the outlet in Tianning."""
    return staff.at_the_desk(Role.OUTLET_CLERK)


@pytest.fixture
def phone(client: Client, city: SimulatedPartners) -> Client:  # noqa: ARG001
    """Somebody who filled in everything on the phone and did not send it."""
    citizen.sign_in(client, "王芳")
    citizen.fill_in(client)
    return client


def a_code(phone: Client) -> str:
    """The code the citizen's page shows."""
    shown = text_of(phone.post("/apply/code/make", follow=True))
    return next(word for word in shown.split() if word.isdigit() and len(word) == 6)


def goes_on(clerk: Client, person: str, code: str) -> tuple[int, str]:
    """Type a code at the counter: the status, and the page or where it leads."""
    answer = clerk.post(f"/counter/person/{person}/go-on", {"code": code})
    return answer.status_code, answer.get("Location", "") or text_of(answer)


def test_what_was_filled_in_on_the_phone_stands_in_the_clerks_form(
    phone: Client, clerk: Client
) -> None:
    """手机上填过的,窗口凭码接着办,不用重填。"""
    code = a_code(phone)
    person = found(clerk, number=cast.ADULT)
    case = f"/counter/person/{person}/case"
    assert goes_on(clerk, person, f" {code[:3]} {code[3:]}") == (302, case)
    page = clerk.get(case).content.decode()
    for value in ("13800138000", "江苏省常州市天宁区延陵西路1号201室"):
        assert f'value="{value}"' in page
    kept = next(draft for draft in Draft.objects.all() if draft.purpose == "counter.case")
    typed = kept.answers["form"] | PAPERS | {"kind": "resident_id", "number": cast.ADULT}
    assert clerk.post(case, typed)["Location"] == f"{case}/check"
    assert clerk.post(f"{case}/check").status_code == 302
    assert Application.objects.get().bank == "icbc"
    assert not Draft.objects.filter(submitted="").exists()


def test_a_code_is_used_once_and_by_its_own_person_only(phone: Client, clerk: Client) -> None:
    """码只用一次,不是本人的打不开,两种情形看起来一样。"""
    code = a_code(phone)
    other = found(clerk, number=cast.ADULT_MAN)
    own = found(clerk, number=cast.ADULT)
    foreign = goes_on(clerk, other, code)
    assert goes_on(clerk, own, code)[0] == 302
    used = goes_on(clerk, own, code)
    assert foreign[0] == used[0] == 422
    assert "这个码打不开" in foreign[1]
    assert "这个码打不开" in used[1]


def test_wrong_codes_lock_the_page_for_a_while(phone: Client, clerk: Client) -> None:
    """连续输错的,暂时不能再试。"""
    code, person = a_code(phone), found(clerk, number=cast.ADULT)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(MOST_TRIES):
        assert "这个码打不开" in goes_on(clerk, person, wrong)[1]
    status, said = goes_on(clerk, person, code)
    assert status == 422
    assert "暂时不能再试" in said
