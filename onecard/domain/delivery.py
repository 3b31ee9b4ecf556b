"""寄递: a card on its way by post, postage paid by the addressee (rule book 10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from onecard.domain.application import Collection
from onecard.domain.lifecycle import LifeCycle, NotInTable
from onecard.domain.refusal import Fix, FixKind, Refusal, Refused


class DeliveryState(Enum):
    """Where a shipment stands."""

    PACKED = "packed"
    HANDED_OVER = "handed_over"
    IN_TRANSIT = "in_transit"
    DELIVERED = "delivered"
    REFUSED = "refused"
    RETURNED = "returned"
    AT_OUTLET = "at_outlet"


class DeliveryEvent(Enum):
    """What may happen to a shipment."""

    HAND_OVER = "hand_over"
    SCAN = "scan"
    DELIVER = "deliver"
    REFUSE = "refuse"
    RETURN = "return"
    CHOOSE_OUTLET = "choose_outlet"
    SEND_AGAIN = "send_again"


class ScanVerdict(Enum):
    """What became of a courier's scan."""

    APPLIED = "applied"
    LATE = "late"
    DISCREPANCY = "discrepancy"


S, E = DeliveryState, DeliveryEvent

DELIVERY = LifeCycle(
    name="delivery",
    initial=S.PACKED,
    otherwise="delivery.not_in_this_state",
    table={
        (S.PACKED, E.HAND_OVER): S.HANDED_OVER,
        (S.HANDED_OVER, E.SCAN): S.IN_TRANSIT,
        (S.IN_TRANSIT, E.SCAN): S.IN_TRANSIT,
        (S.HANDED_OVER, E.DELIVER): S.DELIVERED,
        (S.IN_TRANSIT, E.DELIVER): S.DELIVERED,
        (S.HANDED_OVER, E.REFUSE): S.REFUSED,
        (S.IN_TRANSIT, E.REFUSE): S.REFUSED,
        (S.HANDED_OVER, E.RETURN): S.RETURNED,
        (S.IN_TRANSIT, E.RETURN): S.RETURNED,
        (S.REFUSED, E.RETURN): S.RETURNED,
        (S.RETURNED, E.CHOOSE_OUTLET): S.AT_OUTLET,
        (S.RETURNED, E.SEND_AGAIN): S.HANDED_OVER,
    },
)

ON_THE_WAY = frozenset({S.HANDED_OVER, S.IN_TRANSIT})
"""The courier has the parcel."""

SCANNED = frozenset({E.SCAN, E.DELIVER, E.REFUSE, E.RETURN})
"""The events that a courier reports."""


@dataclass(frozen=True)
class DeliveryPolicy:
    """The figures of `delivery.toml` about parcels: who carries, who pays, when to ask for one.

    `postage_shown_fen` is None where the city publishes no amount; then none is shown. A parcel
    without news for `no_news_days` is on the operator's list.
    """

    carrier: str
    postage: str
    postage_shown_fen: int | None
    no_news_days: int


def must_have_address(*, address: str) -> Refusal | None:
    """网上申领须填写收件地址(邮费到付): nothing is posted without one (rule book 8.1, 10)."""
    if address.strip():
        return None
    return Refusal(
        "delivery.address_missing",
        field="post_to",
        fix=Fix(FixKind.CHANGE_INPUT, {"field": "post_to"}),
    )


def may_pack(*, collection: Collection) -> Refusal | None:
    """Only a card that was applied for with delivery by post is packed."""
    if collection is Collection.POST:
        return None
    return Refusal("delivery.not_by_post")


def may_decide_on_return(
    *, state: DeliveryState, event: DeliveryEvent, asked_again: bool
) -> Refusal | None:
    """退件后选择网点自取或再次寄送: only once, while the parcel is back (rule book 10).

    `event` is CHOOSE_OUTLET or SEND_AGAIN. Whoever asked for another parcel has decided: it may
    be at the courier's already.
    """
    if asked_again:
        return Refusal("delivery.already_going_again")
    answer = DELIVERY.ask(state, event)
    return answer if isinstance(answer, Refusal) else None


def must_be_wanted(*, card_cancelled: bool) -> Refusal | None:
    """A card that was cancelled on its way is sent nowhere any more."""
    return Refusal("delivery.card_is_cancelled") if card_cancelled else None


def may_give_address(*, state: DeliveryState, address: str) -> Refusal | None:
    """A packed card without an address waits for one; an address that is used is not changed."""
    if state is S.PACKED and not address.strip():
        return None
    act = "@delivery.act.give_address"
    return Refusal(
        "delivery.not_in_this_state", {"state": f"@delivery.state.{state.value}", "act": act}
    )


def verdict_on_scan(
    *,
    state: DeliveryState,
    event: DeliveryEvent,
    at: datetime,
    earlier: Iterable[tuple[datetime, DeliveryEvent]],
) -> ScanVerdict:
    """What a scan of the parcel now under way means; `earlier` are the scans applied to it before.

    A scan that lies before one we have, and fits in between without another outcome, is merely
    late. Otherwise the table decides; what it does not know is a discrepancy.
    """
    known = list(earlier)
    if any(at < when for when, _ in known):
        told = sorted([*known, (at, event)], key=lambda scan: scan[0])
        if _outcome(what for _, what in told) is state:
            return ScanVerdict.LATE
    known_step = event in SCANNED and DELIVERY.allows(state, event)
    return ScanVerdict.APPLIED if known_step else ScanVerdict.DISCREPANCY


def _outcome(events: Iterable[DeliveryEvent]) -> DeliveryState | None:
    """Where a parcel stands after these events in this order, or None if that cannot be."""
    state = S.HANDED_OVER
    try:
        for event in events:
            answer = DELIVERY.after(state, event)
            if not isinstance(answer, DeliveryState):
                return None
            state = answer
    except (Refused, NotInTable):
        return None
    return state
