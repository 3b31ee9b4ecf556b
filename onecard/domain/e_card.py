"""电子社保卡: what the state of the physical card leaves to the electronic one (rule book 24)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from onecard.domain.hr_function import HrState, may_be_used
from onecard.domain.refusal import Fix, FixKind, Refusal

CONSENT = "consent"
_LOST = frozenset({HrState.TEMPORARY_LOSS, HrState.FORMAL_LOSS})
_WORKING = frozenset({HrState.NORMAL, HrState.LOCKED})


@dataclass(frozen=True)
class ECardPolicy:
    """The figures of `e_card.toml`."""

    on_temporary_loss: str
    relatives_max: int


def may_use(*, cards: Sequence[HrState], consented: bool, figures: ECardPolicy) -> Refusal | None:
    """Whether the electronic card can be used, given the states of all cards of its holder.

    "Same status, same functions"; a locked HR PIN does not lock it, for it has a PIN of its own.
    """
    states = frozenset(cards)
    if states & _WORKING:
        return None
    if HrState.SEALED in states and len(cards) > 1:
        return Refusal("e_card.wait_for_new_card")
    lost = next((state for state in cards if state in _LOST), None)
    if lost is not None:
        return _while_lost(lost, consented=consented, figures=figures)
    if HrState.CANCELLED in states and HrState.SEALED not in states:
        return Refusal("e_card.cancelled")
    return Refusal("e_card.no_physical_card", fix=Fix(FixKind.DO_FIRST, {"act": "collection"}))


def _while_lost(state: HrState, *, consented: bool, figures: ECardPolicy) -> Refusal | None:
    if figures.on_temporary_loss != CONSENT:
        return may_be_used(state=state)
    if consented:
        return None
    return Refusal(
        "e_card.consent_needed",
        measured={"state": f"@hr_function.state.{state.value}"},
        fix=Fix(FixKind.DO_FIRST, {"act": "e_card.give_consent"}),
    )
