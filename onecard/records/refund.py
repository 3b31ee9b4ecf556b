"""Purse refunds: who asked where, what the chip proved, and what was paid out."""

from __future__ import annotations

from typing import Any

from django.db import models

from onecard.domain.authority import Channel
from onecard.domain.refund import RefundReason, RefundState, Way
from onecard.domain.topup import Evidence
from onecard.records._fields import EnumField, instant, link, one_of, ref_field


class PurseRefund(models.Model):
    """One 退值. A purse has at most one that was not withdrawn, for the chip is emptied once.

    `amount_fen` is what was proven inside the card before it was emptied, or, where it cannot be
    read, the shadow balance on the day of payment. `evidence` proved the debit (None for an empty
    or unreadable card). `payable_on` is set while an unreadable card waits.
    """

    ref = ref_field()
    purse = link("PurseAccount", "refunds")
    person = models.CharField(max_length=40, blank=True, default="")
    reason = EnumField(RefundReason)
    way = EnumField(Way)
    state = EnumField(RefundState, default=RefundState.REQUESTED)
    state_since = instant()
    amount_fen = models.PositiveIntegerField(null=True)
    evidence: EnumField[Any] = EnumField(Evidence, null=True)
    channel = EnumField(Channel)
    outlet = models.CharField(max_length=40, blank=True, default="")
    asked_by = models.CharField(max_length=40)
    asked_at = instant()
    payable_on = models.DateField(null=True)
    paid_by = models.CharField(max_length=40, blank=True, default="")
    paid_at = instant(null=True)
    receipt = models.CharField(max_length=40, blank=True, default="")
    policy_version = models.CharField(max_length=40)

    class Meta:
        db_table = "purse_refund"
        constraints = (
            one_of("state", RefundState, "purse_refund"),
            one_of("way", Way, "purse_refund"),
            models.UniqueConstraint(
                fields=("purse",),
                condition=~models.Q(state=RefundState.WITHDRAWN.value),
                name="purse_refund_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=RefundState.PAID_OUT.value)
                | (models.Q(amount_fen__isnull=False) & models.Q(paid_at__isnull=False)),
                name="purse_refund_paid_what",
            ),
        )
        indexes = (models.Index(fields=("state", "state_since"), name="purse_refund_in_state"),)

    def __str__(self) -> str:
        return self.ref
