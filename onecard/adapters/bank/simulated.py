"""A bank made of software: opens accounts at the counter and by file, with reasons for a no."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from stdnum import luhn

from onecard.adapters import chance
from onecard.adapters.bank import (
    AccountOpened,
    AccountRefused,
    AccountsPage,
    AccountState,
    CardNoted,
    LossConfirmed,
    LossOrder,
    LossRefused,
    OpenAccount,
    ReceivedFile,
    accounts,
)
from onecard.adapters.bank.acknowledging import simulated_keys, verified
from onecard.adapters.bank.desk import BankDesk
from onecard.adapters.bank.habits import WELL_BEHAVED, BankHabit, Temper
from onecard.adapters.bank.judging import Customer, reason_to_refuse
from onecard.adapters.bank.losses import LossBook, shown
from onecard.adapters.bank.messages import CODEC, Acknowledgement
from onecard.adapters.bank.newsroom import Newsroom
from onecard.adapters.exchange_files import Contents
from onecard.adapters.mailbox import Mailbox
from onecard.adapters.pace import Pace
from onecard.adapters.store import Shelf, Store
from onecard.adapters.wire import write
from onecard.domain import partner
from onecard.domain.exchange import AccountOrder, AccountReturn, FileKind
from onecard.domain.financial_function import FinancialState
from onecard.domain.reconciliation import Digest
from onecard.seams.clock import local_day


class SimulatedBank:
    """Answers as `Bank` says. An application keeps the account it was once given.

    `losses` is its book of losses, whose answers are signed; `desk` is what its customers do there
    without us, `newsroom` what it has to tell us of it. How it behaves is its `temper`.
    """

    def __init__(
        self,
        *,
        key: str,
        store: Store,
        now: Callable[[], datetime],
        seed: int,
        pace: Pace,
        habit: BankHabit = WELL_BEHAVED,
    ) -> None:
        self._bank, self._store, self._now, self._seed = key, store, now, seed
        self.temper = Temper(key, habit, seed=seed, now=now)
        self.losses = LossBook(bank=key, store=store, now=self.temper.clock)
        self.newsroom = Newsroom(bank=key, store=store, temper=self.temper)
        self.desk = BankDesk(store=store, now=now, temper=self.temper, newsroom=self.newsroom)
        self._box = Mailbox(
            partner=partner.bank(key),
            store=store,
            now=now,
            takes=pace.bank_file,
            orders=FileKind.ACCOUNT_ORDER,
            answers=FileKind.ACCOUNT_RETURN,
            work=self._work,
        )

    def open_account(self, order: OpenAccount) -> AccountOpened | AccountRefused:
        """Open one account now. The same message id again gets the same answer."""
        valid_to = _day(order.document_valid_to)
        customer = Customer(order.name, order.identity_number, valid_to, order.phone)
        with self._store.turn() as shelf:
            return self._decide(shelf, order.message_id, order.application_number, customer)

    def report_loss(
        self, order: LossOrder, *, within_seconds: float
    ) -> LossConfirmed | LossRefused:
        """Enter a formal loss, within no time at all."""
        del within_seconds
        return self._confirmed(self.losses.report(order), order)

    def withdraw_loss(
        self, order: LossOrder, *, within_seconds: float
    ) -> LossConfirmed | LossRefused:
        """Take a loss back, within no time at all."""
        del within_seconds
        return self._confirmed(self.losses.withdraw(order), order)

    def note_card(self, noted: CardNoted) -> None:
        """Follow what is said of a card."""
        self.losses.note(noted)

    def account_state(self, card_number: str, bank_card_number: str = "") -> AccountState | None:
        """How the account of a card stands here, or None."""
        return self.losses.state(card_number, bank_card_number)

    def accounts_after(self, cursor: str, most: int) -> AccountsPage:
        """The accounts behind a cursor; the last page bears the digest of all."""
        with self._store.turn() as shelf:
            found = list(accounts.after(shelf, int(cursor or 0), most))
            lines = tuple(shown(account) for _, account in found)
            if len(found) == most:
                return AccountsPage(lines, str(found[-1][0]))
            whole = Digest()
            for _, account in accounts.after(shelf, 0, -1):
                whole = whole.plus(account.bank_card_number, account.state)
        return AccountsPage(lines, "", whole.count, whole.hex)

    def send_file(self, name: str, content: bytes) -> None:
        """Take a batch file over. The same name and content again changes nothing."""
        self._box.put(name, content)

    def fetch_files(self) -> tuple[ReceivedFile, ...]:
        """Return files that were not acknowledged yet, oldest first."""
        return tuple(ReceivedFile(*file) for file in self._box.look())

    def acknowledge_file(self, name: str) -> None:
        """The file need not be offered again."""
        self._box.acknowledge(name)

    def _confirmed(
        self, answer: Acknowledgement | LossRefused, order: LossOrder
    ) -> LossConfirmed | LossRefused:
        if isinstance(answer, LossRefused):
            return answer
        keys, asked = simulated_keys(self._bank), write(CODEC, order)
        return verified(answer, order, asked, keys=keys, bank=self._bank)

    def _work(self, shelf: Shelf, contents: Contents) -> tuple[AccountReturn, ...]:
        orders = (row for row in contents.rows if isinstance(row, AccountOrder))
        return tuple(self._return(shelf, order) for order in orders)

    def _return(self, shelf: Shelf, order: AccountOrder) -> AccountReturn:
        customer = Customer(order.name, order.identity_number, order.document_valid_to, order.phone)
        message = f"{order.application_number}#{order.attempt}"
        answer = self._decide(shelf, message, order.application_number, customer)
        who = (order.application_number, order.attempt, order.identity_number)
        if isinstance(answer, AccountRefused):
            return AccountReturn(*who, opened=False, reason=answer.reason)
        numbers = (answer.account_number, answer.bank_card_number)
        return AccountReturn(*who, True, *numbers)

    def _decide(
        self, shelf: Shelf, message: str, application: str, customer: Customer
    ) -> AccountOpened | AccountRefused:
        said = shelf.get("message", message)
        if said is None:
            reason = reason_to_refuse(customer, bank=self._bank, today=local_day(self._now()))
            if shelf.get("account", application):
                reason = ""
            shelf.add("message", message, {"refused": reason})
        else:
            reason = said.body["refused"]
        return AccountRefused(reason) if reason else self._account(shelf, application, customer)

    def _account(self, shelf: Shelf, application: str, customer: Customer) -> AccountOpened:
        body = "62" + chance.digits(16, self._seed, self._bank, "card", application)
        number = body + str(luhn.calc_check_digit(body))
        if shelf.add("account", application, {}):
            account = accounts.Account(
                number, "", FinancialState.OPENED, identity_number=customer.identity_number
            )
            accounts.keep(shelf, account.changed(at=self.temper.clock()))
        return AccountOpened(
            account_number=chance.digits(18, self._seed, self._bank, "account", application),
            bank_card_number=number,
        )


def _day(text: str) -> date | None:
    """An ISO day; whatever else stands there (empty, 长期) means without end."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
