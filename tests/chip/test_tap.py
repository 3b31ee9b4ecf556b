"""One tap in one step: what goes into it, what comes out, and how often a PIN is tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from onecard.chip import tap, transit_purse
from onecard.chip.challenge import PROBE_ENTROPY_BYTES, Probe
from onecard.chip.dialogue import Carried, Conversation
from onecard.chip.fault import CardLost, CardRefused, Loss, WrongCard
from onecard.chip.purse_files import TransactionType
from onecard.chip.purse_profile import PinRule
from onecard.chip.simulated_card import Manners, Pin, SimulatedCard
from onecard.chip.status import CommandKind, Status, Why
from onecard.chip.wire import carry, hold
from tests.chip.desk import ISSUERS_PIN, NOW, PUBLIC, TODAY, Host, a_card, a_card_with_pin

K = CommandKind
PLAIN = [K.SELECT, K.GET_BALANCE, K.INITIALIZE_FOR_LOAD]


def _kinds(talk: Conversation[tap.Tapped]) -> list[CommandKind]:
    assert talk.step is not None
    return [command.kind for command in talk.step.commands]


def _taps(host: Host, card: SimulatedCard, wish: tap.Wish) -> tap.Tapped:
    return hold(tap.tap(host.profile, wish), card.transmit)


def _open(host: Host, counter: int = 0x2B) -> tap.OpenAttempt:
    entropy = host.chance.bytes(PROBE_ENTROPY_BYTES)
    probe = Probe.draw(host.profile.challenge, host.challenge(), entropy)
    return tap.OpenAttempt(TransactionType.LOAD, counter, probe)


@pytest.mark.rule("card reference 12: two round trips")
def test_a_tap_is_one_step_of_three_commands() -> None:
    """贴卡一次往返:选择、读余额、初始化。"""
    card, host = a_card(), Host()
    talk = Conversation(tap.tap(host.profile, host.wish(10000, on=TODAY)))
    assert _kinds(talk) == PLAIN
    assert talk.step is not None
    talk.take(carry(talk.step, card.transmit))
    assert talk.step is None
    assert (talk.result.public, talk.result.shown_balance_fen) == (PUBLIC, 5000)
    assert (talk.result.proof, talk.result.probe) == (None, None)


@pytest.mark.rule("card reference 10.2: probe, 10.3: tap algorithm")
def test_an_open_attempt_is_asked_for_and_probed_in_the_same_step() -> None:
    """有未决写卡时,先取交易认证,再探测初始化,最后正式初始化。"""
    card, host = a_card(), Host()
    attempt = host.load(card, 10000)
    card.enter_field()
    wish = host.wish(2000, open_attempt=_open(host, attempt.proof_counter))
    talk = Conversation(tap.tap(host.profile, wish))
    expected = [K.SELECT, K.GET_BALANCE, K.GET_TRANSACTION_PROVE]
    assert _kinds(talk) == [*expected, K.INITIALIZE_FOR_LOAD, K.INITIALIZE_FOR_LOAD]
    assert talk.step is not None
    talk.take(carry(talk.step, card.transmit))
    assert host.proves(attempt, talk.result.proof)
    assert talk.result.probe is not None
    assert talk.result.probe.counter == talk.result.init.counter == 0x2B


def test_9406_does_not_stop_the_tap_before_initialize() -> None:
    """9406 不妨碍后面的初始化。"""
    card, host = a_card(), Host()
    wish = host.wish(2000, open_attempt=_open(host))
    tapped = _taps(host, card, wish)
    assert tapped.proof is None
    assert tapped.probe is not None
    proven = host.keys.prove_counter(
        host.card,
        host.profile,
        tapped.init,
        amount_fen=2000,
        terminal=wish.challenge.terminal,
    )
    assert proven.counter == 0x2A


def test_the_second_initialize_of_a_tap_is_the_one_that_counts() -> None:
    """后一次初始化取代前一次。"""
    card, host = a_card(), Host()
    wish = host.wish(2000, open_attempt=_open(host))
    tapped = _taps(host, card, wish)
    facts = {"amount_fen": 2000, "terminal": wish.challenge.terminal, "at": NOW}
    mac2 = host.keys.authorise_load(host.card, host.profile, tapped.init, **facts)  # type: ignore[arg-type]
    hold(transit_purse.credit_load(at=NOW, mac2=mac2), card.transmit)
    assert card.balance_fen == 7000


def test_a_proof_that_came_before_the_card_was_lost_is_not_lost() -> None:
    """断开前拿到的证明仍然可用。"""
    card, host = a_card(), Host()
    attempt = host.load(card, 10000)
    card.enter_field()
    wish = host.wish(2000, open_attempt=_open(host, attempt.proof_counter))
    talk = Conversation(tap.tap(host.profile, wish))
    assert talk.step is not None
    whole = carry(talk.step, card.transmit)
    with pytest.raises(CardLost) as lost:
        talk.take(Carried(whole.answers[:3], Loss.CARD_GONE))
    assert host.proves(attempt, tap.proof_in(lost.value))


def test_an_error_without_a_proof_holds_none() -> None:
    card, host = a_card(), Host()
    card.leave_field()
    with pytest.raises(CardLost) as lost:
        _taps(host, card, host.wish(100))
    assert tap.proof_in(lost.value) is None


@pytest.mark.rule("rules 22.1, 22.3: topup.purse_expired")
def test_an_expired_card_is_not_loaded_but_what_is_open_on_it_is_settled() -> None:
    """过有效期的卡不充值,但未决的写卡仍可了结。"""
    last_day = PUBLIC.valid_to
    assert last_day is not None
    card, host = a_card(), Host()
    _taps(host, card, host.wish(100, on=last_day))
    with pytest.raises(WrongCard) as wrong:
        _taps(host, card, host.wish(100, on=date(2041, 1, 1)))
    assert (wrong.value.why, wrong.value.valid_to) == (Why.EXPIRED, last_day)
    assert _taps(host, card, host.wish(100)).init.counter == 0x2A


def test_the_first_tap_takes_any_card_and_says_which() -> None:
    tapped = _taps(Host(), a_card(), Host().wish(100, card=None))
    assert tapped.public.identity == PUBLIC.identity


def test_a_card_family_with_file_15_apart_is_read_in_the_same_step() -> None:
    host = Host(profile_changes={"public_in_fci": False})
    card = a_card(manners=Manners(public_in_fci=False))
    talk = Conversation(tap.tap(host.profile, host.wish(100)))
    assert _kinds(talk)[:2] == [K.SELECT, K.READ_BINARY]
    assert _taps(host, card, host.wish(100)).public == PUBLIC


def test_a_card_that_behaves_unlike_its_family_is_another_card() -> None:
    card = a_card(manners=Manners(public_in_fci=False))
    with pytest.raises(WrongCard) as wrong:
        _taps(Host(), card, Host().wish(100))
    assert wrong.value.why is Why.OTHER_PROFILE


@pytest.mark.rule("card reference 8: issuer-held fixed PIN")
@pytest.mark.parametrize("rule", [PinRule.BEFORE_INITIALIZE, PinRule.ON_DEMAND])
def test_the_issuers_pin_is_given_once_a_tap(rule: PinRule) -> None:
    """口令由发卡方持有,每次贴卡最多出示一次。"""
    host = Host(pin=ISSUERS_PIN, profile_changes={"pin": rule})
    card = a_card_with_pin()
    host.load(card, 1000)
    assert card.balance_fen == 6000


def _tries(card: SimulatedCard, counted: list[bytes]) -> Callable[[bytes], bytes]:
    def transmit(raw: bytes) -> bytes:
        if raw[1] == 0x20:
            counted.append(raw)
        return card.transmit(raw)

    return transmit


@pytest.mark.rule("card reference 0, rule 10")
@pytest.mark.parametrize("rule", [PinRule.BEFORE_INITIALIZE, PinRule.ON_DEMAND])
def test_a_wrong_pin_is_tried_once_and_the_tap_is_over(rule: PinRule) -> None:
    """口令错一次即停。"""
    host = Host(pin=b"\x00\x00\x00", profile_changes={"pin": rule})
    card, tried = a_card_with_pin(), []  # type: ignore[var-annotated]
    with pytest.raises(CardRefused) as refused:
        hold(tap.tap(host.profile, host.wish(1000)), _tries(card, tried))
    assert (refused.value.tries_left, len(tried)) == (2, 1)


def test_a_card_that_still_wants_more_after_its_pin_is_refused_not_asked_again() -> None:
    host = Host(pin=ISSUERS_PIN, profile_changes={"pin": PinRule.ON_DEMAND})
    answers = iter(["9000", "6982", "9000", "6982"])
    fci = a_card().transmit(bytes.fromhex("00A4040008A00000063201010500")).hex()
    script = iter([fci, "00001388" + next(answers), next(answers), next(answers), next(answers)])
    sent: list[bytes] = []

    def transmit(raw: bytes) -> bytes:
        sent.append(raw)
        return bytes.fromhex(next(script))

    with pytest.raises(CardRefused) as refused:
        hold(tap.tap(host.profile, host.wish(1000)), transmit)
    assert refused.value.status == Status(0x6982)
    assert len(sent) == 5


def test_a_card_that_wants_a_pin_nobody_has_is_refused() -> None:
    with pytest.raises(CardRefused) as refused:
        _taps(Host(), a_card_with_pin(), Host().wish(1000))
    assert refused.value.status == Status(0x6982)


def test_a_family_whose_pin_is_missing_from_the_configuration_is_our_mistake() -> None:
    host = Host(profile_changes={"pin": PinRule.BEFORE_INITIALIZE})
    with pytest.raises(ValueError, match="PIN"):
        _taps(host, a_card_with_pin(), host.wish(1000))


def test_a_card_that_wants_its_pin_for_the_proof_too_gets_it_once() -> None:
    host = Host(pin=ISSUERS_PIN, profile_changes={"pin": PinRule.ON_DEMAND})
    card = a_card_with_pin(Pin(ISSUERS_PIN, for_proof=True))
    attempt = host.load(card, 1000)
    card.enter_field()
    tried: list[bytes] = []
    wish = host.wish(500, open_attempt=_open(host, attempt.proof_counter))
    tapped = hold(tap.tap(host.profile, wish), _tries(card, tried))
    assert host.proves(attempt, tapped.proof)
    assert len(tried) == 1


def test_a_family_that_wants_its_pin_before_the_proof_gets_it_first() -> None:
    """取交易认证前须验口令的卡,先验口令。"""
    changes: dict[str, object] = {"pin": PinRule.BEFORE_INITIALIZE, "pin_before_proof": True}
    host = Host(pin=ISSUERS_PIN, profile_changes=changes)
    card = a_card_with_pin(Pin(ISSUERS_PIN, for_proof=True))
    attempt = host.load(card, 1000)
    card.enter_field()
    wish = host.wish(500, open_attempt=_open(host, attempt.proof_counter))
    assert host.proves(attempt, _taps(host, card, wish).proof)


def test_a_wrong_pin_of_ours_does_not_hide_a_proof() -> None:
    """发卡方口令配错也不妨碍先取到证明。"""
    host = Host(pin=ISSUERS_PIN, profile_changes={"pin": PinRule.BEFORE_INITIALIZE})
    card = a_card_with_pin()
    attempt = host.load(card, 1000)
    card.enter_field()
    wish = host.wish(500, pin=b"\x00\x00", open_attempt=_open(host, attempt.proof_counter))
    with pytest.raises(CardRefused) as refused:
        _taps(host, card, wish)
    assert host.proves(attempt, tap.proof_in(refused.value))


def test_a_pin_in_the_trail_is_stars() -> None:
    host = Host(pin=ISSUERS_PIN, profile_changes={"pin": PinRule.BEFORE_INITIALIZE})
    card = a_card_with_pin()
    talk = Conversation(tap.tap(host.profile, host.wish(1000)))
    assert talk.step is not None
    talk.take(carry(talk.step, card.transmit))
    shown = " ".join(line.shown for line in talk.trail)
    assert ISSUERS_PIN.hex() not in shown
    assert "0020000003******" in shown


def test_an_unload_begins_with_the_same_tap() -> None:
    card, host = a_card(), Host()
    talk = Conversation(tap.tap(host.profile, host.wish(100, type=TransactionType.UNLOAD)))
    assert _kinds(talk)[-1] is K.INITIALIZE_FOR_UNLOAD
    wish = host.wish(100, type=TransactionType.UNLOAD)
    assert _taps(host, card, wish).init.counter == 0x2A


def test_the_serial_is_compared_whole() -> None:
    other = replace(PUBLIC, serial=PUBLIC.serial[:-1] + b"\x46")
    with pytest.raises(WrongCard):
        _taps(Host(), a_card(public=other), Host().wish(100))
