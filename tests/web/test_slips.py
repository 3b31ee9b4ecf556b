"""Printed slips: masked, bilingual, countable, and no character is ever lost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from onecard.domain.application import ApplicationKind, AppliedBy, Collection, MakingMode
from onecard.domain.documents import DocumentKind
from onecard.domain.stock import OutletKind
from onecard.queries import contacts
from onecard.queries.place import Place
from onecard.queries.slip import AcceptanceSlip, Handout, HandoutLine
from onecard.web.slips import acceptance, font, handout, lines, paper
from tests import cast

OUTLET = Place(
    "out_tianning",
    OutletKind.SERVICE,
    "天宁区社保卡服务网点",
    "Tianning service outlet",
    "天宁区",
    "局前街1号",
    "0519-00000000",
    "",
    "",
    instant_issue=True,
)
HOTLINES = (("社保 HR", "12333"), ("江南银行", "96008"))


def a_slip(**different: Any) -> AcceptanceSlip:
    bank = contacts.on(cast.MONDAY).bank("jnrcb")
    assert bank is not None
    facts: dict[str, Any] = {
        "application": "app_x",
        "number": "260302483920117",
        "grouped_number": "260302 4839 2011 7",
        "kind": ApplicationKind.FIRST,
        "name": "王*",
        "identity_number": "3****************4",
        "document_kind": DocumentKind.RESIDENT_ID,
        "phone": "138****8000",
        "bank": bank,
        "making_mode": MakingMode.FACTORY,
        "collection": Collection.OUTLET,
        "collect_at": OUTLET,
        "post_to": "",
        "applied_by": AppliedBy.HOLDER,
        "agent_name": "",
        "agent_document": "",
        "outlet": OUTLET,
        "accepted_at": cast.MONDAY_9AM,
        "promised_on": date(2026, 3, 11),
        "policy_version": "changzhou-0123456789ab",
        "operator": "jing01",
    }
    return AcceptanceSlip(**{**facts, **different})


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Everything that was put on paper."""
    written: list[str] = []
    draw = paper.Paper.drawable

    def remember(self: paper.Paper, text: str) -> str:
        written.append(draw(self, text))
        return written[-1]

    monkeypatch.setattr(paper.Paper, "drawable", remember)
    return written


def printed(slip: AcceptanceSlip, *, copy: int = 0, large: bool = False) -> acceptance.PrintedSlip:
    return acceptance.draw(
        slip, copy=copy, printed_at=cast.MONDAY_9AM, hotlines=HOTLINES, large=large
    )


def pages_of(content: bytes) -> int:
    return content.count(b"/Type /Page\n")


def test_an_acceptance_slip_is_one_sheet_with_everything_it_must_state(drawn: list[str]) -> None:
    """回执载明受理号、事项、人、银行、领卡方式、时间、热线、经办、规则版本。"""
    slip = printed(a_slip())
    text = "\n".join(drawn)
    assert pages_of(slip.content) == 1
    for fact in (
        "260302 4839 2011 7",
        "王*",
        "3****************4",
        "江南农村商业银行",
        "Jiangnan Rural Commercial Bank",
        "2026-03-02 09:00:00",
        "2026-03-11",
        "12333",
        "96008",
        "C4-06",
        "jing01",
        "changzhou-0123456789ab",
        "天宁区社保卡服务网点",
    ):
        assert fact in text, fact
    assert "补打" not in text
    assert text.index("社会保障卡申领受理回执") < text.index("Acceptance slip")


def test_a_reprint_says_so_and_which_one_it_is(drawn: list[str]) -> None:
    """补打注明次数。"""
    printed(a_slip(), copy=2)
    assert any("补打 第2次" in text and "REPRINT 2" in text for text in drawn)


def test_the_square_code_holds_the_receipt_number_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """二维码仅含受理号。"""
    held: list[str] = []
    square = paper.Paper.square
    monkeypatch.setattr(
        paper.Paper,
        "square",
        lambda self, content, **where: held.append(content) or square(self, content, **where),
    )
    printed(a_slip())
    assert set(held) == {"260302483920117"}
    assert paper.QR_SIDE >= 25


@pytest.mark.parametrize(
    ("name", "spelled", "missing"),
    [
        ("𪚥*", "〔U+2A6A5〕*", ("U+2A6A5",)),
        ("䶮*", "䶮*", ()),
        ("𠮷*", "𠮷*", ()),
        ("葛\U000e0100*", "葛*", ("U+E0100",)),
        ("阿卜杜·*", "阿卜杜·*", ()),
    ],
)
def test_a_rare_character_is_drawn_or_spelled_never_lost(
    name: str, spelled: str, missing: tuple[str, ...], drawn: list[str]
) -> None:
    """生僻字不得印成方框或问号。"""
    slip = printed(a_slip(name=name))
    assert spelled in "\n".join(drawn)
    assert slip.missing == missing
    assert ("打印字库中没有" in "\n".join(drawn)) is bool(missing)


def test_mainland_forms_are_drawn() -> None:
    """使用大陆字形。"""
    forms = font._mainland()
    assert {ord("骨"), ord("角"), ord("。")} <= forms.keys()


def test_lines_break_between_characters_and_never_inside_a_number() -> None:
    text = "电话12333、96008,到网点(常州)办理。"
    for width in range(5, 12):
        for line in lines.broken(text, width=width, measure=len):
            assert not line.startswith(("、", ",", "。", ")", "，"))
            assert not line.endswith("(")
        together = lines.broken(text, width=width, measure=len)
        assert any("12333" in line for line in together)
        assert "".join(together) == text


def test_the_large_print_twin_has_the_same_facts(drawn: list[str]) -> None:
    printed(a_slip())
    usual = set(drawn)
    drawn.clear()
    printed(a_slip(), large=True)
    assert {text for text in usual if "{nb}" not in text} <= set(drawn)


def test_a_handout_list_names_everybody_with_room_to_sign(drawn: list[str]) -> None:
    """单位领卡签收单:逐人一行,号码屏蔽,不含银行信息。"""
    people = tuple(
        HandoutLine(f"app_{n}", "260302 4839 2011 7", "王芳", "3****************4", "")
        for n in range(23)
    )
    slip = handout.draw(
        Handout("常州运河纺织有限公司", "yunhe01", (OUTLET,), people),
        list_number="L1",
        printed_at=cast.MONDAY_9AM,
        version="changzhou-0",
        hotlines=HOTLINES,
    )
    assert drawn.count("王芳") == 23
    assert pages_of(slip.content) >= 2
    assert "签名" in "\n".join(drawn)
