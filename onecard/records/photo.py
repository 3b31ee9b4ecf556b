"""Portraits: what was handed in, what the gate found, what was made of it."""

from __future__ import annotations

from django.db import models

from onecard.records._fields import instant, link, ref_field


class Photo(models.Model):
    """A portrait. The bytes lie in the blob store, sealed, under random names.

    `report` is the gate's verdict and findings under `profile_version`; `edits` lists every change
    made to the original. The original is kept until `original_until`.
    """

    ref = ref_field()
    person = link("Person", "photos", null=True)
    source = models.CharField(max_length=20)
    blob = models.CharField(max_length=60)
    original_blob = models.CharField(max_length=60, blank=True, default="")
    original_until = models.DateField(null=True)
    sha256 = models.CharField(max_length=64)
    original_sha256 = models.CharField(max_length=64, blank=True, default="")
    verdict = models.CharField(max_length=10)
    report = models.JSONField(default=dict)
    edits = models.JSONField(default=list)
    profile_version = models.CharField(max_length=40)
    taken_at = instant()

    class Meta:
        db_table = "photo"

    def __str__(self) -> str:
        return self.ref
