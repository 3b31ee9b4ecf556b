"""异议: why somebody says of a look at their data that it should not have been (platform B19)."""

from __future__ import annotations

from enum import Enum


class ObjectionReason(Enum):
    """What its person says of a look."""

    UNKNOWN = "unknown"
    NOTHING_ASKED = "nothing_asked"
    NO_REASON = "no_reason"
