"""Staff of the demo city: hired by two security administrators, as in life.

All share one password that the first page tells in demo mode; each has a second factor of its own.
"""

from __future__ import annotations

from base64 import b32decode
from datetime import timedelta

from django_otp.oath import TOTP

from onecard.actions import staff
from onecard.actions.staff import Account, NewAccount
from onecard.domain.authority import THE_CLOCK, Actor, Role
from onecard.queries import staff as staff_queries
from onecard.queries.demo import PASSWORD
from onecard.seams.clock import SetClock
from onecard.simulator.plan import DemoStaff, plan


def hire(employers: dict[str, str], clock: SetClock) -> dict[str, Actor]:
    """Open every account of the plan and enrol its second factor; who acts, by sign-in name."""
    founders = _found(clock)
    hired = {name: staff_queries.me(staff=account.ref).actor for name, account in founders.items()}
    admins = list(hired.values())
    for name, account in founders.items():
        _settle(hired[name], account.first_password, clock)
    for member in plan().staff:
        if member.username not in hired:
            hired[member.username] = _hire_one(member, employers, admins, clock)
    return hired


def _found(clock: SetClock) -> dict[str, Account]:
    """The first two security administrators, by sign-in name."""
    first, second = (
        NewAccount(member.username, member.display_name, member.role)
        for member in plan().staff
        if member.role is Role.SECURITY_ADMIN
    )
    founders = staff.found_house(first=first, second=second, actor=THE_CLOCK, at=clock.now())
    return {account.username: account for account in founders}


def _hire_one(
    member: DemoStaff, employers: dict[str, str], admins: list[Actor], clock: SetClock
) -> Actor:
    asked = NewAccount(
        member.username,
        member.display_name,
        member.role,
        outlet=member.outlet,
        employer=employers.get(member.employer, ""),
    )
    account = staff.create(asked=asked, actor=admins[0], at=clock.now())
    staff.approve(account=account.ref, actor=admins[1], at=clock.now())
    who = staff_queries.me(staff=account.ref).actor
    _settle(who, account.first_password, clock)
    return who


def _settle(who: Actor, first_password: str, clock: SetClock) -> None:
    """First sign-in: another password, and a second factor."""
    staff.change_password(old=first_password, new=PASSWORD, actor=who, at=clock.now())
    secret = staff.begin_second_factor(actor=who, at=clock.now()).secret
    code = TOTP(b32decode(secret))
    code.time = clock.now().timestamp()
    staff.confirm_second_factor(code=f"{code.token():06d}", actor=who, at=clock.now())
    clock.advance(timedelta(seconds=1))
