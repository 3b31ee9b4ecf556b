"""金融激活: in person, card and document in hand, at the card-face bank (rule book 12).

Not activated hurts later: at a loss, a contribution, a benefit. People are told so before it does.
"""

from __future__ import annotations

from dataclasses import dataclass

from onecard.domain.contacts import CoopBank
from onecard.domain.financial_function import FINANCIAL_FUNCTION, FinancialEvent, FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.person import AgePolicy
from onecard.domain.refusal import Fix, FixKind, Name, Refusal

CARD_FACE = "card_face"
BRING_CARD = Fix(FixKind.BRING, {"what": "card"})
_LOST = frozenset({HrState.TEMPORARY_LOSS, HrState.FORMAL_LOSS})
_IN_USE = frozenset(
    {FinancialState.ACTIVATED, FinancialState.TEMPORARY_LOSS, FinancialState.FORMAL_LOSS}
)
"""Activated once; what is lost now works again with its withdrawal."""


@dataclass(frozen=True)
class ActivationPolicy(AgePolicy):
    """The figures of `card.toml` about the financial function."""

    financial_activation_in_person: bool
    financial_activation_bank: str
    minor_activation_by_guardian_below_age: int


def may_activate_here(
    *, asking: str, bank: CoopBank | None, figures: ActivationPolicy
) -> Refusal | None:
    """到卡面标识银行网点: any outlet of that bank in the country; another bank learns its name."""
    is_card_face = bank is not None and asking == bank.key
    if is_card_face or figures.financial_activation_bank != CARD_FACE:
        return None
    named: str = bank.name if bank else Name("")
    return Refusal(
        "financial_function.wrong_bank",
        {"bank": named, "hotline": bank.hotline if bank else ""},
        fix=Fix(FixKind.USE_CHANNEL, {"channel": "card_face_bank"}),
    )


def must_have_card(*, shown: bool, is_this_card: bool) -> Refusal | None:
    """持卡和有效身份证件: the card itself is read at the counter (SEED, question 9)."""
    if shown and is_this_card:
        return None
    return Refusal("financial_function.card_must_be_present", field="card_number", fix=BRING_CARD)


def may_activate(*, hr: HrState, financial: FinancialState) -> Refusal | None:
    """A live card that nobody reported lost, with an account; SEALED is no obstacle (O18)."""
    if hr is HrState.CANCELLED:
        return Refusal("hr_function.cancelled")
    if hr in _LOST:
        return Refusal("financial_function.card_lost")
    answer = FINANCIAL_FUNCTION.ask(financial, FinancialEvent.ACTIVATE)
    return answer if isinstance(answer, Refusal) else None


def consequences(*, financial: FinancialState) -> tuple[str, ...]:
    """Word keys of what will not work while the function is not activated (SEED, question 9)."""
    if financial in _IN_USE:
        return ()
    return tuple(f"financial_function.consequence.{what}" for what in _SUFFERS)


_SUFFERS = ("loss", "contributions", "benefits")
