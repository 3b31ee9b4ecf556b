"""What the simulated card does exactly: pending transactions, proofs, counters, PIN, manners."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from onecard.chip import purse_commands, purse_reading, transit_purse
from onecard.chip.fault import CardLost, CardRefused, WrongCard
from onecard.chip.purse_answers import COUNTER_END
from onecard.chip.purse_files import TRANSACTION_LOG_RECORDS, TransactionType
from onecard.chip.purse_profile import PinRule
from onecard.chip.simulated_card import ATR, Manners, Moment, Pin, SimulatedCard, Tear
from onecard.chip.status import CommandKind, Remedy, Status, StatusWord, Why
from onecard.chip.wire import WireBroke, hold
from tests.chip.desk import (
    CAPP_RECORD,
    ISSUERS_PIN,
    NOW,
    Gate,
    Host,
    a_card,
    a_card_with_pin,
    select_again,
)

LOAD, UNLOAD = TransactionType.LOAD, TransactionType.UNLOAD
PURCHASE, CAPP = TransactionType.PURCHASE, TransactionType.CAPP_PURCHASE
PROVE = "805A00{:02X}02{:04X}08"


def _says(card: SimulatedCard, command: str) -> str:
    return card.transmit(bytes.fromhex(command)).hex().upper()


def _prove(card: SimulatedCard, type_: TransactionType, counter: int) -> str:
    return _says(card, PROVE.format(type_, counter))


def _back(card: SimulatedCard) -> Callable[[bytes], bytes]:
    """The wire of a card that was away for a moment."""
    card.enter_field()
    return card.transmit


def _credit(card: SimulatedCard, mac2: bytes) -> str:
    stamp = bytes.fromhex("20260302090000")
    return card.transmit(purse_commands.credit_for_load(stamp, mac2).encode()).hex().upper()


@pytest.mark.rule("card reference 10.2, N1: a second INIT kills the first MAC2")
@pytest.mark.parametrize("again", ["load", "unload", "purchase", "capp", "select", "field"])
def test_a_withheld_mac2_is_dead_after_anything_that_ends_its_initialize(again: str) -> None:
    """扣下的 MAC2 在再次初始化、重新选择或离场后作废。"""
    card, host = a_card(), Host()
    _, mac2 = host.begin(card, 10000)
    facts = "01" + "00000064" + "487000000001"
    endings: dict[str, Callable[[], object]] = {
        "load": lambda: _says(card, "805000020B" + facts + "10"),
        "unload": lambda: _says(card, "805005010B" + facts + "10"),
        "purchase": lambda: _says(card, "805001020B" + facts + "0F"),
        "capp": lambda: _says(card, "805003020B" + facts + "0F"),
        "select": lambda: select_again(host.profile, card),
        "field": lambda: hold(purse_reading.select_purse(host.profile), _back(card)),
    }
    endings[again]()
    assert _credit(card, mac2) in {"9302", "6985"}
    assert (card.balance_fen, card.movements) == (5000, ())


@pytest.mark.rule("guarantees 5.4: a replayed 80 52 answers 6985")
def test_a_credit_sent_twice_credits_once() -> None:
    """重放 80 52 答 6985,只入账一次。"""
    card, host = a_card(), Host()
    _, mac2 = host.begin(card, 10000)
    assert _credit(card, mac2).endswith("9000")
    assert _credit(card, mac2) == "6985"
    assert card.balance_fen == 15000


def test_a_rejected_mac2_ends_the_pending_load() -> None:
    card, host = a_card(), Host()
    _, mac2 = host.begin(card, 10000)
    assert _credit(card, bytes(4)) == "9302"
    assert _credit(card, mac2) == "6985"


def test_the_second_half_of_another_transaction_does_not_fit() -> None:
    """圈存初始化后不能用消费指令完成。"""
    card, host = a_card(), Host()
    host.begin(card, 100)
    purchase = Gate(host).purchase(100, PURCHASE)
    with pytest.raises(CardLost) as lost:
        hold(transit_purse.debit_purchase(purchase, mac1=bytes(4)), card.transmit)
    assert lost.value.status == Status(0x6985)


@pytest.mark.rule("card reference 6: 9406")
def test_9406_says_never_committed_or_replaced_or_another_counter() -> None:
    """9406 的三种来历:从未提交、已被后一笔取代、序号不符。"""
    card, host = a_card(), Host()
    select_again(host.profile, card)
    assert _prove(card, LOAD, 0x2B) == "9406"
    first = host.load(card, 1000)
    assert _prove(card, LOAD, first.counter) == "9406"
    assert _prove(card, LOAD, first.proof_counter).endswith("9000")
    second = host.load(card, 1000)
    assert _prove(card, LOAD, first.proof_counter) == "9406"
    assert _prove(card, LOAD, second.proof_counter).endswith("9000")
    assert _prove(card, PURCHASE, first.proof_counter) == "9406"
    assert _says(card, PROVE.format(0x77, 1)) == "9406"


@pytest.mark.rule("card reference 6: only the latest per type is kept")
def test_a_fare_leaves_the_proof_of_the_load_alone() -> None:
    """消费不冲掉圈存的证明,断电也不冲掉。"""
    card, host = a_card(), Host()
    attempt = host.load(card, 1000)
    Gate(host).take(card, 200)
    card.leave_field()
    card.enter_field()
    assert host.ask_for_proof(card, attempt)


def test_a_failed_initialize_and_a_rejected_mac_leave_the_old_proof_alone() -> None:
    card, host = a_card(), Host()
    attempt = host.load(card, 1000)
    _, _ = host.begin(card, 1000)
    assert _credit(card, bytes(4)) == "9302"
    with pytest.raises(CardRefused):
        Gate(host).take(card, 999_999)
    assert host.ask_for_proof(card, attempt)


@pytest.mark.rule("card reference 7: 9402; fault 22")
@pytest.mark.parametrize("counter", ["load_counter", "purchase_counter"])
def test_a_counter_at_its_end_answers_9402(counter: str) -> None:
    """计数器 65535 时初始化答 9402,须换卡。"""
    card, host = a_card(**{counter: COUNTER_END}), Host()  # type: ignore[arg-type]
    with pytest.raises(CardRefused) as refused:
        host.load(card, 100) if counter == "load_counter" else Gate(host).take(card, 100)
    assert (refused.value.status, refused.value.remedy) == (Status(0x9402), Remedy.EXCHANGE_CARD)


def test_the_last_transaction_before_the_end_still_works_and_is_proven() -> None:
    card, host = a_card(load_counter=COUNTER_END - 1), Host()
    attempt = host.load(card, 100)
    assert (attempt.proof_counter, card.load_counter) == (COUNTER_END, COUNTER_END)
    assert host.ask_for_proof(card, attempt)


def test_the_two_counters_do_not_move_each_other() -> None:
    """联机、脱机两个序号互不影响。"""
    card, host = a_card(), Host()
    gate = Gate(host)
    host.load(card, 1000)
    gate.take(card, 100)
    gate.take_with_journey(card, 100)
    host.unload(card, 100)
    assert (card.load_counter, card.purchase_counter) == (0x2C, 0x0109)


def test_the_log_keeps_the_newest_ten() -> None:
    """明细循环保留最近十笔,新者为 1。"""
    card, gate = a_card(), Gate(Host())
    for amount in range(1, TRANSACTION_LOG_RECORDS + 3):
        gate.take(card, amount)
    amounts = [r.amount_fen for r in hold(purse_reading.read_transactions(), card.transmit)]
    assert amounts == list(range(12, 2, -1))
    assert _says(card, "00B20BC417") == "6A83"
    assert _says(card, "00B200C417") == "6A83"


@pytest.mark.rule("card reference 8")
def test_three_wrong_pins_block_and_a_right_one_restores_the_count() -> None:
    """三次错误锁定,成功一次恢复次数。"""
    card = a_card_with_pin()
    select_again(Host().profile, card)
    assert [_says(card, "0020000003000000") for _ in range(2)] == ["63C2", "63C1"]
    assert _says(card, "0020000003135790") == "9000"
    assert [_says(card, "0020000003000000") for _ in range(4)] == ["63C2", "63C1", "63C0", "6983"]
    assert _says(card, "0020000003135790") == "6983"


def test_a_power_cut_gives_no_free_try_of_the_pin() -> None:
    """断电不能白试口令。"""
    card = a_card_with_pin()
    for _ in range(3):
        card.enter_field()
        select_again(Host().profile, card)
        card.tear(Tear(Moment.AFTER, CommandKind.VERIFY))
        with pytest.raises(WireBroke):
            _says(card, "0020000003000000")
    card.enter_field()
    select_again(Host().profile, card)
    assert _says(card, "0020000003135790") == "6983"


def test_a_pin_is_forgotten_with_the_power_and_with_every_select() -> None:
    card, host = a_card_with_pin(), Host()
    select_again(host.profile, card)
    assert _says(card, "0020000003135790") == "9000"
    select_again(host.profile, card)
    assert _says(card, "805000020B010000271048700000000110") == "6982"


@pytest.mark.rule("card reference 8: some card systems reset the PIN state")
def test_a_card_system_may_forget_the_pin_after_each_transaction() -> None:
    """部分卡每笔交易后口令状态复位。"""
    host = Host(pin=ISSUERS_PIN, profile_changes={"pin": PinRule.ON_DEMAND})
    card = a_card_with_pin(Pin(ISSUERS_PIN, forgotten_after_transaction=True))
    host.load(card, 100)
    assert _says(card, "805000020B010000271048700000000110") == "6982"
    host.load(card, 100)
    assert card.balance_fen == 5200


def test_a_fare_never_needs_a_pin() -> None:
    """电子钱包消费不需口令。"""
    card = a_card_with_pin()
    Gate(Host()).take(card, 100)
    assert card.balance_fen == 4900


def test_a_log_may_be_closed_without_the_pin() -> None:
    card = a_card_with_pin(Pin(ISSUERS_PIN, for_log=True))
    select_again(Host().profile, card)
    with pytest.raises(CardRefused) as refused:
        hold(purse_reading.read_transactions(), card.transmit)
    assert refused.value.status == Status(0x6982)
    hold(transit_purse.verify(ISSUERS_PIN), card.transmit)
    assert hold(purse_reading.read_transactions(), card.transmit) == ()


def test_a_card_without_a_pin_refuses_to_verify_one() -> None:
    card = a_card()
    select_again(Host().profile, card)
    with pytest.raises(CardRefused):
        hold(transit_purse.verify(ISSUERS_PIN), card.transmit)


@pytest.mark.rule("card reference 3: answers by 61xx or 6Cxx")
@pytest.mark.parametrize("manner", ["answers_by_get_response", "insists_on_le"])
def test_a_load_works_over_either_way_of_answering(manner: str) -> None:
    """61xx、6Cxx 两种应答方式都能完成圈存。"""
    card, host = a_card(manners=Manners(**{manner: True})), Host()  # type: ignore[arg-type]
    attempt = host.load(card, 10000)
    Gate(host).take_with_journey(card, 100)
    assert card.balance_fen == 14900
    assert host.ask_for_proof(card, attempt)


def test_data_that_wait_are_dropped_by_the_next_command() -> None:
    card = a_card(manners=Manners(answers_by_get_response=True))
    assert _says(card, "00A4040008A00000063201010500") == "6133"
    assert _says(card, "805C000204") == "6104"
    assert _says(card, "00C0000004") == "000013889000"
    assert _says(card, "00C0000004") == "6985"


def test_a_length_the_card_does_not_like_is_corrected() -> None:
    card = a_card(manners=Manners(insists_on_le=True))
    select_again(Host().profile, card)
    assert _says(card, "805C000208") == "6C04"
    assert _says(card, "805C000204") == "000013889000"


WRONG_COMMANDS = {
    "805C000104": "6A86",
    "805000010B010000271048700000000110": "6A86",
    "805006020B010000271048700000000110": "6A86",
    "805000020A0100002710487000000010": "6700",
    "805000020B410000271048700000000110": "9403",
    "805200000A20260302090000000000": "6700",
    "80520100" + "0B" + "20260302090000" + "00000000": "6A86",
    "805401000E" + "00" * 14: "6700",
    "805402000F" + "00" * 15: "6A86",
    "805A0002012B08": "6700",
    "80DC00F001" + "00": "6985",
    "00B096FF00": "6B00",
    "00B0800000": "6A82",
    "00B201CC00": "6A82",
    "00B201C500": "6A86",
    "00B083001E": "6A82",
    "80FF000000": "6D00",
    "005C000204": "6D00",
    "905C000204": "6E00",
    "00A4040004A0000006": "6A82",
    "80": "6700",
}


@pytest.mark.parametrize("command", WRONG_COMMANDS)
def test_a_command_that_is_wrong_is_told_so(command: str) -> None:
    """长度、参数、指令、密钥索引错误各有其状态字。"""
    card = a_card()
    select_again(Host().profile, card)
    assert _says(card, command) == WRONG_COMMANDS[command]


@pytest.mark.rule("card reference 9: an EP without unload")
@pytest.mark.parametrize(("takes", "p2"), [(frozenset({2}), 2), (frozenset({1, 2}), 1)])
def test_card_systems_differ_in_how_they_unload(takes: frozenset[int], p2: int) -> None:
    """圈提 P2 为 01 或 02,因卡而异。"""
    card = a_card(manners=Manners(unload_p2=takes))
    Host(profile_changes={"unload_p2": p2}).unload(card, 100)
    with pytest.raises(CardRefused) as refused:
        Host(profile_changes={"unload_p2": 0x07}).unload(card, 100)
    assert refused.value.status == Status(0x6A86)


def test_a_chip_with_a_limit_of_its_own_refuses_a_load_beyond_it() -> None:
    card, host = a_card(manners=Manners(load_limit_fen=100_000)), Host()
    with pytest.raises(CardRefused) as refused:
        host.load(card, 95_001)
    assert refused.value.status == Status(0x9401)
    host.load(card, 95_000)
    assert card.balance_fen == 100_000


@pytest.mark.parametrize(
    ("manner", "word"),
    [("grey_locked", StatusWord.GREY_LOCKED), ("capp_locked", StatusWord.CAPP_LOCKED)],
)
def test_a_grey_lock_sends_to_the_service_outlet(manner: str, word: StatusWord) -> None:
    """灰锁、复合锁到网点处理。"""
    card, gate = a_card(manners=Manners(**{manner: True})), Gate(Host())  # type: ignore[arg-type]
    with pytest.raises(CardRefused) as refused:
        gate.take_with_journey(card, 100)
    assert (refused.value.status.word, refused.value.remedy) == (word, Remedy.SERVICE_OUTLET)


def test_a_composite_record_goes_only_where_its_number_and_name_say() -> None:
    """复合消费记录按记录号和标识更新。"""
    card, host = a_card(), Host()
    Gate(host).begin(card, 0, CAPP)
    right = CAPP_RECORD.hex().upper()
    assert _says(card, "80DC01D080" + right) == "9000"
    assert _says(card, "80DC02D080" + right) == "6A83"
    assert _says(card, "80DC03D080" + right) == "6A83"
    assert _says(card, "80DC01D07F" + right[:-2]) == "6700"
    assert _says(card, "80DC00F001" + "00") == "6700"
    assert _says(card, "80DC00A801" + "00") == "6A82"


def test_cached_records_are_forgotten_with_the_transaction_they_belong_to() -> None:
    """缓存的行程随交易作废。"""
    card, gate = a_card(), Gate(Host())
    gate.begin(card, 0, CAPP)
    assert _says(card, "80DC00F030" + "04" + "00" * 46 + "01") == "9000"
    gate.take(card, 100)
    assert hold(purse_reading.read_journeys(), card.transmit) == ()


def test_a_card_out_of_the_field_answers_nothing() -> None:
    card = a_card()
    card.leave_field()
    with pytest.raises(WireBroke):
        _says(card, "805C000204")
    assert card.enter_field() == ATR


def test_nothing_is_answered_before_an_application_is_selected() -> None:
    assert _says(a_card(), "805C000204") == "6985"


def test_a_card_gives_random_bytes() -> None:
    card = a_card()
    select_again(Host().profile, card)
    first, second = _says(card, "0084000004"), _says(card, "0084000004")
    assert first != second
    assert len(first) == 2 * (4 + 2)


@pytest.mark.parametrize("part", ["balance", "overdrawn"])
def test_the_negative_part_of_a_sound_purse_is_zero(part: str) -> None:
    card = a_card(balance_fen=0 if part == "overdrawn" else 5000)
    select_again(Host().profile, card)
    assert _says(card, "805C010204") == "000000009000"


def test_another_master_key_is_found_by_mac1_not_by_luck() -> None:
    card = a_card(key_version=2)
    with pytest.raises(WrongCard) as wrong:
        Host().load(card, 100)
    assert wrong.value.why is Why.OTHER_PROFILE


def test_initialize_moves_nothing_however_often() -> None:
    """初始化不动钱、不动序号。"""
    card, host = a_card(), Host()
    for _ in range(20):
        host.begin(card, 100)
    assert (card.balance_fen, card.load_counter, card.movements) == (5000, 0x2A, ())


def test_each_initialize_has_its_own_random_number() -> None:
    card, host = a_card(), Host()
    randoms = {host.begin(card, 100)[0].random for _ in range(20)}
    assert len(randoms) == 20


def test_a_load_at_one_second_is_proven_for_that_second_only() -> None:
    card, host = a_card(), Host()
    attempt, mac2 = host.begin(card, 100)
    loaded = hold(transit_purse.credit_load(at=NOW, mac2=mac2), card.transmit)
    later = attempt.__class__(**{**attempt.__dict__, "at": NOW.replace(second=1)})
    assert host.keys.check_load_tac(host.card, host.profile, attempt, loaded.tac)
    assert not host.keys.check_load_tac(host.card, host.profile, later, loaded.tac)
