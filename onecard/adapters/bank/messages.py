"""The verbs of a bank and how their values travel. Files go whole, as base64."""

from __future__ import annotations

from dataclasses import dataclass

from cattrs.strategies import configure_tagged_union

from onecard.adapters.bank import (
    AccountOpened,
    AccountRefused,
    AccountsPage,
    AccountState,
    CardNoted,
    LossOrder,
    LossRefused,
    OpenAccount,
    ReceivedFile,
    codes,
)
from onecard.adapters.wire import Done, Verb, converter
from onecard.domain.financial_function import FinancialState


@dataclass(frozen=True)
class AccountAnswer:
    """Opened, or refused with the bank's reason."""

    account: AccountOpened | AccountRefused


@dataclass(frozen=True)
class FileSent:
    """A file handed over."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Nothing:
    """A question that needs no facts."""


@dataclass(frozen=True)
class FilesReady:
    """The files that lie ready, oldest first."""

    files: tuple[ReceivedFile, ...]


@dataclass(frozen=True)
class FileKept:
    """We have a file durably."""

    name: str


@dataclass(frozen=True)
class Acknowledgement:
    """A signed statement about a loss: its text, the name of the key, the signature."""

    statement: str
    serial: str
    signature: str


@dataclass(frozen=True)
class LossAnswer:
    """Acknowledged, or refused with the bank's reason."""

    loss: Acknowledgement | LossRefused


@dataclass(frozen=True)
class AboutCard:
    """Which card a question is about, by both of its numbers."""

    card_number: str
    bank_card_number: str


@dataclass(frozen=True)
class AccountFound:
    """The account of a card, or nothing."""

    account: AccountState | None


@dataclass(frozen=True)
class PageAsked:
    """The next page of all accounts."""

    cursor: str
    most: int


OPEN_ACCOUNT = Verb("open-account", OpenAccount, AccountAnswer)
SEND_FILE = Verb("send-file", FileSent, Done)
FETCH_FILES = Verb("fetch-files", Nothing, FilesReady)
ACKNOWLEDGE_FILE = Verb("acknowledge-file", FileKept, Done)
REPORT_LOSS = Verb("report-loss", LossOrder, LossAnswer)
WITHDRAW_LOSS = Verb("withdraw-loss", LossOrder, LossAnswer)
NOTE_CARD = Verb("note-card", CardNoted, Done)
ACCOUNT_STATE = Verb("account-state", AboutCard, AccountFound)
ACCOUNTS_AFTER = Verb("accounts-after", PageAsked, AccountsPage)

CODEC = converter(
    names={
        OpenAccount: codes.ORDER,
        AccountOpened: codes.OPENED,
        LossOrder: codes.LOSS,
        AboutCard: codes.LOSS,
        AccountState: codes.LOSS,
        CardNoted: codes.LOSS,
    },
    codes={FinancialState: {state: state.value for state in FinancialState}},
)
_OUTCOME = {AccountOpened: "opened", AccountRefused: "refused"}
_LOSS_OUTCOME = {Acknowledgement: "acknowledged", LossRefused: "refused"}
configure_tagged_union(
    AccountOpened | AccountRefused, CODEC, tag_name="outcome", tag_generator=_OUTCOME.__getitem__
)
configure_tagged_union(
    Acknowledgement | LossRefused,
    CODEC,
    tag_name="outcome",
    tag_generator=_LOSS_OUTCOME.__getitem__,
)
