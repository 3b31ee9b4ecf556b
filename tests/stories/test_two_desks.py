"""Two desks, the bank's own system and the relay at one card at once: real threads, real locks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from onecard.actions import loss, outbox, reconciliation
from onecard.adapters.bank.desk import NotHere
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.authority import THE_CLOCK
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.refusal import Refused
from onecard.records.models import Card, LossSide, OutboxRow, StateBreak
from onecard.seams.world import world
from tests import many_cards, threads
from tests.made_card import clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

ROUNDS, DESKS = 6, 4


@pytest.fixture
def partners() -> Iterator[SimulatedPartners]:
    """Partners in memory."""
    with many_cards.with_partners() as made:
        many_cards.desks()
        yield made


def at_once(*works: Callable[[], object]) -> list[str]:
    """All at the same time; the codes of what was refused, and whatever else went wrong."""
    said: list[str] = []

    def quietly(work: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            try:
                work()
            except Refused as refused:
                said.append(refused.refusal.code)
            except Exception as error:  # noqa: BLE001 - the test shows it
                said.append(repr(error))

        return run

    threads.join(threads.start(*(quietly(work) for work in works)))
    return said


def _card(partners: SimulatedPartners) -> Card:
    (card,) = many_cards.cards(1, bank="icbc")
    many_cards.known_to(partners, [card])
    return card


def _report(card: Card) -> Callable[[], object]:
    return lambda: loss.report_formally_at_bank(
        card=card.ref,
        shown=many_cards.shown_by(card),
        actor=many_cards.teller(card.bank),
        at=world().clock.now(),
    )


def _withdraw(card: Card, version: int) -> Callable[[], object]:
    return lambda: loss.withdraw_formally(
        card=card.ref,
        version=version,
        proof=many_cards.in_hand(card),
        shown=many_cards.shown_by(card),
        actor=many_cards.teller(card.bank),
        at=world().clock.now(),
    )


def _stands_together(card: Card) -> None:
    """States, open sides and messages tell the same story."""
    row = Card.objects.get(ref=card.ref)
    sides = LossSide.objects.filter(card=card, ended_at=None)
    lost = {side.function.value for side in sides}
    assert ("hr" in lost) == (row.hr_state is HrState.FORMAL_LOSS)
    assert ("financial" in lost) == (row.financial_state is FinancialState.FORMAL_LOSS)
    for party in ("hr_database", f"bank:{card.bank}"):
        told = OutboxRow.objects.filter(subject=card.ref, party=party).order_by("sequence")
        numbers = list(told.values_list("sequence", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))


def test_several_desks_report_and_there_is_one_loss(partners: SimulatedPartners) -> None:
    """几个窗口同时挂失同一张卡:只有一份挂失,银行签收一次。"""
    card = _card(partners)
    assert at_once(*[_report(card)] * DESKS) == []
    assert LossSide.objects.filter(card=card).count() == 2
    assert OutboxRow.objects.filter(party="bank:icbc").count() == 1
    _stands_together(card)


def test_of_two_withdrawals_one_lifts_and_the_other_finds_nothing(
    partners: SimulatedPartners,
) -> None:
    """两个窗口同时解挂:一个办成,另一个答没有挂失,不会重复。"""
    card = _card(partners)
    _report(card)()
    version = Card.objects.get(ref=card.ref).loss_version
    said = at_once(*[_withdraw(card, version)] * DESKS)
    assert set(said) <= {"loss.other_report"}
    assert OutboxRow.objects.filter(party="bank:icbc").count() == 2
    _stands_together(card)


@pytest.mark.rule("guarantees C4")
def test_reports_withdrawals_the_bank_and_the_relay_at_once_leave_all_books_equal(
    partners: SimulatedPartners,
) -> None:
    """两个窗口、银行自己、发送进程同时动一张卡:不乱,最后各方一致。"""
    card = _card(partners)
    desk = partners.simulation.banks["icbc"].desk

    def bank() -> None:
        try:
            desk.report_formally(card.card_number)
        except NotHere:
            desk.pay(card.card_number)

    def relay() -> None:
        outbox.deliver_due(actor=THE_CLOCK, at=world().clock.now())

    for _ in range(ROUNDS):
        version = Card.objects.get(ref=card.ref).loss_version
        said = at_once(_report(card), _withdraw(card, version), bank, relay, relay)
        assert set(said) <= {"loss.other_report", "loss.wrong_outlet"}
        _stands_together(card)
        clock().advance(timedelta(seconds=7))
    _everybody_hears(partners)
    now = world().clock.now()
    for party in ("hr_database", "bank:icbc"):
        reconciliation.run(party=party, actor=THE_CLOCK, at=now)
    left = StateBreak.objects.filter(closed_at=None)
    assert {found.kind.value for found in left} <= {"stronger_there"}


def _everybody_hears(partners: SimulatedPartners) -> None:
    for _ in range(4):
        clock().advance(timedelta(minutes=3))
        outbox.deliver_due(actor=THE_CLOCK, at=world().clock.now())
        partners.simulation.banks["icbc"].newsroom.tell(many_cards.take_news)
