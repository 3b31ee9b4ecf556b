"""有效身份证件: which identity document serves whom, on which day (rule book 4)."""

from __future__ import annotations

from enum import Enum


class DocumentKind(Enum):
    """The kinds of identity document (D1-D8)."""

    RESIDENT_ID = "resident_id"
    TEMPORARY_ID = "temporary_id"
    HOUSEHOLD_REGISTER = "household_register"
    PASSPORT = "passport"
    PERMANENT_RESIDENCE = "permanent_residence"
    TRAVEL_PERMIT = "travel_permit"
    RESIDENCE_PERMIT = "residence_permit"
    SOCIAL_SECURITY_CARD = "social_security_card"
