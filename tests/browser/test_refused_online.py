"""Who cannot apply online, told by the words on the screen, with the way that is open instead."""

from __future__ import annotations

import pytest

from onecard.adapters.faults import Fault
from tests.browser import citizen
from tests.browser.people import Town
from tests.browser.served import Platform
from tests.browser.visitor import Visitor

OUTLET = ("怎样才能办", "服务网点", "到哪里办", "0519-88817001")


@pytest.mark.rule("SEED, FAQ 6")
@pytest.mark.parametrize(
    ("answer", "heading", "way"),
    [
        ("领过旧的社会保障卡", "您已持有江苏省社会保障卡，不能再办首次申请", "换领"),
        ("已经有一卡通", "您已持有江苏省社会保障卡，不能再办首次申请", "一人一卡"),
        ("领过，但卡丢了", "先正式挂失，再补领", "挂失"),
    ],
)
def test_a_holder_is_stopped_on_the_first_page(
    visitor: Visitor, answer: str, heading: str, way: str
) -> None:
    """已申领江苏省社会保障卡人员,需通过线下服务渠道换领:第一页就说明,不等到提交。"""
    visitor.go("/")
    visitor.follow("首次申领一卡通")
    visitor.follow(answer)
    visitor.is_at(heading)
    visitor.sees(way)
    visitor.does_not_see("去实名认证")


@pytest.mark.rule("SEED, FAQ 6")
@pytest.mark.parametrize(
    ("unusual", "heading", "words"),
    [
        ({"old_card": True}, "您已持有江苏省社会保障卡，不能再办首次申请", OUTLET),
        ({"photo": False}, "系统未能获取您的照片", OUTLET),
        ({"in_database": False}, "系统未能获取您的基础信息", OUTLET),
        ({"deceased": True}, "登记的人员状态不能办理此业务", ("12333",)),
        ({"years": 15}, "未满16周岁的，线上不能申请", OUTLET),
    ],
    ids=["holder", "no photo", "no base data", "deceased", "child"],
)
def test_whoever_cannot_apply_online_is_told_before_the_first_question(
    visitor: Visitor,
    town: Town,
    unusual: dict[str, object],
    heading: str,
    words: tuple[str, ...],
) -> None:
    """未能获取基础信息或照片的、已有卡的、未满16周岁的,通过线下服务渠道办理。"""
    who = town.somebody(**unusual)  # type: ignore[arg-type]
    citizen.signs_in(visitor, who.name, then="/apply/known")
    visitor.is_at(heading)
    visitor.sees(*words)
    visitor.does_not_see("怎样联系您？")


@pytest.mark.parametrize("name", ["吴在制"])
def test_a_card_that_is_being_made_anywhere_in_the_province_counts(
    visitor: Visitor, name: str
) -> None:
    """已制卡或制卡中的,不能再申请。"""
    citizen.signs_in(visitor, name, then="/apply/known")
    visitor.is_at("您的卡已在制作中")


def test_whoever_has_applied_is_led_to_the_progress(visitor: Visitor, town: Town) -> None:
    """在办的申请未完成前,不能再申请,指向进度。"""
    who = town.somebody()
    citizen.applies(visitor, who.name)
    visitor.go("/apply/known")
    visitor.is_at("您的卡已在制作中")
    visitor.follow("查看进度")
    visitor.is_at("办理进度")


def test_whoever_is_not_proven_by_the_real_name_service_goes_no_further(visitor: Visitor) -> None:
    """未通过实名认证的,不能在线办理。"""
    visitor.go("/real-name/begin?next=/apply/known")
    visitor.press("不认证，返回")
    visitor.is_at("尚未通过实名认证")
    visitor.sees("服务网点")
    visitor.follow("重新认证")
    visitor.is_at("先确认您是本人")


def test_a_silent_province_is_said_to_be_silent_and_nothing_is_lost(
    visitor: Visitor, town: Town, platform: Platform
) -> None:
    """省人社数据库没有应答时说明原因,稍后接着办。"""
    faults = platform.partners.simulation.faults
    who = town.somebody()
    citizen.signs_in(visitor, who.name)
    faults.set("hr_database", Fault.DOWN)
    try:
        visitor.go("/apply/known")
        visitor.sees("没有应答")
    finally:
        faults.heal("hr_database")
    visitor.go("/apply/known")
    visitor.is_at("我们已经知道的")


@pytest.mark.parametrize(
    ("phone", "address", "words"),
    [
        ("021-12345678", citizen.HOME, "这不是手机号"),
        (citizen.PHONE, "常州市" + "很长的路" * 60, "地址有243个字"),
    ],
)
def test_key_information_that_will_not_do_is_said_at_its_field(
    visitor: Visitor, town: Town, phone: str, address: str, words: str
) -> None:
    """关键信息填错的,写明实际值和允许值。"""
    citizen.signs_in(visitor, town.somebody().name, then="/apply/known")
    visitor.follow("继续")
    visitor.fill(phone=phone, address=address, occupation="23")
    visitor.press("继续")
    visitor.sees(words)


def test_a_bank_that_does_not_cooperate_cannot_be_chosen(visitor: Visitor, town: Town) -> None:
    """只能选八家合作银行;改动网页也选不了别家。"""
    citizen.signs_in(visitor, town.somebody().name, then="/apply/known")
    visitor.follow("继续")
    citizen.tells_how_to_be_reached(visitor)
    visitor.is_at("选哪家银行？")
    banks = visitor.page.locator("[name=bank]")
    assert banks.count() == 8
    banks.first.evaluate("radio => { radio.value = 'cmb'; radio.checked = true }")
    visitor.press("继续")
    visitor.is_at("选哪家银行？")
    visitor.sees("选择")


def test_the_card_is_not_posted_without_an_address_and_the_word_about_postage(
    visitor: Visitor, town: Town
) -> None:
    """邮寄领取须填收件地址,知道邮费到付。"""
    citizen.signs_in(visitor, town.somebody().name, then="/apply/known")
    visitor.follow("继续")
    citizen.tells_how_to_be_reached(visitor)
    citizen.chooses_a_bank(visitor)
    visitor.is_at("卡寄到哪里？")
    visitor.press("继续")
    visitor.sees("填写收件地址", "勾选知道邮费到付，才能寄卡")


@pytest.mark.rule("SEED, FAQ 3 and 4")
@pytest.mark.parametrize(
    ("age", "document", "words"),
    [
        ("16", "户口簿", "已满16周岁，不能使用户口簿"),
        ("6", "居民身份证", "未满16周岁的，线上不能申请"),
    ],
)
def test_the_guide_says_no_by_age_and_document(
    visitor: Visitor, age: str, document: str, words: str
) -> None:
    """先问问我能不能办:按年龄和证件说明不能办的原因和怎么办。"""
    visitor.go(f"/check?held=none&age={age}")
    visitor.choose(document)
    visitor.press("继续")
    if document == "户口簿":
        visitor.choose("没办过")
        visitor.press("继续")
    visitor.is_at(words)
    visitor.sees("怎样才能办", "带什么", "到哪里办")
