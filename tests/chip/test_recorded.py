"""Talks that were recorded, played against the dialogues: published ones and self-made ones."""

from __future__ import annotations

from datetime import datetime

import pytest

from onecard.chip import purse_reading, transit_purse
from onecard.chip.card_time import BEIJING
from onecard.chip.challenge import Challenge
from onecard.chip.purse_facts import Purchase, proof_counter
from onecard.chip.purse_files import JourneyType, TransactionType
from onecard.chip.purse_profile import T_UNION_3DES, Mac
from onecard.chip.purse_vectors import TRIPLE_DES
from onecard.chip.wire import hold
from tests.chip.desk import PUBLIC, Host
from tests.chip.scripted import RECORDED, Recording


@pytest.mark.rule("card reference 3, recorded real exchange")
def test_a_real_composite_purchase_is_understood() -> None:
    """深圳复合消费实录。"""
    talk = Recording("shenzhen-composite-purchase")
    terminal = bytes.fromhex("200041599997")
    init = hold(
        transit_purse.initialize_capp_purchase(T_UNION_3DES, amount_fen=200, terminal=terminal),
        talk.transmit,
    )
    assert (init.balance_fen, init.counter, init.overdraft_limit_fen) == (90799, 0x36, 800)
    assert (init.key_version, init.algorithm, proof_counter(init)) == (1, 0, 0x37)
    purchase = Purchase(
        type=TransactionType.CAPP_PURCHASE,
        amount_fen=200,
        terminal=terminal,
        terminal_counter=0x57,
        at=datetime(2018, 3, 13, 16, 43, 29, tzinfo=BEIJING),
    )
    paid = hold(
        transit_purse.debit_capp_purchase(purchase, (), mac1=bytes.fromhex("66CBC863")),
        talk.transmit,
    )
    assert (paid.tac.hex(), paid.mac2.hex()) == ("c630c2c8", "abcc913b")
    assert talk.is_over


@pytest.mark.rule("card reference 2.2, 2.4")
def test_a_real_card_is_read() -> None:
    """交通联合卡读卡实录。"""
    talk = Recording("t-union-reading")
    assert hold(purse_reading.select_purse(T_UNION_3DES), talk.transmit) == PUBLIC
    assert hold(purse_reading.read_balance(), talk.transmit) == 2755
    (fare,) = hold(purse_reading.read_transactions(), talk.transmit)
    assert (fare.counter, fare.amount_fen, fare.type) == (
        0x042D,
        500,
        TransactionType.CAPP_PURCHASE,
    )
    (journey,) = hold(purse_reading.read_journeys(), talk.transmit)
    assert (journey.type, journey.balance_fen) == (JourneyType.EXIT, 3585)
    assert talk.is_over


@pytest.mark.rule("card reference 4.4")
def test_the_whole_self_made_load_is_played_and_proven_twice() -> None:
    """自制圈存全程:写卡 TAC 与取交易认证 TAC 一致。"""
    talk, host, known = Recording("self-made-load"), Host(), TRIPLE_DES.load
    attempt = known.attempt
    challenge = Challenge.draw(T_UNION_3DES.challenge, attempt.terminal)
    init = hold(
        transit_purse.initialize_load(
            T_UNION_3DES, amount_fen=attempt.amount_fen, challenge=challenge
        ),
        talk.transmit,
    )
    assert init == known.init
    mac2 = host.keys.authorise_load(
        host.card,
        T_UNION_3DES,
        init,
        amount_fen=attempt.amount_fen,
        terminal=challenge.terminal,
        at=attempt.at,
    )
    assert mac2 == known.values[Mac.LOAD_MAC2]
    loaded = hold(transit_purse.credit_load(at=attempt.at, mac2=mac2), talk.transmit)
    assert host.keys.check_load_tac(host.card, T_UNION_3DES, attempt, loaded.tac)
    proof = hold(transit_purse.prove(attempt.type, attempt.proof_counter), talk.transmit)
    assert host.proves(attempt, proof)
    assert talk.is_over


def test_every_recording_is_played_by_a_test() -> None:
    played = {"shenzhen-composite-purchase", "t-union-reading", "self-made-load"}
    assert {path.stem for path in RECORDED.glob("*.json")} == played
