"""Staff of the demo city: hired by two security administrators, as in life.

All share one password that the first page tells in demo mode; each has a second factor of its own.
"""

from __future__ import annotations

from base64 import b32decode
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django_otp.oath import TOTP

from onecard.actions import staff
from onecard.actions.staff import NewAccount, accounts, passwords
from onecard.domain.authority import THE_CLOCK, Actor, Role
from onecard.queries import staff as staff_queries
from onecard.queries.demo import PASSWORD
from onecard.seams.clock import SetClock
from onecard.simulator.plan import DemoStaff, plan


def hire(employers: dict[str, str], clock: SetClock) -> dict[str, Actor]:
    """Open every account of the plan and enrol its second factor; who acts, by sign-in name.

    The common password is hashed once: hashing is slow on purpose, and there are many accounts.
    """
    hashed = make_password(PASSWORD)
    founders = [member for member in plan().staff if member.role is Role.SECURITY_ADMIN]
    opened = accounts.open_first_accounts(
        asked=(_asked(founders[0], {}), _asked(founders[1], {})),
        hashed=(hashed, hashed),
        actor=THE_CLOCK,
        at=clock.now(),
    )
    hired = {one.username: staff_queries.me(staff=one.ref).actor for one in opened}
    opens, approves = hired.values()
    for member in plan().staff:
        if member.username not in hired:
            asked = _asked(member, employers)
            account = accounts.open_account(asked=asked, hashed=hashed, actor=opens, at=clock.now())
            accounts.approve(account=account.ref, actor=approves, at=clock.now())
            hired[member.username] = staff_queries.me(staff=account.ref).actor
    for who in hired.values():
        _settle(who, hashed, clock)
    return hired


def _asked(member: DemoStaff, employers: dict[str, str]) -> NewAccount:
    return NewAccount(
        member.username,
        member.display_name,
        member.role,
        outlet=member.outlet,
        employer=employers.get(member.employer, ""),
    )


def _settle(who: Actor, hashed: str, clock: SetClock) -> None:
    """First sign-in: the password is theirs now, and a second factor."""
    passwords.keep_password(hashed=hashed, instead_of=hashed, actor=who, at=clock.now())
    secret = staff.begin_second_factor(actor=who, at=clock.now()).secret
    code = TOTP(b32decode(secret))
    code.time = clock.now().timestamp()
    staff.confirm_second_factor(code=f"{code.token():06d}", actor=who, at=clock.now())
    clock.advance(timedelta(seconds=1))
