"""领卡启用: a card comes into its holder's hand, and its HR function is enabled (rule book 11).

The order is fixed: the card is in hand, the person is proven, the predecessor is settled, only
then SEALED becomes NORMAL.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from onecard.domain.application import Collection
from onecard.domain.authority import Channel
from onecard.domain.delivery import ON_THE_WAY, DeliveryState
from onecard.domain.hr_function import HR_FUNCTION, HrEvent, HrState
from onecard.domain.refusal import Fix, FixKind, Refusal

ONLINE = frozenset({Channel.PORTAL})
"""The channels in which a person applies and enables without coming to a counter."""


@dataclass(frozen=True)
class CardInHand:
    """What was read from the card itself: its printed number or, by a reader, its identifier."""

    card_number: str = ""
    card_identifier: str = ""


@dataclass(frozen=True)
class ReminderPolicy:
    """The figures of `card.toml` that say after how many days a person is reminded.

    Of a card at the outlet, of enabling, of activating at the bank, of a returned parcel.
    """

    collect_reminder_days: tuple[int, ...]
    enable_reminder_days: tuple[int, ...]
    activate_reminder_days: tuple[int, ...]
    returned_reminder_days: tuple[int, ...]


def must_be_in_hand(*, read: CardInHand, is_this_card: bool) -> Refusal | None:
    """持卡在手: proven by the number on the card or by reading its chip (rule book 11.5)."""
    bring = Fix(FixKind.BRING, {"what": "card"})
    if not (read.card_number or read.card_identifier):
        return Refusal("collection.card_not_in_hand", field="card_number", fix=bring)
    if not is_this_card:
        return Refusal("collection.other_card", field="card_number", fix=bring)
    return None


def may_hand_over_here(*, collect_at: str, outlet: str, outlet_name: str) -> Refusal | None:
    """A card lies at one outlet and is handed over there."""
    if not collect_at or collect_at == outlet:
        return None
    return Refusal(
        "collection.at_other_outlet",
        {"outlet": outlet_name},
        fix=Fix(FixKind.USE_CHANNEL, {"channel": Channel.SERVICE_OUTLET.value}),
    )


def may_hand_over(*, state: HrState) -> Refusal | None:
    """A card that is enabled or cancelled is nobody's to collect any more."""
    if state is HrState.SEALED:
        return None
    return Refusal("collection.not_sealed", {"state": f"@hr_function.state.{state.value}"})


def may_settle_predecessor(*, state: HrState, handed_in: bool) -> Refusal | None:
    """换领须交回旧卡,补领的旧卡须已正式挂失: before the successor is enabled (21.4, 17.2 ³ ⁴).

    A predecessor that is cancelled already has been settled.
    """
    if state is HrState.CANCELLED:
        return None
    if not HR_FUNCTION.allows(state, HrEvent.SUCCESSOR_ENABLED):
        return Refusal(
            "collection.predecessor_not_settled",
            {"state": f"@hr_function.state.{state.value}"},
            fix=Fix(FixKind.DO_FIRST, {"act": "loss.report_formally"}),
        )
    if state is HrState.FORMAL_LOSS or handed_in:
        return None
    return Refusal("card.not_handed_in", fix=Fix(FixKind.BRING, {"what": "predecessor"}))


def must_be_only_card(*, others: Sequence[str]) -> Refusal | None:
    """一人一卡: beside the card and its predecessor nobody holds a live card (V2)."""
    if not others:
        return None
    return Refusal("collection.another_live_card", {"cards": tuple(others)})


def may_enable_online(*, channel: Channel, applied_through: Channel | None) -> Refusal | None:
    """在原申请渠道完成个人领卡: online only where it was applied for online (rule book 11.2)."""
    if channel in ONLINE and channel is applied_through:
        return None
    return Refusal(
        "collection.not_in_this_channel",
        allowed={"channels": (f"@channels.channel.{Channel.SERVICE_OUTLET.value}",)},
        fix=Fix(FixKind.USE_CHANNEL, {"channel": Channel.SERVICE_OUTLET.value}),
    )


def must_have_arrived(*, delivery: DeliveryState | None, collected: bool) -> Refusal | None:
    """Whoever confirms receipt has been sent the card, or has fetched it.

    A courier's last scan may come late; the number on the card says more than the scan.
    """
    if collected or delivery is DeliveryState.DELIVERED or delivery in ON_THE_WAY:
        return None
    return Refusal("collection.not_received")


def may_collect_for_employer(
    *, collection: Collection, employer: str, asking: str
) -> Refusal | None:
    """单位领卡: only for people whose card was applied for through this employer (11.7)."""
    if collection is Collection.EMPLOYER and employer == asking:
        return None
    return Refusal("collection.not_for_this_employer")


def is_reminder_due(
    *, since: datetime, reminded_at: datetime | None, at: datetime, days: Sequence[int]
) -> bool:
    """Whether one of the days counted from `since` has come for which nobody was reminded yet.

    Days missed while no worker ran give one reminder, not several.
    """
    passed = [due for count in days if (due := since + timedelta(days=count)) <= at]
    return bool(passed) and (reminded_at is None or reminded_at < max(passed))
