"""Online, from the first page to the receipt: nothing typed is lost, nothing happens twice."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import citizen, counter
from tests.browser.conftest import Applied, Open
from tests.browser.people import Town
from tests.browser.visitor import Visitor

APPLICATIONS = "article"


def how_many_applications(visitor: Visitor) -> int:
    """How many there are, by the list of whoever is signed in."""
    visitor.go("/applications")
    visitor.is_at("办理进度")
    return visitor.main.locator(APPLICATIONS).count()


@pytest.mark.rule("SEED, FAQ 2 and 6")
def test_somebody_without_a_card_applies_from_the_first_page_to_a_number(
    open_window: Open, applied: Applied
) -> None:
    """没领过江苏省社会保障卡的人员:实名认证,获取信息,填关键信息,选银行,填邮寄地址,提交。"""
    visitor = open_window()
    citizen.signs_in(visitor, applied.who.name, then="/applications")
    visitor.follow("查看进度")
    visitor.is_at(f"{applied.number[:6]} {applied.number[6:10]}")
    visitor.sees("承诺完成日", "现在由谁办理", "EMS 邮寄")


def test_pressing_send_twice_makes_one_application(open_window: Open, town: Town) -> None:
    """连按两次提交,只有一份申请。"""
    visitor, who = open_window(java_script_enabled=False), town.somebody()
    citizen.signs_in(visitor, who.name, then="/apply/known")
    citizen.answers_everything(visitor)
    visitor.main.get_by_role("button", name="提交首次申领").dblclick()
    citizen.number_on_receipt(visitor)
    assert how_many_applications(visitor) == 1


def test_going_back_after_sending_leads_to_the_progress(visitor: Visitor, town: Town) -> None:
    """提交后退回,不会再提交一次,只说明已在办理并指向进度。"""
    number = citizen.applies(visitor, town.somebody().name)
    visitor.page.go_back()
    visitor.is_at("您的卡已在制作中")
    visitor.follow("查看进度")
    assert how_many_applications(visitor) == 1
    visitor.sees(number[:6])


def test_the_same_form_sent_from_two_windows_makes_one_application(
    visitor: Visitor, town: Town
) -> None:
    """同一页在两个窗口提交,只有一份申请,第二个窗口说明已在办理。"""
    citizen.signs_in(visitor, town.somebody().name, then="/apply/known")
    citizen.answers_everything(visitor)
    second = Visitor(visitor.page.context.new_page(), visitor.base)
    second.go("/apply/check")
    visitor.press("提交首次申领")
    citizen.number_on_receipt(visitor)
    second.press("提交首次申领")
    expect(second.page.get_by_role("heading", level=1)).to_contain_text(
        re.compile("您的卡已在制作中|申请已提交")
    )
    assert how_many_applications(visitor) == 1


def test_what_was_saved_is_there_after_closing_the_window(open_window: Open, town: Town) -> None:
    """保存后关闭,换个窗口登录接着填。"""
    visitor, who = open_window(), town.somebody()
    citizen.signs_in(visitor, who.name, then="/apply/known")
    visitor.follow("继续")
    visitor.answer("手机号码", citizen.PHONE)
    visitor.press("保存，以后再填")
    visitor.is_at("您想办什么？")
    later = open_window()
    citizen.signs_in(later, who.name)
    later.sees("您有一份没填完的申请")
    later.follow("接着填")
    later.follow("接着填")
    expect(later.main.get_by_label("手机号码")).to_have_value(citizen.PHONE)


def test_a_case_code_opens_at_the_counter_what_was_typed_on_the_phone(
    visitor: Visitor, at_desk: Open, town: Town
) -> None:
    """手机上填的,到窗口凭接续办理码接着办,不用重填。"""
    who = town.somebody()
    citizen.signs_in(visitor, who.name, then="/apply/known")
    citizen.answers_everything(visitor)
    visitor.follow("换到网点或电话接着办")
    visitor.press("生成接续办理码")
    code = visitor.main.locator(".big-number").inner_text()
    clerk = at_desk("clerk")
    counter.looks_up(clerk, who)
    clerk.follow("凭接续办理码接着办")
    clerk.answer("接续办理码", code)
    clerk.press("接着办")
    clerk.is_at("受理")
    expect(clerk.page.locator("[name=phone]")).to_have_value(citizen.PHONE)
    expect(clerk.page.locator("[name=post_to]")).to_have_value(citizen.HOME)
    counter.hands_in(clerk, original="on")
    counter.accepts(clerk)
    clerk.sees("已受理", "EMS邮寄到付")
    visitor.go("/")
    visitor.does_not_see("您有一份没填完的申请")


def test_a_lost_session_keeps_the_draft_and_leads_back(visitor: Visitor, town: Town) -> None:
    """登录中断后重新认证,回到原来的一步,已填内容都在。"""
    who = town.somebody()
    citizen.signs_in(visitor, who.name, then="/apply/known")
    visitor.follow("继续")
    citizen.tells_how_to_be_reached(visitor)
    visitor.is_at("选哪家银行？")
    visitor.page.context.clear_cookies(name="sessionid")
    visitor.choose("中国工商银行")
    visitor.press("继续")
    visitor.sees("登录已过期。重新认证后接着办，之前保存的内容都在。")
    citizen.proves_who_they_are(visitor, who.name)
    citizen.chooses_a_bank(visitor)
    citizen.says_where_to_post(visitor)
    visitor.sees(citizen.PHONE, "提交首次申领")


def test_wrong_answers_are_said_at_their_field_and_nothing_typed_is_lost(
    visitor: Visitor, town: Town
) -> None:
    """填错时写明错在哪里,已填内容不丢。"""
    citizen.signs_in(visitor, town.somebody().name, then="/apply/known")
    visitor.follow("继续")
    visitor.answer("手机号码", "12345")
    visitor.answer("联系地址", citizen.HOME)
    visitor.press("继续")
    visitor.sees("这不是手机号", "选择职业")
    expect(visitor.main.get_by_label("联系地址")).to_have_value(citizen.HOME)
    assert visitor.page.title().startswith("错误")


@pytest.mark.parametrize(
    ("button", "heading", "sign"),
    [("English", "How can we reach you?", "en"), ("长辈版", "怎样联系您？", "zh-CN")],
)
def test_switching_language_or_size_keeps_the_page_and_what_was_typed(
    visitor: Visitor, town: Town, button: str, heading: str, sign: str
) -> None:
    """切换语言、长辈版,页面不变,填的都在。"""
    citizen.signs_in(visitor, town.somebody().name, then="/apply/known")
    visitor.follow("继续")
    visitor.fill(phone="139 1234", occupation="91")
    visitor.page.get_by_role("button", name=button).click()
    visitor.is_at(heading)
    expect(visitor.page.locator("html")).to_have_attribute("lang", sign)
    expect(visitor.page.locator("[name=phone]")).to_have_value("139 1234")
    expect(visitor.page.locator("[name=occupation]")).to_have_value("91")
    assert visitor.path == "/apply/details"
