"""寄递: a card on its way by post, postage paid by the addressee (rule book 10)."""

from __future__ import annotations

from enum import Enum

from onecard.domain.lifecycle import LifeCycle


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
