"""Every layout reads and writes its own vectors, and refuses any other length."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from onecard.chip import card_time
from onecard.chip.layout import Layout, LayoutError
from onecard.chip.purse_answers import Balance, shown_balance
from onecard.chip.purse_files import (
    HolderFile,
    JourneyRecord,
    JourneyType,
    ManagementFile,
    Mode,
    PublicInformation,
    TransactionRecord,
    TransactionType,
)
from tests.chip.desk import PUBLIC

LAYOUTS = Layout.__subclasses__()
VECTORS = [(layout, *vector) for layout in LAYOUTS for vector in layout.vectors]


@pytest.mark.parametrize(
    ("layout", "raw", "value"), VECTORS, ids=lambda part: getattr(part, "__name__", "")
)
def test_a_layout_reads_and_writes_its_vectors(
    layout: type[Layout], raw: str, value: Layout
) -> None:
    assert layout.decode(bytes.fromhex(raw)) == value
    assert value.encode() == bytes.fromhex(raw)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: str(layout.__name__))
def test_a_layout_takes_its_own_length_only(layout: type[Layout]) -> None:
    layout.decode(bytes(layout.size()))
    for wrong in (0, layout.size() - 1, layout.size() + 1):
        with pytest.raises(LayoutError):
            layout.decode(bytes(wrong))


def test_files_have_the_published_lengths() -> None:
    """文件长度与公开资料一致。"""
    lengths: dict[type[Layout], int] = {
        PublicInformation: 0x1E,
        HolderFile: 0x37,
        ManagementFile: 0x3C,
        TransactionRecord: 0x17,
        JourneyRecord: 0x30,
    }
    assert {layout: layout.size() for layout in lengths} == lengths


def test_a_value_without_room_is_refused() -> None:
    with pytest.raises(LayoutError):
        Balance(1 << 32).encode()
    with pytest.raises(LayoutError):
        Balance(-1).encode()
    with pytest.raises(LayoutError):
        replace(PUBLIC, serial=b"\x03").encode()


def test_the_published_records_say_what_they_mean() -> None:
    """公开的余额、交易、行程记录的含义。"""
    log, journey = TransactionRecord.vectors[0][1], JourneyRecord.vectors[0][1]
    assert isinstance(log, TransactionRecord)
    assert isinstance(journey, JourneyRecord)
    moment = datetime(2024, 12, 29, 14, 17, 40, tzinfo=card_time.BEIJING)
    assert (log.type, log.at) == (TransactionType.CAPP_PURCHASE, moment)
    assert (journey.type, journey.mode, journey.at) == (JourneyType.EXIT, Mode.METRO, moment)
    assert Balance.decode(bytes.fromhex("00000AC3")).fen == 2755


def test_what_nobody_knows_is_none_and_breaks_nothing() -> None:
    log = TransactionRecord.decode(bytes.fromhex("FF" * 22 + "EE"))
    journey = JourneyRecord.decode(bytes([0x77]) + bytes.fromhex("EE" * 47))
    assert (log.type, log.at, log.is_unused) == (None, None, False)
    assert (journey.type, journey.mode, journey.at) == (None, Mode.OTHER, None)


@pytest.mark.parametrize("filler", [b"\x00", b"\xff"])
def test_a_record_that_was_never_written_is_unused(filler: bytes) -> None:
    assert TransactionRecord.decode(filler * TransactionRecord.size()).is_unused
    assert JourneyRecord.decode(filler * JourneyRecord.size()).is_unused


@pytest.mark.rule("card reference 3: bit 31 masked")
def test_bit_31_of_a_balance_is_no_money() -> None:
    """余额最高位不是钱。"""
    assert Balance(0x80000AC3).fen == 2755
    assert Balance(0xFFFFFFFF).fen == 0x7FFFFFFF


@pytest.mark.rule("card reference 3: shown = bal if bal > 0 else bal - neg")
def test_an_overdrawn_purse_shows_a_negative_balance() -> None:
    """透支的钱包显示负数余额。"""
    assert shown_balance(Balance(2755), Balance(0)) == 2755
    assert shown_balance(Balance(0x80000000), Balance(0x80000064)) == -100


def test_a_card_names_itself() -> None:
    """印刷卡号去掉序列号首个半字节。"""
    assert PUBLIC.identity.printed_number == "3104870000000012345"
    assert PUBLIC.identity.serial_factor.hex().upper() == "4870000000012345"


@pytest.mark.parametrize(
    ("on", "valid"),
    [
        (date(2019, 8, 5), False),
        (date(2019, 8, 6), True),
        (date(2040, 12, 31), True),
        (date(2041, 1, 1), False),
        (date(1970, 1, 1), False),
        (date(2099, 12, 31), False),
        (date(2028, 2, 29), True),
        (date(2038, 1, 20), True),
    ],
)
@pytest.mark.rule("rules 22.1, guarantees 10.8 case 117")
def test_a_card_is_valid_between_its_dates_ends_included(on: date, valid: bool) -> None:  # noqa: FBT001
    """交通应用有效期含首尾两日。"""
    assert PUBLIC.is_valid_on(on) is valid


@pytest.mark.parametrize("never", ["00000000", "FFFFFFFF", "20230229", "20251301"])
def test_a_date_that_was_never_set_is_no_limit(never: str) -> None:
    raw = PUBLIC.encode()[:20] + bytes.fromhex(never) * 2 + bytes(2)
    card = PublicInformation.decode(raw)
    assert (card.valid_from, card.valid_to) == (None, None)
    assert card.is_valid_on(date(2026, 3, 2))


def test_a_moment_is_written_in_the_time_of_beijing() -> None:
    """日期时间为 BCD 码、北京时间。"""
    moment = datetime.fromisoformat("2025-12-31T23:59:59+00:00")
    assert card_time.stamp(moment).hex() == "20260101075959"
    assert card_time.read_stamp(card_time.stamp(moment)) == moment
    assert card_time.day(date(2028, 2, 29)).hex() == "20280229"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        card_time.stamp(datetime(2025, 1, 1))  # noqa: DTZ001  that is the point


def test_holder_data_is_never_shown() -> None:
    holder = HolderFile(0, 0, b"NAME".ljust(20, b" "), b"NUMBER".ljust(32, b" "), 0)
    assert "NAME" not in repr(holder)
    assert "NUMBER" not in repr(holder)


def test_other_cities_take_a_card_that_says_so() -> None:
    alone = ManagementFile.decode(bytes(ManagementFile.size()))
    assert not alone.is_interoperable
