"""谁在办: in what capacity, through which door, and as whom the audit remembers an actor (3.2)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Role(Enum):
    """In what capacity somebody acts."""

    CITIZEN = "citizen"
    AGENT = "agent"
    EMPLOYER_AGENT = "employer_agent"
    OUTLET_CLERK = "outlet_clerk"
    OUTLET_SUPERVISOR = "outlet_supervisor"
    HR_CLERK = "hr_clerk"
    BANK_CLERK = "bank_clerk"
    PHONE_OPERATOR = "phone_operator"
    CARD_OUTLET_CLERK = "card_outlet_clerk"
    HOSPITAL_CLERK = "hospital_clerk"
    PLATFORM_OPERATOR = "platform_operator"
    SECURITY_ADMIN = "security_admin"
    AUDITOR = "auditor"
    PARTNER = "partner"
    SYSTEM = "system"


class Channel(Enum):
    """Through which door an act came (the columns of rule book 7)."""

    PORTAL = "portal"
    PHONE = "phone_12333"
    HR_COUNTER = "hr_counter"
    SERVICE_OUTLET = "service_outlet"
    CARD_FACE_BANK = "card_face_bank"
    OTHER_BANK = "other_bank"
    DIRECT_OUTLET = "direct_outlet"
    AGENCY_OUTLET = "agency_outlet"
    KIOSK = "kiosk"
    NFC_APP = "nfc_app"
    EMPLOYER = "employer"
    OFFICE = "office"
    PARTNER_API = "partner_api"
    TIMER = "timer"


@dataclass(frozen=True)
class Actor:
    """Who acts, as the audit will remember it: opaque references only.

    `ref` is the person, staff member or client; `outlet` and `employer` are where they stand.
    """

    role: Role
    ref: str
    channel: Channel
    outlet: str = ""
    employer: str = ""


def actor_key(actor: Actor) -> str:
    """What a link is bound to, so that it opens for this actor standing here and nobody else."""
    return f"{actor.role.value}|{actor.ref}|{actor.outlet}|{actor.employer}"


_DOORS = {
    Role.EMPLOYER_AGENT: Channel.EMPLOYER,
    Role.HR_CLERK: Channel.HR_COUNTER,
    Role.OUTLET_CLERK: Channel.SERVICE_OUTLET,
    Role.OUTLET_SUPERVISOR: Channel.SERVICE_OUTLET,
    Role.BANK_CLERK: Channel.CARD_FACE_BANK,
    Role.PHONE_OPERATOR: Channel.PHONE,
    Role.CARD_OUTLET_CLERK: Channel.DIRECT_OUTLET,
}


def channel_of(role: Role) -> Channel:
    """The door at which a member of staff stands; the office is where the others sit."""
    return _DOORS.get(role, Channel.OFFICE)


THE_CLOCK = Actor(Role.SYSTEM, "system", Channel.TIMER)
"""Acts that time alone causes."""
