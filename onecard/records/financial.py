"""What the banks told us of their accounts: every message, taken or not. Append only."""

from __future__ import annotations

from django.db import models

from onecard.domain.bank_news import NewsResult
from onecard.domain.financial_function import FinancialEvent
from onecard.records._fields import EnumField, instant, link, one_of, ref_field


class BankNews(models.Model):
    """One message of a bank about one card. `names` is the report that a withdrawal lifts."""

    ref = ref_field()
    card = link("Card", "bank_news")
    bank = models.CharField(max_length=12)
    event = EnumField(FinancialEvent)
    serial = models.CharField(max_length=64)
    sequence = models.PositiveBigIntegerField()
    names = models.CharField(max_length=64, blank=True, default="")
    happened_at = instant()
    received_at = instant()
    result = EnumField(NewsResult)
    state = models.CharField(max_length=32)

    class Meta:
        db_table = "bank_news"
        constraints = (
            one_of("event", FinancialEvent, "bank_news"),
            one_of("result", NewsResult, "bank_news"),
            models.UniqueConstraint(fields=("bank", "serial"), name="bank_news_once"),
        )
        indexes = (models.Index(fields=("card", "sequence"), name="bank_news_of_card"),)

    def __str__(self) -> str:
        return self.ref
