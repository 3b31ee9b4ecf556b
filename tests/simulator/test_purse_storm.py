"""A storm over the top-up is repeatable, and the books agree with the cards at its end."""

from __future__ import annotations

import pytest

from onecard.domain.topup import OrderState
from onecard.simulator.purse_storm.life import Lived
from onecard.simulator.purse_storm.parts import PART, Storm
from onecard.simulator.purse_storm.shard import run
from onecard.simulator.purse_storm.verdict import Verdict, judge, together
from onecard.simulator.purse_storm.weather import Weather

ORDERS = 40


def storm(seed: str, orders: int = ORDERS, **weather: float) -> Verdict:
    """A small storm in the database of the test."""
    return run(orders, seed, Weather(**weather), told=lambda _: None)


def lived(state: OrderState, *credited_fen: int, honest: bool = True) -> Lived:
    """An order of 50 yuan that ended so."""
    return Lived("top_1", honest, state, 5000, credited_fen, 1)


@pytest.mark.django_db
@pytest.mark.rule("card reference 16.1; guarantees 5")
def test_in_a_storm_no_order_is_both_loaded_and_paid_back_and_none_is_neither() -> None:
    """撕卡、丢包、宕机、说谎:不重、不漏,分文不差。"""
    found = storm("a", torn=0.4, lost=0.1, crashed=0.2, lying=0.3)
    assert found.holds, found
    assert (found.both, found.neither, found.adrift_fen) == (0, 0, 0)
    assert found.loaded > ORDERS / 2
    assert found.closed_without_person == 1


@pytest.mark.django_db
def test_liars_win_nothing() -> None:
    """全是说谎的手机:退了款的,卡上一分没有。"""
    found = storm("b", lying=1, wish=0.3)
    assert found.holds, found
    assert found.held


@pytest.mark.django_db(transaction=True)
def test_the_same_seed_gives_the_same_storm_line_by_line() -> None:
    """同一种子,同一过程。"""
    assert _alone("c") == _alone("c") != _alone("d")


def _alone(seed: str) -> str:
    """The trace of a storm on empty tables, as its own process has them."""
    from django.core.management import call_command

    from onecard.records import append_only

    with append_only.lowered():
        call_command("flush", verbosity=0, interactive=False)
    return storm(seed, 12).trace


@pytest.mark.parametrize(
    ("one", "wrong"),
    [
        (lived(OrderState.REFUNDED, 5000), "both"),
        (lived(OrderState.LOADED, 5000, 5000), "both"),
        (lived(OrderState.LOADED), "neither"),
        (lived(OrderState.LOADED, 2000), "adrift_fen"),
        (lived(OrderState.VOID, 5000), "adrift_fen"),
        (lived(OrderState.IN_DOUBT, 5000, 5000), "adrift_fen"),
    ],
)
def test_a_verdict_sees_every_way_in_which_money_can_be_wrong(one: Lived, wrong: str) -> None:
    """判定本身有牙:多充、少充、既充又退都看得出。"""
    found = judge([one], ())
    assert getattr(found, wrong)
    assert not found.holds


def test_what_is_right_is_called_right() -> None:
    """已充、已退、待证,各归其位。"""
    right = [
        lived(OrderState.LOADED, 5000),
        lived(OrderState.REFUNDED),
        lived(OrderState.IN_DOUBT, 5000, honest=False),
        lived(OrderState.IN_DOUBT),
    ]
    found = together([judge(right[:2], ()), judge(right[2:], ())])
    assert found.holds
    assert (found.loaded, found.paid_back, found.held, found.paid_fen) == (1, 1, 2, 20000)
    assert found.closed_without_person == pytest.approx(2 / 3)


def test_a_break_of_the_daily_check_is_not_overlooked() -> None:
    """日核对有差异,判定不通过。"""
    assert not judge([lived(OrderState.LOADED, 5000)], ("paid",)).holds


def test_how_a_storm_is_cut_depends_on_nothing_but_its_size() -> None:
    """分段只看单数,不看机器。"""
    weather = Weather()
    assert Storm(2 * PART + 1, 7, weather).parts() == [PART, PART, 1]
    assert Storm(5, 7, weather).name == Storm(5, 7, Weather()).name
    assert Storm(5, 7, weather).name != Storm(5, 8, weather).name


def test_a_chance_lies_between_nothing_and_certainty() -> None:
    """概率在零与一之间。"""
    with pytest.raises(ValueError, match=r"torn is 1\.5"):
        Weather(torn=1.5)
