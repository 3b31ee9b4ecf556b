"""Cards of the factory: made in batches, sent to the outlet, handed over; failures are repaired."""

from __future__ import annotations

import pytest

from tests.browser import citizen, counter, office
from tests.browser.conftest import Applied, Open
from tests.browser.people import Town
from tests.browser.served import Platform
from tests.browser.visitor import Visitor

SECONDS_TO_MAKE = 120
BAD_PHONE = "13800000004"
"""The simulated banks do not accept this telephone number; another one they do."""
FAILS_ONCE = 920
"""The simulated vendor spoils the first card of whoever has this sequence."""


def masked(number: str) -> str:
    """A receipt number as screens group it, its first part."""
    return f"{number[:6]} {number[6:10]}"


@pytest.mark.rule("SEED, FAQ 6")
def test_a_card_reaches_the_outlet_is_handed_over_and_works(
    at_desk: Open, accepted: Applied, platform: Platform
) -> None:
    """批量制卡:银行开户,卡商制卡,分发到网点,签收,本人领取并启用。"""
    operator, clerk = at_desk("operator"), at_desk("clerk")
    clerk.go("/counter/")
    clerk.fill(number=accepted.number)
    clerk.press("查找")
    clerk.is_at(masked(accepted.number))
    clerk.waits_for("已制成", seconds=SECONDS_TO_MAKE)
    application = clerk.path
    office.sends_cards_out(operator)
    clerk.go("/counter/stock")
    clerk.press("签收选中的卡")
    clerk.sees("已签收")
    clerk.go(application)
    counter.hands_over(clerk, accepted.who, "A00000000")
    clerk.is_at("卡号与待领取的卡不一致")
    clerk.follow("回到交卡页")
    clerk.go(application)
    counter.hands_over(clerk, accepted.who, platform.card_number_of(accepted.who.number))
    clerk.sees("卡已交出，人社功能已启用")


def test_what_a_bank_could_not_take_is_put_right_by_the_citizen(
    at_desk: Open, visitor: Visitor, town: Town
) -> None:
    """银行开户未成功的,写明原因;更正后自动重新受理。"""
    number = citizen.applies(visitor, town.somebody().name, phone=BAD_PHONE)
    office.makes_batches(at_desk("operator"))
    visitor.go(f"/applications/{number}")
    visitor.waits_for("需要您更正信息，才能继续。", seconds=SECONDS_TO_MAKE)
    visitor.sees("手机号")
    visitor.follow("更正信息")
    visitor.answer("手机号码", citizen.PHONE)
    visitor.press("提交更正")
    visitor.sees("已更正，申请继续办理。")
    office.makes_batches(at_desk("operator"))
    visitor.waits_until(
        lambda: visitor.main.locator(".step--done").filter(has_text="银行开户").count() == 1,
        seconds=SECONDS_TO_MAKE,
        what="the account",
    )


def test_a_spoiled_card_is_made_again_by_the_operator(
    at_desk: Open, visitor: Visitor, town: Town
) -> None:
    """制卡未成功的,运营人员选中重制,不重复开户。"""
    number = citizen.applies(visitor, town.somebody(sequence=FAILS_ONCE).name)
    operator = at_desk("operator")
    office.makes_batches(operator)
    operator.go("/office/failures")
    operator.waits_for(masked(number), seconds=SECONDS_TO_MAKE)
    row = operator.main.get_by_role("row").filter(has_text=masked(number))
    row.get_by_role("checkbox").check()
    operator.press("重制选中的卡")
    operator.sees("已重新报送1张。")
    operator.does_not_see(masked(number))
    visitor.go(f"/applications/{number}")
    visitor.waits_for("EMS 单号", seconds=SECONDS_TO_MAKE)
