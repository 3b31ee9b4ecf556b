"""Clients of the HTTP API, how far we have read what partners publish, and how they are doing."""

from __future__ import annotations

from django.db import models

from onecard.domain.authority import Role
from onecard.records._fields import EnumField, index_field, instant, link, ref_field


class ApiClient(models.Model):
    """A machine that may call us. The token itself is shown once and never kept."""

    ref = ref_field()
    name = models.CharField(max_length=80)
    role = EnumField(Role)
    token_index = index_field(unique=True)
    scopes = models.JSONField(default=list)
    outlet = link("Outlet", "api_clients", null=True)
    employer = link("Employer", "api_clients", null=True)
    person = link("Person", "api_clients", null=True)
    bank = models.CharField(max_length=12, blank=True, default="")
    revoked_at = instant(null=True)
    created_at = instant()

    class Meta:
        db_table = "api_client"

    def __str__(self) -> str:
        return self.name


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
