"""Accounts as sign-in pages and administrators see them, and the figures a session follows."""

from __future__ import annotations

from base64 import b32decode
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django_otp.oath import TOTP

from onecard import policy
from onecard.domain import staff as rules
from onecard.domain.authority import Actor, Role, channel_of
from onecard.domain.refusal import NotFound
from onecard.domain.staff import SignInPolicy
from onecard.records.models import Staff, StaffTotp
from onecard.seams.clock import local_day

_DIGITS = 6


@dataclass(frozen=True)
class Me:
    """Somebody signed in, as every staff page greets them."""

    actor: Actor
    username: str
    display_name: str
    outlet_name: str
    outlet_name_en: str
    employer_name: str
    bank: str
    instant_issue: bool
    must_change_password: bool
    has_second_factor: bool


@dataclass(frozen=True)
class AccountSeen:
    """One line of the security administrator's list."""

    ref: str
    username: str
    display_name: str
    role: Role
    place: str
    active: bool
    waits_for_approval: bool
    created_by: str
    has_second_factor: bool


def me(*, staff: str) -> Me:
    """Who is signed in. Raises `NotFound` for an account that is not active."""
    row = Staff.objects.select_related("outlet", "employer").filter(ref=staff).first()
    if row is None or not row.is_active:
        raise NotFound("Staff")
    return Me(
        actor=Actor(
            role=row.role,
            ref=row.ref,
            channel=channel_of(row.role),
            outlet=row.outlet_id or "",
            employer=row.employer_id or "",
        ),
        username=row.username,
        display_name=row.display_name,
        outlet_name=row.outlet.name if row.outlet else "",
        outlet_name_en=row.outlet.name_en if row.outlet else "",
        employer_name=row.employer.name if row.employer else "",
        bank=row.bank or (row.outlet.bank if row.outlet else ""),
        instant_issue=bool(row.outlet and row.outlet.instant_issue),
        must_change_password=row.must_change_password,
        has_second_factor=StaffTotp.objects.filter(user=row, confirmed=True).exists(),
    )


def accounts() -> tuple[AccountSeen, ...]:
    """Every account, those that wait for a second signature first."""
    rows = Staff.objects.select_related("outlet", "employer").order_by("username")
    with_factor = set(StaffTotp.objects.filter(confirmed=True).values_list("user_id", flat=True))
    seen = [_seen(row, has_second_factor=row.ref in with_factor) for row in rows]
    return tuple(sorted(seen, key=lambda account: not account.waits_for_approval))


def sign_in_figures(*, at: datetime) -> SignInPolicy:
    """The figures of staff sign-in in force."""
    return policy.in_force("security", SignInPolicy, on=local_day(at))


def session_ends_at(*, signed_in_at: datetime, seen_at: datetime) -> datetime:
    """When a session that was last used at `seen_at` ends."""
    figures = sign_in_figures(at=seen_at)
    return rules.session_ends_at(signed_in_at=signed_in_at, seen_at=seen_at, figures=figures)


def is_locked(*, by_name: bool, failures: int, last_failure: datetime | None, at: datetime) -> bool:
    """Whether so many failures, the last one then, lock a name or an address now."""
    figures = sign_in_figures(at=at)
    tiers = figures.lock_tiers_by_name if by_name else figures.lock_tiers_by_address
    until = rules.locked_until(failures=failures, last_failure=last_failure, tiers=tiers)
    return until is not None and at < until


def longest_lock(*, at: datetime) -> timedelta:
    """How long failed sign-ins are remembered at most."""
    figures = sign_in_figures(at=at)
    tiers = figures.lock_tiers_by_name + figures.lock_tiers_by_address
    return timedelta(minutes=max(tier.minutes for tier in tiers))


def demo_code(*, username: str, at: datetime) -> str | None:
    """The one-time code that would be accepted next, for the accounts of the demo city only.

    Empty while the codes of this half minute are used up; None outside demo mode and for an account
    that is not part of the demo.
    """
    if not settings.ENVIRONMENT.demo or settings.ENVIRONMENT.production:
        return None
    totp = StaffTotp.objects.filter(
        user__username=username, user__demo__gt="", confirmed=True
    ).first()
    if totp is None:
        return None
    figures = sign_in_figures(at=at)
    clock = TOTP(b32decode(totp.secret), step=figures.code_step_seconds, digits=_DIGITS)
    clock.time = at.timestamp()
    clock.drift = max(0, totp.last_step + 1 - clock.t())
    if clock.drift > figures.code_tolerance_steps:
        return ""
    return f"{clock.token():0{_DIGITS}d}"


def _seen(row: Staff, *, has_second_factor: bool) -> AccountSeen:
    place = row.outlet or row.employer
    return AccountSeen(
        ref=row.ref,
        username=row.username,
        display_name=row.display_name,
        role=row.role,
        place=place.name if place else "",
        active=row.is_active,
        waits_for_approval=not row.is_active and not row.approved_by,
        created_by=row.created_by,
        has_second_factor=has_second_factor,
    )
