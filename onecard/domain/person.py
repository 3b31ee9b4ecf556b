"""人: applicant classes, ages at the boundary, guardians (rule book 3)."""

from __future__ import annotations

from enum import Enum


class ApplicantClass(Enum):
    """Who may hold the card (3.1)."""

    MAINLAND = "mainland"
    HK_MACAU_TAIWAN = "hk_macau_taiwan"
    FOREIGNER = "foreigner"


class Sex(Enum):
    """As the identity number says it."""

    MALE = "male"
    FEMALE = "female"
