"""Random lives of a card: whatever happens, the chip's books and the server's evidence agree."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from onecard.chip import transit_purse
from onecard.chip.fault import CardLost, CardRefused, ChipError
from onecard.chip.purse_facts import OnlineAttempt
from onecard.chip.purse_files import TransactionType
from onecard.chip.simulated_card import Moment, Tear
from onecard.chip.wire import hold
from tests.chip.desk import NOW, Gate, Host, a_card, money_fits

AMOUNTS = st.integers(1, 3000)
TEARS = st.none() | st.builds(
    Tear, st.sampled_from(Moment), kind=st.none(), write=st.integers(0, 5)
)
START_FEN = 5000
LOAD, UNLOAD = TransactionType.LOAD, TransactionType.UNLOAD


class ACardsLife(RuleBasedStateMachine):
    """Loads, fares and unloads, torn at will; one attempt may be open, as on the server."""

    def __init__(self) -> None:
        super().__init__()
        self.host = Host()
        self.gate = Gate(self.host)
        self.card = a_card()
        self.open: OnlineAttempt | None = None
        self.proven: list[OnlineAttempt] = []
        self.disproven: list[OnlineAttempt] = []

    @precondition(lambda self: self.open is None)
    @rule(amount=AMOUNTS, type_=st.sampled_from([LOAD, UNLOAD]), tear=TEARS)
    def move(self, amount: int, type_: TransactionType, tear: Tear | None) -> None:
        """A load or an unload whose second half may be torn."""
        try:
            attempt, mac2 = self.host.begin(self.card, amount, type_)
        except CardRefused:
            return
        if tear:
            self.card.tear(tear)
        begin = transit_purse.credit_load if type_ is LOAD else transit_purse.debit_unload
        try:
            hold(begin(at=NOW, mac2=mac2), self.card.transmit)
        except CardLost:
            self.open = attempt
            self.card.enter_field()
        else:
            self.proven.append(attempt)

    @precondition(lambda self: self.open is not None)
    @rule()
    def settle(self) -> None:
        """The next tap: ask for the proof, else look at the counter under MAC1."""
        attempt = self.open
        assert attempt is not None
        if self.host.ask_for_proof(self.card, attempt):
            self.proven.append(attempt)
        else:
            assert self.host.look(self.card).counter == attempt.counter
            self.disproven.append(attempt)
        self.open = None

    @rule(amount=st.integers(0, 800), composite=st.booleans(), tear=TEARS)
    def ride(self, amount: int, composite: bool, tear: Tear | None) -> None:  # noqa: FBT001
        """A fare that may be torn at any of its commands."""
        if tear:
            self.card.tear(tear)
        take = self.gate.take_with_journey if composite else self.gate.take
        with suppress(ChipError):
            take(self.card, amount)
        self.card.leave_field()
        self.card.enter_field()

    @rule(tear=TEARS)
    def leave_and_come_back(self, tear: Tear | None) -> None:
        """A look that may be torn."""
        if tear:
            self.card.tear(tear)
        with suppress(ChipError):
            self.host.look(self.card)
        self.card.leave_field()
        self.card.enter_field()

    @invariant()
    def the_chip_holds_what_its_commits_moved(self) -> None:
        """卡内余额等于各笔变动之和。"""
        assert money_fits(self.card, START_FEN)
        assert self.card.balance_fen >= 0

    @invariant()
    def what_was_proven_happened_once_and_what_was_disproven_never(self) -> None:
        """证明已写的恰好一笔,证明未写的一笔也没有。"""
        moved = {m.counter: m.amount_fen for m in self.card.movements if m.type in {LOAD, UNLOAD}}
        for attempt in self.proven:
            sign = 1 if attempt.type is LOAD else -1
            assert moved[attempt.proof_counter] == sign * attempt.amount_fen
        online = len(moved)
        assert self.card.load_counter == 0x2A + online
        assert online - len(self.proven) in {0, 1 if self.open else 0}


ACardsLife.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
test_a_cards_life = ACardsLife.TestCase
