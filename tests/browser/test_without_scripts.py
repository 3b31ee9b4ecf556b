"""The main roads with JavaScript switched off: everything works, only conveniences are missing."""

from __future__ import annotations

from tests.browser import citizen, counter
from tests.browser.conftest import DESK, Open
from tests.browser.people import Town


def test_a_citizen_applies_and_follows_it(open_window: Open, town: Town) -> None:
    """不用脚本:申请、看进度、换语言、退出。"""
    visitor = open_window(java_script_enabled=False)
    citizen.asks_whether_they_may(visitor)
    number = citizen.applies(visitor, town.somebody().name)
    visitor.follow("查看进度")
    visitor.is_at(number[:6])
    visitor.page.get_by_role("button", name="English").click()
    visitor.is_at("Application")
    visitor.page.get_by_role("button", name="中文").click()
    visitor.page.get_by_role("button", name="退出").click()
    visitor.is_at("您想办什么？")


def test_a_clerk_takes_an_application_in(at_desk: Open, town: Town) -> None:
    """不用脚本:窗口受理,代办人一栏按选择显示。"""
    clerk = at_desk("clerk", java_script_enabled=False, viewport=DESK)
    who, agent = town.somebody(), town.somebody()
    counter.begins(clerk, who)
    counter.hands_in(clerk, **counter.papers(who, **counter.of_agent(agent)))
    counter.accepts(clerk)
    clerk.sees("已受理")


def test_an_employers_agent_follows_the_list(at_desk: Open) -> None:
    """不用脚本:单位查看名单和进度。"""
    agent = at_desk("employer", java_script_enabled=False)
    agent.go("/unit/")
    agent.sees("人员与进度")
    agent.main.locator("tbody a").first.click()
    agent.sees("办理经过")


def test_an_operator_looks_after_the_factory(at_desk: Open) -> None:
    """不用脚本:运营查看总览、批次、发件箱。"""
    operator = at_desk("operator", java_script_enabled=False)
    for path, heading in (
        ("/office/", "运行总览"),
        ("/office/batches", "制卡批次"),
        ("/office/outbox", "发件箱"),
        ("/office/failures", "失败与修复"),
        ("/office/due", "承诺时限"),
    ):
        operator.go(path)
        operator.is_at(heading)
