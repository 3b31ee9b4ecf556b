"""12333电话挂失: who is believed on the telephone, and for what (20.1; guarantees 13).

Name and identity number, and the card number if it is known, are enough to report, never to
withdraw. Whoever is not believed is told nothing about why.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from onecard.domain.contacts import CoopBank
from onecard.domain.identity import canonical, canonical_name
from onecard.domain.loss.kinds import LossKind, LossPolicy, Side
from onecard.domain.refusal import Fix, FixKind, Refusal

CARD_NUMBER = "card_number"
"""In the figure `phone_identification`: the card number is asked for and must be known."""


@dataclass(frozen=True)
class Given:
    """What a caller said."""

    name: str
    identity_number: str
    card_number: str = ""

    @property
    def told(self) -> tuple[str, ...]:
        """Which facts were said: their names, for the record of the call."""
        return tuple(name for name, value in vars(self).items() if str(value).strip())


@dataclass(frozen=True)
class Known:
    """What is known of whoever has that identity number."""

    name: str
    identity_number: str
    card_numbers: tuple[str, ...]


def must_be_identified(*, given: Given, known: Known | None, figures: LossPolicy) -> Refusal | None:
    """姓名、身份证号相符,说出卡号的卡号也须相符. One and the same no for every mismatch (P4)."""
    if known is not None and all(
        (
            canonical_name(given.name) == canonical_name(known.name),
            canonical(given.identity_number) == canonical(known.identity_number),
            _is_right_card(given, known, figures),
        )
    ):
        return None
    return Refusal(
        "loss.caller_not_identified", fix=Fix(FixKind.USE_CHANNEL, {"channel": "portal"})
    )


def must_be_current_call(
    *, identified_at: datetime, same_operator: bool, at: datetime, figures: LossPolicy
) -> Refusal | None:
    """One call, one operator: whoever was identified is so for this conversation only."""
    over = at >= identified_at + timedelta(minutes=figures.call_valid_minutes)
    if same_operator and not over:
        return None
    return Refusal(
        "loss.call_over",
        allowed={"minutes": figures.call_valid_minutes},
        fix=Fix(FixKind.DO_FIRST, {"act": "loss.identify_caller"}),
    )


def may_report_again_today(*, reported: int, figures: LossPolicy) -> Refusal | None:
    """Reports on weak proof are few a day, lest somebody keep another's card locked (threat 7)."""
    if reported < figures.weak_proof_reports_per_day:
        return None
    return Refusal(
        "loss.too_many_today",
        measured={"reports": reported},
        allowed={"limit": figures.weak_proof_reports_per_day},
        fix=Fix(FixKind.USE_CHANNEL, {"channel": "card_face_bank"}),
    )


def may_report_by_phone(*, kind: LossKind, side: Side, bank: CoopBank | None) -> Refusal | None:
    """电话只能临时挂失人社功能: anything else is told where to go (SEED, question 11)."""
    if kind is LossKind.TEMPORARY and side is Side.HR:
        return None
    return Refusal(
        "loss.phone_is_temporary_only",
        facts={"bank": bank.name if bank else "", "hotline": bank.hotline if bank else ""},
        fix=Fix(FixKind.USE_CHANNEL, {"channel": "card_face_bank"}),
    )


def _is_right_card(given: Given, known: Known, figures: LossPolicy) -> bool:
    if not given.card_number.strip():
        return CARD_NUMBER not in figures.phone_identification
    return canonical(given.card_number) in {canonical(number) for number in known.card_numbers}
