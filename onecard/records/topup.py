"""The transit purse as the host sees it: accounts, orders, attempts, taps. The chip is the truth.

An account follows its card. What is written here before a MAC leaves the house decides later what
a proof is a proof of.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from onecard.domain.authority import Channel, Role
from onecard.domain.topup import AttemptKind, AttemptState, Evidence, OrderState
from onecard.domain.transit_purse import TransitState
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


class PurseAccount(models.Model):
    """The shadow account of one purse on one chip; holding this row is holding the card.

    `number` is issuer code and serial in hex, found by `number_index`. `card` is set once the
    purse is bound to a card of ours; a purse without one is a bearer's, and served all the same.
    `load_counter_seen` is the highest load counter that custody ever verified. The shadow balance
    is that counter's balance and what clearing has told since, in fen. `failures` counts proofs
    that did not verify on the day `failures_on`. `watched_at`: loads nothing until people looked.
    """

    ref = ref_field()
    number = SealedField()
    number_index = index_field(unique=True)
    card = link("Card", "purses", null=True)
    profile = models.CharField(max_length=40)
    state = EnumField(TransitState, default=TransitState.NOT_OPENED)
    valid_to = models.DateField(null=True)
    load_counter_seen = models.PositiveIntegerField(null=True)
    purchase_counter_seen = models.PositiveIntegerField(null=True)
    shadow_balance_fen = models.BigIntegerField(null=True)
    shadow_at = instant(null=True)
    failures = models.PositiveIntegerField(default=0)
    failures_on = models.DateField(null=True)
    watched_at = instant(null=True)
    watched_why = models.CharField(max_length=40, blank=True, default="")
    opened_at = instant()

    class Meta:
        db_table = "purse_account"
        constraints = (one_of("state", TransitState, "purse_account"),)

    def __str__(self) -> str:
        return self.ref


class TopUpOrder(models.Model):
    """One top-up: what was chosen, what was paid, what was proven.

    `person` is the citizen who opened it, if one did. `payment` is the payment that paid it, and
    `paid_by` how. `evidence` is what decided last: why LOADED, why PAID again, why paid back.
    `refund_wanted`: money is to go back as soon as a strong proof allows it. `owner` looks after a
    case in doubt. `proposed_*` and `decided_*` are the two persons of a held case.
    """

    ref = ref_field()
    purse = link("PurseAccount", "orders")
    person = models.CharField(max_length=40, blank=True, default="")
    amount_fen = models.PositiveIntegerField()
    state = EnumField(OrderState, default=OrderState.OPENED)
    state_since = instant()
    channel = EnumField(Channel)
    opened_role = EnumField(Role)
    opened_by = models.CharField(max_length=40)
    outlet = models.CharField(max_length=40, blank=True, default="")
    opened_at = instant()
    pay_by = instant()
    payment = models.CharField(max_length=40, blank=True, default="")
    paid_by = models.CharField(max_length=32, blank=True, default="")
    paid_at = instant(null=True)
    doubt_since = instant(null=True)
    loaded_at = instant(null=True)
    ended_at = instant(null=True)
    evidence: EnumField[Any] = EnumField(Evidence, null=True)
    refund_wanted = models.BooleanField(default=False)
    refund_reason = models.CharField(max_length=40, blank=True, default="")
    owner = models.CharField(max_length=40, blank=True, default="")
    proposed = models.CharField(max_length=32, blank=True, default="")
    proposed_by = models.CharField(max_length=40, blank=True, default="")
    proposed_at = instant(null=True)
    proposed_why = models.CharField(max_length=200, blank=True, default="")
    decided_by = models.CharField(max_length=40, blank=True, default="")
    decided_at = instant(null=True)
    policy_version = models.CharField(max_length=40)

    class Meta:
        db_table = "topup_order"
        constraints = (
            one_of("state", OrderState, "topup_order"),
            one_of("channel", Channel, "topup_order"),
            models.CheckConstraint(
                condition=models.Q(amount_fen__gt=0), name="topup_order_of_money"
            ),
            models.UniqueConstraint(
                fields=("payment",), condition=~models.Q(payment=""), name="topup_order_paid_once"
            ),
        )
        indexes = (
            models.Index(fields=("purse", "state"), name="topup_order_of_purse"),
            models.Index(fields=("state", "state_since"), name="topup_order_in_state"),
            models.Index(fields=("person", "opened_at"), name="topup_order_of_person"),
        )

    def __str__(self) -> str:
        return self.ref


class LoadAttempt(models.Model):
    """One signed transaction, saved before its MAC left the house (card reference 10.3).

    `kind` says which way the money goes; a load belongs to `order`, an unload or a drain to
    `refund`. `counter` is the load counter before it (SN0), `old_balance` as the card wrote it
    under MAC1, bit 31 included. `purchase_counter` and `terminal_counter` are a drain's. Only a
    hash of MAC2 stays. `evidence` closed it, `tac` is the proof itself in hex. At most one attempt
    of a purse is open, over all orders and both directions.
    """

    ref = ref_field()
    purse = link("PurseAccount", "attempts")
    kind = EnumField(AttemptKind)
    order = link("TopUpOrder", "attempts", null=True)
    refund = models.CharField(max_length=40, blank=True, default="", db_index=True)
    tap = link("ChipDialogue", "attempts", null=True)
    profile = models.CharField(max_length=40)
    key_version = models.PositiveSmallIntegerField()
    algorithm = models.PositiveSmallIntegerField()
    counter = models.PositiveIntegerField()
    purchase_counter = models.PositiveIntegerField(null=True)
    terminal_counter = models.BigIntegerField(null=True)
    old_balance = models.BigIntegerField()
    random = models.CharField(max_length=8)
    amount_fen = models.PositiveIntegerField()
    terminal = models.CharField(max_length=12)
    at = instant()
    mac2_hash = models.CharField(max_length=64, blank=True, default="")
    counter_moved = models.BooleanField(default=False)
    state = EnumField(AttemptState, default=AttemptState.OPEN)
    evidence: EnumField[Any] = EnumField(Evidence, null=True)
    tac = models.CharField(max_length=16, blank=True, default="")
    closed_at = instant(null=True)

    class Meta:
        db_table = "load_attempt"
        constraints = (
            one_of("kind", AttemptKind, "load_attempt"),
            one_of("state", AttemptState, "load_attempt"),
            models.UniqueConstraint(
                fields=("purse",),
                condition=models.Q(state=AttemptState.OPEN.value),
                name="load_attempt_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(state=AttemptState.OPEN.value, evidence=None)
                | (~models.Q(state=AttemptState.OPEN.value) & ~models.Q(evidence=None)),
                name="load_attempt_closed_by_evidence",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=AttemptKind.LOAD.value) ^ models.Q(order=None),
                name="load_attempt_of_an_order",
            ),
        )
        indexes = (models.Index(fields=("purse", "counter"), name="load_attempt_at_counter"),)

    def __str__(self) -> str:
        return self.ref


class PurseChallenge(models.Model):
    """A terminal number that was drawn for a purse and sent to it: never a second time.

    `probe`: the small question before the real one; `about` is the attempt that was open.
    """

    ref = ref_field()
    purse = link("PurseAccount", "challenges")
    tap = link("ChipDialogue", "challenges")
    terminal = models.CharField(max_length=12)
    amount_fen = models.PositiveIntegerField()
    probe = models.BooleanField(default=False)
    about = models.CharField(max_length=40, blank=True, default="")
    drawn_at = instant()

    class Meta:
        db_table = "purse_challenge"
        constraints = (
            models.UniqueConstraint(fields=("purse", "terminal"), name="purse_challenge_once"),
        )
        indexes = (models.Index(fields=("about", "drawn_at"), name="purse_challenge_about"),)

    def __str__(self) -> str:
        return self.ref


class ChipDialogue(models.Model):
    """One tap: numbered steps that the server gives out and a phone or a reader carries.

    `part` is the piece of talk in progress and `plan` what it was begun with; `carried` are the
    answers to it so far. `step` is what goes out now, `answers_hash` digests the answers to the
    step before. `plan` and `step` may hold MAC2 and are emptied when the step is answered or too
    old. `trail` holds the `lines` of what was exchanged, PIN and MAC2 as stars; the card's number
    stands in it, so it is sealed. `outcome` is a key of the word files.
    """

    ref = ref_field()
    purse = link("PurseAccount", "taps", null=True)
    order = link("TopUpOrder", "taps", null=True)
    refund = models.CharField(max_length=40, blank=True, default="")
    actor_role = EnumField(Role)
    actor_ref = models.CharField(max_length=40)
    channel = EnumField(Channel)
    outlet = models.CharField(max_length=40, blank=True, default="")
    part = models.CharField(max_length=40)
    plan = SealedJsonField()
    carried = SealedJsonField()
    step = SealedJsonField()
    seq = models.PositiveIntegerField(default=1)
    answers_hash = models.CharField(max_length=64, blank=True, default="")
    trail = SealedJsonField()
    started_at = instant()
    step_at = instant()
    expires_at = instant()
    ended_at = instant(null=True)
    outcome = models.CharField(max_length=60, blank=True, default="")
    result = models.JSONField(default=dict)

    class Meta:
        db_table = "chip_dialogue"
        constraints = (
            one_of("actor_role", Role, "chip_dialogue"),
            one_of("channel", Channel, "chip_dialogue"),
        )
        indexes = (
            models.Index(
                fields=("expires_at",),
                condition=models.Q(ended_at=None),
                name="chip_dialogue_running",
            ),
            models.Index(fields=("purse", "started_at"), name="chip_dialogue_of_purse"),
        )

    def __str__(self) -> str:
        return self.ref
