"""工本费: what a card costs its holder, in fen (SEED silent; CITY S9, PROVINCIAL S6)."""

from __future__ import annotations

from dataclasses import dataclass

from onecard.domain.application import ApplicationKind


@dataclass(frozen=True)
class FeePolicy:
    """The figures of `fees.toml`, in fen. An upgrade is an exchange."""

    card_fee_first_fen: int
    card_fee_replacement_fen: int
    card_fee_exchange_fen: int


def card_fee_fen(*, kind: ApplicationKind, figures: FeePolicy) -> int:
    """What the card of an application costs."""
    if kind is ApplicationKind.FIRST:
        return figures.card_fee_first_fen
    if kind is ApplicationKind.REPLACEMENT:
        return figures.card_fee_replacement_fen
    return figures.card_fee_exchange_fen
