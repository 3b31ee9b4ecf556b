"""The verbs of the purse against the simulated card, under both profiles."""

from __future__ import annotations

from dataclasses import replace

import pytest

from onecard.chip import purse_reading, transit_purse
from onecard.chip.fault import CardLost, CardRefused, CryptoMismatch, WrongCard
from onecard.chip.fci import T_UNION_PURSE
from onecard.chip.purse_facts import OnlineAttempt, Purchase, proof_counter
from onecard.chip.purse_files import (
    CAPP_FILE,
    JOURNEY_LOG,
    CardType,
    JourneyRecord,
    TransactionType,
)
from onecard.chip.purse_vectors import KEY_VERSION, VECTOR_SETS, VectorSet
from onecard.chip.simulated_card import Manners
from onecard.chip.status import Remedy, Status, StatusWord, Why
from onecard.chip.wire import hold
from tests.chip.desk import (
    CAPP_RECORD,
    CIPHERS,
    GATE,
    NOW,
    PUBLIC,
    TODAY,
    Gate,
    Host,
    a_card,
    money_fits,
    personalised,
    select_again,
)

BOTH = pytest.mark.parametrize("vectors", VECTOR_SETS, ids=lambda v: str(v.profile.name))
LOAD, UNLOAD = TransactionType.LOAD, TransactionType.UNLOAD
PURCHASE, CAPP = TransactionType.PURCHASE, TransactionType.CAPP_PURCHASE


@BOTH
@pytest.mark.rule("card reference 3: sequence of a load")
def test_a_load_moves_money_counter_and_log_and_is_proven(vectors: VectorSet) -> None:
    """圈存:余额、联机序号、明细一起变,TAC 可验。"""
    card, host = a_card(vectors), Host(vectors)
    attempt = host.load(card, 10000)
    assert (card.balance_fen, card.load_counter) == (15000, 0x2B)
    assert attempt.balance_after_fen == 15000
    (record,) = hold(purse_reading.read_transactions(), card.transmit)
    assert (record.type, record.amount_fen, record.counter) == (LOAD, 10000, 0x2B)
    assert (record.terminal, record.at) == (attempt.terminal, NOW)


@BOTH
def test_the_proof_of_a_load_can_be_asked_for_later(vectors: VectorSet) -> None:
    """取交易认证:序号为交易后的序号。"""
    card, host = a_card(vectors), Host(vectors)
    attempt = host.load(card, 10000)
    card.enter_field()
    assert host.ask_for_proof(card, attempt)
    assert hold(transit_purse.prove(LOAD, attempt.counter), card.transmit) is None


@BOTH
def test_an_unload_takes_money_out_and_is_proven(vectors: VectorSet) -> None:
    """圈提:MAC3 可验。"""
    card, host = a_card(vectors, manners=Manners(unload_p2=frozenset({1}))), Host(vectors)
    attempt = host.unload(card, 5000)
    assert (card.balance_fen, card.load_counter) == (0, 0x2B)
    assert host.ask_for_proof(card, attempt)


@BOTH
def test_a_fare_moves_the_other_counter_and_is_cleared_by_its_tac(vectors: VectorSet) -> None:
    """消费:脱机序号加一,联机序号不动。"""
    card, gate = a_card(vectors), Gate(Host(vectors))
    purchase, paid = gate.take(card, 200)
    assert (card.balance_fen, card.purchase_counter, card.load_counter) == (4800, 0x0108, 0x2A)
    assert gate.clears(purchase, paid.tac)
    assert not gate.clears(replace(purchase, amount_fen=201), paid.tac)


@BOTH
def test_a_composite_fare_writes_journey_and_record_with_the_money(vectors: VectorSet) -> None:
    """复合消费:行程与扣款同时写入。"""
    card, gate = a_card(vectors), Gate(Host(vectors))
    journey = replace(_journey(), balance_fen=4700)
    entry = CAPP_RECORD[:10] + b"\x01" + CAPP_RECORD[11:]
    purchase, paid = gate.take_with_journey(
        card,
        300,
        transit_purse.CappUpdate(JOURNEY_LOG, 0, journey.encode()),
        transit_purse.CappUpdate(CAPP_FILE, 1, entry),
    )
    assert hold(purse_reading.read_journeys(), card.transmit) == (journey,)
    assert gate.clears(purchase, paid.tac)
    assert card.balance_fen == 4700
    (record,) = hold(purse_reading.read_transactions(), card.transmit)
    assert record.type is CAPP


def _journey() -> JourneyRecord:
    vector = JourneyRecord.vectors[0][1]
    assert isinstance(vector, JourneyRecord)
    return vector


