"""Which kinds of number there are, and the refusals they share."""

from __future__ import annotations

from enum import Enum

from onecard.domain.refusal import Fact, Fix, FixKind, Refusal


class NumberKind(Enum):
    """What a number identifies (the rows of rule book 5.1)."""

    RESIDENT_ID = "resident_id"
    RESIDENCE_PERMIT = "residence_permit"
    PERMANENT_RESIDENCE = "permanent_residence"
    TRAVEL_PERMIT = "travel_permit"
    PASSPORT = "passport"
    SOCIAL_SECURITY = "social_security"
    FOREIGNER_SOCIAL_SECURITY = "foreigner_social_security"
    CREDIT_CODE = "credit_code"
    BANK_CARD = "bank_card"
    EMS = "ems"
    CARD_NUMBER = "card_number"
    CARD_IDENTIFIER = "card_identifier"


class Why(Enum):
    """In what way a number is not of its form (bad-input catalogue D1)."""

    EMPTY = "empty"
    CHARSET = "charset"
    LENGTH = "length"
    OLD_NUMBER = "old_number"
    FORM = "form"
    DATE = "date"
    DATE_FUTURE = "date_future"
    REGION = "region"
    PRECISION = "precision"


def malformed(kind: NumberKind, why: Why, **facts: Fact) -> Refusal:
    """The number is not of its form; `why` says in what way. Never carries the number itself."""
    return Refusal(
        "documents.number_malformed",
        facts={
            "what": f"@identity.kind.{kind.value}",
            "why": f"@identity.why.{why.value}",
            **facts,
        },
        field="number",
        fix=Fix(FixKind.CHANGE_INPUT, {"field": "number"}),
    )


def wrong_length(kind: NumberKind, found: int, expected: str, why: Why = Why.LENGTH) -> Refusal:
    """The number has too few or too many characters."""
    refusal = malformed(kind, why)
    return Refusal(
        refusal.code,
        facts=refusal.facts,
        measured={"length": found},
        allowed={"lengths": expected},
        field=refusal.field,
        fix=refusal.fix,
    )


def wrong_check(kind: NumberKind, found: str, expected: str) -> Refusal:
    """The check character does not fit the rest.

    `expected` is what would fit if all other characters are right. It is no correction to be taken
    over (any of them may be the slip), so the smallest fix is a look at the original.
    """
    return Refusal(
        "documents.check_digit",
        facts={"what": f"@identity.kind.{kind.value}"},
        measured={"found": found},
        allowed={"expected": expected},
        field="number",
        fix=Fix(FixKind.BRING, {"what": "original"}),
    )
