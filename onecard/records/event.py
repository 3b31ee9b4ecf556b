"""What partners hear: events as they happened, and how each was brought to whoever listens."""

from __future__ import annotations

from typing import Any

from django.db import models

from onecard.domain.event import cloud_event
from onecard.records._fields import SealedField, instant, link, ref_field


class Event(models.Model):
    """One thing that happened, as partners are told it. Never changed but for its place.

    `sequence` counts without a gap within `about`. `place` is the order in which all events are
    read; it is given after the act was committed, so that no reader's cursor can pass over one.
    `client` is filled where an event was made for one partner alone.
    """

    ref = ref_field()
    type = models.CharField(max_length=60)
    about = models.CharField(max_length=40)
    sequence = models.PositiveIntegerField()
    subject = models.CharField(max_length=40)
    bank = models.CharField(max_length=12, blank=True, default="")
    card = models.CharField(max_length=40, blank=True, default="")
    client = models.CharField(max_length=40, blank=True, default="")
    data = models.JSONField(default=dict)
    at = instant()
    place = models.PositiveBigIntegerField(null=True, unique=True)

    class Meta:
        db_table = "event"
        constraints = (
            models.UniqueConstraint(fields=("about", "sequence"), name="event_in_order"),
        )
        indexes = (
            models.Index(
                fields=("sequence",), condition=models.Q(place=None), name="event_without_place"
            ),
            models.Index(fields=("bank", "place"), name="event_of_bank"),
        )

    def __str__(self) -> str:
        return self.ref

    @property
    def about_endpoint(self) -> str:
        """The one endpoint it was made for (a ping), or an empty string."""
        return self.about if self.client else ""

    def as_cloud_event(self, *, city: str) -> dict[str, Any]:
        """The body that partners read and are pushed."""
        return cloud_event(
            event=self.ref,
            type_=self.type,
            about=self.about,
            subject=self.subject,
            sequence=self.sequence,
            at=self.at,
            data=self.data,
            city=city,
        )


class WebhookEndpoint(models.Model):
    """An address to which a client has its events pushed.

    `types` empty means all. `secret` is the `v1` key, Base64; the one before it signs along until
    `former_until`. `ed25519` is the private seed for `v1a`.
    """

    ref = ref_field()
    client = link("ApiClient", "webhook_endpoints")
    url = models.CharField(max_length=500)
    types = models.JSONField(default=list)
    schemes = models.JSONField(default=list)
    secret = SealedField()
    former_secret = SealedField()
    former_until = instant(null=True)
    ed25519 = SealedField()
    created_at = instant()
    disabled_at = instant(null=True)
    disabled_why = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        db_table = "webhook_endpoint"

    def __str__(self) -> str:
        return self.ref


class WebhookDelivery(models.Model):
    """One event on its way to one endpoint; due again when its lease ends."""

    ref = ref_field()
    endpoint = link("WebhookEndpoint", "deliveries")
    event = link("Event", "deliveries")
    about = models.CharField(max_length=40)
    sequence = models.PositiveIntegerField()
    tried = models.PositiveIntegerField(default=0)
    due_at = instant()
    delivered_at = instant(null=True)
    gave_up_at = instant(null=True)

    class Meta:
        db_table = "webhook_delivery"
        constraints = (
            models.UniqueConstraint(fields=("endpoint", "event"), name="webhook_delivery_once"),
        )
        indexes = (
            models.Index(
                fields=("endpoint", "due_at"),
                condition=models.Q(delivered_at=None, gave_up_at=None),
                name="webhook_delivery_waiting",
            ),
        )

    def __str__(self) -> str:
        return self.ref


class WebhookAttempt(models.Model):
    """One try to bring one event: what was answered, after how long. Append only."""

    ref = ref_field()
    delivery = link("WebhookDelivery", "attempts")
    number = models.PositiveIntegerField()
    at = instant()
    status = models.PositiveIntegerField(null=True)
    outcome = models.CharField(max_length=60)
    milliseconds = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "webhook_attempt"
        ordering = ("at", "number")

    def __str__(self) -> str:
        return self.ref
