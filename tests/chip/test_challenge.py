"""Terminal numbers nobody can predict: what they are drawn from, and how strong they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.chip import transit_purse
from onecard.chip.challenge import (
    PROBE_ENTROPY_BYTES,
    STRONG,
    TERMINAL_BYTES,
    Challenge,
    ChallengeRule,
    Form,
    Probe,
)
from onecard.chip.fault import CryptoMismatch
from onecard.chip.purse_answers import LoadInitialized
from onecard.chip.purse_profile import PROFILES
from onecard.chip.simulated_card import SimulatedCard
from onecard.chip.wire import hold
from tests.chip.desk import Host, a_card, select_again

SIX = ChallengeRule()
FOUR = ChallengeRule(size=4, probe_amounts_fen=100_000)
EIGHT_DIGITS = ChallengeRule(size=4, form=Form.BCD)


@pytest.mark.rule("card reference 10.2; correction 1 of the design references")
@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: str(profile.name))
def test_every_profile_draws_at_least_48_unpredictable_bits(profile: object) -> None:
    """圈存初始化的终端编号是不少于 48 位的随机挑战,绝不是计数器。"""
    rule = profile.challenge  # type: ignore[attr-defined]
    challenge = Challenge.draw(rule, bytes(rule.entropy_bytes))
    assert challenge.is_strong
    assert challenge.possibilities >= 2**48


@given(st.binary(min_size=6, max_size=6))
def test_six_random_bytes_become_the_terminal_number_as_they_are(entropy: bytes) -> None:
    assert Challenge.draw(SIX, entropy).terminal == entropy


@given(st.binary(min_size=4, max_size=4))
def test_four_random_bytes_stand_behind_our_own_prefix(entropy: bytes) -> None:
    challenge = Challenge.draw(FOUR, entropy, ours=b"\x32\x04")
    assert challenge.terminal == b"\x32\x04" + entropy


@given(st.binary(min_size=12, max_size=12))
def test_a_digit_challenge_consists_of_digits(entropy: bytes) -> None:
    challenge = Challenge.draw(EIGHT_DIGITS, entropy, ours=b"\x32\x04")
    assert challenge.terminal.hex().isdecimal()
    assert len(challenge.terminal) == TERMINAL_BYTES


@pytest.mark.rule("card reference 10.2, table of challenges")
@pytest.mark.parametrize(("rule", "strong"), [(SIX, True), (FOUR, False), (EIGHT_DIGITS, False)])
def test_only_six_bytes_are_strong_by_themselves(rule: ChallengeRule, strong: bool) -> None:  # noqa: FBT001
    """四字节或八位数字不足以作为退款依据。"""
    assert (rule.possibilities >= STRONG) is strong


def test_four_bytes_and_a_random_amount_are_strong_together() -> None:
    challenge = Challenge.draw(FOUR, b"\x01\x02\x03\x04", ours=b"\x32\x04")
    assert not challenge.is_strong
    assert Probe.draw(FOUR, challenge, bytes(PROBE_ENTROPY_BYTES)).is_strong


@given(st.binary(min_size=PROBE_ENTROPY_BYTES, max_size=PROBE_ENTROPY_BYTES))
def test_a_probe_asks_for_an_amount_in_its_range(entropy: bytes) -> None:
    challenge = Challenge.draw(SIX, bytes(6))
    assert 1 <= Probe.draw(FOUR, challenge, entropy).amount_fen <= 100_000


def _collected(card: SimulatedCard, host: Host, terminals: list[bytes]) -> list[LoadInitialized]:
    """What an attacker gets from his own card by asking it beforehand."""
    dialogues = [
        transit_purse.initialize_load(
            host.profile, amount_fen=1000, challenge=Challenge.draw(SIX, terminal)
        )
        for terminal in terminals
    ]
    return [hold(dialogue, card.transmit) for dialogue in dialogues]


def _believed(host: Host, init: LoadInitialized, terminal: bytes) -> bool:
    """Whether the server takes a replayed answer for a fresh one: MAC1 fits, counter unmoved."""
    try:
        proven = host.keys.prove_counter(
            host.card, host.profile, init, amount_fen=1000, terminal=terminal
        )
    except CryptoMismatch:
        return False
    return proven.counter == 0x2A


@pytest.mark.rule("card reference 10.2: the pre-collecting attacker")
def test_answers_collected_beforehand_fit_a_counter_and_never_a_drawn_number() -> None:
    """预先收集应答的攻击:终端编号可预测则全中,随机挑战则一个不中。"""
    card, host = a_card(), Host()
    select_again(host.profile, card)
    predicted = [number.to_bytes(6) for number in range(1, 51)]
    answers = _collected(card, host, predicted)
    host.load(card, 1000)
    pairs = zip(answers, predicted, strict=True)
    assert all(_believed(host, answer, terminal) for answer, terminal in pairs)
    drawn = [host.challenge().terminal for _ in range(50)]
    assert not any(_believed(host, answer, terminal) for terminal in drawn for answer in answers)


@pytest.mark.parametrize("entropy", [b"", bytes(5), bytes(7)])
def test_too_little_chance_is_refused(entropy: bytes) -> None:
    with pytest.raises(ValueError, match="lengths"):
        Challenge.draw(SIX, entropy)


def test_a_probe_from_too_little_chance_is_refused() -> None:
    with pytest.raises(ValueError, match="bytes"):
        Probe.draw(FOUR, Challenge.draw(SIX, bytes(6)), b"\x01")


@pytest.mark.parametrize("size", [0, 7])
def test_a_rule_beyond_the_terminal_number_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="six"):
        ChallengeRule(size=size)
