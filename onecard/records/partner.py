"""Clients of the HTTP API with their keys, and how partners are doing.

Also how far we have read what partners publish.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from onecard.domain.authority import Role
from onecard.domain.partner_scope import PartnerKind
from onecard.domain.signature import Profile
from onecard.records._fields import (
    EnumField,
    SealedField,
    index_field,
    instant,
    link,
    one_of,
    ref_field,
)


class ApiClient(models.Model):
    """A machine that may call us. The token itself is shown once and never kept.

    A partner's client has a `kind`; its token is the client secret of OAuth 2.0, good for nothing
    else. `webhook_hosts` are the names its events may be pushed to.
    """

    ref = ref_field()
    name = models.CharField(max_length=80)
    role = EnumField(Role)
    token_index = index_field(unique=True)
    scopes = models.JSONField(default=list)
    outlet = link("Outlet", "api_clients", null=True)
    employer = link("Employer", "api_clients", null=True)
    person = link("Person", "api_clients", null=True)
    bank = models.CharField(max_length=12, blank=True, default="")
    kind: EnumField[Any] = EnumField(PartnerKind, null=True)
    webhook_hosts = models.JSONField(default=list)
    revoked_at = instant(null=True)
    created_at = instant()

    class Meta:
        db_table = "api_client"
        constraints = (one_of("kind", PartnerKind, "api_client"),)

    def __str__(self) -> str:
        return self.name


class PartnerKey(models.Model):
    """A key by which a client signs; `ref` is its serial. Old and new ones overlap.

    HMAC and webhook keys are kept sealed, of SM2 only the public half is known.
    """

    ref = ref_field()
    client = link("ApiClient", "keys")
    profile = EnumField(Profile)
    material = SealedField()
    valid_from = instant()
    valid_to = instant(null=True)
    revoked_at = instant(null=True)

    class Meta:
        db_table = "partner_key"
        constraints = (one_of("profile", Profile, "partner_key"),)

    def __str__(self) -> str:
        return self.ref


class PartnerNonce(models.Model):
    """A nonce that was used; kept longer than a signature counts."""

    client = models.CharField(max_length=40)
    nonce = models.CharField(max_length=64)
    at = instant()

    class Meta:
        db_table = "partner_nonce"
        constraints = (models.UniqueConstraint(fields=("client", "nonce"), name="nonce_once"),)
        indexes = (models.Index(fields=("at",), name="partner_nonce_age"),)

    def __str__(self) -> str:
        return self.nonce


class PartnerBucket(models.Model):
    """How many requests of one purpose a client has left, and how often it found nothing today."""

    client = models.CharField(max_length=40)
    purpose = models.CharField(max_length=12)
    tokens = models.FloatField()
    at = instant()
    misses = models.PositiveIntegerField(default=0)
    missed_on = models.DateField(null=True)

    class Meta:
        db_table = "partner_bucket"
        constraints = (
            models.UniqueConstraint(fields=("client", "purpose"), name="partner_bucket_once"),
        )

    def __str__(self) -> str:
        return f"{self.client} {self.purpose}"


class PartnerSight(models.Model):
    """That a card was presented to a partner, which may know its state from then on."""

    client = models.CharField(max_length=40)
    card = link("Card")
    at = instant()

    class Meta:
        db_table = "partner_sight"
        constraints = (models.UniqueConstraint(fields=("client", "card"), name="sight_once"),)

    def __str__(self) -> str:
        return f"{self.client} {self.card_id}"


class PartnerCursor(models.Model):
    """Where to go on reading a partner's list; moved only after everything before it was kept."""

    partner = models.CharField(primary_key=True, max_length=32)
    cursor = models.CharField(max_length=200, blank=True, default="")
    moved_at = instant()

    class Meta:
        db_table = "partner_cursor"

    def __str__(self) -> str:
        return self.partner


class PartnerHealth(models.Model):
    """How a partner was last seen. Written when it is news, so the instants may lag by minutes."""

    ref = ref_field()
    partner = models.CharField(max_length=32, unique=True)
    answered_at = instant(null=True)
    silent_at = instant(null=True)
    silence = models.CharField(max_length=120, blank=True, default="")
    silent_since = instant(null=True)

    class Meta:
        db_table = "partner_health"

    def __str__(self) -> str:
        return self.partner
