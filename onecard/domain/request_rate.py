"""请求频次: a bucket of tokens for each partner and purpose (platform D7), not for each address."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Purpose(Enum):
    """What a request is for; each purpose has a bucket of its own."""

    READ = "read"
    WRITE = "write"
    SEARCH = "search"
    CHECK = "check"


@dataclass(frozen=True)
class PartnerPolicy:
    """The figures of `partner.toml`. Buckets are filled evenly, `…_per_minute` is their size."""

    requests_per_minute: Mapping[str, int]
    signature_window_seconds: int
    nonce_kept_seconds: int
    access_token_seconds: int
    key_overlap_days: int
    misses_per_day: int


@dataclass(frozen=True)
class Bucket:
    """How much was left at an instant. A bucket nobody has used yet is full."""

    tokens: float
    at: datetime | None = None


@dataclass(frozen=True)
class Drawn:
    """The bucket afterwards, whether a token could be drawn, and seconds until the next one."""

    bucket: Bucket
    drawn: bool
    left: int
    full_in_seconds: int
    wait_seconds: int


def draw(bucket: Bucket, *, per_minute: int, at: datetime) -> Drawn:
    """Take one token; a clock that went back fills nothing."""
    seconds = max(0.0, (at - bucket.at).total_seconds()) if bucket.at else 60.0
    have = min(float(per_minute), bucket.tokens + seconds * per_minute / 60)
    drawn = have >= 1
    left = have - 1 if drawn else have
    rate = per_minute / 60
    return Drawn(
        bucket=Bucket(left, at),
        drawn=drawn,
        left=int(left),
        full_in_seconds=math.ceil((per_minute - left) / rate),
        wait_seconds=0 if drawn else max(1, math.ceil((1 - have) / rate)),
    )
