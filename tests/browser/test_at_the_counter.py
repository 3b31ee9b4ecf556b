"""Across the counter: everybody who may come, with what they bring, until the card works."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import pictures
from tests.browser import counter
from tests.browser.conftest import Applied, Open
from tests.browser.people import Town
from tests.browser.served import Platform
from tests.browser.visitor import Visitor


@pytest.fixture
def clerk(at_desk: Open) -> Visitor:
    """A clerk at a service outlet."""
    return at_desk("clerk")


@pytest.fixture
def portrait(tmp_path: Path) -> Path:
    """A portrait file that passes the gate."""
    file = tmp_path / "portrait.jpg"
    file.write_bytes(pictures.jpeg())
    return file


@pytest.mark.rule("SEED, FAQ 3")
def test_somebody_comes_in_person(clerk: Visitor, accepted: Applied) -> None:
    """本人持有效身份证件原件到服务网点申请,当场受理并打印回执。"""
    clerk.go("/counter/")
    clerk.fill(number=accepted.number)
    clerk.press("查找")
    clerk.sees("承诺日期", accepted.who.masked_number)
    with clerk.page.expect_popup() as slip:
        clerk.press("打印回执")
    answer = slip.value.request.get(slip.value.url)
    assert answer is not None


@pytest.mark.rule("SEED, FAQ 3")
def test_an_agent_comes_with_both_originals(clerk: Visitor, town: Town) -> None:
    """代办:携带双方有效身份证件原件。"""
    who, agent = town.somebody(), town.somebody()
    counter.begins(clerk, who)
    counter.hands_in(clerk, **counter.papers(who, **counter.of_agent(agent)))
    clerk.sees("代办人姓名")
    counter.accepts(clerk)
    clerk.sees("已受理")


@pytest.mark.rule("SEED, FAQ 3 and 4")
def test_a_child_of_six_comes_with_a_parent_and_the_register_and_without_a_photo(
    clerk: Visitor, town: Town
) -> None:
    """未满7周岁不用照片;未满16周岁未办身份证的可用户口簿,由监护人办理。"""
    child, mother = town.somebody(years=6), town.somebody()
    counter.begins(clerk, child, kind=counter.REGISTER)
    counter.hands_in(clerk, **counter.of_child(child, mother))
    clerk.does_not_see("更换照片")
    counter.accepts(clerk)
    clerk.sees("已受理")


@pytest.mark.rule("SEED, FAQ 3")
def test_a_pupil_of_fifteen_comes_with_the_register_and_a_photo(
    clerk: Visitor, town: Town, portrait: Path
) -> None:
    """未满16周岁且未办理居民身份证的,可用户口簿;满7周岁须有照片。"""
    pupil, mother = town.somebody(years=15), town.somebody()
    counter.begins(clerk, pupil, kind=counter.REGISTER)
    counter.hands_in(clerk, **counter.of_child(pupil, mother, occupation="91"))
    counter.brings_a_portrait(clerk, portrait)
    counter.accepts(clerk)
    clerk.sees("已受理")


@pytest.mark.rule("SEED, FAQ 6")
def test_the_holder_of_an_older_card_exchanges_it_because_they_want_to(
    clerk: Visitor, town: Town
) -> None:
    """持第二代卡的人员自愿到线下换领。"""
    holder = town.somebody(old_card=True)
    counter.looks_up(clerk, holder)
    clerk.sees("您已持有江苏省社会保障卡，不能再办首次申请")
    counter.begins(clerk, holder, act="第二代卡自愿换领")
    counter.hands_in(clerk, **counter.papers(holder, old_card_shown="on"))
    counter.accepts(clerk)
    clerk.sees("已受理", "自愿换领")


def test_a_card_is_made_at_once_handed_over_and_enabled(
    at_desk: Open, town: Town, platform: Platform
) -> None:
    """立等可取:当场开户、制卡、交卡、启用人社功能。"""
    clerk, who = at_desk("instant"), town.somebody()
    counter.begins(clerk, who)
    counter.hands_in(clerk, **counter.papers(who, making_mode="instant"))
    counter.accepts(clerk)
    clerk.press("制卡")
    clerk.waits_for("交卡并启用", seconds=30)
    counter.hands_over(clerk, who, platform.card_number_of(who.number))
    clerk.sees("卡已交出，人社功能已启用")
    clerk.sees("人社： 正常")
