"""Answers already given, by the caller's own key: the same request twice has one effect."""

from __future__ import annotations

from django.db import models

from onecard.records._fields import instant


class RequestResult(models.Model):
    """The stored receipt of an act, written in the act's transaction."""

    client = models.CharField(max_length=60)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    act = models.CharField(max_length=60)
    receipt = models.JSONField(null=True)
    at = instant()

    class Meta:
        db_table = "request_result"
        constraints = (
            models.UniqueConstraint(fields=("client", "key", "act"), name="request_result_once"),
        )

    def __str__(self) -> str:
        return f"{self.client} {self.act}"
