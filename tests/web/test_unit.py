"""The employer portal: people one by one, followed, fetched; never a word of the bank."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.authority import Role
from onecard.domain.production import ProductionState
from onecard.records.models import Application, AuditRow, Employer
from tests import cast, pictures, staff
from tests.actions.application import people

pytestmark = pytest.mark.django_db
PERSON = {
    "kind": "resident_id",
    "number": cast.ADULT,
    "name": "王芳",
    "nationality": "CHN",
    "valid_to": "20360101",
    "phone": "13800138000",
    "address": "江苏省常州市天宁区延陵西路1号",
    "occupation": "23",
    "bank": "icbc",
    "collection": "employer",
    "collect_at": "out_tianning",
    "guardian_kind": "resident_id",
}


@pytest.fixture
def agent(city: SimulatedPartners) -> Client:  # noqa: ARG001
    """The agent of the employer whom the application tests know."""
    return staff.at_the_desk(
        Role.EMPLOYER_AGENT, employer=Employer.objects.get(ref="emp_works"), username="agent"
    )


def text_of(answer: Any) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))


def added(agent: Client, **different: Any) -> Any:
    kept = agent.post("/unit/add", {**PERSON, **different})
    assert kept.status_code == 302, text_of(kept)
    page = agent.get("/unit/add/check").content.decode()
    token = re.search(r'name="once" value="([^"]+)"', page)
    assert token is not None
    return agent.post("/unit/add/check", {"once": token[1]})


def test_a_person_is_added_and_followed_without_a_word_of_the_bank(agent: Client) -> None:
    """单位逐人提交并查看进度,不显示银行信息。"""
    assert added(agent)["Location"] == "/unit/"
    row = Application.objects.get()
    assert row.state is ProductionState.SUBMITTED
    for address in ("/unit/", f"/unit/person/{row.ref}", "/unit/handout"):
        page = text_of(agent.get(address))
        assert "工商银行" not in page
        assert "icbc" not in page.lower()
        assert cast.ADULT not in page
    assert f"{row.number[:6]} {row.number[6:10]}" in text_of(agent.get("/unit/"))


def test_nothing_is_done_before_the_answers_were_checked(agent: Client) -> None:
    agent.post("/unit/add", PERSON)
    assert Application.objects.count() == 0
    assert "王芳" in agent.get("/unit/add").content.decode()


def test_sending_twice_adds_one_person(agent: Client) -> None:
    agent.post("/unit/add", PERSON)
    for _ in range(2):
        agent.post("/unit/add/check", {"once": "same"})
    assert Application.objects.count() == 1


def test_who_has_a_card_already_is_refused_by_its_words(agent: Client) -> None:
    """单位办理仅限首次申请。"""
    answer = added(agent, number=people.HOLDER.person.identity_number, name="张华")
    assert answer.status_code == 422
    assert "已持有江苏省社会保障卡" in text_of(answer)


def test_a_child_needs_its_guardian_beside_the_field(agent: Client) -> None:
    """未满16周岁须填写监护人信息。"""
    answer = added(agent, number=cast.CHILD_BORN_2018_06_22, name="王小明", valid_to="20300101")
    assert answer.status_code == 422
    assert "监护人" in text_of(answer)


def test_a_portrait_goes_through_the_gate(agent: Client) -> None:
    bad = SimpleUploadedFile("me.jpg", b"no picture")
    refused = agent.post("/unit/add", {**PERSON, "photo": bad})
    assert refused.status_code == 422
    assert "JPG" in text_of(refused)
    good = SimpleUploadedFile("me.jpg", pictures.jpeg())
    assert added(agent, photo=good).status_code == 302
    assert Application.objects.get().photo is not None


def test_another_employers_people_look_like_nobody(agent: Client) -> None:
    """看不到其他单位的人员。"""
    added(agent)
    row = Application.objects.get()
    other = staff.at_the_desk(
        Role.EMPLOYER_AGENT,
        employer=staff.an_employer("emp_other", "91320499MA1XX00030"),
        username="other",
    )
    assert other.get(f"/unit/person/{row.ref}").status_code == 404
    assert other.post(f"/unit/person/{row.ref}/retract").status_code == 404
    assert row.number[:6] not in text_of(other.get("/unit/"))


def test_a_leaver_is_withdrawn(agent: Client) -> None:
    """离职人员可撤回。"""
    added(agent)
    row = Application.objects.get()
    agent.post(f"/unit/person/{row.ref}/retract")
    row.refresh_from_db()
    assert row.state is ProductionState.RETRACTED


def test_the_handout_list_is_printed_and_noted(agent: Client) -> None:
    """领卡签收单打印留痕。"""
    assert agent.post("/unit/handout").status_code == 200
    added(agent)
    Application.objects.update(state=ProductionState.AT_OUTLET, collect_at="out_tianning")
    printed = agent.post("/unit/handout")
    assert printed.content.startswith(b"%PDF-")
    assert AuditRow.objects.get(act="slip.note_handout_print").facts == {"people": 1}


@pytest.mark.parametrize("role", [Role.OUTLET_CLERK, Role.PLATFORM_OPERATOR, Role.AUDITOR])
def test_other_roles_are_told_who_may_sit_here(role: Role) -> None:
    answer = staff.at_the_desk(role).get("/unit/")
    assert answer.status_code == 403
    assert "单位经办人" in text_of(answer)