def test_an_entry_gate_takes_nothing_and_still_counts() -> None:
    """进站金额为零,仍记一笔。"""
    card, gate = a_card(), Gate(Host())
    update = transit_purse.CappUpdate(JOURNEY_LOG, 0, _journey().encode())
    gate.take_with_journey(card, 0, update)
    assert (card.balance_fen, card.purchase_counter) == (5000, 0x0108)


def test_the_proof_of_a_fare_is_its_tac_and_mac2() -> None:
    """消费的取交易认证:前四字节为 MAC2,后四字节为 TAC。"""
    card, gate = a_card(), Gate(Host())
    purchase, init, mac1 = gate.begin(card, 200, PURCHASE)
    paid = hold(transit_purse.debit_purchase(purchase, mac1=mac1), card.transmit)
    proof = hold(transit_purse.prove(PURCHASE, proof_counter(init)), card.transmit)
    assert proof is not None
    assert (proof.tac, proof.mac) == (paid.tac, paid.mac2)


@pytest.mark.rule("card reference 9, way 2")
def test_a_purse_is_drained_by_one_purchase_of_its_proven_balance() -> None:
    """退值:按已验证余额全额消费一笔。"""
    card, host = a_card(), Host()
    wish = host.wish(1)
    select_again(host.profile, card)
    load_init = hold(
        transit_purse.initialize_load(host.profile, amount_fen=1, challenge=wish.challenge),
        card.transmit,
    )
    proven = host.keys.prove_counter(
        host.card, host.profile, load_init, amount_fen=1, terminal=wish.challenge.terminal
    )
    init = hold(
        transit_purse.initialize_purchase(
            host.profile, amount_fen=proven.balance_fen, terminal=GATE
        ),
        card.transmit,
    )
    mac1 = host.keys.authorise_drain(
        host.card,
        host.profile,
        load_init,
        init,
        load_amount_fen=1,
        load_terminal=wish.challenge.terminal,
        terminal=GATE,
        terminal_counter=0x0400,
        at=NOW,
    )
    drain = Purchase(type=PURCHASE, amount_fen=5000, terminal=GATE, terminal_counter=0x0400, at=NOW)
    paid = hold(transit_purse.debit_purchase(drain, mac1=mac1), card.transmit)
    assert card.balance_fen == 0
    assert host.keys.check_purchase_tac(
        host.card, host.profile, drain, paid.tac, key_version=KEY_VERSION
    )


def test_an_unload_may_begin_without_a_tap_before_it() -> None:
    card, host = a_card(), Host()
    select_again(host.profile, card)
    begun = transit_purse.initialize_unload(
        host.profile, amount_fen=100, challenge=host.challenge()
    )
    assert hold(begun, card.transmit).counter == 0x2A


def test_a_card_has_the_number_its_anti_collision_tells() -> None:
    assert a_card().uid == personalised().uid


def test_a_drain_is_signed_for_the_proven_balance_only() -> None:
    """余额未经 MAC1 证明不签退值。"""
    card, host = a_card(), Host()
    wish = host.wish(1)
    select_again(host.profile, card)
    begun = transit_purse.initialize_load(host.profile, amount_fen=1, challenge=wish.challenge)
    load_init = hold(begun, card.transmit)
    init = hold(
        transit_purse.initialize_purchase(host.profile, amount_fen=5000, terminal=GATE),
        card.transmit,
    )
    with pytest.raises(CryptoMismatch):
        host.keys.authorise_drain(
            host.card,
            host.profile,
            replace(load_init, old_balance=9000),
            init,
            load_amount_fen=1,
            load_terminal=wish.challenge.terminal,
            terminal=GATE,
            terminal_counter=1,
            at=NOW,
        )


@BOTH
def test_a_card_reads_its_files(vectors: VectorSet) -> None:
    """读卡:应用信息、管理信息、持卡人、目录。"""
    card, profile = a_card(vectors), vectors.profile
    (entry,) = hold(purse_reading.read_directory(), card.transmit)
    assert (entry.aid, entry.label) == (T_UNION_PURSE, "MOT_T_EP")
    assert hold(purse_reading.select_purse(profile), card.transmit) == PUBLIC
    management = hold(purse_reading.read_management(), card.transmit)
    assert management.card_type == CardType.ORDINARY
    assert management.is_interoperable
    assert hold(purse_reading.read_holder(), card.transmit).name == bytes(20)
    assert hold(purse_reading.read_balance(), card.transmit) == 5000
    assert hold(purse_reading.read_journeys(), card.transmit) == ()


