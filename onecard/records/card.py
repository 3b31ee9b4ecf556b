"""Cards: one row per piece of plastic, with its three functions side by side."""

from __future__ import annotations

from django.db import models

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
    card known only from the province's register the identifier is empty.
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

    def __str__(self) -> str:
        return self.ref


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
