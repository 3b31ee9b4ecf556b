"""The books of the blank cards balance, whatever comes and goes (platform B18)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import count

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from onecard.actions import stock
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.refusal import NotFound, Refused
from onecard.domain.stock import SUPPLIER, SpoilReason, place_of
from onecard.records.models import BlankCard, StockMovement
from onecard.seams.world import in_world
from tests import cast
from tests.production import now
from tests.staff import an_outlet

_runs = count()


def staff_of(outlet: str, role: Role) -> Actor:
    return Actor(role, f"stf_{role.value}_{outlet}", Channel.SERVICE_OUTLET, outlet=outlet)


class Drawers(RuleBasedStateMachine):
    """Random comings and goings between two outlets that no other run knows."""

    blanks = Bundle("blanks")

    def __init__(self) -> None:
        super().__init__()
        self.run = next(_runs)
        self._world = in_world(cast.a_world(seed=self.run))
        self._world.__enter__()
        self.outlets = [an_outlet(f"out_{self.run}_{side}").ref for side in "ab"]
        self.received = 0

    def teardown(self) -> None:
        """Leave the world."""
        self._world.__exit__(None, None, None)

    @rule(target=blanks, side=st.integers(0, 1))
    def receive(self, side: int) -> str:
        """A delivery of one card."""
        self.received += 1
        serial = f"R{self.run}S{self.received:04d}"
        head = staff_of(self.outlets[side], Role.OUTLET_SUPERVISOR)
        stock.receive(bank="icbc", first=serial, last=serial, actor=head, at=now())
        return serial

    @rule(blank=blanks, side=st.integers(0, 1))
    def send(self, blank: str, side: int) -> None:
        """One outlet sends it to the other."""
        head, to = self.head(side), self.outlets[1 - side]
        self.attempt(lambda: stock.send(first=blank, last=blank, receiver=to, actor=head, at=now()))

    @rule(blank=blanks, side=st.integers(0, 1))
    def arrive(self, blank: str, side: int) -> None:
        """An outlet says that it came."""
        head = self.head(side)
        self.attempt(lambda: stock.confirm_arrival(first=blank, last=blank, actor=head, at=now()))

    @rule(blank=blanks, side=st.integers(0, 1), reason=st.sampled_from(SpoilReason))
    def spoil(self, blank: str, side: int, reason: SpoilReason) -> None:
        """A clerk says that it is spoiled or missing."""
        clerk = staff_of(self.outlets[side], Role.OUTLET_CLERK)
        self.attempt(
            lambda: stock.report_spoiled(serial=blank, reason=reason, actor=clerk, at=now())
        )

    @rule(blank=blanks, side=st.integers(0, 1), good=st.booleans())
    def look_at(self, blank: str, side: int, good: bool) -> None:  # noqa: FBT001 - drawn
        """A supervisor writes it off, or finds it good."""
        head = self.head(side)
        act = stock.find_good if good else stock.approve_spoiled
        self.attempt(lambda: act(serial=blank, actor=head, at=now()))

    @invariant()
    def every_card_is_in_exactly_one_place(self) -> None:
        """Double entry: all movements out of and into each place leave one card in one place."""
        mine = {"blank__serial__startswith": f"R{self.run}S"}
        books: dict[str, Counter[str]] = {}
        for move in StockMovement.objects.filter(**mine).select_related("blank"):
            book = books.setdefault(move.blank.serial, Counter())
            book[move.from_place] -= 1
            book[move.to_place] += 1
        places = {
            serial: {place: cards for place, cards in book.items() if cards}
            for serial, book in books.items()
        }
        cards = BlankCard.objects.filter(outlet__in=self.outlets)
        assert len(places) == self.received == cards.count()
        assert places == {
            card.serial: {SUPPLIER: -1, place_of(outlet=card.outlet_id, state=card.state): 1}
            for card in cards
        }

    def head(self, side: int) -> Actor:
        """The supervisor of one of the two outlets."""
        return staff_of(self.outlets[side], Role.OUTLET_SUPERVISOR)

    def attempt(self, act: Callable[[], object]) -> None:
        """What the rules refuse leaves the books as they were."""
        try:
            act()
        except (NotFound, Refused):
            return


@pytest.mark.django_db
@pytest.mark.rule("platform B18")
def test_each_blank_card_is_in_exactly_one_place() -> None:
    """每张空白卡任何时刻只在一处,账实相符。"""
    run_state_machine_as_test(
        Drawers,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
