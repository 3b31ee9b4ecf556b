"""解挂: a withdrawal names the loss it takes back, and comes before any replacement (20.3, V6)."""

from __future__ import annotations

from onecard.domain.loss.kinds import LossPolicy
from onecard.domain.refusal import Fix, FixKind, Refusal


def must_name_the_loss(*, named: int, standing: int) -> Refusal | None:
    """Compare and set: whoever withdraws has seen the loss that stands now, not an older one."""
    if named == standing:
        return None
    return Refusal(
        "loss.other_report",
        measured={"version": named},
        allowed={"version": standing},
        field="version",
        fix=Fix(FixKind.CHANGE_INPUT, {"field": "version", "to": standing}),
    )


def may_withdraw_after(*, replacement_applied: bool, figures: LossPolicy) -> Refusal | None:
    """申请补卡后不能解挂: from the application on, retracted or not (PROVINCIAL; O23)."""
    if figures.withdraw_after_replacement or not replacement_applied:
        return None
    return Refusal(
        "loss.replacement_already_applied",
        fix=Fix(FixKind.DO_FIRST, {"act": "application.progress"}),
    )


def may_be_only_card_in_use(*, others_in_use: bool) -> Refusal | None:
    """一人一卡: a card comes back to life only where no other one is in use (V3)."""
    if not others_in_use:
        return None
    return Refusal("loss.another_card_in_use", fix=Fix(FixKind.ASK_PERSON, {"who": "hr_counter"}))
