"""申领: who may apply for a card, by which channel, with what (rule book 7, 8)."""

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
