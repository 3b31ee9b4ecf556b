"""Where a card family leaves too little room for chance: a probe, or no payment refund (10.2)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from onecard.actions import _purses, _tapping, topup
from onecard.actions.tap import Posted
from onecard.chip.challenge import ChallengeRule
from onecard.chip.purse_profile import PROFILES
from onecard.chip.simulated_card import NINE_TEAR_POINTS, SimulatedCard
from onecard.domain.refusal import Refused
from onecard.domain.topup import TopUpPolicy
from onecard.records.models import PurseAccount, PurseChallenge
from tests.actions.topup.test_fault_points import _flipped
from tests.chip.desk import a_card
from tests.topping_up import (
    HOLDER,
    OUTLET,
    Phone,
    a_purse,
    attempts,
    now,
    paid,
    refund,
    state,
)

pytestmark = pytest.mark.django_db
FAMILY = "four-random-bytes"
BEFORE = NINE_TEAR_POINTS["before_credit"]


@pytest.fixture(autouse=True)
def family(monkeypatch: pytest.MonkeyPatch) -> None:
    """A family whose terminal number has 32 unpredictable bits."""
    weak = replace(PROFILES["t-union-3des"], name=FAMILY, challenge=ChallengeRule(size=4))
    known = dict(PROFILES) | {FAMILY: weak}
    monkeypatch.setattr(_purses, "PROFILES", known)
    monkeypatch.setattr(_tapping, "PROFILES", known)


@pytest.fixture
def no_probe(monkeypatch: pytest.MonkeyPatch) -> None:
    """A city that sends no probe."""
    figures = _purses.figures_on

    def without(day: object) -> TopUpPolicy:
        return replace(figures(day), probe_amounts_fen=1)  # type: ignore[arg-type]

    monkeypatch.setattr("onecard.actions.topup._plans.figures_on", without)


def torn() -> tuple[SimulatedCard, str]:
    """A card of that family whose write was torn before it happened."""
    card = a_card()
    purse = a_purse(card)
    PurseAccount.objects.update(profile=FAMILY)
    order = paid(purse)
    Phone(card).torn(order, BEFORE)
    assert state(order) == "in_doubt"
    return card, order


@pytest.mark.rule("card reference 10.2: 4 random bytes + probe = 48.6 bits, strong")
def test_a_probe_makes_a_short_challenge_strong_enough_to_pay_back() -> None:
    """四字节询问数加随机金额探询:够强,可退款。"""
    card, order = torn()
    with pytest.raises(Refused):
        refund(order)
    phone = Phone(card)
    assert phone.top_up(order).outcome == "topup.tap.refunding"
    asked = [apdu.hex[:8] for apdu in phone.steps[0].apdus]
    assert asked.count("80500002") == 2
    assert attempts(order) == [("dead", "n1_strong")]
    assert PurseChallenge.objects.filter(probe=True).count() == 1


@pytest.mark.rule("card reference 10.2: the probe must verify as well")
def test_a_probe_that_does_not_verify_teaches_nothing() -> None:
    """探询的应答不符:什么都不学。"""
    card, order = torn()

    def forge(step: _tapping.TapStep, answers: list[str]) -> Posted:
        return Posted(step.seq, (*answers[:-2], _flipped(answers[-2], byte=15), answers[-1]))

    assert Phone(card, meddle=forge).top_up(order).outcome == "topup.tap.mismatch"
    assert attempts(order) == [("open", "")]


@pytest.mark.rule("card reference 10.2: weak N1 allows writing again, never a payment refund")
def test_a_weak_answer_allows_writing_again_and_never_a_refund(no_probe: None) -> None:
    """弱证明:可以重写,不能退款;在网点自己的读卡器上才够退款。"""
    card, order = torn()
    with pytest.raises(Refused):
        refund(order)
    done = Phone(card).top_up(order)
    assert (done.outcome, state(order)) == ("topup.tap.not_written", "paid")
    assert attempts(order) == [("dead", "n1_weak")]
    with pytest.raises(Refused, match=r"topup\.in_doubt_needs_card"):
        refund(order)
    assert Phone(card, actor=OUTLET).top_up(order).outcome == "topup.tap.refunding"
    assert attempts(order) == [("dead", "n1_strong")]
    del no_probe


def test_a_weak_answer_is_written_again_at_once(no_probe: None) -> None:
    """弱证明:同一次贴卡即重写。"""
    card, order = torn()
    assert Phone(card).top_up(order).outcome == "topup.tap.loaded"
    assert attempts(order) == [("dead", "n1_weak"), ("proven", "p1")]
    del no_probe


@pytest.mark.rule("card reference 10.2: read on our own reader with the card in the clerk's hand")
def test_our_own_reader_makes_any_answer_strong(no_probe: None) -> None:
    """网点读卡器、卡在工作人员手里:够强,可退款。"""
    card, order = torn()
    with pytest.raises(Refused):
        refund(order)
    assert Phone(card, actor=OUTLET).top_up(order).outcome == "topup.tap.refunding"
    assert topup.begin_look(actor=HOLDER, at=now())
    del no_probe
