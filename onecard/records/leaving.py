"""How a card ended, and where its holder's social insurance went. Append only."""

from __future__ import annotations

from django.db import models

from onecard.domain.cancellation import CancellationReason
from onecard.records._fields import EnumField, SealedField, instant, link, one_of, ref_field


class Cancellation(models.Model):
    """One cancelled card: for what reason, who asked for it, and what was given up with it."""

    ref = ref_field()
    card = models.OneToOneField("Card", on_delete=models.PROTECT, related_name="cancellation")
    reason = EnumField(CancellationReason)
    agent_name = SealedField()
    agent_document = SealedField()
    handed_in = models.BooleanField()
    purse_given_up = models.BooleanField()
    death_proof = models.BooleanField()
    outlet = models.CharField(max_length=40, blank=True, default="")
    actor_ref = models.CharField(max_length=40)
    policy_version = models.CharField(max_length=40)
    at = instant()

    class Meta:
        db_table = "cancellation"
        constraints = (one_of("reason", CancellationReason, "cancellation"),)

    def __str__(self) -> str:
        return self.ref


class TransferOut(models.Model):
    """A relation that left the province; `to_province` is a code of GB/T 2260. The card goes on."""

    ref = ref_field()
    person = link("Person", "transfers_out")
    to_province = models.CharField(max_length=2)
    moved_on = models.DateField()
    actor_role = models.CharField(max_length=32)
    actor_ref = models.CharField(max_length=40)
    at = instant()

    class Meta:
        db_table = "transfer_out"
        constraints = (
            models.UniqueConstraint(
                fields=("person", "to_province", "moved_on"), name="transfer_out_once"
            ),
        )

    def __str__(self) -> str:
        return self.ref
