"""关键信息 complete, a co-operating bank, and a place where the card can go (8.1, rows 8 to 10)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from onecard.domain.application.answers import Answers
from onecard.domain.application.asked import Asked, Figures
from onecard.domain.application.figures import ApplicationPolicy
from onecard.domain.application.kinds import Collection
from onecard.domain.contacts import must_be_cooperating
from onecard.domain.identity import may_be_phone
from onecard.domain.refusal import Fix, FixKind, Refusal

_COUNTRY = re.compile(r"[A-Z]{3}", re.ASCII)
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co"})
_LINE_ENDS = "\r\n\t"


def must_tell_all(*, answers: Answers, figures: ApplicationPolicy) -> Refusal | None:
    """申请人需准确填写关键信息: everything the bank must know of the holder (SEED, question 6)."""
    missing = missing_fields(answers=answers, figures=figures)
    if not missing:
        return None
    return Refusal(
        "application.key_information_missing",
        facts={"fields": tuple(f"@application.field.{name}" for name in missing)},
        field=missing[0],
        fix=Fix(FixKind.CHANGE_INPUT, {"field": missing[0]}),
    )


def may_be_country(*, nationality: str) -> Refusal | None:
    """A nationality is three capital letters of ISO 3166; empty where it was not asked for."""
    if not nationality or _COUNTRY.fullmatch(nationality):
        return None
    return Refusal(
        "application.key_information_missing",
        facts={"fields": ("@application.field.nationality",)},
        field="nationality",
        fix=Fix(FixKind.CHANGE_INPUT, {"field": "nationality"}),
    )


def missing_fields(*, answers: Answers, figures: ApplicationPolicy) -> tuple[str, ...]:
    """The names of the answers that are empty or no answer at all, in the order of the form."""
    given = {
        "document_valid_to": answers.document_without_end or bool(answers.document_valid_to),
        "phone": bool(answers.phone.strip()),
        "address": bool(answers.address.strip()),
        "occupation": answers.occupation in figures.occupations,
        "nationality": _COUNTRY.fullmatch(answers.nationality) is not None,
        "bank": bool(answers.bank),
    }
    return tuple(name for name, is_given in given.items() if not is_given)


def must_have_phone(*, answers: Answers) -> Refusal | None:
    """A phone that was given is a mobile number; an empty one is told as missing elsewhere."""
    return may_be_phone(phone=answers.phone) if answers.phone.strip() else None


def must_fit(*, answers: Answers, figures: ApplicationPolicy) -> Refusal | None:
    """Addresses that a parcel label and the bank's form can carry."""
    told = (
        must_fit_label(address=getattr(answers, name), field=name, figures=figures)
        for name in ("address", "post_to")
    )
    return next((no for no in told if no is not None), None)


def must_fit_label(*, address: str, field: str, figures: ApplicationPolicy) -> Refusal | None:
    """An address is not too long, and every character of it is seen.

    Control and direction characters change how a label reads, and no keyboard types them.
    """
    fix = Fix(FixKind.CHANGE_INPUT, {"field": field})
    if len(address) > figures.address_longest:
        return Refusal(
            "application.address_too_long",
            measured={"length": len(address)},
            allowed={"longest": figures.address_longest},
            field=field,
            fix=fix,
        )
    if any(unicodedata.category(one) in _UNSEEN for one in address if one not in _LINE_ENDS):
        return Refusal("application.address_unseen_characters", field=field, fix=fix)
    return None


def on_one_line(address: str) -> str:
    """An address as labels, files and cards carry it: its lines one after the other."""
    return " ".join(address.split())


def must_have_destination(
    *, answers: Answers, collection: Collection, collect_at: str
) -> Refusal | None:
    """EMS邮寄到付: an address, and known that the addressee pays; else an outlet to collect at.

    Of an employer's list the outlet is the one that accepts it.
    """
    if collection is Collection.OUTLET and not collect_at:
        return _no_address("collect_at")
    if collection is not Collection.POST:
        return None
    if not answers.post_to.strip():
        return _no_address("post_to")
    return None if answers.postage_understood else _no_address("postage_understood")


def must_be_complete(*, answers: Answers, figures: Figures) -> Refusal | None:
    """Rows 8 and 9: everything the bank must know, and a bank it can be told to."""
    return next((no for no in _complete(answers, figures) if no is not None), None)


def complete(asked: Asked, figures: Figures) -> Iterator[Refusal | None]:
    """Rows 8 to 10 in their order."""
    yield from _complete(asked.answers, figures)
    yield must_have_destination(
        answers=asked.answers, collection=asked.collection, collect_at=asked.collect_at
    )


def _complete(answers: Answers, figures: Figures) -> Iterator[Refusal | None]:
    yield must_tell_all(answers=answers, figures=figures.application)
    yield must_have_phone(answers=answers)
    yield must_fit(answers=answers, figures=figures.application)
    if answers.bank:
        yield must_be_cooperating(bank=answers.bank, contacts=figures.contacts)


def _no_address(field: str) -> Refusal:
    return Refusal(
        "delivery.address_missing", field=field, fix=Fix(FixKind.CHANGE_INPUT, {"field": field})
    )
