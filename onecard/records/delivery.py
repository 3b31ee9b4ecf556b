"""Shipments by post."""

from __future__ import annotations

from django.db import models

from onecard.domain.delivery import DeliveryState, ScanVerdict
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
    """One card's way by post; a parcel sent again gets a new EMS number and the next attempt.

    `asked_again_at` is set while a returned parcel waits to be handed over once more.
    """

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
    asked_again_at = instant(null=True)
    delivered_at = instant(null=True)
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


class CourierScan(models.Model):
    """What the courier said, word for word, and what became of it: append only, once for each id.

    `shipment` is empty where nobody here knows the EMS number.
    """

    scan_id = models.CharField(primary_key=True, max_length=80)
    shipment = link("Shipment", "scans", null=True)
    ems_number = models.CharField(max_length=20)
    event = models.CharField(max_length=32)
    place = models.CharField(max_length=80, blank=True, default="")
    at = instant()
    verdict = EnumField(ScanVerdict)
    read_at = instant()

    class Meta:
        db_table = "courier_scan"
        constraints = (one_of("verdict", ScanVerdict, "courier_scan"),)
        indexes = (models.Index(fields=("ems_number", "at"), name="courier_scan_of_parcel"),)

    def __str__(self) -> str:
        return self.scan_id
