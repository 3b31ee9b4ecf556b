"""Two tabs, two clerks, two clicks: only what stood on the page is done, and once."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from onecard import words
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.authority import Role
from onecard.records.models import Application, Employer
from tests import cast, staff
from tests.web.test_counter import PAPERS, begun, found
from tests.web.test_unit import PERSON

pytestmark = pytest.mark.django_db


def hidden(page: Any) -> dict[str, str]:
    """The hidden fields of the one form that acts."""
    form = page.content.decode().rpartition("<form")[2]
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))


def text_of(page: Any) -> str:
    return unescape(page.content.decode())


@pytest.fixture
def clerk(city: SimulatedPartners) -> Client:  # noqa: ARG001
    return staff.at_the_desk(Role.OUTLET_CLERK)


@pytest.fixture
def agent(city: SimulatedPartners) -> Client:  # noqa: ARG001
    return staff.at_the_desk(
        Role.EMPLOYER_AGENT, employer=Employer.objects.get(ref="emp_works"), username="agent"
    )


def checked(clerk: Client) -> tuple[str, dict[str, str]]:
    """A case that was looked over, and the form to accept it by."""
    person = found(clerk)
    begun(clerk, person)
    clerk.post(f"/counter/person/{person}/case", PAPERS)
    check = f"/counter/person/{person}/case/check"
    return check, hidden(clerk.get(check))


def test_a_clerk_accepts_only_what_they_looked_over(clerk: Client) -> None:
    """别的窗口改过的内容，没有核对就不能受理。"""
    check, form = checked(clerk)
    clerk.post(check.removesuffix("/check"), {**PAPERS, "bank": "psbc"})
    answer = clerk.post(check, form, follow=True)
    assert Application.objects.count() == 0
    assert words.text("counter.check.changed") in text_of(answer)
    clerk.post(check, hidden(answer))
    assert Application.objects.get().bank == "psbc"


def test_a_second_click_at_the_counter_leads_to_what_was_accepted(clerk: Client) -> None:
    """点两次只受理一件，第二次看到的是受理结果。"""
    check, form = checked(clerk)
    clerk.post(check, form)
    again = clerk.post(check, form, follow=True)
    number = Application.objects.get().number
    assert f"{number[:6]} {number[6:10]}" in text_of(again)
    assert words.text("counter.check.gone") in text_of(again)


def test_an_employer_adds_only_the_person_it_looked_at(agent: Client) -> None:
    """另一个页面里正在填的人，不会被当成这一位提交。"""
    agent.post("/unit/add", PERSON)
    first = hidden(agent.get("/unit/add/check"))
    agent.post("/unit/add", {**PERSON, "number": cast.ADULT_MAN, "name": "李强"})
    answer = agent.post("/unit/add/check", first, follow=True)
    assert Application.objects.count() == 0
    assert words.text("unit.check.changed") in text_of(answer)
    assert "李强" in text_of(answer)


def test_a_second_click_of_an_employer_leads_to_the_list(agent: Client) -> None:
    """点两次只添加一人，第二次回到名单。"""
    agent.post("/unit/add", PERSON)
    form = hidden(agent.get("/unit/add/check"))
    agent.post("/unit/add/check", form)
    assert agent.post("/unit/add/check", form)["Location"] == "/unit/"
    assert Application.objects.count() == 1
