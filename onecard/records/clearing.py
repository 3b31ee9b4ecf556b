"""Clearing files of transit operators, and every line of them."""

from __future__ import annotations

from django.db import models

from onecard.domain.clearing import LineState
from onecard.records._fields import EnumField, index_field, instant, link, one_of, ref_field


class FareFile(models.Model):
    """A file as it was taken: the same digest is never taken twice."""

    ref = ref_field()
    operator = models.CharField(max_length=32)
    day = models.DateField()
    digest = models.CharField(max_length=64, unique=True)
    lines = models.PositiveIntegerField()
    sum_fen = models.BigIntegerField()
    done_lines = models.PositiveIntegerField(default=0)
    taken_by = models.CharField(max_length=40)
    taken_at = instant()
    done_at = instant(null=True)

    class Meta:
        db_table = "fare_file"
        indexes = (models.Index(fields=("day", "operator"), name="fare_file_of_day"),)

    def __str__(self) -> str:
        return self.ref


class FareLine(models.Model):
    """One reported fare. `purchase` names the purchase itself; it is booked at most once.

    `purse` is null for a card the house never met. `lowered`: the shadow balance went down by it.
    """

    ref = ref_field()
    file = link("FareFile", "fares")
    line = models.PositiveIntegerField()
    purse = link("PurseAccount", "fares", null=True)
    purchase = index_field()
    type = models.PositiveSmallIntegerField()
    amount_fen = models.PositiveIntegerField()
    terminal = models.CharField(max_length=12)
    terminal_counter = models.BigIntegerField()
    at = instant()
    tac = models.CharField(max_length=8)
    state = EnumField(LineState)
    lowered = models.BooleanField(default=False)
    booked_at = instant()

    class Meta:
        db_table = "fare_line"
        constraints = (
            one_of("state", LineState, "fare_line"),
            models.UniqueConstraint(fields=("file", "line"), name="fare_line_once_in_file"),
            models.UniqueConstraint(
                fields=("purchase",),
                condition=models.Q(state__in=[LineState.BOOKED.value, LineState.LATE.value]),
                name="fare_line_booked_once",
            ),
        )
        indexes = (
            models.Index(fields=("purse", "at"), name="fare_line_of_purse"),
            models.Index(fields=("state", "booked_at"), name="fare_line_in_state"),
        )

    def __str__(self) -> str:
        return self.ref
