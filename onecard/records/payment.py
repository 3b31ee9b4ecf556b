"""Payments through a channel, what it told us about them, and what goes back through it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from onecard.domain.payment import NoticeKind, PaymentState, RefundKind, RefundState, RefundWay
from onecard.records._fields import EnumField, instant, link, one_of, ref_field


class Payment(models.Model):
    """One payment for one order, from the first time somebody was sent to pay.

    `paid_fen` is what the channel says it took, `paid_back_fen` what of it is on its way back.
    `applied` says what became of it here: `credited` to its order, or `pays_back`; empty until
    then. `ask_at` is when the channel is asked next, `asked` how often it was.
    """

    ref = ref_field()
    order = link("TopUpOrder", "payments")
    amount_fen = models.PositiveIntegerField()
    channel = models.CharField(max_length=32)
    state = EnumField(PaymentState, default=PaymentState.STARTED)
    provider_no = models.CharField(max_length=64, blank=True, default="")
    pay_url = models.CharField(max_length=500, blank=True, default="")
    pay_by = instant()
    started_by = models.CharField(max_length=40)
    started_at = instant()
    paid_fen = models.PositiveIntegerField(default=0)
    paid_at = instant(null=True)
    heard = models.CharField(max_length=16, blank=True, default="")
    paid_back_fen = models.PositiveIntegerField(default=0)
    applied = models.CharField(max_length=16, blank=True, default="")
    closed_at = instant(null=True)
    ask_at = instant(null=True)
    asked = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "payment"
        constraints = (
            one_of("state", PaymentState, "payment"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="payment_of_money"),
            models.CheckConstraint(
                condition=Q(paid_back_fen__lte=F("paid_fen")), name="payment_back_at_most_paid"
            ),
            models.CheckConstraint(
                condition=Q(state=PaymentState.PAID.value, paid_fen__gt=0, paid_at__isnull=False)
                | (~Q(state=PaymentState.PAID.value) & Q(paid_fen=0, applied="")),
                name="payment_paid_is_money",
            ),
            models.UniqueConstraint(
                fields=("order",),
                condition=Q(state=PaymentState.STARTED.value),
                name="payment_one_started",
            ),
            models.UniqueConstraint(
                fields=("channel", "provider_no"),
                condition=~Q(provider_no=""),
                name="payment_provider_once",
            ),
        )
        indexes = (
            models.Index(
                fields=("ask_at",), condition=Q(ask_at__isnull=False), name="payment_to_ask"
            ),
            models.Index(fields=("paid_at",), name="payment_paid_at"),
            models.Index(
                fields=("paid_at",),
                condition=Q(state=PaymentState.PAID.value, applied=""),
                name="payment_to_apply",
            ),
        )

    def __str__(self) -> str:
        return self.ref


class PaymentNotice(models.Model):
    """A notice that proved to come from the channel, by its own id: it counts once, for ever."""

    ref = ref_field()
    channel = models.CharField(max_length=32)
    message = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    kind = EnumField(NoticeKind)
    about = models.CharField(max_length=40)
    amount_fen = models.PositiveIntegerField()
    result = models.CharField(max_length=60, blank=True, default="")
    at = instant()

    class Meta:
        db_table = "payment_notice"
        constraints = (
            one_of("kind", NoticeKind, "payment_notice"),
            models.UniqueConstraint(fields=("channel", "message"), name="payment_notice_once"),
        )
        indexes = (models.Index(fields=("about", "at"), name="payment_notice_about"),)

    def __str__(self) -> str:
        return self.message


class PaymentRefund(models.Model):
    """Money that goes back for a payment, once for each reason.

    `payment` is a payment's ref, or how a payment in cash is named. `about` is the order, `card`
    its purse. `try_at` is when it is sent or asked about next; `told` that the order knows.
    """

    ref = ref_field()
    payment = models.CharField(max_length=40)
    kind = EnumField(RefundKind)
    way = EnumField(RefundWay)
    about = models.CharField(max_length=40)
    card = models.CharField(max_length=40)
    amount_fen = models.PositiveIntegerField()
    state = EnumField(RefundState, default=RefundState.WANTED)
    wanted_at = instant()
    try_at = instant(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    provider_no = models.CharField(max_length=64, blank=True, default="")
    failure = models.CharField(max_length=80, blank=True, default="")
    ended_at = instant(null=True)
    told = models.BooleanField(default=False)

    class Meta:
        db_table = "payment_refund"
        constraints = (
            one_of("kind", RefundKind, "payment_refund"),
            one_of("way", RefundWay, "payment_refund"),
            one_of("state", RefundState, "payment_refund"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="payment_refund_of_money"),
            models.CheckConstraint(
                condition=Q(state=RefundState.DONE.value) ^ Q(ended_at=None),
                name="payment_refund_ended_when_done",
            ),
            models.UniqueConstraint(fields=("payment", "kind"), name="payment_refund_once"),
        )
        indexes = (
            models.Index(
                fields=("try_at",), condition=Q(try_at__isnull=False), name="payment_refund_to_try"
            ),
            models.Index(fields=("about",), name="payment_refund_about"),
        )

    def __str__(self) -> str:
        return self.ref
