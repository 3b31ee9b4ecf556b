"""What is applied for, by whom, how it is made and how it reaches its holder: four separate facts."""

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


class EmployerPaper(Enum):
    """What an employer's agent shows for the employer: either one is enough (「或」)."""

    CREDIT_CODE_CERTIFICATE = "credit_code_certificate"
    AUTHORISATION_LETTER = "authorisation_letter"
