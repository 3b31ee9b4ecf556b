"""One-time codes by which somebody proves themself once more. The code itself is never kept."""

from __future__ import annotations

from django.db import models

from onecard.domain.step_up import Purpose
from onecard.records._fields import EnumField, instant, link, one_of, ref_field


class StepUp(models.Model):
    """A code sent to a telephone for one purpose about one thing; proven, then used, once."""

    ref = ref_field()
    person = link("Person", "step_ups")
    purpose = EnumField(Purpose)
    about = models.CharField(max_length=40)
    code_digest = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = instant()
    proven_at = instant(null=True)
    used_at = instant(null=True)

    class Meta:
        db_table = "step_up"
        constraints = (one_of("purpose", Purpose, "step_up"),)
        indexes = (models.Index(fields=("person", "sent_at"), name="step_up_of_person"),)

    def __str__(self) -> str:
        return self.ref
