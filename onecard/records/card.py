"""Cards: one row per piece of plastic, with its three functions side by side."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from onecard.domain.card import hr_state_at
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import IN_USE, HrState
from onecard.domain.transit_purse import TransitState
from onecard.records._fields import (
    EnumField,
    SealedField,
    index_field,
    instant,
    link,
    one_of,
    ref_field,
)


class Card(models.Model):
    """A card. `generation` 2 is the older provincial card, 3 is the One Card.

    The card number changes with every card; the social security number never does (V5). Of an older
    card known only from the province's register the identifier is empty. `hr_state` is what was
    written last: whoever decides asks `state_at`, for a temporary loss ends by time alone.
    `loss_version` counts every change of what stands reported lost.
    """

    ref = ref_field()
    person = link("Person", "cards")
    application = link("Application", "cards", null=True)
    predecessor = link("Card", "successors", null=True)
    generation = models.PositiveSmallIntegerField(default=3)
    bank = models.CharField(max_length=12)
    card_number = SealedField()
    card_number_index = index_field(unique=True)
    card_identifier = SealedField()
    card_identifier_index = index_field()
    answer_to_reset = models.CharField(max_length=64, blank=True, default="")
    bank_card_number = SealedField()
    bank_card_index = index_field(db_index=True)
    box_position = models.CharField(max_length=20, blank=True, default="")
    blank = link("BlankCard", "cards", null=True)
    hr_state = EnumField(HrState, default=HrState.SEALED)
    loss_ends_at = instant(null=True)
    loss_version = models.PositiveIntegerField(default=0)
    financial_state = EnumField(FinancialState, default=FinancialState.NONE)
    transit_state = EnumField(TransitState, default=TransitState.NOT_OPENED)
    state_version = models.PositiveIntegerField(default=1)
    issued_on = models.DateField()
    valid_to = models.DateField()
    collected_at = instant(null=True)
    collected_by_name = SealedField()
    collected_by_document = SealedField()
    enabled_at = instant(null=True)
    reminded_at = instant(null=True)

    class Meta:
        db_table = "card"
        constraints = (
            one_of("hr_state", HrState, "card"),
            one_of("financial_state", FinancialState, "card"),
            one_of("transit_state", TransitState, "card"),
            models.UniqueConstraint(
                fields=("person",),
                condition=models.Q(hr_state__in=sorted(state.value for state in IN_USE)),
                name="card_one_in_use_per_person",
            ),
            models.UniqueConstraint(
                fields=("card_identifier_index",),
                condition=~models.Q(card_identifier_index=""),
                name="card_identifier_once",
            ),
        )
        indexes = (
            models.Index(
                fields=("loss_ends_at",),
                condition=models.Q(loss_ends_at__isnull=False),
                name="card_loss_ends",
            ),
        )

    def __str__(self) -> str:
        return self.ref

    def state_at(self, at: datetime) -> HrState:
        """Where the HR function stands at an instant, swept or not (R12)."""
        return hr_state_at(self.hr_state, ends_at=self.loss_ends_at, at=at)


class CardPin(models.Model):
    """The HR PIN of a card: never the PIN, only a keyed digest of it by which one is recognised.

    The chip keeps the PIN itself. `wrong_tries` counts those in a row.
    """

    card = models.OneToOneField(
        "Card", on_delete=models.PROTECT, related_name="pin", primary_key=True
    )
    verifier = models.CharField(max_length=64)
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    set_at = instant()
    set_through = models.CharField(max_length=32)

    class Meta:
        db_table = "card_pin"

    def __str__(self) -> str:
        return self.card_id


class Transition(models.Model):
    """One state change of one function of a card: append only."""

    ref = ref_field()
    card = link("Card", "transitions")
    function = models.CharField(max_length=10)
    from_state = models.CharField(max_length=32)
    to_state = models.CharField(max_length=32)
    reason = models.CharField(max_length=40)
    sequence = models.PositiveIntegerField()
    actor_role = models.CharField(max_length=32)
    actor_ref = models.CharField(max_length=40)
    channel = models.CharField(max_length=32)
    policy_version = models.CharField(max_length=40)
    at = instant()

    class Meta:
        db_table = "card_transition"
        ordering = ("card", "sequence")
        constraints = (
            models.UniqueConstraint(fields=("card", "sequence"), name="card_transition_in_order"),
        )

    def __str__(self) -> str:
        return self.ref
