"""Blank cards: each one is in exactly one place, and every move is kept."""

from __future__ import annotations

from django.db import models

from onecard.domain.stock import BlankState
from onecard.records._fields import EnumField, instant, link, one_of, ref_field

_WITH_APPLICATION = sorted({BlankState.TAKEN.value, BlankState.ISSUED.value})
_REJECTED = sorted({BlankState.SPOIL_REPORTED.value, BlankState.SPOILED.value})


class BlankCard(models.Model):
    """One blank card, by the number printed on its body; `outlet` is where it is or is going."""

    ref = ref_field()
    serial = models.CharField(max_length=20, unique=True)
    bank = models.CharField(max_length=12)
    outlet = link("Outlet", "blanks")
    state = EnumField(BlankState, default=BlankState.IN_STOCK)
    spoil_reason = models.CharField(max_length=32, blank=True, default="")
    spoiled_by = models.CharField(max_length=40, blank=True, default="")
    application = link("Application", "blanks", null=True)

    class Meta:
        db_table = "blank_card"
        constraints = (
            one_of("state", BlankState, "blank_card"),
            models.CheckConstraint(
                condition=models.Q(application=None) ^ models.Q(state__in=_WITH_APPLICATION),
                name="blank_card_of_an_application",
            ),
            models.CheckConstraint(
                condition=models.Q(spoil_reason="") ^ models.Q(state__in=_REJECTED),
                name="blank_card_spoiled_for_a_reason",
            ),
            models.UniqueConstraint(
                fields=("application",),
                condition=models.Q(state__in=_WITH_APPLICATION),
                name="blank_card_one_per_application",
            ),
        )
        indexes = (models.Index(fields=("outlet", "state", "bank"), name="blank_card_drawer"),)

    def __str__(self) -> str:
        return self.serial


class StockMovement(models.Model):
    """A blank card went from one place to another, or changed what it is: append only."""

    ref = ref_field()
    blank = link("BlankCard", "movements")
    from_place = models.CharField(max_length=60)
    to_place = models.CharField(max_length=60)
    reason = models.CharField(max_length=40)
    actor_ref = models.CharField(max_length=40)
    approved_by = models.CharField(max_length=40, blank=True, default="")
    at = instant()

    class Meta:
        db_table = "stock_movement"
        ordering = ("at", "ref")

    def __str__(self) -> str:
        return self.ref


class StockCount(models.Model):
    """An outlet's count at the end of a day: it cannot close with an unexplained card."""

    ref = ref_field()
    outlet = link("Outlet", "counts")
    day = models.DateField()
    expected = models.JSONField(default=dict)
    counted = models.JSONField(default=dict)
    counted_by = models.CharField(max_length=40)
    closed_at = instant()

    class Meta:
        db_table = "stock_count"
        constraints = (
            models.UniqueConstraint(fields=("outlet", "day"), name="stock_count_once_a_day"),
        )

    def __str__(self) -> str:
        return f"{self.outlet_id} {self.day}"
