"""An employer's agent prepares a list online; an outlet accepts it against the agent's papers."""

from __future__ import annotations

import pytest

from tests.browser.citizen import HOME, PHONE
from tests.browser.conftest import Open
from tests.browser.people import Somebody, Town
from tests.browser.visitor import Visitor

CREDIT_CODE = "91320499MA1XX0000N"
"""常州演示机械有限公司 of the demo city."""


def puts_on_list(agent: Visitor, who: Somebody, **different: str) -> None:
    """Type one person in and send."""
    agent.go("/unit/add")
    agent.fill(
        **{
            "number": who.number,
            "name": who.name,
            "valid_to": who.valid_to_typed,
            "phone": PHONE,
            "address": HOME,
            "occupation": "23",
            "bank": "abc",
            **different,
        }
    )
    agent.press("继续")
    agent.is_at("核对后添加")
    agent.press("添加到名单")


def opens_list(clerk: Visitor) -> None:
    """Find the employer by its credit code."""
    clerk.go("/counter/employers")
    clerk.fill(credit_code=CREDIT_CODE)
    clerk.press("查找")
    clerk.is_at("常州演示机械有限公司")


def brings(agent: Somebody, **different: str) -> dict[str, str]:
    """The papers an employer's agent lays on the desk."""
    return {
        "paper": "authorisation_letter",
        "paper_original": "on",
        "agent_name": agent.name,
        "number": agent.number,
        "valid_to": agent.valid_to_typed,
        "original": "on",
        **different,
    }


def picks(clerk: Visitor, *people: Somebody) -> None:
    """Tick some people of the list; a list shows names and numbers masked."""
    for who in people:
        line = clerk.main.locator("label.choice").filter(has_text=who.masked_number)
        line.filter(has_text=who.name[0]).last.locator("input").check()


@pytest.fixture
def agent(at_desk: Open) -> Visitor:
    """The employer's agent at the portal."""
    return at_desk("employer")


@pytest.fixture
def clerk(at_desk: Open) -> Visitor:
    """A clerk at a service outlet."""
    return at_desk("clerk")


@pytest.mark.rule("SEED, FAQ 3")
def test_a_list_is_prepared_online_and_accepted_at_an_outlet(
    agent: Visitor, clerk: Visitor, town: Town
) -> None:
    """单位办理:凭信用代码证或授权委托书任一项和经办人证件原件,到服务网点办理首次申请。"""
    staff = [town.somebody(), town.somebody()]
    for who in staff:
        puts_on_list(agent, who)
        agent.sees("已添加。带材料到服务网点受理。")
    opens_list(clerk)
    picks(clerk, *staff)
    clerk.fill(**brings(town.somebody()))
    clerk.press("受理选中的人")
    clerk.sees("已受理")
    clerk.does_not_see("没有办成")
    agent.go("/unit/")
    agent.sees(staff[0].masked_number, "已受理")


@pytest.mark.rule("SEED, FAQ 3")
def test_a_list_without_the_employers_paper_is_not_accepted(
    agent: Visitor, clerk: Visitor, town: Town
) -> None:
    """缺单位证明材料的不予受理,并写明带什么。"""
    who = town.somebody()
    puts_on_list(agent, who)
    opens_list(clerk)
    picks(clerk, who)
    papers = brings(town.somebody())
    del papers["paper"], papers["paper_original"]
    clerk.fill(**papers)
    clerk.press("受理选中的人")
    clerk.sees("没有办成，原因如下", "缺单位证明材料", "带其中一项的原件后再办。")


@pytest.mark.rule("SEED, FAQ 3")
@pytest.mark.parametrize("missing", ["paper_original", "original"])
def test_copies_do_not_serve_an_employers_agent(
    agent: Visitor, clerk: Visitor, town: Town, missing: str
) -> None:
    """单位材料和经办人证件均须原件。"""
    who = town.somebody()
    puts_on_list(agent, who)
    opens_list(clerk)
    picks(clerk, who)
    clerk.fill(**brings(town.somebody(), **{missing: "off"}))
    clerk.press("受理选中的人")
    clerk.sees("没有办成，原因如下", "须出示原件", "带原件再办。")


@pytest.mark.rule("SEED, FAQ 3 and 6")
def test_an_employer_applies_for_first_cards_only(agent: Visitor, town: Town) -> None:
    """单位办理仅限首次申请;已有卡的,换领由本人到网点。"""
    agent.go("/unit/add")
    agent.sees("只办理首次申领。", "换领由本人到网点")
    puts_on_list(agent, town.somebody(old_card=True))
    agent.sees("您已持有江苏省社会保障卡，不能再办首次申请")


def test_a_list_is_not_accepted_without_anybody_chosen(clerk: Visitor, town: Town) -> None:
    """没有选人的,说明至少选中一人。"""
    opens_list(clerk)
    clerk.fill(**brings(town.somebody()))
    clerk.press("受理选中的人")
    clerk.sees("至少选中一个人")
