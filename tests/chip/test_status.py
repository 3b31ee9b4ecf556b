"""Every status word means something, and nothing unknown is ever a success."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.chip.status import (
    CommandKind,
    Outcome,
    Remedy,
    Status,
    StatusWord,
    Why,
    read,
    table_of,
)

K, O, W = CommandKind, Outcome, StatusWord  # noqa: E741
MONEY = [kind for kind in CommandKind if kind.moves_money]
QUIET = [kind for kind in CommandKind if not kind.moves_money]

BEFORE_MONEY = [
    (K.SELECT, 0x9000, O.DONE),
    (K.SELECT, 0x6110, O.FOLLOW_UP),
    (K.READ_BINARY, 0x6C1E, O.FOLLOW_UP),
    (K.SELECT, 0x6283, O.WRONG_CARD),
    (K.SELECT, 0x6A81, O.WRONG_CARD),
    (K.SELECT, 0x6A82, O.WRONG_CARD),
    (K.READ_RECORD, 0x6A82, O.ABSENT),
    (K.READ_RECORD, 0x6A83, O.ABSENT),
    (K.READ_BINARY, 0x6A82, O.ABSENT),
    (K.VERIFY, 0x63C2, O.REFUSED),
    (K.VERIFY, 0x6983, O.REFUSED),
    (K.INITIALIZE_FOR_LOAD, 0x6581, O.REFUSED),
    (K.INITIALIZE_FOR_LOAD, 0x6700, O.REFUSED),
    (K.INITIALIZE_FOR_LOAD, 0x6A80, O.REFUSED),
    (K.INITIALIZE_FOR_LOAD, 0x6A86, O.REFUSED),
    (K.READ_BINARY, 0x6B00, O.REFUSED),
    (K.INITIALIZE_FOR_LOAD, 0x6D00, O.WRONG_CARD),
    (K.INITIALIZE_FOR_LOAD, 0x6E00, O.WRONG_CARD),
    (K.INITIALIZE_FOR_LOAD, 0x6982, O.NEEDS_PIN),
    (K.INITIALIZE_FOR_LOAD, 0x6985, O.NEEDS_PIN),
    (K.GET_TRANSACTION_PROVE, 0x6985, O.NEEDS_PIN),
    (K.INITIALIZE_FOR_LOAD, 0x6987, O.MISMATCH),
    (K.INITIALIZE_FOR_LOAD, 0x6988, O.MISMATCH),
    (K.INITIALIZE_FOR_UNLOAD, 0x9301, O.REFUSED),
    (K.INITIALIZE_FOR_LOAD, 0x9302, O.MISMATCH),
    (K.INITIALIZE_FOR_LOAD, 0x9303, O.WRONG_CARD),
    (K.INITIALIZE_FOR_PURCHASE, 0x9401, O.REFUSED),
    (K.INITIALIZE_FOR_LOAD, 0x9402, O.REFUSED),
    (K.INITIALIZE_FOR_LOAD, 0x9403, O.WRONG_CARD),
    (K.GET_TRANSACTION_PROVE, 0x9406, O.NO_CONCLUSION),
    (K.INITIALIZE_FOR_CAPP_PURCHASE, 0x9407, O.REFUSED),
    (K.INITIALIZE_FOR_LOAD, 0x9408, O.REFUSED),
    (K.INITIALIZE_FOR_LOAD, 0x6F00, O.REFUSED),
]


@pytest.mark.rule("card reference 7; guarantees 10.7, case 112")
@pytest.mark.parametrize(("kind", "value", "outcome"), BEFORE_MONEY)
def test_before_money_moves_a_status_word_is_an_answer(
    kind: CommandKind, value: int, outcome: Outcome
) -> None:
    """资金变动之前,状态字就是答复。"""
    assert read(kind, Status(value)).outcome is outcome


def test_the_table_above_names_every_word_of_the_platform() -> None:
    assert {Status(value).word for _, value, _ in BEFORE_MONEY} >= set(StatusWord)


@pytest.mark.rule("card reference 7, right-hand column")
@pytest.mark.parametrize("kind", MONEY)
@pytest.mark.parametrize("word", [*StatusWord, 0x6F00, 0x0000, 0xFFFF])
def test_on_a_command_that_moves_money_all_but_success_is_unknown(
    kind: CommandKind, word: int
) -> None:
    """写卡指令除成功外一律结果未知。"""
    outcome = read(kind, Status(word)).outcome
    success_or_transport = {W.OK: O.DONE, W.DATA_WAITING: O.FOLLOW_UP, W.WRONG_LE: O.FOLLOW_UP}
    assert outcome is success_or_transport.get(Status(word).word or W.WRONG_DATA, O.LOST)


@pytest.mark.parametrize("kind", CommandKind)
@given(st.integers(0, 0xFFFF))
def test_only_9000_is_a_success(kind: CommandKind, value: int) -> None:
    """未知状态字不算成功。"""
    done = read(kind, Status(value)).outcome is Outcome.DONE
    assert done == (value == StatusWord.OK)


@pytest.mark.rule("card reference 7")
def test_no_status_word_means_a_payment_refund() -> None:
    """任何状态字都不能作为退款依据。"""
    assert not {reading for kind in MONEY for reading in table_of(kind).values() if reading.why}
    assert {read(kind, Status(W.MAC_NOT_AVAILABLE)).outcome for kind in MONEY} == {O.LOST}


@pytest.mark.parametrize("kind", MONEY)
def test_a_rejected_mac_is_counted_even_where_nothing_follows_from_it(kind: CommandKind) -> None:
    assert read(kind, Status(W.MAC_INVALID)).counts_as_mismatch
    assert read(K.INITIALIZE_FOR_LOAD, Status(W.MAC_INVALID)).counts_as_mismatch


@pytest.mark.parametrize("kind", CommandKind)
@pytest.mark.parametrize("word", [W.WRONG_LC, W.WRONG_DATA, W.WRONG_P1_P2, W.WRONG_OFFSET])
def test_our_own_mistakes_ring_the_bell_of_the_engineers(kind: CommandKind, word: int) -> None:
    assert read(kind, Status(word)).alarm


@pytest.mark.parametrize("kind", QUIET)
def test_an_unknown_command_set_is_another_card_and_rings(kind: CommandKind) -> None:
    reading = read(kind, Status(W.INS_NOT_KNOWN))
    assert (reading.why, reading.alarm) == (Why.OTHER_APPLICATION, True)


@pytest.mark.rule("card reference 7: 9402")
def test_a_counter_at_its_end_sends_to_the_exchange_desk() -> None:
    """计数器到顶须换卡。"""
    reading = read(K.INITIALIZE_FOR_LOAD, Status(W.COUNTER_AT_END))
    assert reading.remedy is Remedy.EXCHANGE_CARD


@pytest.mark.rule("card reference 7: 9403")
def test_an_unknown_key_index_is_a_wrong_profile() -> None:
    """9403:密钥索引不支持,卡种不符。"""
    reading = read(K.INITIALIZE_FOR_LOAD, Status(W.KEY_INDEX_NOT_SUPPORTED))
    assert reading.why is Why.OTHER_PROFILE


@pytest.mark.parametrize(
    ("value", "tries"), [(0x63C3, 3), (0x63C0, 0), (0x6983, 0), (0x9000, None), (0x63D1, None)]
)
def test_a_wrong_pin_says_how_many_tries_are_left(value: int, tries: int | None) -> None:
    assert Status(value).tries_left == tries


@pytest.mark.parametrize(("value", "length"), [(0x6110, 16), (0x6100, 256), (0x6C04, 4)])
def test_data_waiting_says_how_many_bytes(value: int, length: int) -> None:
    assert Status(value).length == length


def test_commands_that_move_money_are_the_three_the_standard_names() -> None:
    """80 52 与 80 54。"""
    moves = {kind for kind in CommandKind if kind.moves_money}
    assert moves == {K.CREDIT_FOR_LOAD, K.DEBIT_FOR_UNLOAD, K.DEBIT_FOR_PURCHASE}
