"""The ledger of the transit purse: transfers in whole fen, never changed, and bounded balances."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from onecard.domain.ledger import Account
from onecard.records._fields import EnumField, instant, link, one_of, ref_field


class LedgerTransfer(models.Model):
    """One movement: `amount_fen` leaves `debit` and arrives in `credit`. Corrected only by more.

    `about` is the order, payment or record that caused it: one cause moves money of one kind once.
    `card` is the purse it concerns; the parts are the card or the drawer on either side. A reversal
    names what it `reverses`, and why.
    """

    ref = ref_field()
    kind = models.CharField(max_length=40)
    debit = models.CharField(max_length=40)
    debit_part = models.CharField(max_length=40, blank=True, default="")
    credit = models.CharField(max_length=40)
    credit_part = models.CharField(max_length=40, blank=True, default="")
    amount_fen = models.PositiveBigIntegerField()
    about = models.CharField(max_length=80)
    card = models.CharField(max_length=40, blank=True, default="")
    at = instant()
    reverses = link("LedgerTransfer", "reversals", null=True)
    reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "ledger_transfer"
        constraints = (
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="ledger_transfer_of_money"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="ledger_transfer_moves"),
            models.CheckConstraint(
                condition=Q(debit__in=sorted(known.value for known in Account))
                & Q(credit__in=sorted(known.value for known in Account)),
                name="ledger_transfer_accounts_known",
            ),
            models.CheckConstraint(
                condition=Q(reverses=None) ^ Q(kind="ledger.reversal"),
                name="ledger_transfer_reversal_named",
            ),
            models.UniqueConstraint(fields=("kind", "about"), name="ledger_transfer_once"),
            models.UniqueConstraint(fields=("reverses",), name="ledger_transfer_reversed_once"),
        )
        indexes = (
            models.Index(fields=("about", "at"), name="ledger_transfer_about"),
            models.Index(fields=("card", "at"), name="ledger_transfer_of_card"),
            models.Index(fields=("debit", "at", "amount_fen"), name="ledger_transfer_out"),
            models.Index(fields=("credit", "at", "amount_fen"), name="ledger_transfer_in"),
            models.Index(fields=("debit_part", "at"), name="ledger_transfer_part_out"),
            models.Index(fields=("credit_part", "at"), name="ledger_transfer_part_in"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_fen}"


class LedgerAccount(models.Model):
    """What lies in one part of an account: on one card, in one drawer.

    `balance_fen` grows in the account's own direction and is moved by one conditional update; the
    database itself holds it between `floor_fen` and `ceiling_fen`, where there are such bounds.
    Accounts of the whole city have no row: their balance is the sum of their transfers, so that
    nobody waits for everybody.
    """

    account = EnumField(Account)
    part = models.CharField(max_length=40)
    balance_fen = models.BigIntegerField(default=0)
    floor_fen = models.BigIntegerField(null=True)
    ceiling_fen = models.BigIntegerField(null=True)

    class Meta:
        db_table = "ledger_account"
        constraints = (
            one_of("account", Account, "ledger_account"),
            models.UniqueConstraint(fields=("account", "part"), name="ledger_account_once"),
            models.CheckConstraint(
                condition=Q(floor_fen=None) | Q(balance_fen__gte=F("floor_fen")),
                name="ledger_account_floor",
            ),
            models.CheckConstraint(
                condition=Q(ceiling_fen=None) | Q(balance_fen__lte=F("ceiling_fen")),
                name="ledger_account_ceiling",
            ),
        )

    def __str__(self) -> str:
        return f"{self.account.value}:{self.part}"
