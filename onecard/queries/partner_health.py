"""Which partners answer, for the operator's desk: every partner, asked or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from onecard import policy
from onecard.domain import partner
from onecard.domain.contacts import Contacts
from onecard.domain.partner import PartnerLight
from onecard.records.models import PartnerHealth


@dataclass(frozen=True)
class PartnerSeen:
    """How one partner stands. `silence` is why it last did not answer, in the machine's words.

    `name` is a word key for the fixed partners (`partner.name.sms`); for a bank it is the bank's
    key, and its name stands in the city's contacts.
    """

    partner: str
    name: str
    light: PartnerLight
    answered_at: datetime | None = None
    silent_at: datetime | None = None
    silence: str = ""
    silent_since: datetime | None = None


def partner_health(*, on: date) -> tuple[PartnerSeen, ...]:
    """Every partner of the city on that day, in a fixed order."""
    banks = policy.in_force("contacts", Contacts, on=on).banks
    rows = {row.partner: row for row in PartnerHealth.objects.all()}
    everybody = partner.every_partner(bank.key for bank in banks)
    return tuple(_seen(key, rows.get(key)) for key in everybody)


def _seen(key: str, row: PartnerHealth | None) -> PartnerSeen:
    name = partner.bank_of(key) or f"partner.name.{key}"
    if row is None:
        return PartnerSeen(key, name, PartnerLight.NEVER_ASKED)
    return PartnerSeen(
        partner=key,
        name=name,
        light=PartnerLight.SILENT if row.silent_since else PartnerLight.ANSWERING,
        answered_at=row.answered_at,
        silent_at=row.silent_at,
        silence=row.silence,
        silent_since=row.silent_since,
    )
