"""Nine parties with their habits: losses cross on the way, everybody heals, all books agree."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import pytest

from onecard.actions import loss, outbox, reconciliation
from onecard.adapters.bank.desk import NotHere
from onecard.adapters.bank.habits import HABITS, WELL_BEHAVED
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.authority import THE_CLOCK, Actor, Channel, Role
from onecard.domain.hr_function import HrState
from onecard.domain.reconciliation import BreakKind
from onecard.domain.refusal import Refused
from onecard.records.models import Card, LossConfirmation, StateBreak
from onecard.seams.rng import SeededRng
from onecard.seams.world import world
from tests import many_cards
from tests.made_card import clock

pytestmark = pytest.mark.django_db(transaction=True)

STEPS = 150
OPERATORS = [Actor(Role.PLATFORM_OPERATOR, f"stf_{n}", Channel.OFFICE) for n in "ab"]
LOST = {HrState.FORMAL_LOSS, HrState.TEMPORARY_LOSS}


@pytest.fixture
def partners() -> Iterator[SimulatedPartners]:
    """Eight banks with their habits, and the register."""
    with many_cards.with_partners(habits=HABITS) as made:
        yield made


class Street:
    """People lose cards and find them again, at our desks and at the banks' own."""

    def __init__(self, partners: SimulatedPartners, seed: int, count: int = 16) -> None:
        self.partners, self.rng = partners, SeededRng(seed)
        self.refs = [card.ref for card in many_cards.cards(count)]
        many_cards.desks()
        many_cards.known_to(partners, list(Card.objects.select_related("person")))

    def step(self) -> None:
        """One thing happens to somebody."""
        deeds = (
            self.report,
            self.report,
            self.withdraw,
            self.at_the_bank,
            self.pay,
            self.let_go_by,
            self.deliver,
            self.hear,
        )
        deeds[self.rng.below(len(deeds))]()
        self.claims_nothing_more_than_is_so()

    def claims_nothing_more_than_is_so(self) -> None:
        """What stands as confirmed the bank has signed, or has reported itself (MUT 33)."""
        told = LossConfirmation.objects.filter(party__startswith="bank:")
        for row in told.exclude(confirmed_at=None).select_related("card", "report"):
            bank = self.partners.simulation.banks[row.card.bank]
            account = bank.account_state(row.card.card_number)
            assert account is not None
            assert account.version >= row.version if row.signature else row.report.serial

    def report(self) -> None:
        """At a desk of the bank; accepted or not, a lost card is denied from that instant."""
        card = self._somebody()
        now = world().clock.now()
        actor, shown = many_cards.teller(card.bank), many_cards.shown_by(card)
        loss.report_formally_at_bank(card=card.ref, shown=shown, actor=actor, at=now)
        assert Card.objects.get(ref=card.ref).state_at(now) in LOST

    def withdraw(self) -> None:
        """The card was found again."""
        card = self._somebody()
        with suppress(Refused):
            loss.withdraw_formally(
                card=card.ref,
                version=card.loss_version,
                proof=many_cards.in_hand(card),
                shown=many_cards.shown_by(card),
                actor=many_cards.teller(card.bank),
                at=world().clock.now(),
            )

    def at_the_bank(self) -> None:
        """The customer goes to the bank's own counter."""
        card = self._somebody()
        desk = self.partners.simulation.banks[card.bank].desk
        deeds = (desk.report_formally, desk.report_temporarily, desk.withdraw, desk.withdraw)
        with suppress(NotHere):
            deeds[self.rng.below(len(deeds))](card.card_number)

    def pay(self) -> None:
        """Somebody pays with the card."""
        card = self._somebody()
        self.partners.simulation.banks[card.bank].desk.pay(card.card_number)

    def let_go_by(self) -> None:
        """Seconds, now and then an hour."""
        clock().advance(timedelta(seconds=(1, 5, 30, 3600)[self.rng.below(4)]))

    def deliver(self) -> None:
        """The relay looks."""
        outbox.deliver_due(actor=THE_CLOCK, at=world().clock.now())

    def hear(self) -> None:
        """One bank tells its news; some of them are lost on the way and told again."""
        bank = many_cards.BANKS[self.rng.below(len(many_cards.BANKS))]
        room = self.partners.simulation.banks[bank].newsroom
        room.tell(lambda told: self.rng.below(3) > 0 and many_cards.take_news(told))

    def heal(self) -> None:
        """Everybody answers, everything is told."""
        for bank in self.partners.simulation.banks.values():
            bank.temper.habit = WELL_BEHAVED
            self.partners.simulation.faults.heal(f"bank:{bank}")
        for _ in range(8):
            clock().advance(timedelta(minutes=3))
            self.deliver()
            for bank in self.partners.simulation.banks.values():
                bank.newsroom.tell(many_cards.take_news)

    def _somebody(self) -> Card:
        ref = self.refs[self.rng.below(len(self.refs))]
        return Card.objects.select_related("person").get(ref=ref)


def compared() -> tuple[reconciliation.RunReceipt, ...]:
    """All nine, now."""
    now = world().clock.now()
    parties = reconciliation.parties(now.date())
    return tuple(reconciliation.run(party=one, actor=THE_CLOCK, at=now) for one in parties)


def open_breaks() -> list[StateBreak]:
    """What the last comparison with everybody found."""
    compared()
    return list(StateBreak.objects.filter(closed_at=None))


def put_right(found: StateBreak) -> None:
    """As suggested, by two persons."""
    at = world().clock.now()
    told = {"break_ref": found.ref, "fix": found.suggested, "reason": "核对过", "at": at}
    reconciliation.propose_fix(**told, actor=OPERATORS[0])  # type: ignore[arg-type]
    reconciliation.approve_fix(break_ref=found.ref, actor=OPERATORS[1], at=at)


@pytest.mark.rule("guarantees C4, C7")
@pytest.mark.parametrize("seed", range(6))
def test_whatever_crosses_on_the_way_all_nine_books_agree_once_healed(
    partners: SimulatedPartners, seed: int
) -> None:
    """八家银行八种毛病,消息交叉、重复、乱序、丢失:恢复后没有一张卡在对方少受保护;

    同一张卡两边各报各解的,对账列出,两人处理后九方摘要相等。
    """
    street = Street(partners, seed)
    for _ in range(STEPS):
        street.step()
    street.heal()
    left = open_breaks()
    assert {found.kind for found in left} <= {BreakKind.STRONGER_THERE}
    assert len(left) <= 1
    for found in left:
        put_right(found)
    street.heal()
    assert open_breaks() == []
    assert all(run.equal for run in compared())
