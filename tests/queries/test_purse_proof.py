"""余额证明: lines that sum to the balance the chip proved, and a name for every fen between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from onecard import words
from onecard.actions import refund, topup
from onecard.actions.topup.deciding import Decision
from onecard.chip.simulated_card import NINE_TEAR_POINTS
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.refund import RefundReason
from onecard.domain.refusal import NotFound
from onecard.domain.transit_purse import TransitState
from onecard.queries.purse_proof import PurseProof, person_proof, purse_proof
from onecard.queries.refund import refund_seen, refunds_of
from onecard.records.models import PurseAccount
from tests import held_cards
from tests.actions.refund.test_refund import reader, used
from tests.actions.test_clearing import OPERATOR, bus, ride, take
from tests.chip.desk import a_card
from tests.topping_up import (
    HOLDER,
    ONE,
    OTHER,
    OUTLET,
    SOMEBODY,
    Phone,
    a_purse,
    keys,
    later,
    now,
    numbered_card,
    paid,
    sweep,
)

pytestmark = pytest.mark.django_db
AUDITOR = Actor(Role.AUDITOR, "stf_auditor", Channel.OFFICE)
KIOSK = Actor(Role.PARTNER, "cli_kiosk", Channel.KIOSK)


@pytest.fixture(autouse=True)
def _custody() -> Iterator[None]:
    with keys():
        yield


def proof_of(purse: PurseAccount) -> PurseProof:
    """As the auditor reads it; books and differences always sum to what the chip proved."""
    told = purse_proof(purse=purse.ref, as_seen_by=AUDITOR)
    assert told.books_fen == sum(line.by_fen for line in told.lines)
    if told.balance_fen is not None:
        assert told.books_fen + sum(one.by_fen for one in told.differences) == told.balance_fen
    return told


def causes(told: PurseProof) -> list[tuple[str, int]]:
    """Each difference by name."""
    return [(one.cause, one.by_fen) for one in told.differences]


def kinds(told: PurseProof) -> list[tuple[str, int, int]]:
    """Each line: what, how much, and what lay there afterwards."""
    return [(one.kind_word.split(".")[-1], one.by_fen, one.balance_fen) for one in told.lines]


@pytest.mark.rule("issue C: balance proof; FAQ 13")
def test_every_line_of_a_balance_says_who_when_and_by_which_proof() -> None:
    """余额逐笔可证:期初、充值、消费,各有办理方与凭据,合计等于卡内余额。"""
    card = a_card()
    purse = used(card)
    Phone(card).top_up(paid(purse))
    take(ride(card, bus(), 200), ride(card, bus(9), 400))
    told = proof_of(purse)
    assert kinds(told) == [
        ("purse_opening", 5000, 5000),
        ("topup_loaded", 5000, 10000),
        ("clearing_fare", -200, 9800),
        ("clearing_fare", -400, 9400),
    ]
    assert (told.balance_fen, told.differences, told.explained) == (card.balance_fen, (), True)
    proofs = [(one.deed.proof_word, len(one.deed.proof)) for one in told.lines]
    assert proofs[1:3] == [("topup.evidence.p1", 8), ("purse_proof.proof.fare_tac", 8)]
    assert (told.lines[1].deed.by, told.lines[2].deed.by) == (HOLDER.ref, "bus_city")
    for line in told.lines:
        for key in (line.kind_word, line.deed.who_word, line.deed.proof_word):
            assert words.text(key)


def test_a_refund_ends_the_lines_at_nothing() -> None:
    """退值后逐笔归零,凭据是取出的证明。"""
    card = a_card()
    purse = used(card)
    done = refund.ask(purse=purse.ref, reason=RefundReason.EXCHANGE, actor=OUTLET, at=now())
    reader(card).empty(done.refund)
    told = proof_of(purse)
    assert (told.balance_fen, told.books_fen, told.differences) == (0, 0, ())
    assert told.lines[-1].deed.proof_word == "topup.evidence.p3"
    assert told.lines[-1].deed.by == OUTLET.ref


def test_a_ride_that_nobody_reported_yet_is_named() -> None:
    """乘了车、记录未到:差额写明是未报来的消费。"""
    card = a_card()
    purse = used(card)
    Phone(card).top_up(paid(purse))
    unreported = ride(card, bus(), 300)
    Phone(card).top_up(paid(purse))
    assert causes(proof_of(purse)) == [("fares_not_reported", -300)]
    take(unreported)
    assert causes(proof_of(purse)) == []


def test_a_fare_set_aside_stands_beside_what_it_may_explain() -> None:
    """认证码不符的消费不入账,但在差额旁边写出。"""
    card = a_card()
    purse = used(card)
    take(replace(ride(card, bus(), 300), tac="0" * 8))
    Phone(card).top_up(paid(purse))
    Phone(card).top_up(paid(purse))
    assert causes(proof_of(purse)) == []
    take(replace(ride(card, bus(5), 300), tac="0" * 8))
    Phone(card).top_up(paid(purse))
    told = proof_of(purse)
    assert causes(told) == [("fares_not_reported", -300)]
    assert told.differences[0].set_aside_fen == 600


def test_a_fare_from_before_we_met_the_card_is_named() -> None:
    """首次读卡之前的消费,后来才报来。"""
    card = a_card()
    purse = used(card)
    early = ride(card, bus(), 200)
    Phone(card).top_up(paid(purse))
    take(early)
    assert causes(proof_of(purse)) == [("fares_before_opening", 200)]


def test_a_load_proven_by_a_later_tap_is_named_until_the_card_is_read() -> None:
    """断开后另一次贴卡证明已写入:再读卡前,差额写明原因。"""
    card = a_card()
    purse = used(card)
    order = paid(purse)
    Phone(card).torn(order, NINE_TEAR_POINTS["after_credit"])
    assert kinds(proof_of(purse)) == [("purse_opening", 5000, 5000)]
    Phone(card).top_up(order)
    told = proof_of(purse)
    assert told.lines[-1].deed.proof_word == "topup.evidence.p2"
    assert causes(told) == [("proven_after_reading", -5000)]
    Phone(card).top_up(paid(purse))
    told = proof_of(purse)
    assert (causes(told), told.balance_fen) == ([], card.balance_fen)


def test_money_that_nobody_booked_is_unexplained() -> None:
    """卡里比账上多、计数器没动:不许说平,须人工核查。"""
    card = a_card()
    purse = used(card)
    Phone(card).top_up(paid(purse))
    PurseAccount.objects.filter(ref=purse.ref).update(shadow_balance_fen=10700)
    told = proof_of(purse)
    assert (causes(told), told.explained) == ([("unexplained", 700)], False)


def test_a_load_of_another_channel_shows_in_the_counter() -> None:
    """其他渠道充值:计数器多动了一次。"""
    card = a_card()
    purse = used(card)
    Phone(card).top_up(paid(purse))
    row = PurseAccount.objects.get(ref=purse.ref)
    row.load_counter_seen, row.shadow_balance_fen = row.load_counter_seen + 1, 13000
    row.save()
    told = proof_of(purse)
    assert causes(told) == [("loaded_elsewhere", 3000)]
    assert told.differences[0].times == 1


def test_a_card_that_was_never_read_has_books_and_no_balance() -> None:
    """从未读过的卡:只有账簿,没有可比的余额。"""
    told = proof_of(a_purse())
    assert (told.balance_fen, told.lines, told.differences, told.explained) == (None, (), (), True)


def test_the_purses_of_a_person_are_told_together_across_cards() -> None:
    """一个人先后两张卡,合在一起说明。"""
    live = held_cards.in_use()
    chips = [numbered_card(1, 1000), numbered_card(2, 2000)]
    for chip in chips:
        row = a_purse(chip)
        row.card, row.state = live, TransitState.OPEN
        row.save(update_fields=["card", "state"])
        Phone(chip).top_up(paid(row))
    me = Actor(Role.CITIZEN, live.person_id, Channel.NFC_APP)
    told = person_proof(person=live.person_id, as_seen_by=me)
    assert (len(told.purses), told.balance_fen, told.books_fen) == (2, 13000, 13000)
    with pytest.raises(NotFound):
        person_proof(person=live.person_id, as_seen_by=SOMEBODY)


def test_rides_are_shown_to_the_holder_and_to_nobody_who_only_paid() -> None:
    """代人充值的人看不到别人的乘车;自助机也看不到。"""
    card = a_card()
    purse = used(card)
    Phone(card).top_up(paid(purse))
    for viewer in (HOLDER, SOMEBODY, KIOSK):
        with pytest.raises(NotFound):
            purse_proof(purse=purse.ref, as_seen_by=viewer)
    assert purse_proof(purse=purse.ref, as_seen_by=OPERATOR).lines


def test_a_decided_case_names_both_persons_and_waits_for_the_card() -> None:
    """两人认定已写入:两人都写出,再读卡前差额有名。"""
    card = a_card()
    purse = used(card)
    order = paid(purse)
    Phone(card).torn(order, NINE_TEAR_POINTS["after_credit"])
    later(days=30)
    sweep()
    topup.propose(order=order, decision=Decision.WRITTEN, why="清算记录", actor=ONE, at=now())
    topup.decide(order=order, actor=OTHER, at=now())
    told = proof_of(purse)
    assert told.lines[-1].deed.decided_by == (ONE.ref, OTHER.ref)
    assert causes(told) == [("decided_not_read", -5000)]


def test_an_unreadable_card_was_paid_out_and_never_emptied() -> None:
    """不可读卡按推算余额退付:账已清,芯片未清,差额写明。"""
    purse = used(a_card())
    Phone(a_card()).top_up(paid(purse))
    done = refund.ask(
        purse=purse.ref, reason=RefundReason.EXCHANGE, readable=False, actor=OUTLET, at=now()
    )
    refund.register_unreadable(refund=done.refund, actor=OUTLET, at=now())
    later(days=60)
    refund.pay_out(refund=done.refund, actor=OUTLET, at=now())
    told = proof_of(purse)
    assert (told.books_fen, causes(told)) == (0, [("paid_out_unread", 10000)])
    assert told.lines[-1].deed.proof_word == "purse_proof.proof.shadow"


def test_a_refund_is_seen_by_the_clerk_and_by_the_holder_with_what_is_open_next() -> None:
    """退值单:网点与持卡人都看得到,写明凭据和下一步。"""
    card, live = a_card(), held_cards.in_use()
    purse = used(card)
    purse.card = live
    purse.save(update_fields=["card"])
    done = refund.ask(purse=purse.ref, reason=RefundReason.EXCHANGE, actor=OUTLET, at=now())
    first = refund_seen(refund=done.refund, as_seen_by=OUTLET)
    assert (first.may_tap, first.may_pay_out, first.amount_fen) == (True, False, None)
    reader(card).empty(done.refund)
    me = Actor(Role.CITIZEN, live.person_id, Channel.NFC_APP)
    told = refund_seen(refund=done.refund, as_seen_by=me)
    assert (told.state, told.may_tap, told.may_pay_out) == ("drained", False, True)
    assert (told.amount_fen, told.evidence_word) == (5000, "topup.evidence.p3")
    assert [len(one.proof) for one in told.drains] == [8]
    assert refunds_of(purse=purse.ref, as_seen_by=me) == (told,)
    assert refunds_of(purse=purse.ref, as_seen_by=SOMEBODY) == ()
    with pytest.raises(NotFound):
        refund_seen(refund=done.refund, as_seen_by=SOMEBODY)
