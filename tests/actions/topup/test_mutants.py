"""Nine deliberate mistakes: with any of them somebody gets money twice, or none; without, nobody.

Each attack below is played against the honest code, where it wins nothing, and against every
mutant; each mutant must lose to at least one (card reference 16.1).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from django.db import IntegrityError

from onecard.actions._tapping import TapStep
from onecard.actions.tap import Posted
from onecard.chip import transit_purse
from onecard.chip.challenge import Challenge
from onecard.chip.fault import ChipError
from onecard.chip.simulated_card import NINE_TEAR_POINTS, SimulatedCard
from onecard.chip.wire import hold
from onecard.domain.refusal import Refused
from onecard.records.models import PurseAccount
from onecard.seams.failpoint import Crash, armed
from tests.actions.topup.mutants import LEAKED, MUTANTS
from tests.chip.desk import select_again
from tests.topping_up import (
    AMOUNT_FEN,
    HOST,
    Phone,
    a_purse,
    later,
    numbered_card,
    paid,
    refund,
    state,
    sweep,
)

pytestmark = pytest.mark.django_db
Attack = Callable[[SimulatedCard, str], None]


def wants_money_back(order: str) -> None:
    """Ask, and take the no."""
    with contextlib.suppress(Refused):
        refund(order)


def without_proof(step: TapStep, answers: list[str]) -> list[str]:
    """What the card answered, with 9406 in place of its proof."""
    return [
        "9406" if apdu.hex.startswith("805A") else one
        for apdu, one in zip(step.apdus, answers, strict=False)
    ]


def hiding(order: str, card: SimulatedCard, claimed: str) -> None:
    """Write, claim a failure, hide the proof at the next tap, ask for the money."""

    def lie(step: TapStep, answers: list[str]) -> Posted:
        shown = without_proof(step, answers)
        return Posted(step.seq, (claimed,) if step.moves_money else tuple(shown))

    liar = Phone(card, meddle=lie)
    liar.top_up(order)
    wants_money_back(order)
    if state(order) == "in_doubt":
        liar.top_up(order)


def hide_with_9406(card: SimulatedCard, order: str) -> None:
    """写了,报9406。"""
    hiding(order, card, "9406")


def hide_with_9302(card: SimulatedCard, order: str) -> None:
    """写了,报9302。"""
    hiding(order, card, "9302")


def keep_silent(card: SimulatedCard, order: str) -> None:
    """写了,再不出声,等到超时要钱。"""

    def lose(step: TapStep, answers: list[str]) -> Posted | None:
        return None if step.moves_money else Posted(step.seq, tuple(answers))

    Phone(card, meddle=lose).top_up(order)
    later(minutes=6)
    sweep()
    wants_money_back(order)


def claim_success(card: SimulatedCard, order: str) -> None:
    """没写,报9000。"""

    def lie(step: TapStep, answers: list[str]) -> Posted:
        return Posted(step.seq, ("AABBCCDD9000",) if step.moves_money else tuple(answers))

    card.tear(NINE_TEAR_POINTS["before_credit"])
    Phone(card, meddle=lie).top_up(order)


def claim_proof(card: SimulatedCard, order: str) -> None:
    """没写,下次贴卡伪造凭证。"""
    Phone(card).torn(order, NINE_TEAR_POINTS["before_credit"])

    def lie(step: TapStep, answers: list[str]) -> Posted:
        forged = [
            "00000000AABBCCDD9000" if apdu.hex.startswith("805A") else one
            for apdu, one in zip(step.apdus, answers, strict=False)
        ]
        return Posted(step.seq, tuple(forged))

    Phone(card, meddle=lie).top_up(order)


def turn_back_the_counter(card: SimulatedCard, order: str) -> None:
    """写了,把应答里的序号改回去。"""
    Phone(card).torn(order, NINE_TEAR_POINTS["after_credit"])
    wants_money_back(order)

    def lie(step: TapStep, answers: list[str]) -> Posted:
        raw = bytearray.fromhex(answers[-1])
        raw[5] -= 1
        hidden = without_proof(step, answers)
        return Posted(step.seq, (*hidden[:-1], raw.hex().upper()))

    Phone(card, meddle=lie).top_up(order)


def collect_first(card: SimulatedCard, order: str) -> None:
    """先收集应答,写了,再重放合适的那一个。"""
    card.enter_field()
    select_again(HOST.profile, card)
    table: dict[str, str] = {}
    for number in range(50):
        challenge = Challenge(number.to_bytes(6), 2**48)
        asked = transit_purse.load_command(HOST.profile, AMOUNT_FEN, challenge)
        table[challenge.terminal.hex().upper()] = card.transmit(asked.encode()).hex().upper()
    Phone(card).torn(order, NINE_TEAR_POINTS["after_credit"])
    wants_money_back(order)

    def replay(step: TapStep, answers: list[str]) -> Posted:
        hidden = without_proof(step, answers)
        return Posted(step.seq, (*hidden[:-1], table.get(step.apdus[-1].hex[20:32], answers[-1])))

    Phone(card, meddle=replay).top_up(order)


def crash_in_between(card: SimulatedCard, order: str) -> None:
    """服务器在保存之前宕机:授权若已出门,就写。"""
    LEAKED.clear()
    with pytest.raises(Crash), armed("topup.settle.before_commit"):
        Phone(card).top_up(order)
    for mac2, at in LEAKED:
        with contextlib.suppress(ChipError):
            hold(transit_purse.credit_load(at=at, mac2=mac2), card.transmit)
    wants_money_back(order)


ATTACKS: tuple[Attack, ...] = (
    hide_with_9406,
    hide_with_9302,
    keep_silent,
    claim_success,
    claim_proof,
    turn_back_the_counter,
    collect_first,
    crash_in_between,
)


def wrong(attack: Attack) -> bool:
    """Whether somebody got the money twice or not at all; a wall of the database counts as well."""
    card = numbered_card(PurseAccount.objects.count(), balance_fen=5000)
    order = paid(a_purse(card))
    try:
        with contextlib.suppress(Refused):
            attack(card, order)
    except IntegrityError:
        return True
    ended = state(order)
    twice = card.balance_fen > 5000 and ended in {"refunding", "refunded"}
    never = card.balance_fen == 5000 and ended == "loaded"
    return twice or never or card.balance_fen > 5000 + AMOUNT_FEN


@pytest.mark.rule("card reference 16.1: the liar gains nothing")
@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_wins_anything(attack: Attack) -> None:
    """诚实的代码下,每种攻击都得不到钱。"""
    assert not wrong(attack)


@pytest.mark.rule("issue C: eight deliberate mistakes kept as mutants; card reference 16.1")
@pytest.mark.parametrize("mutant", MUTANTS)
def test_every_deliberate_mistake_loses_money_to_some_attack(
    mutant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """故意改错一处,必有一种攻击得手:测试抓得住。"""
    MUTANTS[mutant](monkeypatch)
    assert any(wrong(attack) for attack in ATTACKS), mutant
