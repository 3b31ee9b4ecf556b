"""The decision table of identity documents, and the order in which it is asked (4.1, 4.2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from onecard.domain import identity
from onecard.domain.documents.agreement import must_agree_with_base_data
from onecard.domain.documents.kinds import Applicant, DocumentKind, DocumentPolicy, ShownDocument
from onecard.domain.documents.numbers import NUMBER_OF, check_number
from onecard.domain.person import ApplicantClass, age_on, birthday
from onecard.domain.refusal import Fix, FixKind, Refusal, first, found

_K, _C = DocumentKind, ApplicantClass

CLASS_OF = {
    _K.RESIDENT_ID: _C.MAINLAND,
    _K.TEMPORARY_ID: _C.MAINLAND,
    _K.HOUSEHOLD_REGISTER: _C.MAINLAND,
    _K.PASSPORT: _C.FOREIGNER,
    _K.PERMANENT_RESIDENCE: _C.FOREIGNER,
    _K.TRAVEL_PERMIT: _C.HK_MACAU_TAIWAN,
    _K.RESIDENCE_PERMIT: _C.HK_MACAU_TAIWAN,
}
"""Whom a document serves. The social security card is missing: it would serve everybody."""


def may_use(
    *, document: ShownDocument, holder: Applicant | None, on: date, figures: DocumentPolicy
) -> Refusal | None:
    """Whether the document identifies its holder on the day of acceptance: the first no.

    `holder` None means that nothing is known yet, as of an agent: class and age are then taken
    from the document itself. Source: SEED, question 4.
    """
    return first(*_rules(document, holder, on, figures))


def may_use_all(
    *, document: ShownDocument, holder: Applicant | None, on: date, figures: DocumentPolicy
) -> tuple[Refusal, ...]:
    """Every reason why the document does not serve, in the order of 4.2."""
    return found(rule() for rule in _rules(document, holder, on, figures))


def may_present(
    *, kind: DocumentKind, holder: Applicant, on: date, figures: DocumentPolicy
) -> Refusal | None:
    """Whether a document of that kind could serve this person at all: before any is shown."""
    return first(
        lambda: _must_be_accepted(kind, holder, on, figures),
        lambda: _must_be_for_applicant(kind, holder, on, figures),
        lambda: _must_be_usable_register(kind, holder, on, figures),
    )


def usable_kinds(
    *, holder: Applicant, on: date, figures: DocumentPolicy
) -> tuple[DocumentKind, ...]:
    """The kinds of document this person may bring on that day: for checklists and refusals."""
    own = holder.applicant_class
    return tuple(
        kind
        for kind in figures.accepted
        if CLASS_OF.get(kind, own) is own
        and not _must_be_usable_register(kind, holder, on, figures)
    )


def applicant_of(document: ShownDocument, *, on: date) -> Applicant:
    """What a document alone says about its holder: the class by its kind, the rest by its number.

    Without a readable number the holder counts as born `on` that day, so that only the number is
    found wanting.
    """
    told = identity.check(document.number, on=on, kind=NUMBER_OF[document.kind]).facts
    return Applicant(
        applicant_class=CLASS_OF.get(document.kind, _C.MAINLAND),
        born_on=told.born_on if told else on,
        sex=told.sex if told else None,
        name=document.name,
    )


def must_be_valid_on(*, document: ShownDocument, on: date) -> Refusal | None:
    """有效期内: valid on its first and on its last day, judged on the day of acceptance."""
    if document.valid_from is not None and on < document.valid_from:
        return Refusal(
            "documents.not_yet_valid",
            measured={"day": document.valid_from},
            field="valid_from",
            fix=Fix(FixKind.WAIT_UNTIL, {"day": document.valid_from}),
        )
    if document.valid_to is not None and on > document.valid_to:
        return Refusal(
            "documents.expired",
            measured={"day": document.valid_to},
            field="valid_to",
            fix=Fix(FixKind.BRING, {"what": "document_in_date"}),
        )
    return None


def must_be_original(*, document: ShownDocument, figures: DocumentPolicy) -> Refusal | None:
    """须出示原件: real-name authentication stands for it online; a copy never does."""
    certificate = (
        document.electronic_certificate and figures.electronic_certificate_replaces_original
    )
    if document.original or document.real_name_proven or certificate:
        return None
    return Refusal(
        "documents.not_original",
        facts={"kind": _named(document.kind)},
        field="original",
        fix=Fix(FixKind.BRING, {"what": "original"}),
    )


def _rules(
    document: ShownDocument, holder: Applicant | None, on: date, figures: DocumentPolicy
) -> tuple[Callable[[], Refusal | None], ...]:
    known = holder or applicant_of(document, on=on)
    return (
        lambda: _must_be_accepted(document.kind, known, on, figures),
        lambda: _must_be_for_applicant(document.kind, known, on, figures),
        lambda: _must_be_usable_register(document.kind, known, on, figures),
        lambda: check_number(document.kind, document.number, on=on),
        lambda: must_be_valid_on(document=document, on=on),
        lambda: must_be_original(document=document, figures=figures),
        lambda: must_agree_with_base_data(document=document, holder=known, on=on),
    )


def _must_be_accepted(
    kind: DocumentKind, holder: Applicant, on: date, figures: DocumentPolicy
) -> Refusal | None:
    switched_off = kind is _K.SOCIAL_SECURITY_CARD and not figures.accept_social_security_card
    if kind in figures.accepted and not switched_off:
        return None
    return _refused("documents.kind_not_accepted", kind, holder, on, figures)


def _must_be_for_applicant(
    kind: DocumentKind, holder: Applicant, on: date, figures: DocumentPolicy
) -> Refusal | None:
    if CLASS_OF.get(kind, holder.applicant_class) is holder.applicant_class:
        return None
    return _refused("documents.not_for_this_applicant", kind, holder, on, figures)


def _must_be_usable_register(
    kind: DocumentKind, holder: Applicant, on: date, figures: DocumentPolicy
) -> Refusal | None:
    if kind is not _K.HOUSEHOLD_REGISTER:
        return None
    return _register_refusal(holder, on, figures)


def _register_refusal(holder: Applicant, on: date, figures: DocumentPolicy) -> Refusal | None:
    """户口簿仅限不满十六周岁且未办理身份证的申请人: both, the age first."""
    below = figures.household_register_below_age
    if age_on(holder.born_on, on, figures) >= below:
        return Refusal(
            "documents.register_age",
            facts={"since": birthday(holder.born_on, below, figures)},
            measured={"age": age_on(holder.born_on, on, figures)},
            allowed={"below_age": below},
            field="kind",
            fix=Fix(FixKind.BRING, {"what": _K.RESIDENT_ID.value}),
        )
    if holder.id_card_issued and figures.household_register_needs_no_id_card:
        return Refusal(
            "documents.register_id_card_issued",
            field="kind",
            fix=Fix(FixKind.BRING, {"what": _K.RESIDENT_ID.value}),
        )
    return None


def _refused(
    code: str, kind: DocumentKind, holder: Applicant, on: date, figures: DocumentPolicy
) -> Refusal:
    kinds = usable_kinds(holder=holder, on=on, figures=figures)
    serves = CLASS_OF.get(kind)
    return Refusal(
        code,
        facts={
            "kind": _named(kind),
            "why": "@documents.why.not_on_list",
            "only_for": f"@person.class.{serves.value}" if serves else "",
        },
        allowed={"kinds": tuple(_named(usable) for usable in kinds)},
        field="kind",
        fix=Fix(FixKind.BRING, {"what": kinds[0].value}) if kinds else None,
    )


def _named(kind: DocumentKind) -> str:
    return f"@documents.kind.{kind.value}"
