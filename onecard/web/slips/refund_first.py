"""P5 先退值再换卡: where the purse is refunded before the card can be exchanged (platform 6.8)."""

from __future__ import annotations

from dataclasses import dataclass

from onecard.queries.place import Place
from onecard.web.slips.paper import Foot
from onecard.web.slips.roll import Roll


@dataclass(frozen=True)
class RefundFirstSlip:
    """Whose card, the outlets that refund, and where the person comes back to."""

    card_number: str
    outlets: tuple[Place, ...]
    hotline: str
    came_from: Place


def draw(slip: RefundFirstSlip, foot: Foot, *, large: bool = False) -> bytes:
    """The strip as PDF."""
    roll = Roll(foot, "slips.refund_first", slip.came_from.name, large)
    roll.fact("slips.loss.card", slip.card_number)
    roll.say("slips.refund_first.why")
    roll.heading("slips.refund_first.where")
    for outlet in slip.outlets:
        roll.fact("slips.refund_first.outlet", *_place(outlet))
    if not slip.outlets:
        roll.say("slips.refund_first.ask", hotline=slip.hotline)
    roll.heading("slips.refund_first.then")
    roll.say("slips.refund_first.come_back", place=(slip.came_from.name, slip.came_from.name_en))
    return roll.output()


def _place(place: Place) -> tuple[str, ...]:
    """The place in both languages, with address, hours and telephone."""
    return (
        "  ".join(filter(None, (place.name, place.name_en))),
        "  ".join(filter(None, (place.address, place.hours, place.phone))),
    )
