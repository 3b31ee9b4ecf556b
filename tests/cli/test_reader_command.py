"""`onecard reader` and `onecard phone`, as people use them, on a virtual reader."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from onecard.adapters.reader.cards import CardPlan
from onecard.adapters.reader.traces import OtherCommand, Trace
from onecard.chip import purse_reading
from onecard.chip.purse_profile import T_UNION_3DES
from onecard.chip.wire import hold
from onecard.cli.phone import app as phone_app
from onecard.cli.reader import app
from tests.reading import Desk, desk

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("reader")]


@pytest.fixture(scope="module", autouse=True)
def reader_desk() -> Iterator[Desk]:
    """Pcscd with one card."""
    with desk(CardPlan()) as made:
        yield made


def run(*words: str) -> tuple[int, str]:
    """Exit code, and what was written."""
    result = CliRunner().invoke(app, list(words))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def told(*words: str) -> Any:
    """What it prints as JSON."""
    code, said = run(*words, "--json")
    assert code == 0, said
    return json.loads(said)


def test_readers_are_listed_with_their_cards() -> None:
    """列出读卡器,有卡无卡分明。"""
    assert [one["has_card"] for one in told("list")] == [True, False]


def test_a_card_is_read_and_its_holder_masked() -> None:
    """读卡:余额、有效期;社保侧信息脱敏。"""
    seen = told("read")
    assert (seen["balance_fen"], seen["purse_number"]) == (5000, "****2345")
    assert seen["hr"]["holder"] == "张*"
    assert seen["hr"]["bound"] is None
    said = json.dumps(seen, ensure_ascii=False) + run("read")[1]
    for secret in ("320499199003071234", "C12345678", "张三", "320400D156000005"):
        assert secret not in said


def test_both_logs_are_tables() -> None:
    assert told("log") == {"transactions": [], "journeys": []}
    assert "0x18" in run("log")[1]


def test_a_recorded_card_is_played_again(tmp_path: Path) -> None:
    """录制的读卡过程可以重放;不含序列号。"""
    out = tmp_path / "card.json"
    code, _ = run("record", "-o", str(out), "--title", "Made up")
    assert code == 0
    trace = Trace.of_json(out.read_text("utf-8"))
    assert "0310487000000001" not in out.read_text("utf-8")
    play = trace.player()
    public = hold(purse_reading.select_purse(T_UNION_3DES), play)
    assert not any(public.serial)
    assert hold(purse_reading.read_balance(), play) == 5000
    with pytest.raises(OtherCommand):
        play(b"\x00\x84\x00\x00\x04")


def test_an_absent_reader_and_an_empty_one_are_told_apart() -> None:
    """没有这个读卡器、读卡器上没有卡:分别说明。"""
    code, said = run("read", "--reader", "Contactless")
    assert (code, "Virtual PCD 00 00" in said) == (1, True)
    code, said = run("read", "--reader", "00 01")
    assert (code, "读卡器上没有卡" in said, "No card lies" in said) == (1, True, True)


def test_a_phone_without_a_platform_says_what_to_do() -> None:
    """平台不应答:告诉人以后再贴卡,不会重复写卡。"""
    words = ["ord_1", "--server", "http://127.0.0.1:9", "--token", "x"]
    result = CliRunner().invoke(phone_app, words)
    assert result.exit_code == 1
    assert "nothing is written twice" in result.output


def test_nobody_makes_up_a_card_the_archive_does_not_know() -> None:
    code, said = run("virtual", "--card", "X00000000")
    assert (code, "no card with this number" in said) == (1, True)


def test_the_hand_of_a_card_that_is_not_there_is_named() -> None:
    code, said = run("hold", "look")
    assert (code, "onecard reader virtual" in said) == (1, True)