def test_a_card_system_that_keeps_file_15_out_of_the_fci_is_read_all_the_same() -> None:
    card = a_card(manners=Manners(public_in_fci=False))
    assert hold(purse_reading.select_purse(Host().profile), card.transmit) == PUBLIC


def test_a_phone_instance_is_selected_by_the_first_eight_bytes() -> None:
    """手机实例按前 8 字节选择。"""
    card = a_card(aid=T_UNION_PURSE + bytes.fromhex("215053555A484F55"))
    assert hold(purse_reading.select_purse(Host().profile), card.transmit) == PUBLIC


@pytest.mark.parametrize(
    "word", [StatusWord.APPLICATION_BLOCKED, StatusWord.FUNCTION_NOT_SUPPORTED]
)
def test_a_blocked_purse_sends_to_the_service_outlet(word: StatusWord) -> None:
    """应用锁定的卡到网点处理。"""
    card = a_card(manners=Manners(blocked=word))
    with pytest.raises(WrongCard) as wrong:
        hold(purse_reading.select_purse(Host().profile), card.transmit)
    assert (wrong.value.why, wrong.value.remedy) == (Why.BLOCKED, Remedy.SERVICE_OUTLET)


def test_a_permanently_locked_purse_says_so_at_the_transaction() -> None:
    card = a_card(manners=Manners(blocked=StatusWord.PERMANENTLY_LOCKED))
    with pytest.raises(WrongCard) as wrong:
        Host().load(card, 100)
    assert wrong.value.status == Status(0x9303)


def test_a_forged_mac2_moves_nothing_and_leaves_the_outcome_unknown() -> None:
    """MAC2 不对:卡答 9302,钱不动,服务端仍视为未知。"""
    card, host = a_card(), Host()
    _, mac2 = host.begin(card, 100)
    with pytest.raises(CardLost) as lost:
        hold(transit_purse.credit_load(at=NOW, mac2=mac2[:3] + b"\x00"), card.transmit)
    assert (lost.value.status, lost.value.counts_as_mismatch) == (Status(0x9302), True)
    assert (card.balance_fen, card.movements) == (5000, ())


def test_a_fare_beyond_the_balance_is_refused_before_money_moves() -> None:
    """余额不足在初始化时即拒绝。"""
    card, gate = a_card(), Gate(Host())
    with pytest.raises(CardRefused) as refused:
        gate.take(card, 5001)
    assert (refused.value.status, refused.value.remedy) == (Status(0x9401), Remedy.OTHER_AMOUNT)


@BOTH
def test_a_marked_balance_still_makes_proofs_that_verify(vectors: VectorSet) -> None:
    """余额最高位为标记时,MAC 按卡上原样计算,金额按屏蔽后计。"""
    card, host = a_card(vectors, manners=Manners(marks_balances=True)), Host(vectors)
    attempt = host.load(card, 10000)
    assert attempt.old_balance == 0x80000000 | 5000
    assert attempt.balance_after_fen == 15000
    assert hold(purse_reading.read_balance(), card.transmit) == 15000


def test_every_kind_of_movement_keeps_the_books_of_the_chip() -> None:
    card, host = a_card(manners=Manners(unload_p2=frozenset({1}))), Host()
    gate = Gate(host)
    host.load(card, 10000)
    gate.take(card, 300)
    host.unload(card, 1200)
    gate.take_with_journey(card, 500)
    assert card.balance_fen == 5000 + 10000 - 300 - 1200 - 500
    assert money_fits(card, 5000)
    assert [moved.type for moved in card.movements] == [LOAD, PURCHASE, UNLOAD, CAPP]


def test_a_card_is_rebuilt_from_its_image() -> None:
    """卡存储可存取,跨进程不丢。"""
    card, host = a_card(), Host()
    attempt = host.load(card, 10000)
    Gate(host).take(card, 200)
    again = type(card)(
        personalised(), ciphers=CIPHERS, chance=host.chance.bytes, image=card.image()
    )
    again.enter_field()
    assert (again.balance_fen, again.movements) == (14800, card.movements)
    assert host.ask_for_proof(again, attempt)
    assert again.image() == card.image()


def test_an_attempt_knows_its_card_and_what_to_ask_for() -> None:
    attempt = Host().begin(a_card(), 100)[0]
    assert isinstance(attempt, OnlineAttempt)
    assert (attempt.card, attempt.proof_counter) == (PUBLIC.identity, 0x2B)
    purse_reading.require_this_card(PUBLIC, card=attempt.card, on=TODAY)
