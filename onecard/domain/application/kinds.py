"""What is applied for, by whom, how it is made and how it reaches its holder: four facts."""

from __future__ import annotations

from enum import Enum


class ApplicationKind(Enum):
    """What is applied for."""

    FIRST = "first"
    REPLACEMENT = "replacement"
    EXCHANGE = "exchange"
    UPGRADE = "upgrade"


class MakingMode(Enum):
    """Where the card is made."""

    FACTORY = "factory"
    INSTANT = "instant"


class Collection(Enum):
    """How the card reaches its holder."""

    OUTLET = "outlet"
    POST = "post"
    EMPLOYER = "employer"


class AppliedBy(Enum):
    """Who stands before us for the holder-to-be (rule book 3.2)."""

    HOLDER = "holder"
    GUARDIAN = "guardian"
    AGENT = "agent"
    EMPLOYER = "employer"
