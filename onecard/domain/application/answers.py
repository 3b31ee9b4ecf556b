"""关键信息: what the applicant tells us beside what the province knows (rule book 8.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from onecard.domain.documents import DocumentKind


@dataclass(frozen=True)
class Answers:
    """The key information, the bank, and where the card goes.

    A document without end (长期) has no `document_valid_to` and says so in `document_without_end`.
    `post_to` is the address for EMS; `postage_understood` that the addressee pays.
    """

    bank: str = ""
    document_valid_to: date | None = None
    document_without_end: bool = False
    phone: str = ""
    address: str = ""
    occupation: str = ""
    nationality: str = ""
    post_to: str = ""
    postage_understood: bool = False


@dataclass(frozen=True)
class Guardian:
    """Who answers for a child under the guardian age."""

    name: str
    document_kind: DocumentKind
    document_number: str
    relation: str
