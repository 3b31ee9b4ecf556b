"""工作人员: who may work here, and how a sign-in is kept safe (guarantees 12, 13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from onecard.domain.authority import Role
from onecard.domain.refusal import Fact, Fix, FixKind, Refusal

ADMINISTRATORS = frozenset({Role.PLATFORM_OPERATOR, Role.SECURITY_ADMIN, Role.AUDITOR})
"""三员: system, security and audit administrator. One person never holds two of them."""

AT_AN_OUTLET = frozenset(
    {
        Role.OUTLET_CLERK,
        Role.OUTLET_SUPERVISOR,
        Role.HR_CLERK,
        Role.BANK_CLERK,
        Role.CARD_OUTLET_CLERK,
    }
)
STAFF_ROLES = frozenset(Role) - {Role.CITIZEN, Role.AGENT, Role.PARTNER, Role.SYSTEM}
"""The roles an account may have. Machines, citizens and the clock come in by other doors."""


@dataclass(frozen=True)
class LockTier:
    """From this many failures on, for this many minutes."""

    failures: int
    minutes: int


@dataclass(frozen=True)
class SignInPolicy:
    """Figures of `security.toml` that a staff sign-in follows, in the units their names say."""

    lock_tiers_by_name: tuple[LockTier, ...]
    lock_tiers_by_address: tuple[LockTier, ...]
    idle_minutes: int
    idle_warning_seconds: int
    absolute_hours: int
    code_step_seconds: int
    code_tolerance_steps: int
    code_wait_seconds: int
    code_wait_longest_seconds: int
    known_device_days: int


def locked_until(
    *, failures: int, last_failure: datetime | None, tiers: tuple[LockTier, ...]
) -> datetime | None:
    """The instant a lock ends, or None if that many failures lock nothing (guarantees 13)."""
    reached = [tier.minutes for tier in tiers if failures >= tier.failures]
    if last_failure is None or not reached:
        return None
    return last_failure + timedelta(minutes=max(reached))


def code_allowed_from(
    *, failures: int, last_failure: datetime | None, figures: SignInPolicy
) -> datetime | None:
    """When the next one-time code is looked at: the wait doubles with every wrong one."""
    if last_failure is None or failures < 1:
        return None
    seconds = min(
        figures.code_wait_seconds << min(failures - 1, figures.code_wait_longest_seconds),
        figures.code_wait_longest_seconds,
    )
    return last_failure + timedelta(seconds=seconds)


def session_ends_at(
    *, signed_in_at: datetime, seen_at: datetime, figures: SignInPolicy
) -> datetime:
    """The earlier of the idle end and the absolute end of a staff session."""
    idle = seen_at + timedelta(minutes=figures.idle_minutes)
    absolute = signed_in_at + timedelta(hours=figures.absolute_hours)
    return min(idle, absolute)


def may_hold_role(*, role: Role, has_outlet: bool, has_employer: bool) -> Refusal | None:
    """Whether an account may have this role, standing where it would stand."""
    if role not in STAFF_ROLES:
        return Refusal("staff.not_a_staff_role", {"role": _name(role)}, field="role")
    if role in AT_AN_OUTLET and not has_outlet:
        return Refusal("staff.outlet_missing", {"role": _name(role)}, field="outlet")
    if role is Role.EMPLOYER_AGENT and not has_employer:
        return Refusal("staff.employer_missing", field="employer")
    return None


def may_be_administrator(*, role: Role, held_by_the_person: frozenset[Role]) -> Refusal | None:
    """三员分立: the three administrator roles never meet in two accounts of one person."""
    others = sorted((held_by_the_person & ADMINISTRATORS) - {role}, key=lambda held: held.value)
    if role not in ADMINISTRATORS or not others:
        return None
    facts: dict[str, Fact] = {"role": _name(role), "held": tuple(_name(other) for other in others)}
    return Refusal("staff.administrators_never_meet", facts, field="role")


def may_approve(*, created_by: str, account: str, approver: str) -> Refusal | None:
    """A grant needs a second person: neither who asked for it nor whom it is for."""
    if approver in {created_by, account}:
        fix = Fix(FixKind.ASK_PERSON, {"role": _name(Role.SECURITY_ADMIN)})
        return Refusal("staff.second_person_needed", fix=fix)
    return None


def must_be_another_hand(*, the_other_reset_by: str, actor: str) -> Refusal | None:
    """Password and second factor of one account are never both reset by one administrator.

    Whoever held both could sign in as somebody else. `the_other_reset_by` is empty once the owner
    has taken the other one over again.
    """
    if the_other_reset_by != actor:
        return None
    return Refusal(
        "staff.another_hand_needed",
        fix=Fix(FixKind.ASK_PERSON, {"role": _name(Role.SECURITY_ADMIN)}),
    )


def may_change_account(*, account: str, actor: str) -> Refusal | None:
    """Nobody ends, unlocks or resets the account they sit in."""
    if account == actor:
        return Refusal("staff.not_your_own")
    return None


def _name(role: Role) -> str:
    return f"@authority.role.{role.value}"
