"""Whether a document, the base data and what was told speak of the same person (4.2, step 6)."""

from __future__ import annotations

from datetime import date

from onecard.domain import identity
from onecard.domain.documents.kinds import Applicant, DocumentKind, ShownDocument
from onecard.domain.documents.numbers import NUMBER_OF
from onecard.domain.refusal import Fix, FixKind, Refusal

_NUMBER_IS_THE_PERSONS = frozenset(DocumentKind) - {
    DocumentKind.PASSPORT,
    DocumentKind.TRAVEL_PERMIT,
    DocumentKind.PERMANENT_RESIDENCE,
}
"""Kinds whose number is the person's own. A new passport number changes the paper only (5.1)."""


def must_agree_with_base_data(
    *, document: ShownDocument, holder: Applicant, on: date
) -> Refusal | None:
    """Name, number, birth date and sex agree with what is known; unknown values are not compared.

    Names are compared in canonical form: a blank behind or another middle dot is no difference.
    """
    differing = _differing(document, holder, on)
    if not differing:
        return None
    return Refusal(
        "documents.data_mismatch",
        facts={"fields": tuple(f"@documents.field.{name}" for name in differing)},
        field=differing[0],
        fix=Fix(FixKind.DO_FIRST, {"act": "correct_base_data"}),
    )


def must_agree_on_name(*, known_name: str, given_name: str) -> Refusal | None:
    """One number, two names: nobody guesses, both wait for a person (bad-input case 18)."""
    if not known_name or identity.is_same_name(known_name, given_name):
        return None
    return Refusal(
        "documents.conflict", field="name", fix=Fix(FixKind.ASK_PERSON, {"who": "hr_clerk"})
    )


def _differing(document: ShownDocument, holder: Applicant, on: date) -> tuple[str, ...]:
    checked = identity.check(document.number, on=on, kind=NUMBER_OF[document.kind])
    told = checked.facts
    same_number = identity.is_same_number(document.number, holder.identity_number)
    compares = {
        "name": bool(document.name and holder.name)
        and not identity.is_same_name(document.name, holder.name),
        "number": document.kind in _NUMBER_IS_THE_PERSONS
        and bool(holder.identity_number)
        and not same_number,
        "born_on": told is not None and told.born_on != holder.born_on,
        "sex": told is not None and None not in (told.sex, holder.sex) and told.sex != holder.sex,
    }
    return tuple(name for name, differs in compares.items() if differs)
