"""领卡启用: a card comes into its holder's hand, and its HR function is enabled (rule book 11).

The order is fixed: the card is in hand, the person is proven, the predecessor is settled, only
then SEALED becomes NORMAL.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from onecard.domain import documents
from onecard.domain.application import Collection
from onecard.domain.authority import Channel
from onecard.domain.delivery import ON_THE_WAY, DeliveryState
from onecard.domain.documents import Applicant, DocumentPolicy, ShownDocument
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
class Shown:
    """The documents laid on the desk: the holder's, and the agent's or guardian's beside it."""

    holder: ShownDocument | None
    agent: ShownDocument | None = None
    agent_name: str = ""


@dataclass(frozen=True)
class ReminderPolicy:
    """The figures of `delivery.toml` about reminders, all in days.

    A person is reminded every so many days: of a card at the outlet, of a returned parcel, of
    enabling, of activating at the bank; and no more once `reminders_end_days` are over.
    """

    uncollected_reminder_days: int
    returned_reminder_days: int
    enabling_reminder_days: int
    activation_reminder_days: int
    reminders_end_days: int


def must_be_in_hand(*, proof: CardInHand, is_this_card: bool) -> Refusal | None:
    """持卡在手: proven by the number on the card or by reading its chip (rule book 11.5)."""
    bring = Fix(FixKind.BRING, {"what": "card"})
    if not (proof.card_number or proof.card_identifier):
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


def must_prove_person(
    *, shown: Shown, holder: Applicant, on: date, figures: DocumentPolicy
) -> Refusal | None:
    """本人携带证件原件;代办携带双方证件原件 (SEED, question 3; rule book 11.3).

    A guardian shows the own document as an agent does, beside the child's.
    """
    if shown.agent is None:
        return documents.must_show_own(own=shown.holder, holder=holder, on=on, figures=figures)
    return documents.must_show_both(
        own=shown.holder, agent=shown.agent, holder=holder, on=on, figures=figures
    )


def is_reminder_due(
    *, since: datetime, reminded_at: datetime | None, every_days: int, end_days: int, at: datetime
) -> bool:
    """Whether a person is reminded now of what has been waiting `since` then.

    Days missed while no worker ran give one reminder, not several.
    """
    last = max(since, reminded_at or since)
    return last + timedelta(days=every_days) <= at < since + timedelta(days=end_days)
