"""What others must be told, until they have been told."""

from __future__ import annotations

from django.db import models

from onecard.records._fields import instant, ref_field


class OutboxRow(models.Model):
    """One message for one party, written in the transaction of the act that caused it.

    `subject` is the row the event is about; `sequence` counts its events without a gap. The payload
    carries opaque ids and states, never a personal value.
    """

    ref = ref_field()
    event = models.CharField(max_length=60)
    party = models.CharField(max_length=32)
    subject = models.CharField(max_length=40)
    sequence = models.PositiveIntegerField()
    payload = models.JSONField(default=dict)
    created_at = instant()
    due_at = instant()
    attempts = models.PositiveIntegerField(default=0)
    delivered_at = instant(null=True)
    gave_up_at = instant(null=True)
    last_error = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "outbox"
        constraints = (
            models.UniqueConstraint(
                fields=("subject", "party", "sequence"), name="outbox_in_order"
            ),
        )
        indexes = (
            models.Index(
                fields=("due_at", "party"),
                condition=models.Q(delivered_at=None, gave_up_at=None),
                name="outbox_waiting",
            ),
        )

    def __str__(self) -> str:
        return f"{self.event} to {self.party}"


class PartyQueue(models.Model):
    """How one party's queue is doing. Held by whoever chooses what to send next (rule R4)."""

    party = models.CharField(primary_key=True, max_length=32)
    failures = models.PositiveIntegerField(default=0)
    silent_since = instant(null=True)
    next_try_at = instant(null=True)
    answered_at = instant(null=True)
    last_error = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "outbox_party"

    def __str__(self) -> str:
        return self.party


class Notification(models.Model):
    """A text for a person as it was sent, in its words of that day."""

    ref = ref_field()
    person = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="notifications")
    key = models.CharField(max_length=80)
    facts = models.JSONField(default=dict)
    about = models.CharField(max_length=40, blank=True, default="")
    at = instant()
    read_at = instant(null=True)

    class Meta:
        db_table = "notification"
        ordering = ("-at",)

    def __str__(self) -> str:
        return self.key
