"""交换文件: what travels by file between us, the banks and the card vendor (platform D7).

A file is known by partner, kind, business day and number; its name says the same as its header.
Rows are plain values; how they lie in bytes is the business of `adapters/exchange_files`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from onecard.domain.refusal import Refusal

CARD_VENDOR = "card_vendor"
"""The partner key of the card vendor; a bank's partner key is the bank's own (`icbc`)."""

MOST_FILE_BYTES = 64 * 1024 * 1024
"""No exchange file is larger."""


def spoken(partner: str) -> str:
    """A partner as a sentence names it: the vendor by its word, a bank by its initials."""
    return "@production.holder.card_vendor" if partner == CARD_VENDOR else partner.upper()


class FileKind(Enum):
    """What a file is about."""

    ACCOUNT_ORDER = "account_order"
    ACCOUNT_RETURN = "account_return"
    CARD_ORDER = "card_order"
    CARD_RETURN = "card_return"
    PORTRAITS = "portraits"


class Direction(Enum):
    """Which way a file travels."""

    OUT = "out"
    IN = "in"


class FailedLink(Enum):
    """Which of the two links of production failed (rule book 9.3, 失败环节)."""

    BANK = "bank"
    MAKING = "making"


@dataclass(frozen=True)
class Header:
    """Who sent which file on which business day; `number` counts within partner, kind and day."""

    kind: FileKind
    partner: str
    business_on: date
    number: int
    created_at: datetime

    @property
    def name(self) -> str:
        """The file's only right name, e.g. `icbc-account_order-20260302-000001.csv`."""
        ending = ENDINGS[self.kind]
        day = f"{self.business_on:%Y%m%d}"
        return f"{self.partner}-{self.kind.value}-{day}-{self.number:06d}.{ending}"


ENDINGS = {
    FileKind.ACCOUNT_ORDER: "csv",
    FileKind.ACCOUNT_RETURN: "csv",
    FileKind.CARD_ORDER: "txt",
    FileKind.CARD_RETURN: "txt",
    FileKind.PORTRAITS: "zip",
}


@dataclass(frozen=True)
class AccountOrder:
    """One account a bank shall open (报银行). `attempt` counts the orders for this application."""

    application_number: str
    attempt: int
    name: str
    identity_number: str
    document_kind: str
    document_valid_to: date | None
    phone: str
    address: str
    occupation: str
    nationality: str


@dataclass(frozen=True)
class AccountReturn:
    """What the bank says of one order (银行回盘). A refusal carries a reason and no account."""

    application_number: str
    attempt: int
    identity_number: str
    opened: bool
    account_number: str = ""
    bank_card_number: str = ""
    reason: str = ""


@dataclass(frozen=True)
class CardOrder:
    """One card the vendor shall make (报卡商). The portrait travels in the portraits file.

    `outlet` is where the card is to be collected; empty when it goes by post. `photo_sha256` is
    empty for a child without a photo.
    """

    application_number: str
    attempt: int
    name: str
    identity_number: str
    sex: str
    born_on: date
    nationality: str
    bank: str
    account_number: str
    bank_card_number: str
    collection: str
    outlet: str
    photo_sha256: str


@dataclass(frozen=True)
class CardReturn:
    """What the vendor says of one order (卡商回盘, rule book 9.3)."""

    application_number: str
    attempt: int
    identity_number: str
    name: str
    bank: str
    card_number: str = ""
    issued_on: date | None = None
    valid_to: date | None = None
    card_identifier: str = ""
    answer_to_reset: str = ""
    bank_card_number: str = ""
    account_number: str = ""
    box_position: str = ""
    failed_link: FailedLink | None = None
    reason: str = ""


Row = AccountOrder | AccountReturn | CardOrder | CardReturn

ROWS: dict[FileKind, type[Row]] = {
    FileKind.ACCOUNT_ORDER: AccountOrder,
    FileKind.ACCOUNT_RETURN: AccountReturn,
    FileKind.CARD_ORDER: CardOrder,
    FileKind.CARD_RETURN: CardReturn,
}
RETURNS = frozenset({FileKind.ACCOUNT_RETURN, FileKind.CARD_RETURN})
"""The kinds that come back to us."""


def is_from_the_future(*, header: Header, today: date) -> Refusal | None:
    """A file cannot belong to a business day that has not come yet."""
    if header.business_on <= today:
        return None
    return Refusal(
        "exchange.from_the_future",
        {"name": header.name},
        measured={"day": header.business_on},
        allowed={"today": today},
        field="business_on",
    )


def is_a_return(*, header: Header) -> Refusal | None:
    """Only return files are imported; an order file handed to us is a mistake."""
    if header.kind in RETURNS:
        return None
    return Refusal("exchange.not_a_return_file", {"name": header.name}, field="kind")


def is_same_content(*, name: str, known_digest: str, digest: str) -> Refusal | None:
    """The same file twice changes nothing; another content under a known name is refused."""
    if known_digest == digest:
        return None
    return Refusal("exchange.other_content", {"name": name}, field="content")
