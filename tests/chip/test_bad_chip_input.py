"""Bad input from a chip or from a phone that speaks for it (guarantees 10.7, cases 111-116)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.chip import hr_application, purse_reading, tap, transit_purse
from onecard.chip.challenge import Challenge
from onecard.chip.dialogue import Carried, Conversation, Dialogue
from onecard.chip.fault import (
    CardLost,
    CardRefused,
    ChipError,
    CryptoMismatch,
    Fault,
    Loss,
    Proof,
    WrongCard,
)
from onecard.chip.purse_answers import COUNTER_END, LoadInitialized
from onecard.chip.purse_facts import is_suspicious
from onecard.chip.purse_files import CardIdentity, TransactionType
from onecard.chip.purse_profile import T_UNION_3DES, Mac
from onecard.chip.purse_vectors import TRIPLE_DES
from onecard.chip.status import Remedy, Why
from onecard.chip.wire import hold
from tests.chip.desk import NOW, Host, a_card
from tests.chip.scripted import Script
from tests.chip.test_dialogue import FCI, MAC2, OK

CAP_FEN = 100_000
CHALLENGE = Challenge.draw(T_UNION_3DES.challenge, bytes.fromhex("487000000001"))
INIT = TRIPLE_DES.load.init
ATTEMPT = TRIPLE_DES.load.attempt
LOAD = "00001388002A0100A1B2C3D41D08D2A99000"


def _initialize(*answers: str | None) -> LoadInitialized:
    dialogue = transit_purse.initialize_load(T_UNION_3DES, amount_fen=10000, challenge=CHALLENGE)
    return hold(dialogue, Script(answers).transmit)


def _credit(*answers: str | None) -> bytes:
    return hold(transit_purse.credit_load(at=NOW, mac2=MAC2), Script(answers).transmit).tac


@pytest.mark.rule("guarantees 10.7, case 111")
@pytest.mark.parametrize("answer", ["", "90", "00001388" + OK, OK, "00" * 300])
def test_an_answer_without_sense_is_a_lost_card(answer: str) -> None:
    """空应答、半个状态字、长度不对:卡片应答异常。"""
    with pytest.raises(CardLost) as lost:
        _initialize(answer)
    assert lost.value.fault is Fault.PROTOCOL
    assert not lost.value.outcome_unknown


@pytest.mark.rule("guarantees 10.7, case 111: on 80 52/80 54 outcome unknown")
@pytest.mark.parametrize("answer", ["", "90", OK, "F7D5F0" + OK, "F7D5F0A700" + OK])
def test_the_same_on_a_credit_leaves_the_outcome_unknown(answer: str) -> None:
    """写卡指令上同样的异常为结果未知。"""
    with pytest.raises(CardLost) as lost:
        _credit(answer)
    assert lost.value.outcome_unknown


def test_hex_of_odd_length_from_a_phone_is_an_empty_answer() -> None:
    talk = Conversation(transit_purse.credit_load(at=NOW, mac2=MAC2))
    with pytest.raises(CardLost) as lost:
        talk.take(Carried.from_hex(["F7D5F0A7900"]))
    assert (lost.value.how, lost.value.outcome_unknown) == (Loss.NONSENSE, True)


EVERY_DIALOGUE = st.sampled_from(
    [
        lambda: purse_reading.select_purse(T_UNION_3DES),
        purse_reading.read_directory,
        purse_reading.read_balance,
        purse_reading.read_holder,
        purse_reading.read_management,
        purse_reading.read_transactions,
        purse_reading.read_journeys,
        hr_application.read_hr_card,
        lambda: transit_purse.verify(b"\x12\x34"),
        lambda: transit_purse.prove(TransactionType.LOAD, 0x2B),
        lambda: transit_purse.credit_load(at=NOW, mac2=MAC2),
        lambda: transit_purse.debit_unload(at=NOW, mac2=MAC2),
        lambda: transit_purse.initialize_purchase(T_UNION_3DES, amount_fen=1, terminal=bytes(6)),
        lambda: tap.tap(T_UNION_3DES, tap.Wish(amount_fen=1, challenge=CHALLENGE)),
    ]
)
ANSWERS = st.lists(st.binary(max_size=80), max_size=12)
PLAUSIBLE = st.lists(
    st.builds(
        lambda data, word: data + bytes.fromhex(word),
        st.binary(max_size=64) | st.just(bytes.fromhex(FCI[:-4])),
        st.sampled_from([OK, OK, OK, "6104", "6C10", "6A83", "9406", "6985"]),
    ),
    max_size=12,
)


@given(EVERY_DIALOGUE, ANSWERS | PLAUSIBLE)
def test_whatever_a_card_says_a_dialogue_ends_in_a_result_or_one_of_four_errors(
    begin: object, answers: list[bytes]
) -> None:
    """任何字节序列都只会得到结果或四种错误之一。"""
    dialogue: Dialogue[object] = begin()  # type: ignore[operator]
    talk = Conversation(dialogue)
    left = list(answers)
    while talk.step:
        mine, left = left[: len(talk.step.commands)], left[len(talk.step.commands) :]
        lost = None if mine else Loss.CARD_GONE
        try:
            talk.take(Carried(tuple(mine), lost))
        except (CardRefused, CardLost, WrongCard, CryptoMismatch):
            return


@pytest.mark.rule("guarantees 10.7, case 112: none means refund")
@pytest.mark.parametrize("word", ["6985", "6A82", "6A83", "9302", "9401", "9403", "9406", "6581"])
def test_no_status_word_on_a_credit_concludes_anything(word: str) -> None:
    """写卡时无论卡或手机说什么状态字,都不是失败的证明。"""
    with pytest.raises(CardLost) as lost:
        _credit(word)
    assert lost.value.outcome_unknown
    assert lost.value.counts_as_mismatch is (word == "9302")


@pytest.mark.rule("guarantees 10.7, case 113")
@pytest.mark.parametrize(
    ("changes", "suspicious"),
    [
        ({"old_balance": CAP_FEN}, False),
        ({"old_balance": 0x80000000 | CAP_FEN}, False),
        ({"old_balance": CAP_FEN + 1}, True),
        ({"old_balance": 0xFFFFFFFF}, True),
        ({"counter": COUNTER_END}, True),
        ({"counter": 0x29}, True),
        ({"counter": 0x2A}, False),
    ],
)
def test_more_money_than_the_cap_or_a_counter_that_went_back_is_suspicious(
    changes: dict[str, int],
    suspicious: bool,  # noqa: FBT001
) -> None:
    """余额超上限、计数器到顶或倒退:可疑卡。"""
    init = replace(INIT, **changes)  # type: ignore[arg-type]
    assert is_suspicious(init, cap_fen=CAP_FEN, counter_seen=0x2A) is suspicious


@pytest.mark.rule("guarantees 10.7, case 113: counter 0xFFFF")
def test_a_card_whose_counter_stands_at_its_end_is_not_loaded() -> None:
    """计数器 65535 的卡须换卡。"""
    with pytest.raises(WrongCard) as wrong:
        _initialize("00001388FFFF0100A1B2C3D41D08D2A99000")
    assert (wrong.value.fault, wrong.value.remedy) == (Fault.SUSPICIOUS, Remedy.EXCHANGE_CARD)


def test_an_unknown_algorithm_byte_is_a_wrong_card_never_a_guess() -> None:
    """算法字节不识别即非本卡。"""
    with pytest.raises(WrongCard) as wrong:
        _initialize("00001388002A0104A1B2C3D41D08D2A99000")
    assert (wrong.value.why, wrong.value.alarm) == (Why.OTHER_PROFILE, True)


@pytest.mark.rule("guarantees 10.7, case 114")
@pytest.mark.parametrize("tac", [bytes(4), b"\xff" * 4, bytes.fromhex("F7D5F0A6"), b""])
def test_a_tac_that_does_not_verify_proves_nothing(tac: bytes) -> None:
    """全零 TAC 不是证明。"""
    host = Host()
    assert not host.keys.check_load_tac(host.card, host.profile, ATTEMPT, tac)


@pytest.mark.rule("guarantees 10.7, case 114")
def test_the_mac1_of_another_card_is_worth_nothing() -> None:
    """另一张卡的 MAC1 不予授权。"""
    host = Host()
    other = CardIdentity(host.card.issuer, bytes.fromhex("03104870000000099999"))
    with pytest.raises(CryptoMismatch) as mismatch:
        host.keys.authorise_load(
            other,
            host.profile,
            INIT,
            amount_fen=ATTEMPT.amount_fen,
            terminal=ATTEMPT.terminal,
            at=ATTEMPT.at,
        )
    assert (mismatch.value.what, mismatch.value.fault) == (Proof.MAC1, Fault.PROOF)


TAMPERED = {
    "balance": {"old_balance": 4999},
    "counter": {"counter": 0x29},
    "random": {"random": bytes.fromhex("A1B2C3D5")},
    "mac1": {"mac1": bytes(4)},
}


@pytest.mark.rule("card reference 10.2: MAC1 authenticates SN, balance, amount, terminal")
@pytest.mark.parametrize("what", TAMPERED)
def test_mac1_covers_balance_counter_and_random_number(what: str) -> None:
    """MAC1 覆盖余额、序号与随机数。"""
    host = Host()
    forged = replace(INIT, **TAMPERED[what])  # type: ignore[arg-type]
    facts = {"amount_fen": ATTEMPT.amount_fen, "terminal": ATTEMPT.terminal}
    with pytest.raises(CryptoMismatch):
        host.keys.prove_counter(host.card, host.profile, forged, **facts)  # type: ignore[arg-type]
    proven = host.keys.prove_counter(host.card, host.profile, INIT, **facts)  # type: ignore[arg-type]
    assert (proven.balance_fen, proven.counter) == (5000, 0x2A)


def test_mac1_covers_amount_and_terminal_number() -> None:
    """MAC1 覆盖金额与终端编号,旧应答对新挑战无效。"""
    host = Host()
    for facts in (
        {"amount_fen": 10001, "terminal": ATTEMPT.terminal},
        {"amount_fen": 10000, "terminal": bytes.fromhex("487000000002")},
    ):
        with pytest.raises(CryptoMismatch):
            host.keys.prove_counter(host.card, host.profile, INIT, **facts)  # type: ignore[arg-type]


def test_a_key_generation_nobody_imported_is_another_profile() -> None:
    host = Host()
    with pytest.raises(WrongCard) as wrong:
        host.keys.prove_counter(
            host.card,
            host.profile,
            replace(INIT, key_version=9),
            amount_fen=10000,
            terminal=ATTEMPT.terminal,
        )
    assert wrong.value.why is Why.OTHER_PROFILE


@pytest.mark.rule("guarantees 10.7, case 115")
@pytest.mark.parametrize("fci", ["6F80", "6F84FFFFFFFF", "6F31", "", "84" + "00"])
def test_an_fci_that_is_none_is_named_so(fci: str) -> None:
    """FCI 编码错误。"""
    with pytest.raises(CardLost) as lost:
        hold(purse_reading.select_purse(T_UNION_3DES), Script([fci + OK]).transmit)
    assert lost.value.fault is Fault.TLV


def test_a_directory_that_is_none_is_named_so() -> None:
    with pytest.raises(CardLost) as lost:
        hold(purse_reading.read_directory(), Script(["6F84FF" + OK]).transmit)
    assert lost.value.fault is Fault.TLV


@pytest.mark.rule("guarantees 10.7, case 116")
def test_a_second_card_with_another_serial_is_not_the_card_of_the_order() -> None:
    """换了一张卡。"""
    host, card = Host(), a_card()
    other = CardIdentity(host.card.issuer, bytes.fromhex("03104870000000099999"))
    with pytest.raises(WrongCard) as wrong:
        hold(tap.tap(host.profile, host.wish(100, card=other)), card.transmit)
    assert wrong.value.why is Why.OTHER_SERIAL
    assert card.movements == ()


def test_every_error_has_a_code_of_the_catalogue() -> None:
    raised: list[ChipError] = []
    for answers in (["6F"], ["6F80" + OK], ["6A82", "6A82"], [None]):
        with pytest.raises(ChipError) as error:
            hold(purse_reading.select_purse(T_UNION_3DES), Script(answers).transmit)
        raised.append(error.value)
    assert [error.fault.value for error in raised] == [
        "chip.protocol",
        "chip.tlv",
        "chip.wrong_card",
        "chip.lost",
    ]


def test_a_wrong_tac_beside_a_right_one() -> None:
    host = Host()
    right = TRIPLE_DES.load.values[Mac.LOAD_TAC]
    assert host.keys.check_load_tac(host.card, host.profile, ATTEMPT, right)
    assert not host.keys.check_load_tac(host.card, host.profile, ATTEMPT, right[:3])


def test_the_load_vector_is_the_answer_it_says() -> None:
    assert _initialize(LOAD) == INIT
