"""支付通知: the signature first, over the raw bytes; then each notice has its effect once.

Forged ones are turned away and counted. The same notice again gets the same answer; its id with
another body is an alarm (guarantees 10.6, cases 105 to 108).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from onecard.actions import hold
from onecard.actions._keeping import act, note, walk
from onecard.actions.payment._incidents import incident
from onecard.actions.payment.confirming import Heard, confirm
from onecard.actions.payment.refunding import confirm_refund, fail_refund, tell_order
from onecard.actions.payment.starting import GROUND, figures_on
from onecard.adapters.partners import partners
from onecard.adapters.payment import Notice, NoticeForged, NoticeUnreadable, Shown
from onecard.domain.authority import Actor
from onecard.domain.payment import NoticeKind
from onecard.domain.refusal import Refusal, Refused
from onecard.domain.webhook import ID, SIGNATURE
from onecard.records.models import PaymentNotice
from onecard.seams.world import world

OTHER_BODY = "other_body"


@dataclass(frozen=True)
class NoticeReceipt:
    """A notice and what it did. An empty `result`: it is known, and not finished yet."""

    notice: str
    result: str


@walk("payment.take_notice")
def take_notice(
    *, message: str, timestamp: str, signatures: str, body: bytes, actor: Actor, at: datetime
) -> NoticeReceipt:
    """Take one notice, as often as it is told.

    Raises `Refused`: `signature.invalid`, `webhook.same_id`, `payment.notice_unreadable`.
    """
    notice = _opened(Shown(message, timestamp, signatures), body, actor, at)
    digest = hashlib.sha256(body).hexdigest()
    known = keep_notice(notice=notice, digest=digest, actor=actor, at=at)
    if known.result == OTHER_BODY:
        raise Refused(Refusal("webhook.same_id", field=ID))
    if known.result:
        return known
    result = _take(notice, actor=actor, at=at)
    return end_notice(notice=known.notice, result=result, actor=actor, at=at)


@act("payment.turn_away")
def turn_away(*, why: str, message: str, actor: Actor, at: datetime) -> NoticeReceipt:
    """A notice that is not the channel's: counted for people to look at, nothing else."""
    incident(why, about="notices", at=at)
    note(about="payment_notice", by=actor, at=at, ground=GROUND, alarm=why)
    return NoticeReceipt(message[:40], why)


@act("payment.keep_notice")
def keep_notice(*, notice: Notice, digest: str, actor: Actor, at: datetime) -> NoticeReceipt:
    """The first time it is kept; later it is the one that is known."""
    channel = figures_on(at).channel
    new = PaymentNotice(
        ref=world().ids.new("pnt"),
        channel=channel,
        message=notice.message,
        digest=digest,
        kind=notice.kind,
        about=(notice.refund or notice.payment)[:40],
        amount_fen=max(notice.amount_fen, 0),
        at=at,
    )
    PaymentNotice.objects.bulk_create([new], ignore_conflicts=True)
    row = hold.one(PaymentNotice, channel=channel, message=notice.message)
    if row.digest != digest:
        incident("same_notice_other_body", about=notice.message, at=at)
        note(about=row.ref, by=actor, at=at, ground=GROUND, alarm=OTHER_BODY)
        return NoticeReceipt(row.ref, OTHER_BODY)
    return NoticeReceipt(row.ref, row.result)


@act("payment.end_notice")
def end_notice(*, notice: str, result: str, actor: Actor, at: datetime) -> NoticeReceipt:
    """What a notice did."""
    del actor, at
    row = hold.one(PaymentNotice, ref=notice)
    row.result = row.result or result
    row.save(update_fields=["result"])
    return NoticeReceipt(row.ref, row.result)


def _opened(shown: Shown, body: bytes, actor: Actor, at: datetime) -> Notice:
    try:
        return partners().payment.read_notice(shown=shown, body=body, at=world().wire_now())
    except NoticeForged as forged:
        turn_away(why="forged_notice", message=shown.message, actor=actor, at=at)
        raise Refused(Refusal("signature.invalid", field=SIGNATURE)) from forged
    except NoticeUnreadable as broken:
        turn_away(why="unreadable_notice", message=shown.message, actor=actor, at=at)
        raise Refused(Refusal("payment.notice_unreadable")) from broken


def _take(notice: Notice, *, actor: Actor, at: datetime) -> str:
    if notice.kind is NoticeKind.PAID:
        return confirm(heard=_heard(notice), actor=actor, at=at).result
    if notice.kind is NoticeKind.REFUND_FAILED:
        failed = fail_refund(refund=notice.refund, reason=notice.reason, actor=actor, at=at)
        return failed.state
    done = confirm_refund(
        refund=notice.refund,
        payment=notice.payment,
        amount_fen=notice.amount_fen,
        provider_no=notice.provider_no,
        actor=actor,
        at=at,
    )
    tell_order(notice.refund, actor=actor, at=at)
    return done.state


def _heard(notice: Notice) -> Heard:
    return Heard(
        notice.payment,
        notice.order,
        notice.provider_no,
        notice.amount_fen,
        notice.currency,
        notice.happened_at,
        "notice",
    )
