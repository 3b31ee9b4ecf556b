"""P3, P4 and P5: what is stopped, until when, who confirmed, and what nobody can stop."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from onecard.domain.stock import OutletKind
from onecard.queries import contacts
from onecard.queries.place import Place
from onecard.web.slips import font, loss, refund_first
from onecard.web.slips.loss import LossSlip, PartyLine
from onecard.web.slips.paper import Foot
from onecard.web.slips.refund_first import RefundFirstSlip
from tests import cast

FOOT = Foot(
    page_code="C5-04",
    number="loss_01JGFJJZ000000000000000KA1",
    grouped_number="loss_01JGFJJZ000000000000000KA1",
    printed_at=cast.MONDAY_9AM,
    operator="bank",
    version="changzhou-0123456789ab",
    hotlines=(("社保 HR", "12333"),),
)
OUTLET = Place(
    "out_direct",
    OutletKind.DIRECT,
    "市民卡直营网点",
    "Direct outlet",
    "钟楼区",
    "演示路18号",
    "",
    "9:00-17:00",
    "",
    instant_issue=False,
)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Everything that was put on paper."""
    written: list[str] = []
    draw = font.drawable

    def remember(text: str) -> font.Drawn:
        written.append(text)
        return draw(text)

    monkeypatch.setattr(font, "drawable", remember)
    return written


def a_loss(**different: Any) -> LossSlip:
    bank = contacts.on(cast.MONDAY).bank("icbc")
    assert bank is not None
    facts: dict[str, Any] = {
        "card_number": "B*******8",
        "bank": bank,
        "formal": True,
        "accepted_at": cast.MONDAY_9AM,
        "until": None,
        "hr_state": "formal_loss",
        "financial_state": "formal_loss",
        "parties": (
            PartyLine(
                "省人社数据库",
                "HR register",
                cast.MONDAY_9AM + timedelta(seconds=1),
                "12333",
            ),
            PartyLine("中国工商银行", "ICBC", None, "95588"),
        ),
        "purse": "loss.purse.exposed",
        "hr_hotline": "12333",
    }
    return LossSlip(**{**facts, **different})


def length_of(content: bytes) -> float:
    box = content.partition(b"/MediaBox [0 0 ")[2].partition(b"]")[0].split()
    return float(box[1])


@pytest.mark.rule("platform 6.8, P4")
def test_a_formal_slip_says_who_confirmed_and_who_did_not(drawn: list[str]) -> None:
    """正式挂失回单:哪些功能,各方确认时间;没有确认的写没有确认并附电话;余额仍可被刷。"""
    content = loss.draw(a_loss(), FOOT, "工行天宁支行")
    text = "\n".join(drawn)
    assert content.startswith(b"%PDF-")
    assert "省人社数据库：2026-03-02 09:00:01已确认" in text
    assert "中国工商银行：已通知，尚未确认。着急的拨打95588" in text
    assert "HR register: confirmed at 2026-03-02 09:00:01" in text
    assert "交通账户不能挂失" in text
    assert "loss_01JGFJJZ000000000000000KA1" in text
    assert "C5-04" in text


@pytest.mark.rule("platform 6.8, P3")
def test_a_temporary_slip_says_when_it_lapses_and_what_it_does_not_cover(drawn: list[str]) -> None:
    """临时挂失回单:自动解挂的时刻,到时卡恢复使用,怎样转为正式,银行和人社电话。"""
    until = cast.MONDAY_9AM + timedelta(days=7)
    temporary = {"formal": False, "until": until, "hr_state": "temporary_loss"}
    loss.draw(a_loss(**temporary, financial_state="activated", parties=()), FOOT, "12333")
    text = "\n".join(drawn)
    assert "2026-03-09 09:00:00" in text
    assert "到这个时间挂失自动解除，卡恢复使用" in text
    assert "银行账户不在本次挂失范围内" in text
    assert "正式挂失：本人持有效证件到中国工商银行" in text


def test_a_formal_slip_does_not_claim_an_open_bank_side_where_it_is_closed(
    drawn: list[str],
) -> None:
    loss.draw(a_loss(), FOOT, "工行天宁支行")
    assert "银行账户不在本次挂失范围内" not in "\n".join(drawn)


@pytest.mark.rule("platform 6.8, P5; SEED, FAQ 13")
def test_the_blocked_slip_says_where_to_refund_and_where_to_come_back(drawn: list[str]) -> None:
    """换卡受阻单:先到直营网点退值,地址、时间,再回来。"""
    slip = RefundFirstSlip("B*******8", (OUTLET,), "12345", OUTLET)
    refund_first.draw(slip, FOOT)
    text = "\n".join(drawn)
    assert "演示路18号  9:00-17:00" in text
    assert "不用重新填写" in text
    assert "换卡后旧卡余额不能再退" in text


def test_without_a_published_outlet_none_is_invented(drawn: list[str]) -> None:
    slip = RefundFirstSlip("B*******8", (), "12345", OUTLET)
    refund_first.draw(slip, FOOT)
    assert "没有公布" in "\n".join(drawn)


def test_the_strip_is_as_long_as_what_stands_on_it() -> None:
    """热敏纸80毫米,长度随内容。"""
    short = loss.draw(a_loss(parties=()), FOOT, "12333")
    long, large = loss.draw(a_loss(), FOOT, "12333"), loss.draw(a_loss(), FOOT, "1", large=True)
    assert b"/MediaBox [0 0 226.77" in short
    assert length_of(short) < length_of(long) < length_of(large) < 5000
