"""The number on a document: which kind of number it is, and whether it is right."""

from __future__ import annotations

from datetime import date

from onecard.domain import identity
from onecard.domain.documents.kinds import DocumentKind
from onecard.domain.identity import NumberKind
from onecard.domain.refusal import Fix, FixKind, Refusal

NUMBER_OF = {
    DocumentKind.RESIDENT_ID: NumberKind.RESIDENT_ID,
    DocumentKind.TEMPORARY_ID: NumberKind.RESIDENT_ID,
    DocumentKind.HOUSEHOLD_REGISTER: NumberKind.RESIDENT_ID,
    DocumentKind.PASSPORT: NumberKind.PASSPORT,
    DocumentKind.PERMANENT_RESIDENCE: NumberKind.PERMANENT_RESIDENCE,
    DocumentKind.TRAVEL_PERMIT: NumberKind.TRAVEL_PERMIT,
    DocumentKind.RESIDENCE_PERMIT: NumberKind.RESIDENCE_PERMIT,
    DocumentKind.SOCIAL_SECURITY_CARD: NumberKind.SOCIAL_SECURITY,
}
"""The number each document carries; a household register carries the ID number of the person."""

_DOCUMENT_WITH = {
    NumberKind.RESIDENT_ID: DocumentKind.RESIDENT_ID,
    NumberKind.RESIDENCE_PERMIT: DocumentKind.RESIDENCE_PERMIT,
    NumberKind.PERMANENT_RESIDENCE: DocumentKind.PERMANENT_RESIDENCE,
    NumberKind.TRAVEL_PERMIT: DocumentKind.TRAVEL_PERMIT,
    NumberKind.PASSPORT: DocumentKind.PASSPORT,
}


def check_number(kind: DocumentKind, number: str, *, on: date) -> Refusal | None:
    """Whether the number is right for the document; says so when it is another document's number.

    A right number of another kind (a residence permit in the ID column, a passport) is answered
    with that kind as the smallest fix, so that a door may switch the kind.
    """
    refusal = identity.check_number(NUMBER_OF[kind], number, on=on)
    if refusal is None or refusal.code != "documents.number_malformed":
        return refusal
    other = identity.check(number, on=on)
    meant = _DOCUMENT_WITH.get(other.kind)
    if not other.valid or meant in (None, kind):
        return refusal
    return _of_another_kind(kind, meant)


def _of_another_kind(kind: DocumentKind, meant: DocumentKind | None) -> Refusal:
    to = meant.value if meant else ""
    return Refusal(
        "documents.kind_not_accepted",
        facts={"kind": f"@documents.kind.{kind.value}", "why": "@documents.why.other_number"},
        allowed={"kinds": (f"@documents.kind.{to}",)},
        field="kind",
        fix=Fix(FixKind.CHANGE_INPUT, {"field": "kind", "to": to}),
    )
