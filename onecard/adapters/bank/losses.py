"""What a simulated bank keeps of losses: by card, with the last version it was told.

Nothing older undoes what is newer, a repeated message is answered as it was the first time, and a
tie is a loss (guarantees C4).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from onecard.adapters.bank import AccountState, LossOrder, LossRefused
from onecard.adapters.bank.acknowledging import made
from onecard.adapters.bank.messages import CODEC, Acknowledgement
from onecard.adapters.store import Shelf, Store
from onecard.adapters.wire import write
from onecard.domain.financial_function import FinancialState

_LOSS, _ANSWER = "loss", "loss answer"
_AT_FIRST = {"state": FinancialState.ACTIVATED.value, "version": 0}


class LossBook:
    """The losses of one simulated bank."""

    def __init__(self, *, bank: str, store: Store, now: Callable[[], datetime]) -> None:
        self._bank, self._store, self._now = bank, store, now

    def report(self, order: LossOrder) -> Acknowledgement | LossRefused:
        """Enter a loss and sign what holds now."""
        return self._answer(order, FinancialState.FORMAL_LOSS)

    def withdraw(self, order: LossOrder) -> Acknowledgement | LossRefused:
        """Take a loss back, unless a newer one is known, and sign what holds now."""
        return self._answer(order, FinancialState.ACTIVATED)

    def state(self, card_number: str) -> AccountState:
        """How the account stands."""
        with self._store.turn() as shelf:
            kept = _kept(shelf, card_number)
        return AccountState(FinancialState(kept["state"]), int(kept["version"]))

    def close_account(self, card_number: str) -> None:
        """The customer has closed the account: from now on no loss of it is taken."""
        with self._store.turn() as shelf:
            closed = {**_kept(shelf, card_number), "state": FinancialState.CLOSED.value}
            _keep(shelf, card_number, closed)

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
        kept = _kept(shelf, order.card_number)
        if kept["state"] == FinancialState.CLOSED.value:
            return LossRefused("账户已销户")
        is_loss = wanted is FinancialState.FORMAL_LOSS
        if order.version > kept["version"] or (is_loss and order.version == kept["version"]):
            kept = {"state": wanted.value, "version": order.version}
            _keep(shelf, order.card_number, kept)
        state, asked = FinancialState(kept["state"]), write(CODEC, order)
        return made(order, asked, state, int(kept["version"]), at=self._now(), bank=self._bank)


def _kept(shelf: Shelf, card_number: str) -> dict[str, str | int]:
    entry = shelf.get(_LOSS, card_number)
    return dict(entry.body) if entry else dict(_AT_FIRST)


def _keep(shelf: Shelf, card_number: str, body: dict[str, str | int]) -> None:
    if not shelf.add(_LOSS, card_number, body):
        shelf.change(_LOSS, card_number, body)
