"""The two kinds of loss report, the two functions they cover, and the figures of `loss.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class LossKind(Enum):
    """A temporary report lapses by itself; a formal one stays."""

    TEMPORARY = "temporary"
    FORMAL = "formal"


class Side(Enum):
    """A function that can be reported lost. The transit purse is not among them (SEED, Q12)."""

    HR = "hr"
    FINANCIAL = "financial"


class Counting(Enum):
    """How the days of a temporary report are counted."""

    ELAPSED = "elapsed"
    END_OF_DAY = "end_of_day"


@dataclass(frozen=True)
class LossPolicy:
    """The figures of `loss.toml`, in the units their names say."""

    temporary_valid_days: int
    temporary_counting: Counting
    temporary_repeat_extends: bool
    temporary_reminder_hours: tuple[int, ...]
    phone_identification: tuple[str, ...]
    call_valid_minutes: int
    weak_proof_reports_per_day: int
    bank_temporary_valid_days: Mapping[str, int]
    formal_outlet_scope: str
    formal_bank: str
    online_formal_covers: str
    online_formal_must_warn: bool
    formal_by_agent: bool
    withdraw_temporary_scope: str
    withdraw_formal_where: tuple[str, ...]
    withdraw_after_replacement: bool
    partner_timeout_seconds: int
    partner_lease_seconds: int


@dataclass(frozen=True)
class OpenLoss:
    """One function of a card that stands reported lost. `outlet` is empty where no desk took it."""

    report: str
    side: Side
    kind: LossKind
    version: int
    since: datetime
    until: datetime | None
    outlet: str = ""
