"""Passwords: changed by their owner, reset by a security administrator, never shown again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from onecard.actions import hold
from onecard.actions._keeping import act, note, walk
from onecard.actions.staff._first_password import first_password
from onecard.actions.staff.accounts import Account, last_hand
from onecard.domain import staff as rules
from onecard.domain.authority import Actor
from onecard.domain.refusal import NotFound, Refusal, Refused, require
from onecard.records.models import Staff, StaffTotp
from onecard.seams.world import world

_GROUND = "GB/T 22239 8.1.4.1"


@walk("staff.change_password")
def change_password(*, old: str, new: str, actor: Actor, at: datetime) -> Account:
    """The owner chooses a new password; every other session of the account ends.

    Raises `Refused` with `staff.password_wrong`, `.password_same`, `.password_short` or
    `.password_weak`.
    """
    row = Staff.objects.filter(ref=actor.ref).first()
    if row is None:
        raise NotFound("Staff")
    if not check_password(old, row.password):
        raise Refused(Refusal("staff.password_wrong", field="old"))
    if old == new:
        raise Refused(Refusal("staff.password_same", field="new"))
    _must_be_strong(new, row)
    return keep_password(hashed=make_password(new), instead_of=row.password, actor=actor, at=at)


@act("staff.keep_password")
def keep_password(*, hashed: str, instead_of: str, actor: Actor, at: datetime) -> Account:
    """Keep the owner's new password, unless somebody changed it meanwhile."""
    row = hold.one(Staff, ref=actor.ref)
    if row.password != instead_of:
        raise Refused(Refusal("staff.password_wrong", field="old"))
    row.password, row.must_change_password = hashed, False
    row.save(update_fields=["password", "must_change_password"])
    note(about=row.ref, by=actor, at=at, ground=_GROUND)
    return Account(row.ref, row.username, row.is_active)


@walk("staff.reset_password")
def reset_password(*, account: str, actor: Actor, at: datetime) -> Account:
    """A new first password for somebody who forgot theirs; shown once, to be changed at once."""
    password = first_password(world().rng)
    done = keep_first_password(account=account, hashed=make_password(password), actor=actor, at=at)
    return replace(done, first_password=password)


@act("staff.keep_first_password")
def keep_first_password(*, account: str, hashed: str, actor: Actor, at: datetime) -> Account:
    """Keep a first password for another person; every session of that account ends."""
    row = hold.one(Staff, ref=account)
    enrolled = StaffTotp.objects.filter(user=row, confirmed=True).exists()
    forgotten_by = "" if enrolled else last_hand("staff.reset_second_factor", row)
    require(
        rules.may_change_account(account=row.ref, actor=actor.ref),
        rules.must_be_another_hand(the_other_reset_by=forgotten_by, actor=actor.ref),
    )
    row.password, row.must_change_password = hashed, True
    row.save(update_fields=["password", "must_change_password"])
    note(about=row.ref, by=actor, at=at, ground=_GROUND)
    return Account(row.ref, row.username, row.is_active)


def _must_be_strong(password: str, row: Staff) -> None:
    """Django's validators as the settings list them; raises `Refused`."""
    try:
        validate_password(password, user=row)
    except ValidationError as weak:
        short = any(problem.code == "password_too_short" for problem in weak.error_list)
        refusal = Refusal("staff.password_short" if short else "staff.password_weak", field="new")
        raise Refused(refusal) from weak
