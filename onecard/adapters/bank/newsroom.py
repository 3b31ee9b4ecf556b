"""The news a simulated bank has for us, kept until we have taken them, told by the bank's habit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from onecard.adapters.bank.accounts import Account
from onecard.adapters.bank.habits import Temper
from onecard.adapters.store import Shelf, Store
from onecard.domain.financial_function import FinancialEvent

_NEWS, _TAKEN, _COUNT = "news", "news taken", "news count"


@dataclass(frozen=True)
class Tidings:
    """One message of a bank about one card.

    `serial` is its own name there, `sequence` counts the bank's news of this card, `names` is the
    loss that a withdrawal lifts, `happened_at` the bank's clock. Card and identity number are the
    pair by which the card is looked for.
    """

    bank: str
    card_number: str
    identity_number: str
    event: FinancialEvent
    serial: str
    sequence: int
    names: str
    happened_at: datetime


class Newsroom:
    """Writes news down and tells them."""

    def __init__(self, *, bank: str, store: Store, temper: Temper) -> None:
        self._bank, self._store, self._temper = bank, store, temper

    def next_serial(self, shelf: Shelf) -> str:
        """The name of the next piece of news."""
        return f"{self._bank.upper()}{_count(shelf):08d}"

    def write(
        self,
        shelf: Shelf,
        account: Account,
        event: FinancialEvent,
        serial: str,
        *,
        names: str = "",
    ) -> None:
        """Something happened to an account."""
        body = {
            "card_number": account.card_number,
            "identity_number": account.identity_number,
            "event": event.value,
            "sequence": account.sequence,
            "names": names,
            "happened_at": self._temper.clock().isoformat(),
        }
        shelf.add(_NEWS, serial, body)

    def waiting(self) -> tuple[Tidings, ...]:
        """What we have not taken yet, in the order in which the bank tells it now."""
        with self._store.turn() as shelf:
            rows = [(entry.key, entry.body) for entry in shelf.every(_NEWS)]
        news = [self._tidings(serial, body) for serial, body in rows]
        if self._temper.habit.news_shuffled:
            news.sort(key=lambda one: (self._temper.draw("shuffle", one.serial), one.serial))
        again = self._temper.habit.news_twice_percent
        twice = [one for one in news if self._temper.draw("twice", one.serial) < again]
        return (*news, *twice)

    def taken(self, serial: str) -> None:
        """We have it: it is not told again."""
        with self._store.turn() as shelf:
            entry = shelf.get(_NEWS, serial)
            if entry is not None:
                shelf.remove(_NEWS, serial)
                shelf.add(_TAKEN, serial, entry.body)

    def tell(self, to: Callable[[Tidings], bool]) -> int:
        """Tell everything that waits; `to` says whether it was taken. Returns how many were."""
        told = {one.serial for one in self.waiting() if to(one)}
        for serial in told:
            self.taken(serial)
        return len(told)

    def _tidings(self, serial: str, body: dict[str, str]) -> Tidings:
        return Tidings(
            bank=self._bank,
            card_number=body["card_number"],
            identity_number=body["identity_number"],
            event=FinancialEvent(body["event"]),
            serial=serial,
            sequence=int(body["sequence"]),
            names=body["names"],
            happened_at=datetime.fromisoformat(body["happened_at"]),
        )


def _count(shelf: Shelf) -> int:
    entry = shelf.get(_COUNT, _COUNT)
    number = entry.body["number"] + 1 if entry else 1
    if not shelf.add(_COUNT, _COUNT, {"number": number}):
        shelf.change(_COUNT, _COUNT, {"number": number})
    return int(number)
