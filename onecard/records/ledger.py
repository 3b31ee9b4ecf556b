"""The ledger of the transit purse: transfers between accounts, in whole fen, never changed."""

from __future__ import annotations

from django.db import models

from onecard.records._fields import instant, ref_field


class LedgerTransfer(models.Model):
    """One movement: `amount_fen` leaves `debit` and arrives in `credit`. Corrected only by more.

    `about` is the order or payment that caused it, `card` the purse it concerns.
    """

    ref = ref_field()
    kind = models.CharField(max_length=40)
    debit = models.CharField(max_length=40)
    credit = models.CharField(max_length=40)
    amount_fen = models.PositiveBigIntegerField()
    about = models.CharField(max_length=40)
    card = models.CharField(max_length=40, blank=True, default="")
    at = instant()

    class Meta:
        db_table = "ledger_transfer"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(amount_fen__gt=0), name="ledger_transfer_of_money"
            ),
            models.CheckConstraint(
                condition=~models.Q(debit=models.F("credit")), name="ledger_transfer_moves"
            ),
        )
        indexes = (
            models.Index(fields=("about", "at"), name="ledger_transfer_about"),
            models.Index(fields=("card", "at"), name="ledger_transfer_of_card"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_fen}"
