"""转移: the social-insurance relation goes elsewhere (rule book 15).

Inside the province the card goes on and nothing is to be done. Outside, a new card is issued at
the new place; ours is never disabled for that, only told of and offered to be cancelled.
"""

from __future__ import annotations

from dataclasses import dataclass

from onecard.domain.identity.resident import PROVINCES
from onecard.domain.refusal import Fix, FixKind, Notice, Refusal

RECORDED = "card.transfer_recorded"
"""The notice of a transfer out: a new card there, this one goes on, cancelling it is offered."""


@dataclass(frozen=True)
class TransferPolicy:
    """The figures of `card.toml` about moving; `province` is its code in GB/T 2260."""

    province: str
    in_province_transfer_keeps_card: bool


def provinces() -> tuple[str, ...]:
    """The codes one may move to or from; their names are `card.province.<code>`."""
    return tuple(sorted(PROVINCES))


def is_in_province(*, to_province: str, figures: TransferPolicy) -> Notice | None:
    """省内转移,卡继续使用,不需办理任何手续 (SEED, Q7)."""
    inside = to_province == figures.province and figures.in_province_transfer_keeps_card
    return Notice("card.transfer_nothing_to_do") if inside else None


def may_record_transfer(*, to_province: str) -> Refusal | None:
    """A place to move to is one of the provinces."""
    if to_province in PROVINCES:
        return None
    return Refusal(
        "card.province_unknown",
        measured={"province": to_province[:2]},
        field="to_province",
        fix=Fix(FixKind.CHANGE_INPUT, {"field": "to_province"}),
    )
