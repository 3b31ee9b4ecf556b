"""The daily check of all money: what it found, and who looks after it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from onecard.domain.money import MoneyBreak as BreakKind
from onecard.records._fields import EnumField, instant, link, one_of, ref_field


class MoneyDay(models.Model):
    """The check of one day; made again, it is written over, and its breaks are looked at anew.

    `totals` and `balances` are whole fen by name. `file_digest` is of the channel's settlement
    file, empty where there was none.
    """

    ref = ref_field()
    day = models.DateField(unique=True)
    checked_at = instant()
    checked_by = models.CharField(max_length=40)
    times = models.PositiveIntegerField(default=1)
    equal = models.BooleanField(default=False)
    totals = models.JSONField(default=dict)
    balances = models.JSONField(default=dict)
    file_lines = models.PositiveIntegerField(default=0)
    file_digest = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        db_table = "money_day"

    def __str__(self) -> str:
        return f"{self.day}"


class MoneyBreak(models.Model):
    """Something about money that does not agree, from its finding until it does."""

    ref = ref_field()
    kind = EnumField(BreakKind)
    about = models.CharField(max_length=80, blank=True, default="")
    ours_fen = models.BigIntegerField(default=0)
    theirs_fen = models.BigIntegerField(default=0)
    day = link("MoneyDay", "found")
    found_at = instant()
    seen_at = instant()
    seen_in = link("MoneyDay", "breaks")
    owner = models.CharField(max_length=40, blank=True, default="")
    remark = models.CharField(max_length=200, blank=True, default="")
    closed_at = instant(null=True)

    class Meta:
        db_table = "money_break"
        constraints = (
            one_of("kind", BreakKind, "money_break"),
            models.UniqueConstraint(
                fields=("kind", "about"),
                condition=Q(closed_at=None),
                name="money_break_one_open",
            ),
        )
        indexes = (models.Index(fields=("closed_at", "found_at"), name="money_break_open"),)

    def __str__(self) -> str:
        return f"{self.kind.value} {self.about}"
