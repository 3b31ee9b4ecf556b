"""A fare file is read whole or not at all, and every line gets a name."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from onecard.domain.clearing import Fare, Known, LineState, judge, parse, written
from onecard.domain.refusal import Refused
from onecard.seams.clock import LOCAL

DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=LOCAL)
ONE = Fare(
    2,
    "01011000FFFFFFFF",
    "03104870000000012345",
    6,
    200,
    "300089000340",
    777,
    NOON,
    1,
    "05E3907D",
)
FILE = written("bus_city", DAY, [ONE])


def code_of(text: str) -> str:
    with pytest.raises(Refused) as told:
        parse(text)
    return told.value.refusal.code


def test_a_written_file_is_read_back_line_by_line() -> None:
    """写出的文件读回来一模一样。"""
    read = parse(FILE)
    assert read.fares == (ONE,)
    assert (read.header.operator, read.header.lines, read.header.sum_fen) == ("bus_city", 1, 200)
    assert parse(written("bus_city", DAY, [])).fares == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "clearing.header"),
        ("hello", "clearing.header"),
        (FILE.replace("2026-03-02|1", "2026-02-30|1", 1), "clearing.header"),
        (FILE.replace("ONECARD-FARES|1", "ONECARD-FARES|2"), "clearing.header"),
        (FILE + FILE.splitlines()[1] + "\n", "clearing.count"),
        (FILE.splitlines()[0] + "\n", "clearing.count"),
        (FILE.replace("|1|200\n", "|1|201\n"), "clearing.sum"),
        (FILE.replace("05E3907D", "05e3907d"), "clearing.line"),
        (FILE.replace("|06|", "|02|"), "clearing.line"),
        (FILE.replace("|777|", "|99999999999|"), "clearing.line"),
        (FILE.replace("|777|", "|4294967296|"), "clearing.line"),
        (FILE.replace("T12:00:00", "T25:00:00"), "clearing.line"),
        (FILE.replace("|06|", "|06\x00|"), "clearing.line"),
    ],
)
def test_a_file_that_is_wrong_anywhere_is_refused_whole(text: str, code: str) -> None:
    """首行、笔数、金额、任一行不对:整个文件不收。"""
    assert code_of(text) == code


def test_every_line_that_cannot_be_read_is_named_at_once() -> None:
    """读不懂的行一次说全。"""
    with pytest.raises(Refused) as told:
        parse(FILE.splitlines()[0] + "\nx\ny\n")
    assert [one.field for one in told.value.refusals] == ["line 2", "line 3"]


GOOD = Known(reported_before=False, purse_known=True, tac_verified=True)


@pytest.mark.rule("card reference 11: late, duplicate, unverified records; rule book 22.5")
@pytest.mark.parametrize(
    ("known", "state", "lowers"),
    [
        (GOOD, LineState.BOOKED, True),
        (Known(True, True, True), LineState.DUPLICATE, False),
        (Known(False, False, False), LineState.UNKNOWN_CARD, False),
        (Known(False, True, False), LineState.WRONG_TAC, False),
        (Known(True, True, False), LineState.WRONG_TAC, False),
        (Known(False, True, True, paid_out_at=NOON), LineState.LATE, False),
        (Known(False, True, True, shadow_at=NOON), LineState.BOOKED, False),
        (
            Known(False, True, True, shadow_at=NOON - timedelta(seconds=1)),
            LineState.BOOKED,
            True,
        ),
    ],
)
def test_a_line_is_booked_or_set_aside_by_its_name(
    known: Known, state: LineState, *, lowers: bool
) -> None:
    """入账、迟到、重复、不识、不符:各有其名。"""
    judged = judge(at=NOON, reported_at=NOON + timedelta(hours=1), known=known)
    assert (judged.state, judged.lowers_shadow) == (state, lowers)


def test_a_fare_of_tomorrow_is_not_booked() -> None:
    """将来的消费不入账。"""
    judged = judge(at=NOON, reported_at=NOON - timedelta(seconds=1), known=GOOD)
    assert judged.state is LineState.IN_FUTURE
