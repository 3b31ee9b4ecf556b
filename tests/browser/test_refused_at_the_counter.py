"""What a counter cannot accept, told by the words on the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests import pictures
from tests.browser import counter
from tests.browser.conftest import Open
from tests.browser.people import Town
from tests.browser.visitor import Visitor


@pytest.fixture
def clerk(at_desk: Open) -> Visitor:
    """A clerk at a service outlet."""
    return at_desk("clerk")


@pytest.mark.rule("SEED, FAQ 3")
def test_a_copy_is_not_an_original(clerk: Visitor, town: Town) -> None:
    """须出示有效身份证件原件。"""
    who = town.somebody()
    counter.begins(clerk, who)
    counter.hands_in(clerk, **counter.papers(who, original="off"))
    clerk.press("确认受理")
    clerk.is_at("须出示原件")


@pytest.mark.rule("SEED, FAQ 3")
@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("original", "代办须携带双方证件原件，缺持卡人的原件"),
        ("agent_original", "缺代办人（经办人）的证件原件"),
    ],
)
def test_an_agent_needs_both_originals(
    clerk: Visitor, town: Town, missing: str, words: str
) -> None:
    """代办须携带双方有效身份证件原件。"""
    who, agent = town.somebody(), town.somebody()
    counter.begins(clerk, who)
    told = counter.papers(who, **counter.of_agent(agent))
    counter.hands_in(clerk, **{**told, missing: "off"})
    clerk.press("确认受理")
    clerk.is_at(words)
    clerk.follow("回到填写页")
    clerk.is_at("受理")


@pytest.mark.rule("SEED, FAQ 3")
def test_the_register_serves_nobody_of_sixteen(clerk: Visitor, town: Town) -> None:
    """户口簿仅限未满16周岁且未办理居民身份证的人员使用。"""
    who = town.somebody(years=16, id_card=False, photo=True)
    counter.begins(clerk, who, kind=counter.REGISTER)
    told = counter.papers(who, kind=counter.REGISTER, valid_to="0", occupation="91")
    counter.hands_in(clerk, **told)
    clerk.press("确认受理")
    clerk.is_at("已满16周岁，不能使用户口簿")


@pytest.mark.rule("SEED, FAQ 3")
def test_the_register_serves_no_child_that_has_an_identity_card(clerk: Visitor, town: Town) -> None:
    """已办理居民身份证的未成年人,不能使用户口簿。"""
    child, mother = town.somebody(years=12, photo=True), town.somebody()
    counter.begins(clerk, child, kind=counter.REGISTER)
    counter.hands_in(clerk, **counter.of_child(child, mother, id_card_issued="on"))
    clerk.press("确认受理")
    clerk.is_at("已办理身份证，不能使用户口簿")


def test_an_expired_document_is_none(clerk: Visitor, town: Town) -> None:
    """证件已过有效期的,不能使用。"""
    who = town.somebody()
    counter.begins(clerk, who)
    counter.hands_in(clerk, **counter.papers(who, valid_to="20200101"))
    clerk.press("确认受理")
    clerk.sees("证件已于2020年1月1日到期")


def test_a_passport_serves_no_mainland_resident(clerk: Visitor, town: Town) -> None:
    """护照仅限外籍人员使用。"""
    who = town.somebody()
    counter.begins(clerk, who)
    counter.hands_in(clerk, **counter.papers(who, kind="passport", number="E12345678"))
    clerk.press("确认受理")
    clerk.is_at("护照")
    clerk.sees("外籍")


def test_a_number_that_is_none_is_said_beside_it(clerk: Visitor, town: Town) -> None:
    """号码校验不通过的,当场说明。"""
    who = town.somebody()
    wrong = "0" if who.number[-1] != "0" else "1"
    clerk.go("/counter/")
    clerk.fill(number=who.number[:-1] + wrong)
    clerk.press("查找")
    clerk.sees("校验不通过")


def test_another_name_for_the_same_number_is_a_conflict(clerk: Visitor, town: Town) -> None:
    """证件与系统信息不一致的,不能受理。"""
    who = town.somebody()
    counter.looks_up(clerk, who, name="别人")
    clerk.sees("同一号码登记了不同的姓名", "核对证件原件")


@pytest.mark.parametrize(
    ("unusual", "words"),
    [
        ({"deceased": True}, "登记的人员状态不能办理此业务"),
        ({"old_card": True}, "您已持有江苏省社会保障卡，不能再办首次申请"),
    ],
    ids=["deceased", "holder"],
)
def test_an_act_that_is_closed_says_why(
    clerk: Visitor, town: Town, unusual: dict[str, bool], words: str
) -> None:
    """不能办的业务显示原因。"""
    who = town.somebody(**unusual)
    counter.looks_up(clerk, who)
    closed = counter.line_of(clerk, "首次申请")
    assert words in closed.inner_text()
    assert closed.get_by_role("button").count() == 0


def test_whoever_has_applied_cannot_apply_again(clerk: Visitor, town: Town) -> None:
    """已制卡或制卡中的,不能再申请。"""
    who = town.somebody()
    counter.takes_in(clerk, who)
    counter.looks_up(clerk, who)
    clerk.sees("您的卡已在制作中")


def test_a_child_needs_a_guardian(clerk: Visitor, town: Town) -> None:
    """未满16周岁须填写监护人信息。"""
    child = town.somebody(years=6)
    counter.begins(clerk, child, kind=counter.REGISTER)
    told = counter.papers(child, kind=counter.REGISTER, valid_to="0", occupation="92")
    counter.hands_in(clerk, **{**told, "applied_by": "guardian"})
    clerk.sees("监护人姓名")
    assert clerk.page.locator(".problems li").count() >= 3


@pytest.mark.rule("SEED, FAQ 5")
def test_a_portrait_that_will_not_do_names_every_defect_at_once(
    clerk: Visitor, town: Town, tmp_path: Path
) -> None:
    """满7周岁须有照片;照片不合格的,一次说清全部问题。"""
    who = town.somebody(photo=False)
    counter.begins(clerk, who)
    counter.hands_in(clerk, **counter.papers(who))
    clerk.is_at("照片")
    small = tmp_path / "small.jpg"
    small.write_bytes(pictures.jpeg(Image.new("L", (90, 110), "white"), dpi=None, subsampling=-1))
    clerk.attach("file", small)
    clerk.press("上传并检查")
    clerk.sees("这张照片不能用，请重新提供", "尺寸为90")
    assert clerk.page.locator(".problems li").count() >= 1
    clerk.does_not_see("确认受理")
