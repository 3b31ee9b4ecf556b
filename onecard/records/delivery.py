"""Shipments by post."""

from __future__ import annotations

from django.db import models

from onecard.domain.delivery import DeliveryState
from onecard.records._fields import (
    EnumField,
    SealedField,
    index_field,
    instant,
    link,
    one_of,
    ref_field,
)


class Shipment(models.Model):
    """One card's way by post; a parcel sent again gets a new EMS number and the next attempt."""

    ref = ref_field()
    application = models.OneToOneField(
        "Application", on_delete=models.PROTECT, related_name="shipment"
    )
    card = link("Card", "shipments")
    state = EnumField(DeliveryState, default=DeliveryState.PACKED)
    ems_number = models.CharField(max_length=20, blank=True, default="")
    ems_index = index_field(db_index=True)
    attempt = models.PositiveSmallIntegerField(default=1)
    recipient = SealedField()
    phone = SealedField()
    address = SealedField()
    state_since = instant()

    class Meta:
        db_table = "shipment"
        constraints = (one_of("state", DeliveryState, "shipment"),)

    def __str__(self) -> str:
        return self.ref


class ShipmentStep(models.Model):
    """One scan or event of a shipment: append only."""

    shipment = link("Shipment", "steps")
    event = models.CharField(max_length=32)
    to_state = models.CharField(max_length=32)
    ems_number = models.CharField(max_length=20, blank=True, default="")
    place = models.CharField(max_length=80, blank=True, default="")
    at = instant()

    class Meta:
        db_table = "shipment_step"
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.shipment_id} {self.event}"
