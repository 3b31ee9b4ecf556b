"""Comparisons of our states with a partner's, and the differences they found."""

from __future__ import annotations

from django.db import models

from onecard.domain.reconciliation import BreakKind, BreakState, FixKind
from onecard.records._fields import (
    EnumField,
    SealedField,
    index_field,
    instant,
    link,
    one_of,
    ref_field,
)


class Reconciliation(models.Model):
    """One comparison with one partner on one business day.

    `ended_at` is empty while it runs; `silent` says why it could not be finished. The digests are
    each side's own; `found` counts the differences by kind.
    """

    ref = ref_field()
    party = models.CharField(max_length=32)
    business_on = models.DateField()
    begun_at = instant()
    begun_by = models.CharField(max_length=40)
    ended_at = instant(null=True)
    silent = models.CharField(max_length=200, blank=True, default="")
    our_count = models.PositiveIntegerField(default=0)
    our_digest = models.CharField(max_length=64, blank=True, default="")
    their_count = models.PositiveIntegerField(default=0)
    their_digest = models.CharField(max_length=64, blank=True, default="")
    found = models.JSONField(default=dict)

    class Meta:
        db_table = "reconciliation"
        indexes = (models.Index(fields=("party", "begun_at"), name="reconciliation_of_party"),)

    def __str__(self) -> str:
        return f"{self.party} {self.business_on}"


class StateBreak(models.Model):
    """One difference over one card, from its finding until both books say the same.

    `card` is empty for one we do not know; `number` is the number by which the partner knows it.
    `ours` and `theirs` are states as they were when it was last found, empty where one side has
    none; `detail` is the evidence for the kind.
    """

    ref = ref_field()
    party = models.CharField(max_length=32)
    card = link("Card", "state_breaks", null=True)
    number = SealedField()
    number_index = index_field()
    kind = EnumField(BreakKind)
    state = EnumField(BreakState, default=BreakState.OPEN)
    ours = models.CharField(max_length=32, blank=True, default="")
    theirs = models.CharField(max_length=32, blank=True, default="")
    detail = models.JSONField(default=dict)
    suggested = EnumField(FixKind)
    found_at = instant()
    seen_at = instant()
    seen_in = link("Reconciliation", "breaks")
    fix = models.CharField(max_length=16, blank=True, default="")
    reason = models.CharField(max_length=200, blank=True, default="")
    proposed_by = models.CharField(max_length=40, blank=True, default="")
    proposed_at = instant(null=True)
    approved_by = models.CharField(max_length=40, blank=True, default="")
    approved_at = instant(null=True)
    closed_at = instant(null=True)

    class Meta:
        db_table = "state_break"
        constraints = (
            one_of("kind", BreakKind, "state_break"),
            one_of("state", BreakState, "state_break"),
            one_of("suggested", FixKind, "state_break"),
            models.UniqueConstraint(
                fields=("party", "number_index"),
                condition=models.Q(closed_at=None),
                name="state_break_one_open",
            ),
        )
        indexes = (models.Index(fields=("closed_at", "found_at"), name="state_break_open"),)

    def __str__(self) -> str:
        return f"{self.party} {self.kind.value}"
