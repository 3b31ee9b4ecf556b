"""The figures of `application.toml`, as the rules of applying read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from onecard.domain.application.kinds import ApplicationKind
from onecard.domain.person import GuardianPolicy


@dataclass(frozen=True)
class ApplicationPolicy(GuardianPolicy):
    """Who may apply online, for whom an employer may apply, and what an agent must bring."""

    issued_from: date
    upgrade_is_voluntary: bool
    online_only_without_provincial_card: bool
    online_for_child_by_guardian: bool
    employer_kinds: tuple[ApplicationKind, ...]
    agent_letter_required: bool
    home_service_for: tuple[str, ...]
    occupations: tuple[str, ...]
    address_longest: int
    online_real_person_required: bool


@dataclass(frozen=True)
class CaseCodePolicy:
    """How long a code works by which a saved case is opened at another door, and its length."""

    case_code_digits: int
    case_code_minutes: int
