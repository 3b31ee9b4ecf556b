"""The figures of `topup.toml`, in the units their names say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TopUpPolicy:
    """What the city says about topping up a transit purse."""

    balance_cap_fen: int
    cap_channels: str
    presets_fen: tuple[int, ...]
    min_fen: int
    step_fen: int
    nfc_platforms: tuple[str, ...]
    open_orders_per_card: int
    unpaid_void_minutes: int
    auto_refund_days: int
    doubt_decision_working_days: int
    field_hold_hours: int
    proof_failures_per_card_day: int
    dormancy: str
    opened_by: str
    card_profile: str
    dialogue_valid_minutes: int
    mac2_kept_minutes: int
    challenges_per_attempt_day: int
    probe_amounts_fen: int
    card_timeout_ms: int
