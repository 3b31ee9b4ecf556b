"""The partners' books and ours beside them: the same questions to a bank and to the register.

A book gives the partner's lines page by page, says to which of our cards each belongs, and lists
our own cards that ought to stand in it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from onecard.adapters.bank import AccountState, Bank
from onecard.adapters.hr_database import ProvincialCard
from onecard.adapters.partners import partners
from onecard.domain import partner
from onecard.domain.financial_function import FinancialState
from onecard.domain.loss import Side
from onecard.domain.reconciliation import Digest, FunctionState, Theirs
from onecard.records.models import Application, Card
from onecard.seams.world import world


@dataclass(frozen=True)
class Line:
    """One line of a partner's book. `key` is the number by which the digest counts it."""

    key: str
    card_number: str
    theirs: Theirs


@dataclass(frozen=True)
class Page:
    """Lines, and behind the last of them what the partner counts and its digest."""

    lines: tuple[Line, ...]
    cursor: str
    count: int
    digest: str


NOT_A_CARD_YET = "not a card yet"
"""Whose line belongs to an account opened for a card that is still being made."""


class Book(ABC):
    """One partner's book."""

    side: Side

    def __init__(self, party: str) -> None:
        self.party = party

    @abstractmethod
    def page(self, cursor: str, most: int) -> Page:
        """The partner's lines behind a cursor. Raises `PartnerSilent`."""

    @abstractmethod
    def ask(self, card: Card) -> Line | None:
        """What the partner says of one card now, or None. Raises `PartnerSilent`."""

    @abstractmethod
    def owners(self, lines: Sequence[Line]) -> list[Card | str | None]:
        """For each line our card, None where there is none, or `NOT_A_CARD_YET`."""

    @abstractmethod
    def cards(self) -> QuerySet[Card]:
        """Our cards that ought to stand in this book."""

    @abstractmethod
    def state_of(self, card: Card, at: datetime) -> FunctionState:
        """How the card's function stands with us."""

    @abstractmethod
    def number_of(self, card: Card) -> str:
        """What we know of the number that this partner gives out."""

    @abstractmethod
    def key_of(self, card: Card) -> str:
        """The number by which the digest counts our card."""

    def digest(self, at: datetime) -> Digest:
        """Ours, of everything that ought to stand in this book."""
        whole = Digest()
        for card in self.cards().iterator():
            whole = whole.plus(self.key_of(card), self.state_of(card, at))
        return whole


class BankBook(Book):
    """A bank's accounts: known by the bank card number, owned by the bank."""

    side = Side.FINANCIAL

    def page(self, cursor: str, most: int) -> Page:
        """Accounts, those of cards still in the making too."""
        told = self._bank().accounts_after(cursor, most)
        lines = tuple(_of_account(account) for account in told.lines)
        return Page(lines, told.cursor, told.count, told.digest)

    def ask(self, card: Card) -> Line | None:
        """The account of one card."""
        account = self._bank().account_state(card.card_number, card.bank_card_number)
        return _of_account(account) if account else None

    def owners(self, lines: Sequence[Line]) -> list[Card | str | None]:
        """By the bank card number, else by the card number, else an application in the making."""
        by_account = {_index("bank_card", line.key): line for line in lines}
        by_number = {_index("card_number", line.card_number): line for line in lines}
        cards = Card.objects.filter(bank=partner.bank_of(self.party))
        found = {c.bank_card_index: c for c in cards.filter(bank_card_index__in=by_account)}
        named = {c.card_number_index: c for c in cards.filter(card_number_index__in=by_number)}
        waiting = set(
            Application.objects.filter(bank_card_index__in=by_account).values_list(
                "bank_card_index", flat=True
            )
        )
        return [
            found.get(account := _index("bank_card", line.key))
            or (named.get(_index("card_number", line.card_number)) if line.card_number else None)
            or (NOT_A_CARD_YET if account in waiting else None)
            for line in lines
        ]

    def cards(self) -> QuerySet[Card]:
        """Cards of this bank with an account."""
        mine = Card.objects.filter(bank=partner.bank_of(self.party))
        return mine.exclude(financial_state=FinancialState.NONE)

    def state_of(self, card: Card, at: datetime) -> FunctionState:  # noqa: ARG002 - the book's own
        """The financial function, as far as the bank told us."""
        return card.financial_state

    def number_of(self, card: Card) -> str:
        """The bank card number."""
        return str(card.bank_card_number)

    def key_of(self, card: Card) -> str:
        """The bank card number."""
        return str(card.bank_card_number)

    def digest(self, at: datetime) -> Digest:
        """With the accounts that were opened for cards still in the making."""
        whole = super().digest(at)
        mine = Application.objects.filter(bank=partner.bank_of(self.party), cards=None)
        for waiting in mine.exclude(bank_card_index="").iterator():
            whole = whole.plus(waiting.bank_card_number, FinancialState.OPENED)
        return whole

    def _bank(self) -> Bank:
        return partners().banks[partner.bank_of(self.party)]


class RegisterBook(Book):
    """The province's register, as far as we entered its cards: of them we own the HR function."""

    side = Side.HR

    def page(self, cursor: str, most: int) -> Page:
        """The cards we entered."""
        told = partners().hr_database.cards_after(cursor, most)
        return Page(tuple(map(_of_card, told.cards)), told.cursor, told.count, told.digest)

    def ask(self, card: Card) -> Line | None:
        """One card of the register."""
        told = partners().hr_database.card_of(card.card_number)
        return _of_card(told) if told else None

    def owners(self, lines: Sequence[Line]) -> list[Card | str | None]:
        """By the card number."""
        indexes = [_index("card_number", line.card_number) for line in lines]
        cards = Card.objects.filter(card_number_index__in=indexes)
        found = {card.card_number_index: card for card in cards}
        return [found.get(index) for index in indexes]

    def cards(self) -> QuerySet[Card]:
        """Cards that were made here."""
        return Card.objects.exclude(application=None)

    def state_of(self, card: Card, at: datetime) -> FunctionState:
        """The HR function at an instant: a temporary loss is over when its time is."""
        return card.state_at(at)

    def number_of(self, card: Card) -> str:
        """The bank on the card's face."""
        return card.bank

    def key_of(self, card: Card) -> str:
        """The card number."""
        return str(card.card_number)


def book_of(party: str) -> Book:
    """The book of a party. Raises `KeyError` for one that keeps none."""
    if party == partner.HR_DATABASE:
        return RegisterBook(party)
    if partner.bank_of(party) not in partners().banks:
        raise KeyError(party)
    return BankBook(party)


def _of_account(account: AccountState) -> Line:
    theirs = Theirs(
        state=account.state,
        number=account.bank_card_number,
        version=account.version,
        loss=account.loss,
        sequence=account.sequence,
        changed_at=account.changed_at,
    )
    return Line(account.bank_card_number, account.card_number, theirs)


def _of_card(card: ProvincialCard) -> Line:
    return Line(card.card_number, card.card_number, Theirs(card.state, number=card.bank))


def _index(purpose: str, number: str) -> str:
    return world().custody.blind_index(purpose, number)
