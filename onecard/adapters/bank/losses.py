"""What a simulated bank does when we tell it of a card: a loss, its end, or how the card stands.

Nothing older undoes what is newer, a repeated message is answered as it was the first time, and a
tie is a loss (guarantees C4).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from onecard.adapters.bank import AccountState, CardNoted, LossOrder, LossRefused, accounts
from onecard.adapters.bank.accounts import Account
from onecard.adapters.bank.acknowledging import made
from onecard.adapters.bank.messages import CODEC, Acknowledgement
from onecard.adapters.store import Shelf, Store
from onecard.adapters.wire import write
from onecard.domain.financial_function import FinancialState

_ANSWER, _NOTED = "loss answer", "card noted"


class LossBook:
    """The losses of one simulated bank. `now` is the bank's own clock."""

    def __init__(self, *, bank: str, store: Store, now: Callable[[], datetime]) -> None:
        self._bank, self._store, self._now = bank, store, now

    def report(self, order: LossOrder) -> Acknowledgement | LossRefused:
        """Enter a loss and sign what holds now."""
        return self._answer(order, FinancialState.FORMAL_LOSS)

    def withdraw(self, order: LossOrder) -> Acknowledgement | LossRefused:
        """Take a loss back, unless a newer one is known, and sign what holds now."""
        return self._answer(order, FinancialState.ACTIVATED)

    def note(self, noted: CardNoted) -> None:
        """Follow what we say of a card, unless something newer is known of its losses."""
        with self._store.turn() as shelf:
            if not shelf.add(_NOTED, noted.message_id, {}):
                return
            account = accounts.of_card(shelf, noted.card_number, noted.bank_card_number)
            if _is_older(noted, account):
                return
            noted_as = self._as_noted(account, noted)
            accounts.keep(shelf, noted_as.changed(at=self._now(), version=noted.version))

    def state(self, card_number: str, bank_card_number: str = "") -> AccountState | None:
        """How the account stands, or None for one that was never heard of."""
        with self._store.turn() as shelf:
            account = accounts.find(shelf, card_number, bank_card_number)
        return shown(account) if account else None

    def close_account(self, card_number: str) -> None:
        """The customer has closed the account: from now on no loss of it is taken."""
        with self._store.turn() as shelf:
            account = accounts.of_card(shelf, card_number)
            accounts.keep(shelf, account.changed(at=self._now(), state=FinancialState.CLOSED))

    def _answer(self, order: LossOrder, wanted: FinancialState) -> Acknowledgement | LossRefused:
        with self._store.turn() as shelf:
            said = shelf.get(_ANSWER, order.message_id)
            if said is None:
                body = vars(self._decide(shelf, order, wanted))
                shelf.add(_ANSWER, order.message_id, body)
            else:
                body = said.body
        return LossRefused(**body) if "reason" in body else Acknowledgement(**body)

    def _decide(
        self, shelf: Shelf, order: LossOrder, wanted: FinancialState
    ) -> Acknowledgement | LossRefused:
        account = accounts.of_card(shelf, order.card_number, order.bank_card_number)
        if account.state is FinancialState.CLOSED:
            return LossRefused("账户已销户")
        is_loss = wanted is FinancialState.FORMAL_LOSS
        if order.version > account.version or (is_loss and order.version == account.version):
            account = self._after(account, order, wanted)
            account = account.changed(at=self._now(), version=order.version)
            accounts.keep(shelf, account)
        asked, version = write(CODEC, order), account.version
        return made(order, asked, account.state, version, at=self._now(), bank=self._bank)

    def _as_noted(self, account: Account, noted: CardNoted) -> Account:
        """Its state as we say it is; a loss that was reported at the bank itself stays."""
        account = replace(account, card_number=noted.card_number)
        own = [name for name in account.loss.split() if self._is_own(name)]
        if noted.state is FinancialState.ACTIVATED:
            return accounts.with_losses(account, own, account.temporary, account.until)
        if accounts.is_lost(noted.state):
            return replace(account, state=noted.state)
        return replace(account, state=noted.state, loss="", temporary="", until="")

    def _is_own(self, name: str) -> bool:
        return name.startswith(self._bank.upper())

    def _after(self, account: Account, order: LossOrder, wanted: FinancialState) -> Account:
        """A withdrawal lifts what we reported up to it, and whatever it names.

        Another loss that was reported at the bank itself stays.
        """
        names, temporary, until = account.loss.split(), account.temporary, account.until
        if wanted is FinancialState.FORMAL_LOSS:
            return accounts.with_losses(account, (*names, order.loss), temporary, until)
        left = [name for name in names if self._is_own(name) and name != order.loss]
        if order.loss == temporary:
            temporary, until = "", ""
        return accounts.with_losses(account, left, temporary, until)


def _is_older(noted: CardNoted, account: Account) -> bool:
    """At a tie the loss that stands wins, unless the account is closed."""
    protected = accounts.is_lost(noted.state) or noted.state is FinancialState.CLOSED
    weakens = accounts.is_lost(account.state) and not protected
    return noted.version < account.version + weakens


def shown(account: Account) -> AccountState:
    """An account as it is told to us."""
    at = datetime.fromisoformat(account.changed_at) if account.changed_at else None
    return AccountState(
        state=account.state,
        version=account.version,
        bank_card_number=account.bank_card_number,
        card_number=account.card_number,
        loss=f"{account.loss} {account.temporary}".strip(),
        sequence=account.sequence,
        changed_at=at,
    )
