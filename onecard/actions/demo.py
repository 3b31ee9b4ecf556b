"""The demo city's labels: which people and accounts the first page offers to be. Demo mode only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.actions import hold
from onecard.actions._keeping import act, note
from onecard.domain.authority import Actor
from onecard.records.models import Person, Staff
from onecard.seams.world import world


@dataclass(frozen=True)
class Labelled:
    """How many accounts and people carry a label now."""

    staff: int
    people: int


@act("demo.label")
def label(*, staff: dict[str, str], people: dict[str, str], actor: Actor, at: datetime) -> Labelled:
    """Label accounts (by sign-in name) and people (by identity number) with their story's key."""
    accounts = hold.many(Staff.objects.filter(username__in=staff))
    for account in accounts:
        account.demo = staff[account.username]
        account.save(update_fields=["demo"])
    index = {world().custody.blind_index("identity", number): number for number in people}
    found = hold.many(Person.objects.filter(identity_index__in=index))
    for person in found:
        person.demo = people[index[person.identity_index]]
        person.save(update_fields=["demo"])
    note(about="demo", by=actor, at=at, ground="platform B12", staff=len(accounts))
    return Labelled(len(accounts), len(found))
