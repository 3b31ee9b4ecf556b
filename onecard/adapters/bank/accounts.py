"""The accounts a simulated bank keeps, as it knows them: their cards, their states, since when.

An account is known by its bank card number; the bank learns the card number of the plastic when it
first hears of it. One it never opened (an older card, a test) counts as activated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from onecard.adapters.store import Shelf
from onecard.domain.financial_function import FinancialState

_ACCOUNT, _BY_CARD = "book", "book of card"


@dataclass(frozen=True)
class Account:
    """One account.

    `version` is the last loss version it was told, `loss` names the formal losses that stand (our
    report, its own serial, or both, with a blank between), `temporary` is the serial of a temporary
    one, `until` when that is over by itself (ISO); `sequence` is the number of its last news of
    this card, `changed_at` its clock (ISO). The customer's `identity_number` is what a card is
    looked for with.
    """

    bank_card_number: str
    card_number: str
    state: FinancialState = FinancialState.ACTIVATED
    version: int = 0
    loss: str = ""
    temporary: str = ""
    sequence: int = 0
    until: str = ""
    changed_at: str = ""
    identity_number: str = ""

    def changed(self, *, at: datetime, **more: Any) -> Account:
        """The same account after a change."""
        return replace(self, changed_at=at.isoformat(), **more)


def with_losses(account: Account, formal: Iterable[str], temporary: str, until: str) -> Account:
    """The account with exactly these losses: formal before temporary before none."""
    names = " ".join(dict.fromkeys(formal))
    lost = FinancialState.FORMAL_LOSS if names else FinancialState.TEMPORARY_LOSS
    state = lost if names or temporary else FinancialState.ACTIVATED
    return replace(account, state=state, loss=names, temporary=temporary, until=until)


def find(shelf: Shelf, card_number: str, bank_card_number: str = "") -> Account | None:
    """The account behind a card, by either of its numbers, or None."""
    entry = shelf.get(_BY_CARD, card_number) if card_number else None
    key = entry.body["key"] if entry else bank_card_number or card_number
    known = shelf.get(_ACCOUNT, key)
    return _read(known.body) if known else None


def of_card(shelf: Shelf, card_number: str, bank_card_number: str = "") -> Account:
    """The account behind a card; one that was never seen is taken as it is named."""
    account = find(shelf, card_number, bank_card_number) or Account(bank_card_number, card_number)
    return replace(account, card_number=account.card_number or card_number)


def keep(shelf: Shelf, account: Account) -> None:
    """Write an account down."""
    key = account.bank_card_number or account.card_number
    body = {**asdict(account), "state": account.state.value}
    if not shelf.add(_ACCOUNT, key, body):
        shelf.change(_ACCOUNT, key, body)
    if account.card_number and not shelf.add(_BY_CARD, account.card_number, {"key": key}):
        shelf.change(_BY_CARD, account.card_number, {"key": key})


def drop(shelf: Shelf, account: Account) -> None:
    """Forget an account: how a bank comes to know nothing of a card."""
    shelf.remove(_ACCOUNT, account.bank_card_number or account.card_number)
    shelf.remove(_BY_CARD, account.card_number)


def after(shelf: Shelf, number: int, most: int) -> Iterator[tuple[int, Account]]:
    """Accounts in the order in which they were written down, behind a place."""
    for entry in shelf.every(_ACCOUNT, after=number, most=most):
        yield entry.number, _read(entry.body)


def is_lost(state: FinancialState) -> bool:
    """Whether nothing is paid from it."""
    return state in (FinancialState.TEMPORARY_LOSS, FinancialState.FORMAL_LOSS)


def _read(body: dict[str, Any]) -> Account:
    return Account(**{**body, "state": FinancialState(body["state"])})
