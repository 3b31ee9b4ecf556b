"""Portraits: what was handed in, what the gate found, what was made of it."""

from __future__ import annotations

from django.db import models

from onecard.domain.authority import Actor, Role
from onecard.records._fields import instant, link, ref_field

_LOOKERS = frozenset(
    {
        Role.OUTLET_CLERK,
        Role.OUTLET_SUPERVISOR,
        Role.HR_CLERK,
        Role.BANK_CLERK,
        Role.PLATFORM_OPERATOR,
    }
)


class PhotoQuerySet(models.QuerySet["Photo"]):
    """Photos, as far as somebody may see them."""

    def visible_to(self, actor: Actor) -> PhotoQuerySet:
        """Whoever handed it in, its person, that person's guardian, the employer, the counters."""
        if actor.role in _LOOKERS:
            return self
        own = models.Q(kept_by=actor.ref)
        if actor.role is Role.EMPLOYER_AGENT and actor.employer:
            own |= models.Q(unit=actor.employer)
            own |= models.Q(applications__employer=actor.employer)
        if actor.role is Role.CITIZEN:
            own |= models.Q(person=actor.ref)
            own |= models.Q(person__guardianships__guardian=actor.ref)
        return self.filter(own).distinct()


class Photo(models.Model):
    """A portrait. The bytes lie in the blob store, sealed, under random names.

    `report` holds the findings before and after mending under `profile_version`; `edits` lists
    every change made to the original. The original is kept until `original_until`, or longer while
    the card is being made. `kept_by` may see it before it belongs to an application; `unit` is the
    employer for whom it was handed in. `decided_by` is whoever looked at a photo the gate was not
    sure about.
    """

    ref = ref_field()
    person = link("Person", "photos", null=True)
    source = models.CharField(max_length=20)
    blob = models.CharField(max_length=60)
    original_blob = models.CharField(max_length=60, blank=True, default="")
    original_until = models.DateField(null=True)
    sha256 = models.CharField(max_length=64)
    original_sha256 = models.CharField(max_length=64, db_index=True)
    decided_by = models.CharField(max_length=40, blank=True, default="")
    decided_at = instant(null=True)
    verdict = models.CharField(max_length=10)
    report = models.JSONField(default=dict)
    edits = models.JSONField(default=list)
    profile_version = models.CharField(max_length=80)
    kept_by = models.CharField(max_length=40, db_index=True)
    unit = models.CharField(max_length=40, blank=True, default="")
    taken_at = instant()

    objects = PhotoQuerySet.as_manager()

    class Meta:
        db_table = "photo"

    def __str__(self) -> str:
        return self.ref
