"""Opening and ending accounts. A grant needs two security administrators; nobody grants alone.

Hashing takes a fifth of a second and must not be done while rows are held: the walks hash first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.hashers import make_password

from onecard.actions import hold
from onecard.actions._keeping import act, note, walk
from onecard.actions.staff._first_password import first_password
from onecard.domain import staff as rules
from onecard.domain.authority import Actor, Role
from onecard.domain.refusal import Refusal, Refused, require
from onecard.records.models import AuditRow, Staff
from onecard.seams.world import world

_GROUND = "GB/T 22239 8.1.4.1-2"


@dataclass(frozen=True)
class NewAccount:
    """What an account is asked for: a name to sign in with, a role, and where its owner stands."""

    username: str
    display_name: str
    role: Role
    outlet: str = ""
    employer: str = ""
    bank: str = ""
    person: str = ""


@dataclass(frozen=True)
class Account:
    """An account as its administrator sees it. `first_password` is shown once, kept nowhere."""

    ref: str
    username: str
    active: bool
    first_password: str = ""


@walk("staff.create")
def create(*, asked: NewAccount, actor: Actor, at: datetime) -> Account:
    """Ask for an account and get its first password, which is shown this once.

    It can be signed in to only after a second administrator approved it.
    """
    password = first_password(world().rng)
    account = open_account(asked=asked, hashed=make_password(password), actor=actor, at=at)
    return replace(account, first_password=password)


@act("staff.open_account")
def open_account(*, asked: NewAccount, hashed: str, actor: Actor, at: datetime) -> Account:
    """The account itself, not yet active. `hashed` is a password as the hasher wrote it."""
    require(
        rules.may_hold_role(
            role=asked.role, has_outlet=bool(asked.outlet), has_employer=bool(asked.employer)
        ),
        rules.may_be_administrator(
            role=asked.role, held_by_the_person=_roles_of_person(asked.person)
        ),
    )
    if Staff.objects.filter(username=asked.username).exists():
        raise Refused(Refusal("staff.name_taken", field="username"))
    row = _insert(asked, hashed, by=actor, at=at)
    note(about=row.ref, by=actor, at=at, ground=_GROUND, role=asked.role.value)
    return Account(row.ref, row.username, row.is_active)


@act("staff.approve")
def approve(*, account: str, actor: Actor, at: datetime) -> Account:
    """The second signature under a grant: from now on the account can be signed in to."""
    row = hold.one(Staff, ref=account)
    require(rules.may_approve(created_by=row.created_by, account=row.ref, approver=actor.ref))
    row.is_active, row.approved_by = True, actor.ref
    row.save(update_fields=["is_active", "approved_by"])
    note(about=row.ref, by=actor, at=at, ground=_GROUND, created_by=row.created_by)
    return Account(row.ref, row.username, active=True)


@act("staff.end")
def end(*, account: str, actor: Actor, at: datetime) -> Account:
    """End an account; every session it has ends with its next request."""
    row = hold.one(Staff, ref=account)
    require(rules.may_change_account(account=row.ref, actor=actor.ref))
    row.is_active = False
    row.save(update_fields=["is_active"])
    note(about=row.ref, by=actor, at=at, ground=_GROUND)
    return Account(row.ref, row.username, active=False)


@act("staff.unlock")
def unlock(*, account: str, actor: Actor, at: datetime) -> Account:
    """Forget the failed sign-ins of one name, so that its owner need not wait."""
    row = hold.one(Staff, ref=account)
    require(rules.may_change_account(account=row.ref, actor=actor.ref))
    AxesProxyHandler.reset_attempts(username=world().custody.blind_index("username", row.username))
    note(about=row.ref, by=actor, at=at, ground=_GROUND)
    return Account(row.ref, row.username, row.is_active)


@walk("staff.found_house")
def found_house(
    *, first: NewAccount, second: NewAccount, actor: Actor, at: datetime
) -> tuple[Account, Account]:
    """The first two security administrators of a new house, while nobody works here yet.

    There is no default account: whoever installs the house names two people, each gets a first
    password, and both must enrol a second factor before anything else.
    """
    passwords = (first_password(world().rng), first_password(world().rng))
    hashed = (make_password(passwords[0]), make_password(passwords[1]))
    accounts = open_first_accounts(asked=(first, second), hashed=hashed, actor=actor, at=at)
    return (
        replace(accounts[0], first_password=passwords[0]),
        replace(accounts[1], first_password=passwords[1]),
    )


@act("staff.open_first_accounts")
def open_first_accounts(
    *,
    asked: tuple[NewAccount, NewAccount],
    hashed: tuple[str, str],
    actor: Actor,
    at: datetime,
) -> tuple[Account, Account]:
    """Two security administrators who approved each other; refused once anybody works here."""
    hold.name("staff.open_first_accounts")
    if Staff.objects.exists():
        raise Refused(Refusal("staff.house_is_founded"))
    rows = [
        _insert(replace(one, role=Role.SECURITY_ADMIN), password, by=actor, at=at)
        for one, password in zip(asked, hashed, strict=True)
    ]
    for row, other in zip(rows, reversed(rows), strict=True):
        row.is_active, row.approved_by = True, other.ref
        row.save(update_fields=["is_active", "approved_by"])
        note(about=row.ref, by=actor, at=at, ground=_GROUND, role=row.role.value)
    first, second = (Account(row.ref, row.username, active=True) for row in rows)
    return first, second


def last_hand(act: str, account: Staff) -> str:
    """Who did this to an account last; empty if nobody ever did."""
    done = AuditRow.objects.filter(act=act, about=account.ref, result="done").order_by("id").last()
    return done.actor_ref if done else ""


def _insert(asked: NewAccount, hashed: str, *, by: Actor, at: datetime) -> Staff:
    return Staff.objects.create(
        ref=world().ids.new("stf"),
        username=asked.username,
        display_name=asked.display_name,
        role=asked.role,
        outlet_id=asked.outlet or None,
        employer_id=asked.employer or None,
        bank=asked.bank,
        person_id=asked.person or None,
        password=hashed,
        created_by=by.ref,
        created_at=at,
    )


def _roles_of_person(person: str) -> frozenset[Role]:
    """The roles this person's other accounts have; none is known of nobody."""
    if not person:
        return frozenset()
    return frozenset(Staff.objects.filter(person_id=person).values_list("role", flat=True))
