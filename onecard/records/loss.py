"""Loss reports: the paper, what it covers, who else was told, and who proved themself for it."""

from __future__ import annotations

from django.db import models

from onecard.domain.authority import Channel, Role
from onecard.domain.loss import LossKind, Side
from onecard.records._fields import EnumField, SealedField, instant, link, one_of, ref_field


class LossReport(models.Model):
    """One accepted loss report, as it was accepted. What it covers are its sides.

    `outlet` is empty where no desk took it; `bank` is the bank whose clerk or system did;
    `serial` is the report's own name there. `checked` names the facts a caller proved, not their
    values. `reminded_hours` is the last reminder given before a temporary report ends.
    """

    ref = ref_field()
    card = link("Card", "loss_reports")
    kind = EnumField(LossKind)
    channel = EnumField(Channel)
    accepted_at = instant()
    until = instant(null=True)
    actor_role = EnumField(Role)
    actor_ref = models.CharField(max_length=40)
    outlet = models.CharField(max_length=40, blank=True, default="")
    bank = models.CharField(max_length=12, blank=True, default="")
    serial = models.CharField(max_length=64, blank=True, default="")
    by_agent = models.BooleanField(default=False)
    agent_name = SealedField()
    agent_document = SealedField()
    checked = models.JSONField(default=list)
    reminded_hours = models.PositiveIntegerField(null=True)
    policy_version = models.CharField(max_length=40)

    class Meta:
        db_table = "loss_report"
        constraints = (
            one_of("kind", LossKind, "loss_report"),
            one_of("channel", Channel, "loss_report"),
            one_of("actor_role", Role, "loss_report"),
            models.UniqueConstraint(
                fields=("bank", "serial"),
                condition=~models.Q(serial=""),
                name="loss_report_serial_once",
            ),
        )
        indexes = (models.Index(fields=("card", "accepted_at"), name="loss_report_of_card"),)

    def __str__(self) -> str:
        return self.ref


class LossSide(models.Model):
    """One function that a report covers, from the report until it is over.

    `version` is the card's `loss_version` that the report made. `ended_how` says what ended it:
    lapsed, withdrawn, made formal, the card cancelled.
    """

    ref = ref_field()
    report = link("LossReport", "sides")
    card = link("Card", "loss_sides")
    function = EnumField(Side)
    version = models.PositiveIntegerField()
    since = instant()
    until = instant(null=True)
    ended_at = instant(null=True)
    ended_how = models.CharField(max_length=40, blank=True, default="")
    ended_channel = models.CharField(max_length=32, blank=True, default="")
    ended_role = models.CharField(max_length=32, blank=True, default="")
    ended_ref = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        db_table = "loss_side"
        constraints = (
            one_of("function", Side, "loss_side"),
            models.UniqueConstraint(
                fields=("card", "function"),
                condition=models.Q(ended_at=None),
                name="loss_side_one_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.report_id} {self.function.value}"


class LossConfirmation(models.Model):
    """That one party was told of one change of a loss, and what it answered.

    Written in the act's transaction as waiting; `message` is the outbox row that tells it.
    `acknowledgement` is the party's signed text, `serial` names the key, `refused` its own no.
    """

    ref = ref_field()
    card = link("Card", "loss_confirmations")
    report = link("LossReport", "confirmations")
    party = models.CharField(max_length=32)
    event = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    message = models.CharField(max_length=40, unique=True)
    queued_at = instant()
    told_at = instant(null=True)
    confirmed_at = instant(null=True)
    effective_at = instant(null=True)
    acknowledgement = SealedField()
    signature = models.CharField(max_length=200, blank=True, default="")
    serial = models.CharField(max_length=60, blank=True, default="")
    refused = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        db_table = "loss_confirmation"
        indexes = (models.Index(fields=("card", "version"), name="loss_confirmation_of_card"),)

    def __str__(self) -> str:
        return f"{self.party} {self.event}"


class PhoneCall(models.Model):
    """A caller whom a 12333 operator has identified; good for one conversation."""

    ref = ref_field()
    operator = models.CharField(max_length=40)
    person = link("Person", "phone_calls")
    checked = models.JSONField(default=list)
    at = instant()

    class Meta:
        db_table = "phone_call"

    def __str__(self) -> str:
        return self.ref


class ECardConsent(models.Model):
    """The holder's own consent to use the electronic card while this loss stands."""

    ref = ref_field()
    card = link("Card", "e_card_consents")
    report = models.OneToOneField(
        "LossReport", on_delete=models.PROTECT, related_name="e_card_consent"
    )
    at = instant()

    class Meta:
        db_table = "e_card_consent"

    def __str__(self) -> str:
        return self.ref
