"""What happens at a simulated bank without us: its customers, its tills, its own loss reports.

Each change becomes a piece of news for us. Every payment that is tried is logged by the clock of
the world, so that one can see how long a lost card was still good for money (guarantees C3).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
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

    def open(self, card_number: str, bank_card_number: str, identity_number: str = "") -> None:
        """An account nobody has activated yet stands behind this card."""
        with self._store.turn() as shelf:
            account = Account(bank_card_number, card_number, State.OPENED)
            account = replace(account, identity_number=identity_number)
            accounts.keep(shelf, account.changed(at=self._temper.clock()))

    def activate(self, card_number: str) -> str:
        """金融激活 at one of the bank's own tills. Returns the serial of the news."""
        with self._store.turn() as shelf:
            account = self._must_be(shelf, card_number, {State.OPENED})
            active = replace(account, state=State.ACTIVATED)
            return self._tell(shelf, active, Event.ACTIVATE, self._newsroom.next_serial(shelf))

    def report_temporarily(self, card_number: str) -> str:
        """临时挂失 by the bank's own rule; it lapses by itself only where that rule says so."""
        days = self._temper.habit.temporary_days
        until = (self._temper.clock() + timedelta(days=days)).isoformat() if days else ""
        with self._store.turn() as shelf:
            account = self._must_be(shelf, card_number, {State.ACTIVATED})
            serial = self._newsroom.next_serial(shelf)
            lost = accounts.with_losses(account, (), serial, until)
            return self._tell(shelf, lost, Event.REPORT_TEMPORARY, serial)

    def report_formally(self, card_number: str) -> str:
        """正式挂失 by the bank's own system."""
        with self._store.turn() as shelf:
            may = {State.ACTIVATED, State.TEMPORARY_LOSS}
            account = self._must_be(shelf, card_number, may)
            serial = self._newsroom.next_serial(shelf)
            lost = accounts.with_losses(account, (serial,), account.temporary, account.until)
            return self._tell(shelf, lost, Event.REPORT_FORMAL, serial)

    def withdraw(self, card_number: str) -> str:
        """解挂 of everything that stands lost, with a piece of news for each."""
        with self._store.turn() as shelf:
            account = self._must_be(shelf, card_number, {State.TEMPORARY_LOSS, State.FORMAL_LOSS})
            serial, names = "", account.loss.split()
            while names:
                name = names.pop(0)
                account = accounts.with_losses(account, names, account.temporary, account.until)
                account, serial = self._told(shelf, account, Event.WITHDRAW_FORMAL, name)
            return self._lift_temporary(shelf, account) or serial

    def close(self, card_number: str) -> str:
        """销户."""
        with self._store.turn() as shelf:
            may = set(State) - {State.NONE, State.CLOSED}
            account = self._must_be(shelf, card_number, may)
            closed = replace(account, state=State.CLOSED, loss="", temporary="", until="")
            return self._tell(shelf, closed, Event.CLOSE, self._newsroom.next_serial(shelf))

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
                self._lift_temporary(shelf, account)
        return len(over)

    def _current(self, shelf: Shelf, card_number: str) -> Account:
        """The account as it stands now: what is over by time is lifted first."""
        account = accounts.of_card(shelf, card_number)
        if self._is_over(account):
            self._lift_temporary(shelf, account)
            account = accounts.of_card(shelf, card_number)
        return account

    def _must_be(self, shelf: Shelf, card_number: str, may: set[State]) -> Account:
        account = self._current(shelf, card_number)
        if account.state not in may:
            raise NotHere(account.state.value)
        return account

    def _is_over(self, account: Account) -> bool:
        until = account.until
        return bool(until) and datetime.fromisoformat(until) <= self._temper.clock()

    def _lift_temporary(self, shelf: Shelf, account: Account) -> str:
        """Returns the serial of the news, or nothing where no temporary loss stands."""
        name = account.temporary
        if not name:
            return ""
        lifted = accounts.with_losses(account, account.loss.split(), "", "")
        return self._told(shelf, lifted, Event.LIFT_TEMPORARY, name)[1]

    def _told(
        self, shelf: Shelf, account: Account, event: Event, names: str
    ) -> tuple[Account, str]:
        serial = self._newsroom.next_serial(shelf)
        self._tell(shelf, account, event, serial, names=names)
        return accounts.of_card(shelf, account.card_number), serial

    def _tell(
        self, shelf: Shelf, account: Account, event: Event, serial: str, *, names: str = ""
    ) -> str:
        """Write the account down as it stands now, and the news of it."""
        at, sequence = self._temper.clock(), account.sequence + 1
        changed = account.changed(at=at, sequence=sequence)
        accounts.keep(shelf, changed)
        self._newsroom.write(shelf, changed, event, serial, names=names)
        return serial
