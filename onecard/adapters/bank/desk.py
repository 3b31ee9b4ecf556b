"""What happens at a simulated bank without us: its customers, its tills, its own loss reports.

Each change becomes a piece of news for us. Every payment that is tried is logged by the clock of
the world, so that one can see how long a lost card was still good for money (guarantees C3).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from onecard.adapters.bank import accounts
from onecard.adapters.bank.accounts import Account
from onecard.adapters.bank.habits import Temper
from onecard.adapters.bank.newsroom import Newsroom
from onecard.adapters.store import Shelf, Store
from onecard.domain.financial_function import FinancialEvent as Event
from onecard.domain.financial_function import FinancialState as State

_PAID = "payment"


class NotHere(ValueError):
    """The bank's own no to its customer: the account does not stand so that this could be done."""


@dataclass(frozen=True)
class Payment:
    """One use of the card's account. `at` is the clock of the world, not the bank's."""

    card_number: str
    at: datetime
    approved: bool


class BankDesk:
    """The customers of one simulated bank. Raises `NotHere` for what cannot be."""

    def __init__(
        self, *, store: Store, now: Callable[[], datetime], temper: Temper, newsroom: Newsroom
    ) -> None:
        self._store, self._now = store, now
        self._temper, self._newsroom = temper, newsroom

    def open(self, card_number: str, bank_card_number: str) -> None:
        """An account nobody has activated yet stands behind this card."""
        with self._store.turn() as shelf:
            account = Account(bank_card_number, card_number, State.OPENED)
            accounts.keep(shelf, account.changed(at=self._temper.clock()))

    def activate(self, card_number: str) -> str:
        """金融激活 at one of the bank's own tills. Returns the serial of the news."""
        return self._change(card_number, Event.ACTIVATE, {State.OPENED}, State.ACTIVATED)

    def report_temporarily(self, card_number: str) -> str:
        """临时挂失 by the bank's own rule; it lapses by itself only where that rule says so."""
        days = self._temper.habit.temporary_days
        until = (self._temper.clock() + timedelta(days=days)).isoformat() if days else ""
        may, lost = {State.ACTIVATED}, State.TEMPORARY_LOSS
        return self._change(card_number, Event.REPORT_TEMPORARY, may, lost, until=until)

    def report_formally(self, card_number: str) -> str:
        """正式挂失 by the bank's own system."""
        may = {State.ACTIVATED, State.TEMPORARY_LOSS}
        return self._change(card_number, Event.REPORT_FORMAL, may, State.FORMAL_LOSS)

    def withdraw(self, card_number: str) -> str:
        """解挂 of whichever loss stands."""
        with self._store.turn() as shelf:
            account = self._current(shelf, card_number)
            if not accounts.is_lost(account.state):
                raise NotHere(account.state.value)
            return self._lift(shelf, account)

    def close(self, card_number: str) -> str:
        """销户."""
        may = set(State) - {State.NONE, State.CLOSED}
        return self._change(card_number, Event.CLOSE, may, State.CLOSED)

    def pay(self, card_number: str) -> bool:
        """Whether a payment with the card goes through; either way it is logged."""
        with self._store.turn() as shelf:
            account = self._current(shelf, card_number)
            approved = account.state is State.ACTIVATED
            at = self._now().isoformat()
            body = {"card_number": card_number, "at": at, "approved": approved}
            shelf.append(_PAID, body)
        return approved

    def payments(self) -> tuple[Payment, ...]:
        """Every payment that was tried, in order."""
        with self._store.turn() as shelf:
            bodies = [entry.body for entry in shelf.every(_PAID)]
        return tuple(
            Payment(body["card_number"], datetime.fromisoformat(body["at"]), body["approved"])
            for body in bodies
        )

    def lapse_due(self) -> int:
        """Temporary losses whose time is over by the bank's clock are lifted; returns how many."""
        with self._store.turn() as shelf:
            found = [account for _, account in accounts.after(shelf, 0, -1)]
            over = [account for account in found if self._is_over(account)]
            for account in over:
                self._lift(shelf, account)
        return len(over)

    def _current(self, shelf: Shelf, card_number: str) -> Account:
        """The account as it stands now: what is over by time is lifted first."""
        account = accounts.of_card(shelf, card_number)
        if self._is_over(account):
            self._lift(shelf, account)
            account = accounts.of_card(shelf, card_number)
        return account

    def _is_over(self, account: Account) -> bool:
        until = account.until
        lost = account.state is State.TEMPORARY_LOSS and bool(until)
        return lost and datetime.fromisoformat(until) <= self._temper.clock()

    def _lift(self, shelf: Shelf, account: Account) -> str:
        temporary = account.state is State.TEMPORARY_LOSS
        event = Event.LIFT_TEMPORARY if temporary else Event.WITHDRAW_FORMAL
        lifted = account.changed(
            at=self._temper.clock(),
            state=State.ACTIVATED,
            sequence=account.sequence + 1,
            loss="",
            until="",
        )
        accounts.keep(shelf, lifted)
        return self._newsroom.write(shelf, lifted, event, names=account.loss)

    def _change(
        self, card_number: str, event: Event, may: set[State], state: State, *, until: str = ""
    ) -> str:
        with self._store.turn() as shelf:
            account = self._current(shelf, card_number)
            if account.state not in may:
                raise NotHere(account.state.value)
            account = account.changed(
                at=self._temper.clock(), state=state, sequence=account.sequence + 1, until=until
            )
            serial = self._newsroom.write(shelf, account, event)
            loss = serial if accounts.is_lost(state) else ""
            accounts.keep(shelf, account.changed(at=self._temper.clock(), loss=loss))
        return serial
