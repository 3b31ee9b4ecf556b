"""Eight banks, eight habits: told apart by their data, the same again from the same seed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from onecard.adapters.bank import LossConfirmed
from onecard.adapters.bank.codes import BANK
from onecard.adapters.bank.habits import HABITS, BankHabit, Temper
from onecard.adapters.caller import Patience
from onecard.adapters.faults import Fault
from onecard.adapters.outcomes import PartnerDown, PartnerUnsure
from onecard.seams.world import World
from tests import cast
from tests.adapters.stage import Stage, in_process, over_http
from tests.adapters.test_bank_losses import ORDER

CALLS = 400


def _temper(bank: str, seed: int = 7, at: datetime = cast.MONDAY_9AM) -> Temper:
    return Temper(bank, HABITS[bank], seed=seed, now=lambda: at)


def test_every_bank_has_a_habit_and_no_two_are_alike() -> None:
    """八家银行各有习惯。"""
    assert set(HABITS) == set(BANK)
    assert len(set(HABITS.values())) == len(BANK)


@pytest.mark.parametrize(
    ("bank", "fault", "percent"),
    [
        ("bocom", Fault.DUPLICATE, 25),
        ("jnrcb", Fault.BREAKS_AFTER, 25),
        ("abc", Fault.SLOW, 2),
    ],
)
def test_a_habit_strikes_about_as_often_as_it_says(bank: str, fault: Fault, percent: int) -> None:
    """习惯按比例发生;其余正常。"""
    temper = _temper(bank)
    struck = Counter(temper.strike() for _ in range(CALLS))
    assert set(struck) == {fault, None}
    assert abs(struck[fault] * 100 / CALLS - percent) < 6


def test_the_same_seed_gives_the_same_run_and_another_one_another() -> None:
    """同一种子,同样的经过。"""
    runs = [[_temper("bocom", seed).strike() for _ in range(1)] for seed in (1, 1)]
    assert runs[0] == runs[1]
    long = []
    for seed in (1, 1, 2):
        temper = _temper("jnrcb", seed)
        long.append([temper.strike() for _ in range(60)])
    assert long[0] == long[1] != long[2]


def test_a_bank_that_is_away_comes_back_within_its_period() -> None:
    """时常停机的银行,每两分钟停二十秒。"""
    seconds = range(240)
    away = [
        _temper("ccb", at=cast.MONDAY_9AM + timedelta(seconds=second)).is_away()
        for second in seconds
    ]
    assert sum(away) == 40
    assert not _temper("icbc").is_away()


@pytest.mark.parametrize("bank", sorted(BANK))
def test_answers_come_at_the_banks_own_pace(bank: str) -> None:
    """快慢各异,在各自范围内。"""
    temper, habit = _temper(bank), HABITS[bank]
    paces = [temper.seconds() for _ in range(50)]
    assert habit.least_ms / 1000 <= min(paces)
    assert max(paces) <= habit.most_ms / 1000


@pytest.mark.rule("guarantees I6")
def test_a_bank_ten_minutes_ahead_signs_by_its_own_clock(stage: Stage) -> None:
    """时钟快十分钟的银行,回执写它自己的时间;我们另记收到的时间。"""
    stage.inside.banks["jsb"].temper.habit = HABITS["jsb"]
    said = stage.partners.banks["jsb"].report_loss(ORDER, within_seconds=2)
    assert isinstance(said, LossConfirmed)
    assert said.effective_at - said.received_at == timedelta(minutes=10)


def test_a_loss_gets_through_to_every_bank_whatever_its_habit(a_world: World) -> None:
    """无论哪家银行、何种毛病,重试总能送达,且只挂一次。"""
    with in_process(a_world, habits=HABITS) as stage:
        _tell_all(stage, tries=60)


def test_a_loss_gets_through_over_the_wire_too(a_world: World) -> None:
    with over_http(a_world, Patience(timeout_seconds=0.8, tries=1), habits=HABITS) as stage:
        _tell_all(stage, tries=60)


def _tell_all(stage: Stage, tries: int) -> None:
    for key, bank in stage.partners.banks.items():
        for number in range(8):
            order = replace(ORDER, message_id=f"evt_{key}_{number}", card_number=f"B{number:08d}")
            order = replace(order, bank_card_number=f"62{number:017d}")
            for _ in range(tries):
                try:
                    said = bank.report_loss(order, within_seconds=0.8)
                except (PartnerDown, PartnerUnsure):
                    stage.clock.advance(timedelta(seconds=1))
                else:
                    assert isinstance(said, LossConfirmed)
                    break
            else:
                pytest.fail(key)
        assert len(stage.inside.banks[key].accounts_after("", 100).lines) == 8


def test_a_switch_thrown_by_hand_comes_before_the_habit(a_world: World) -> None:
    """手工设置的故障优先于习惯。"""
    with in_process(a_world, habits={"icbc": BankHabit(twice_percent=100)}) as stage:
        stage.inside.faults.set("bank:icbc", Fault.DOWN, times=1)
        assert stage.inside.strike("bank:icbc") is Fault.DOWN
        assert stage.inside.strike("bank:icbc") is Fault.DUPLICATE
        assert stage.inside.strike("sms") is None
