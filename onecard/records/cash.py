"""Drawers of outlets: a clerk's shift with its count, and every coin that went in or out."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from onecard.domain.cash import CashKind, ShiftState
from onecard.records._fields import EnumField, instant, link, one_of, ref_field


class CashShift(models.Model):
    """A clerk answers for one drawer, from its float to its count.

    What lies in it by the books is the ledger's part `cash_drawer:<ref>`. `book_fen` and
    `counted_fen` are those of the count; a difference waits for a second person.
    """

    ref = ref_field()
    outlet = models.CharField(max_length=40)
    clerk = models.CharField(max_length=40)
    state = EnumField(ShiftState, default=ShiftState.OPEN)
    opened_on = models.DateField()
    opened_at = instant()
    receipts = models.PositiveIntegerField(default=0)
    book_fen = models.BigIntegerField(null=True)
    counted_fen = models.BigIntegerField(null=True)
    counted_at = instant(null=True)
    reason = models.CharField(max_length=200, blank=True, default="")
    approved_by = models.CharField(max_length=40, blank=True, default="")
    closed_at = instant(null=True)

    class Meta:
        db_table = "cash_shift"
        constraints = (
            one_of("state", ShiftState, "cash_shift"),
            models.UniqueConstraint(
                fields=("clerk",),
                condition=~Q(state=ShiftState.CLOSED.value),
                name="cash_shift_one_open",
            ),
            models.CheckConstraint(
                condition=~Q(state=ShiftState.CLOSED.value)
                | Q(counted_fen=F("book_fen"))
                | (~Q(reason="") & ~Q(approved_by="") & ~Q(approved_by=F("clerk"))),
                name="cash_shift_difference_by_two",
            ),
        )
        indexes = (models.Index(fields=("outlet", "opened_on"), name="cash_shift_of_outlet"),)

    def __str__(self) -> str:
        return self.ref


class CashLine(models.Model):
    """Money that went into a drawer or out of it, under a receipt number: append only."""

    ref = ref_field()
    shift = link("CashShift", "lines")
    kind = EnumField(CashKind)
    receipt_no = models.CharField(max_length=40, unique=True)
    amount_fen = models.PositiveBigIntegerField()
    about = models.CharField(max_length=40)
    card = models.CharField(max_length=40, blank=True, default="")
    by = models.CharField(max_length=40)
    at = instant()

    class Meta:
        db_table = "cash_line"
        constraints = (
            one_of("kind", CashKind, "cash_line"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="cash_line_of_money"),
            models.UniqueConstraint(fields=("kind", "about"), name="cash_line_once"),
        )
        indexes = (models.Index(fields=("about",), name="cash_line_about"),)

    def __str__(self) -> str:
        return self.receipt_no
