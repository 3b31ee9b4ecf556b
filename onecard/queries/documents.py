"""有效身份证件: what can be said of a document before anybody decides anything."""

from __future__ import annotations

from datetime import date

from onecard.domain import documents
from onecard.domain.documents import DocumentKind
from onecard.domain.refusal import Refusal


def check_number(*, kind: DocumentKind, number: str, on: date) -> Refusal | None:
    """Whether a number can be one of such a document, on the local day `on`."""
    return documents.check_number(kind, number, on=on)
