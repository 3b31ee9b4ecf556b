"""退值的规则: whether what is left in a transit purse is paid out, in the order of rule book 22.5.

The balance of a lost card is never read and never moved (V10).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

from onecard.domain.authority import Channel
from onecard.domain.contacts import Contacts
from onecard.domain.refusal import Fix, FixKind, Name, Notice, Refusal, found
from onecard.domain.stock import OutletKind
from onecard.domain.transit_purse import TRANSIT_PURSE, TransitEvent, TransitState


class RefundReason(Enum):
    """For what a purse is refunded; refund for its own sake is an open point (O14)."""

    EXCHANGE = "exchange"
    CANCELLATION = "cancellation"


_KINDS = {
    Channel.SERVICE_OUTLET: OutletKind.SERVICE,
    Channel.HR_COUNTER: OutletKind.HR_COUNTER,
    Channel.CARD_FACE_BANK: OutletKind.BANK,
    Channel.DIRECT_OUTLET: OutletKind.DIRECT,
    Channel.AGENCY_OUTLET: OutletKind.AGENCY,
}


def outlet_kind_of(channel: Channel) -> OutletKind | None:
    """The kind of outlet that people go to through a channel; None for phones and pages."""
    return _KINDS.get(channel)


class Way(Enum):
    """How a chip is emptied, or that it cannot be (card reference 9)."""

    UNLOAD = "unload"
    PURCHASE = "purchase"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class RefundPolicy:
    """The figures of `refund.toml`; `drain_way` is what this card family offers."""

    outlet_kinds: tuple[OutletKind, ...]
    reasons: tuple[RefundReason, ...]
    unreadable_wait_working_days: int
    drain_way: Way


@dataclass(frozen=True)
class Refunding:
    """Who asks where for what: `at` is the outlet's kind, None for a phone or a web page.

    `readable` False registers an unreadable card, which is paid out after the waiting time.
    """

    at: OutletKind | None
    transit: TransitState
    card_present: bool = True
    readable: bool = True
    lost: bool = False
    open_topup: bool = False
    reason: RefundReason | None = None


def may_refund(
    *, asked: Refunding, figures: RefundPolicy, contacts: Contacts
) -> Refusal | Notice | None:
    """The first no in the order of the rule book; a notice where nothing is left to refund."""
    for answer in _checks(asked, figures, contacts):
        if answer is not None:
            return answer
    return None


def may_refund_all(
    *, asked: Refunding, figures: RefundPolicy, contacts: Contacts
) -> tuple[Refusal, ...]:
    """Every no at once."""
    checks = _checks(asked, figures, contacts)
    return found(no for no in checks if isinstance(no, Refusal))


def must_be_direct_outlet(
    *, at: OutletKind | None, figures: RefundPolicy, contacts: Contacts
) -> Refusal | None:
    """到市民卡直营网点: agency outlets, banks, kiosks and phones cannot (SEED, Q13)."""
    if at in figures.outlet_kinds:
        return None
    outlets = tuple(Name(place.zh, place.en) for place in contacts.direct_outlets)
    return Refusal(
        "refund.direct_outlet_only",
        allowed={"outlets": outlets},
        fix=Fix(FixKind.USE_CHANNEL, {"channel": Channel.DIRECT_OUTLET.value}),
    )


def must_be_present(*, card_present: bool, lost: bool) -> Refusal | None:
    """余额以卡内记录为准; the purse of a lost card is nobody's to refund (SEED, Q12; V10)."""
    if lost:
        return Refusal("refund.lost_card")
    if card_present:
        return None
    return Refusal("refund.card_must_be_present", fix=Fix(FixKind.BRING, {"what": "card"}))


def must_have_reason(*, reason: RefundReason | None, figures: RefundPolicy) -> Refusal | None:
    """退值限换卡或注销 (ASSUMPTION)."""
    if reason in figures.reasons:
        return None
    named = tuple(f"@refund.reason.{known.value}" for known in figures.reasons)
    fix = Fix(FixKind.CHANGE_INPUT, {"field": "reason"})
    return Refusal("refund.reason_required", allowed={"reasons": named}, field="reason", fix=fix)


def _checks(
    asked: Refunding, figures: RefundPolicy, contacts: Contacts
) -> Iterator[Refusal | Notice | None]:
    yield must_be_direct_outlet(at=asked.at, figures=figures, contacts=contacts)
    yield must_be_present(card_present=asked.card_present, lost=asked.lost)
    event = TransitEvent.PURSE_REFUND if asked.readable else TransitEvent.REGISTER_UNREADABLE
    answer = TRANSIT_PURSE.ask(asked.transit, event)
    yield None if isinstance(answer, TransitState) else answer
    if asked.open_topup:
        fix = Fix(FixKind.DO_FIRST, {"act": "topup.finish"})
        yield Refusal("refund.open_topup", fix=fix)
    yield must_have_reason(reason=asked.reason, figures=figures)


def may_pay_out(*, payable_on: date | None, on: date) -> Refusal | None:
    """卡片不可读的，等待期满才付: fares that are still on their way lower the amount (22.5)."""
    if payable_on is None or on >= payable_on:
        return None
    return Refusal(
        "refund.waiting",
        measured={"day": on},
        allowed={"from": payable_on},
        fix=Fix(FixKind.WAIT_UNTIL, {"day": payable_on.isoformat()}),
    )
