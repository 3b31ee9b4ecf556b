"""Asks the right check for a number, and recognises numbers whose kind was not told."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from onecard.domain.identity import papers, resident, things
from onecard.domain.identity.canonical import canonical
from onecard.domain.identity.kinds import NumberKind, Why, malformed
from onecard.domain.masking import mask_number
from onecard.domain.refusal import Notice, Refusal

_K = NumberKind
_CHECKS: dict[NumberKind, Callable[..., Refusal | None]] = {
    _K.RESIDENT_ID: resident.check_resident_id,
    _K.RESIDENCE_PERMIT: resident.check_residence_permit,
    _K.PERMANENT_RESIDENCE: resident.check_permanent_residence,
    _K.TRAVEL_PERMIT: papers.check_travel_permit,
    _K.PASSPORT: papers.check_passport,
    _K.SOCIAL_SECURITY: papers.check_social_security,
    _K.FOREIGNER_SOCIAL_SECURITY: papers.check_foreigner_social_security,
    _K.CREDIT_CODE: things.check_credit_code,
    _K.BANK_CARD: things.check_bank_card,
    _K.EMS: things.check_ems,
    _K.CARD_NUMBER: things.check_card_number,
    _K.CARD_IDENTIFIER: things.check_card_identifier,
}
_WITH_BIRTH = frozenset({_K.RESIDENT_ID, _K.RESIDENCE_PERMIT, _K.PERMANENT_RESIDENCE})
_RECOGNISED = (
    _K.RESIDENT_ID,
    _K.RESIDENCE_PERMIT,
    _K.PERMANENT_RESIDENCE,
    _K.CREDIT_CODE,
    _K.BANK_CARD,
    _K.EMS,
    _K.TRAVEL_PERMIT,
    _K.CARD_IDENTIFIER,
)
"""The kinds a number is tried as, the one with the strongest proof first."""
_SHAPES = (
    (_K.RESIDENCE_PERMIT, re.compile(r"8[123][0-9]{15}[0-9X]", re.ASCII)),
    (_K.PERMANENT_RESIDENCE, re.compile(r"9[0-9]{16}[0-9X]|[A-Z]{3}[0-9]{12}", re.ASCII)),
    (_K.CREDIT_CODE, re.compile(r"[0-9A-Z]{2}[0-9]{6}[0-9A-Z]*[A-Z][0-9A-Z]+", re.ASCII)),
    (_K.EMS, re.compile(r"[A-Z]{2}[0-9]{9}[A-Z]{2}", re.ASCII)),
    (_K.BANK_CARD, re.compile(r"62(?:[0-9]{14}|[0-9]{17})", re.ASCII)),
    (_K.PASSPORT, re.compile(r"(?=.*[A-Z])[0-9A-Z]{5,12}|[0-9]{9}", re.ASCII)),
)
"""What a number that passes no check was most likely meant to be."""
_AS_A_FLOAT = re.compile(r"[0-9](?:\.[0-9]+E\+?|E\+)[0-9]+", re.ASCII)


@dataclass(frozen=True)
class NumberCheck:
    """The answer about one number. `number` is canonical; show only `masked`."""

    kind: NumberKind
    number: str
    refusals: tuple[Refusal, ...] = ()
    notices: tuple[Notice, ...] = ()
    facts: resident.Facts | None = None

    @property
    def valid(self) -> bool:
        """Whether nothing speaks against the number."""
        return not self.refusals

    @property
    def masked(self) -> str:
        """The number as it may be shown."""
        return mask_number(self.number)

    def __repr__(self) -> str:
        return f"NumberCheck({self.kind.name}, {self.masked}, valid={self.valid})"


def check_number(kind: NumberKind, number: str, *, on: date) -> Refusal | None:
    """Whether a number is right for its kind on the local day `on` (no birth in the future)."""
    written = canonical(number)
    if not written:
        return malformed(kind, Why.EMPTY)
    if is_rounded(written):
        return malformed(kind, Why.PRECISION)
    return _CHECKS[kind](written, on=on)


def check(number: str, *, on: date, kind: NumberKind | None = None) -> NumberCheck:
    """What a number is and whether it is right; without `kind` it is recognised by itself."""
    written = canonical(number)
    kind = kind or _kind_of(written, on)
    refusal = check_number(kind, written, on=on)
    if refusal is not None:
        return NumberCheck(kind, written, (refusal,))
    return NumberCheck(
        kind, written, notices=_remarks(kind, written), facts=_facts(kind, written, on)
    )


def is_rounded(text: str) -> bool:
    """Whether a spreadsheet turned the number into 1.1E+17: its last digits are lost."""
    return _AS_A_FLOAT.fullmatch(canonical(text)) is not None


def facts_of(number: str, *, on: date) -> resident.Facts | None:
    """Birth date and sex, where the number is right and says so."""
    return check(number, on=on).facts


def _kind_of(written: str, on: date) -> NumberKind:
    for kind in _RECOGNISED:
        if _CHECKS[kind](written, on=on) is None:
            return kind
    return next((kind for kind, shape in _SHAPES if shape.fullmatch(written)), _K.RESIDENT_ID)


def _facts(kind: NumberKind, written: str, on: date) -> resident.Facts | None:
    if kind in _WITH_BIRTH:
        return resident.facts_in(written, on=on)
    if kind in {_K.SOCIAL_SECURITY, _K.FOREIGNER_SOCIAL_SECURITY}:
        return check(written, on=on).facts
    return None


def _remarks(kind: NumberKind, written: str) -> tuple[Notice, ...]:
    if kind is _K.RESIDENT_ID and not resident.is_county_known(written):
        return (Notice("identity.county_unknown", {"area": written[:6]}),)
    return ()
