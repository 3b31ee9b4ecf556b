"""The verbs of a bank and how their values travel. Files go whole, as base64."""

from __future__ import annotations

from dataclasses import dataclass

from cattrs.strategies import configure_tagged_union

from onecard.adapters.bank import AccountOpened, AccountRefused, OpenAccount, ReceivedFile, codes
from onecard.adapters.wire import Done, Verb, converter


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


OPEN_ACCOUNT = Verb("open-account", OpenAccount, AccountAnswer)
SEND_FILE = Verb("send-file", FileSent, Done)
FETCH_FILES = Verb("fetch-files", Nothing, FilesReady)
ACKNOWLEDGE_FILE = Verb("acknowledge-file", FileKept, Done)

CODEC = converter(names={OpenAccount: codes.ORDER, AccountOpened: codes.OPENED}, codes={})
_OUTCOME = {AccountOpened: "opened", AccountRefused: "refused"}
configure_tagged_union(
    AccountOpened | AccountRefused, CODEC, tag_name="outcome", tag_generator=_OUTCOME.__getitem__
)
