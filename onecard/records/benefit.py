"""Benefit payments that the province is about to make to the accounts on people's cards."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from onecard.domain.benefit import BenefitKind
from onecard.domain.financial_function import FinancialEvent, FinancialState
from onecard.domain.hr_function import HrState
from onecard.records._fields import EnumField, index_field, instant, link, one_of, ref_field
from onecard.records.card import Card, Transition


class BenefitPayment(models.Model):
    """One payment as the province's list says it. No amount: it is nobody's business here.

    `payment` is its name on that list, `card_number_index` finds the card to whose account it is
    paid. `warned_at` is when the holder was told that it might come back.
    """

    ref = ref_field()
    person = link("Person", "benefit_payments")
    payment = models.CharField(max_length=64, unique=True)
    kind = EnumField(BenefitKind)
    pays_on = models.DateField()
    bank = models.CharField(max_length=12)
    card_number_index = index_field()
    seen_at = instant()
    warned_at = instant(null=True)

    class Meta:
        db_table = "benefit_payment"
        constraints = (one_of("kind", BenefitKind, "benefit_payment"),)
        indexes = (models.Index(fields=("pays_on", "person"), name="benefit_payment_by_day"),)

    def __str__(self) -> str:
        return self.ref

    def account_card(self) -> Card | None:
        """The card whose account takes this payment now; None where nobody here knows the card.

        Of a card that was not made here we do not know the account.
        """
        named = Card.objects.filter(card_number_index=self.card_number_index)
        card = named.filter(application__isnull=False).first()
        while card is not None and _was_moved_on(card):
            later = card.successors.filter(bank=card.bank).order_by("issued_on", "ref").last()
            if later is None:
                break
            card = later
        return card


def at_risk(payments: QuerySet[BenefitPayment]) -> QuerySet[BenefitPayment]:
    """Those to accounts about which the bank or the card gives reason to look closer."""
    named = Card.objects.filter(card_number_index=OuterRef("card_number_index"))
    in_order = Q(financial_state=FinancialState.ACTIVATED) & ~Q(hr_state=HrState.CANCELLED)
    return payments.filter(Exists(named.filter(application__isnull=False).exclude(in_order)))


def _was_moved_on(card: Card) -> bool:
    """Whether the bank has moved the account of this card to another one (金融账户转接)."""
    moves = Transition.objects.filter(card=card, function="financial").order_by("sequence")
    last = moves.last()
    return last is not None and last.reason == FinancialEvent.RELINK_AWAY.value
