"""The same dialogues over PC/SC: pcscd, vpcd and the simulated card as a real one."""

from __future__ import annotations

import time

import pytest

from onecard.adapters.reader import NoCard, NoReader, ReaderError
from onecard.chip import hr_application, purse_reading, tap, transit_purse
from onecard.chip.fault import CardLost, CardRefused, Loss
from onecard.chip.purse_facts import OnlineAttempt
from onecard.chip.wire import WireBroke, hold
from tests.chip.desk import NOW, Host
from tests.reading import SECOND_CARD, Desk, eventually

pytestmark = pytest.mark.xdist_group("reader")
BALANCE = bytes.fromhex("805C000204")
YUAN_100 = 10_000


def begun(host: Host, desk: Desk) -> tuple[OnlineAttempt, bytes, object]:
    """A card with power, its load begun and signed."""
    card = desk.open()
    attempt, mac2 = host.begin(card, YUAN_100)  # type: ignore[arg-type]
    return attempt, mac2, card


def balance(desk: Desk, slot: int = 0) -> int:
    """What lies in the chip."""
    return int(desk.hand("look", slot)["balance_fen"])


def settled(desk: Desk) -> None:
    """The card lies there, whatever the test before did."""
    desk.hand("stay back")
    desk.hand("back")
    eventually(desk.lies)


def test_both_slots_are_readers_with_a_card_in_each(reader_desk: Desk) -> None:
    """两个卡槽,各放一卡,互不相干。"""
    settled(reader_desk)
    assert len(reader_desk.names) == 2
    numbers = []
    for slot in (0, 1):
        with reader_desk.open(slot) as card:
            public = hold(purse_reading.select_purse(Host().profile), card.transmit)
            numbers.append(public.serial.hex())
            who = hold(hr_application.read_hr_card(), card.transmit)
            assert who.person is not None
    assert numbers == ["03104870000000012345", SECOND_CARD.serial]


def test_a_whole_load_is_proven_over_pcsc(reader_desk: Desk) -> None:
    """经PC/SC圈存,TAC验证通过。"""
    settled(reader_desk)
    before = balance(reader_desk)
    with reader_desk.open() as card:
        Host().load(card, YUAN_100)  # type: ignore[arg-type]
    assert balance(reader_desk) == before + YUAN_100


@pytest.mark.rule("card reference 13.2: torn before commit")
@pytest.mark.parametrize("gap", [0.6, 1.0])
def test_torn_before_the_commit_nothing_is_written(reader_desk: Desk, gap: float) -> None:
    """写卡前抽卡:未入账,重放写卡命令被拒,重新圈存一次到账。"""
    settled(reader_desk)
    before, host = balance(reader_desk), Host()
    attempt, mac2, card = begun(host, reader_desk)
    reader_desk.hand("stay away")
    reader_desk.hand("tear before_credit")
    credit = transit_purse.credit_load(at=NOW, mac2=mac2)
    with pytest.raises(CardLost) as lost:
        hold(credit, card.transmit)  # type: ignore[attr-defined]
    assert lost.value.how is Loss.CARD_GONE
    assert lost.value.outcome_unknown
    time.sleep(gap)
    settled(reader_desk)
    with reader_desk.open() as again:
        assert not host.ask_for_proof(again, attempt)  # type: ignore[arg-type]
        replayed = hold_or_lost(transit_purse.credit_load(at=NOW, mac2=mac2), again)
        assert replayed == "6985"
        host.load(again, YUAN_100)  # type: ignore[arg-type]
    assert balance(reader_desk) == before + YUAN_100


@pytest.mark.rule("card reference 13.2: torn after commit")
def test_torn_after_the_commit_the_card_proves_it(reader_desk: Desk) -> None:
    """写卡后抽卡:回卡取交易认证,TAC一致,只到账一次。"""
    settled(reader_desk)
    before, host = balance(reader_desk), Host()
    attempt, mac2, card = begun(host, reader_desk)
    reader_desk.hand("tear after_credit")
    with pytest.raises(CardLost):
        hold(transit_purse.credit_load(at=NOW, mac2=mac2), card.transmit)  # type: ignore[attr-defined]
    with reader_desk.open() as again:
        assert host.ask_for_proof(again, attempt)  # type: ignore[arg-type]
    assert balance(reader_desk) == before + YUAN_100


def hold_or_lost(dialogue: transit_purse.Dialogue[object], card: object) -> str:
    """The status word with which a card refuses what moves money."""
    with pytest.raises(CardLost) as lost:
        hold(dialogue, card.transmit)  # type: ignore[attr-defined]
    return str(lost.value.status)[:4]


def test_a_stale_handle_is_lost_and_a_new_one_works(reader_desk: Desk) -> None:
    """旧句柄报失联,重新连接可用。"""
    settled(reader_desk)
    card = reader_desk.open()
    reader_desk.hand("away")
    with pytest.raises(WireBroke) as gone:
        card.transmit(BALANCE)
    assert gone.value.how is Loss.CARD_GONE
    with pytest.raises(WireBroke) as still:
        card.transmit(BALANCE)
    assert still.value.how is Loss.READER_GONE
    eventually(lambda: not reader_desk.lies())
    with pytest.raises(NoCard):
        reader_desk.readers.open(reader_desk.names[0])
    settled(reader_desk)
    with reader_desk.open() as again:
        hold(purse_reading.select_purse(Host().profile), again.transmit)


def test_a_card_is_held_alone_and_left_cold(reader_desk: Desk) -> None:
    """独占读卡;放开后卡片复位,不留选中的应用。"""
    settled(reader_desk)
    with reader_desk.open() as card:
        hold(purse_reading.select_purse(Host().profile), card.transmit)
        with pytest.raises(ReaderError, match=r"[Ss]haring"):
            reader_desk.readers.open(reader_desk.names[0])
    with reader_desk.open() as next_one, pytest.raises(CardRefused):
        hold(purse_reading.read_balance(), next_one.transmit)


def test_a_reader_that_is_not_there_is_named(reader_desk: Desk) -> None:
    with pytest.raises(NoReader, match="Contactless"):
        reader_desk.readers.open("Contactless 9")


def test_a_tap_is_one_step_over_pcsc_too(reader_desk: Desk) -> None:
    """一次贴卡一步走完。"""
    settled(reader_desk)
    host = Host()
    with reader_desk.open() as card:
        tapped = hold(tap.tap(host.profile, host.wish(100)), card.transmit)
    assert tapped.shown_balance_fen == balance(reader_desk)
