"""Who did what, when, through which door, on which legal ground. Append only, by trigger."""

from __future__ import annotations

from django.db import models

from onecard.records._fields import instant


class AuditRow(models.Model):
    """One act, done or refused, written in the act's own transaction.

    Never holds the personal value itself. `mac` is a keyed digest of the row.
    """

    act = models.CharField(max_length=60)
    result = models.CharField(max_length=10)
    code = models.CharField(max_length=60, blank=True, default="")
    about = models.CharField(max_length=40, blank=True, default="")
    concerning = models.CharField(max_length=40, blank=True, default="")
    actor_role = models.CharField(max_length=32)
    actor_ref = models.CharField(max_length=40)
    channel = models.CharField(max_length=32)
    outlet = models.CharField(max_length=40, blank=True, default="")
    ground = models.CharField(max_length=120, blank=True, default="")
    facts = models.JSONField(default=dict)
    policy_version = models.CharField(max_length=40)
    at = instant()
    mac = models.CharField(max_length=64)

    class Meta:
        db_table = "audit"
        indexes = (
            models.Index(fields=("about", "at"), name="audit_about"),
            models.Index(fields=("concerning", "at"), name="audit_concerning"),
        )

    def __str__(self) -> str:
        return f"{self.act} {self.result}"
