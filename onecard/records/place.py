"""Outlets and employers."""

from __future__ import annotations

from django.db import models

from onecard.domain.stock import OutletKind
from onecard.records._fields import EnumField, one_of, ref_field


class Outlet(models.Model):
    """A place that serves people or keeps cards; `bank` is the key of the bank that runs it.

    `city` is empty for this city's own.
    """

    ref = ref_field()
    kind = EnumField(OutletKind)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True, default="")
    district = models.CharField(max_length=40, blank=True, default="")
    address = models.CharField(max_length=160, blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    hours = models.CharField(max_length=80, blank=True, default="")
    bank = models.CharField(max_length=12, blank=True, default="")
    city = models.CharField(max_length=40, blank=True, default="")
    instant_issue = models.BooleanField(default=False)

    class Meta:
        db_table = "outlet"
        constraints = (one_of("kind", OutletKind, "outlet"),)

    def __str__(self) -> str:
        return self.name


class Employer(models.Model):
    """An employer, known by its unified social credit code."""

    ref = ref_field()
    credit_code = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=120)

    class Meta:
        db_table = "employer"

    def __str__(self) -> str:
        return self.name
