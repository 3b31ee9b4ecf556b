"""Who stands at the machine: password and one-time code, as at the door of the office."""

from __future__ import annotations

from datetime import datetime

from onecard.actions import staff
from onecard.actions._keeping import walk
from onecard.domain.authority import THE_CLOCK, Actor, Channel, Role
from onecard.domain.refusal import Refusal, Refused
from onecard.records.models import Staff


@walk("key_custody.identify")
def identify(*, username: str, password: str, code: str, at: datetime) -> Actor:
    """The custodian who proves to be this account. Raises `Refused("key_custody.not_known")`."""
    row = Staff.objects.filter(
        username=username, is_active=True, must_change_password=False
    ).first()
    if row is None or row.role is not Role.SECURITY_ADMIN or not row.check_password(password):
        staff.note_failed_sign_in(username=username, actor=THE_CLOCK, at=at)
        raise Refused(Refusal("key_custody.not_known", field="username"))
    custodian = Actor(row.role, row.ref, Channel.OFFICE)
    if not staff.verify_code(code=code, actor=custodian, at=at).accepted:
        raise Refused(Refusal("key_custody.not_known", field="code"))
    return custodian


def is_same_person(one: str, other: str) -> bool:
    """Two sign-ins of one person are one person (guarantees 12)."""
    people = Staff.objects.filter(ref__in={one, other}).exclude(person=None)
    known = list(people.values_list("person", flat=True))
    return len(known) != len(set(known))
