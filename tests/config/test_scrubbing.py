"""Logs hold nobody's number, whatever was typed into an address or said by a library."""

from __future__ import annotations

import logging

import pytest
from django.conf import settings

from onecard.config.scrubbing import ScrubbingFormatter, scrubbed

NUMBERS = [
    "320499199608121003",
    "32049920100301001X",
    "13800138000",
    "6214990000000000003",
    "USA320085031501",
    "H12345678",
    "EA1234567",
]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("around", ["Not Found: /applications/{}", "Key (phone)=({}) exists", "{}"])
def test_a_number_is_never_written_whole(number: str, around: str) -> None:
    """日志里没有完整的号码。"""
    line = scrubbed(around.format(number))
    assert number not in line
    assert number[1:-1] not in line


@pytest.mark.parametrize(
    "line",
    [
        "Not Found: /applications/app_01M88YZEYTGCD5SVS3TS3QFSE9",
        "worker-1 with PID: 29243",
        "2026-11-25 16:57:19,123 took 1234567890 ns",
    ],
)
def test_what_is_nobodys_number_stays_readable(line: str) -> None:
    """不是个人号码的内容照原样。"""
    assert scrubbed(line) == line


def test_a_traceback_is_scrubbed_too() -> None:
    """异常堆栈同样处理。"""
    error = ValueError(NUMBERS[0])
    facts = {"msg": f"failed for {NUMBERS[1]}", "exc_info": (ValueError, error, None)}
    line = ScrubbingFormatter().format(logging.makeLogRecord(facts))
    assert "ValueError: 3" in line
    assert not any(number in line for number in NUMBERS)


def test_every_line_of_ours_goes_through_it() -> None:
    """所有日志都经过处理。"""
    handlers = settings.LOGGING["handlers"].values()
    assert {handler["formatter"] for handler in handlers} == {"scrubbed"}
