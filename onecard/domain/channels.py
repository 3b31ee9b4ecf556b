"""渠道: which matter may be dealt with through which channel (rule book 7).

The matrix is data: one figure for each matter in `channels.toml`, so that a city opens a channel
by a dated line and not by code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from onecard.domain.authority import Channel
from onecard.domain.refusal import Fix, FixKind, Refusal

_TEMPORARY_LOSS: Mapping[str, Any] = {"room": "loss", "key": "temporary_channels"}

Channels = tuple[Channel, ...]


class Matter(Enum):
    """What a person comes for (the rows of the matrix)."""

    FIRST_APPLICATION = "first_application"
    EXCHANGE = "exchange"
    REPLACEMENT = "replacement"
    TEMPORARY_LOSS_HR = "temporary_loss_hr"
    TEMPORARY_LOSS_FINANCIAL = "temporary_loss_financial"
    FORMAL_LOSS = "formal_loss"
    WITHDRAW_TEMPORARY_LOSS = "withdraw_temporary_loss"
    WITHDRAW_FORMAL_LOSS = "withdraw_formal_loss"
    ENABLING = "enabling"
    FINANCIAL_ACTIVATION = "financial_activation"
    HR_PIN_RESET = "hr_pin_reset"
    TOP_UP = "top_up"
    PURSE_REFUND = "purse_refund"
    CANCELLATION = "cancellation"
    STATUS_QUERY = "status_query"
    MEDICAL_FILING = "medical_filing"


@dataclass(frozen=True)
class ChannelPolicy:
    """For each matter the channels that are open, the usual one first."""

    first_application: Channels
    exchange: Channels
    replacement: Channels
    temporary_loss_financial: Channels
    formal_loss: Channels
    withdraw_temporary_loss: Channels
    withdraw_formal_loss: Channels
    enabling: Channels
    financial_activation: Channels
    hr_pin_reset: Channels
    top_up: Channels
    purse_refund: Channels
    cancellation: Channels
    status_query: Channels
    medical_filing: Channels
    temporary_loss_hr: Channels = field(metadata=_TEMPORARY_LOSS)

    def open_for(self, matter: Matter) -> Channels:
        """The channels through which a matter may be dealt with."""
        channels: Channels = getattr(self, matter.value)
        return channels


def may_use_channel(*, act: Matter, channel: Channel, figures: ChannelPolicy) -> Refusal | None:
    """Whether a matter may be dealt with through a channel; a refusal names the open ones."""
    open_channels = figures.open_for(act)
    if channel in open_channels:
        return None
    first = open_channels[0].value if open_channels else ""
    return Refusal(
        "application.channel_not_open",
        facts={"act": f"@channels.act.{act.value}"},
        measured={"channel": f"@channels.channel.{channel.value}"},
        allowed={"channels": tuple(f"@channels.channel.{open_.value}" for open_ in open_channels)},
        field="channel",
        fix=Fix(FixKind.USE_CHANNEL, {"channel": first}) if first else None,
    )
