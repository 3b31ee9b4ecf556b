"""Applications, their papers and their whole history; drafts that wait for their person."""

from __future__ import annotations

from django.db import models

from onecard.domain.application import ApplicationKind, AppliedBy, Collection, MakingMode
from onecard.domain.authority import Channel, Role
from onecard.domain.production import OPEN, ProductionState
from onecard.records._fields import (
    EnumField,
    SealedField,
    SealedJsonField,
    index_field,
    instant,
    link,
    one_of,
    ref_field,
)


class Application(models.Model):
    """One application for one card. Channel, making mode, collection and kind are four fields.

    `number` is the receipt number people hold in their hands. `key_information` keeps what the
    bank asks for: document expiry, phone, address, occupation, nationality (rule book 8.1).
    """

    ref = ref_field()
    number = models.CharField(max_length=20, unique=True)
    person = link("Person", "applications")
    kind = EnumField(ApplicationKind)
    reason = models.CharField(max_length=32, blank=True, default="")
    channel = EnumField(Channel)
    making_mode = EnumField(MakingMode)
    collection = EnumField(Collection)
    state = EnumField(ProductionState)
    bank = models.CharField(max_length=12)
    outlet = link("Outlet", "applications", null=True)
    collect_at = link("Outlet", "collections", null=True)
    employer = link("Employer", "applications", null=True)
    applied_by = EnumField(AppliedBy)
    agent_name = SealedField()
    agent_document = SealedField()
    key_information = SealedJsonField()
    document = link("Document", "applications", null=True)
    photo = link("Photo", "applications", null=True)
    batch = link("Batch", "applications", null=True)
    predecessor = link("Card", "successor_applications", null=True)
    failure = models.CharField(max_length=120, blank=True, default="")
    account_number = SealedField()
    bank_card_number = SealedField()
    bank_card_index = index_field()
    policy_version = models.CharField(max_length=40)
    submitted_at = instant()
    accepted_at = instant(null=True)
    promised_on = models.DateField(null=True)
    limit_on = models.DateField(null=True)
    holder_of_the_moment = models.CharField(max_length=40, blank=True, default="")
    state_since = instant()
    warned_at = instant(null=True)
    escalated_at = instant(null=True)

    class Meta:
        db_table = "application"
        constraints = (
            one_of("kind", ApplicationKind, "application"),
            one_of("channel", Channel, "application"),
            one_of("applied_by", AppliedBy, "application"),
            one_of("making_mode", MakingMode, "application"),
            one_of("collection", Collection, "application"),
            one_of("state", ProductionState, "application"),
            models.UniqueConstraint(
                fields=("person",),
                condition=models.Q(state__in=sorted(state.value for state in OPEN)),
                name="application_one_open_per_person",
            ),
            models.UniqueConstraint(
                fields=("bank_card_index",),
                condition=~models.Q(bank_card_index=""),
                name="application_bank_card_once",
            ),
        )
        indexes = (
            models.Index(fields=("state", "bank", "accepted_at"), name="application_for_batching"),
            models.Index(fields=("collect_at", "state"), name="application_at_outlet"),
        )

    def __str__(self) -> str:
        return self.number


class Step(models.Model):
    """One step in the life of an application: append only."""

    application = link("Application", "steps")
    event = models.CharField(max_length=40)
    from_state = models.CharField(max_length=32, blank=True, default="")
    to_state = models.CharField(max_length=32)
    reason = models.CharField(max_length=120, blank=True, default="")
    actor_role = EnumField(Role)
    actor_ref = models.CharField(max_length=40)
    at = instant()

    class Meta:
        db_table = "application_step"
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.application_id} {self.event}"


class Draft(models.Model):
    """Answers a person has given so far. Nothing is lost by closing the page.

    `owner` is the person or staff member who may open it. `case_code` opens the same step through
    another door; a person has one draft per purpose.
    """

    ref = ref_field()
    purpose = models.CharField(max_length=40)
    owner = models.CharField(max_length=40)
    answers = SealedJsonField()
    case_code_index = index_field(db_index=True)
    case_code_until = instant(null=True)
    submitted = models.CharField(max_length=40, blank=True, default="")
    saved_at = instant()

    class Meta:
        db_table = "draft"
        indexes = (models.Index(fields=("owner", "purpose"), name="draft_of_owner"),)

    def __str__(self) -> str:
        return self.ref
