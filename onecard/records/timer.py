"""What time alone causes: when each timed job is due, and how it went."""

from __future__ import annotations

from django.db import models

from onecard.records._fields import instant


class TimedJob(models.Model):
    """One timed job. `due_at` is moved on when somebody takes it, so that two workers share."""

    name = models.CharField(primary_key=True, max_length=60)
    due_at = instant()
    started_at = instant(null=True)
    ended_at = instant(null=True)
    failures = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "timed_job"

    def __str__(self) -> str:
        return self.name
