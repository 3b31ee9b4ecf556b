"""保存期限: for how many days working data are kept (guarantees 11.4)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RetentionPolicy:
    """The figures of `retention.toml` about working data, in days."""

    idempotency_days: int
    draft_days: int
    benefit_payment_days: int
