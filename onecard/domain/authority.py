"""谁能办: one table of who may do what (rule book 3.2; guarantees 12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from onecard.domain.refusal import Refusal


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


_OUTLET = frozenset({Role.OUTLET_CLERK, Role.OUTLET_SUPERVISOR, Role.HR_CLERK})
_HOLDER = frozenset({Role.CITIZEN})
_OPERATORS = frozenset({Role.PLATFORM_OPERATOR, Role.SYSTEM})
_STAFF = frozenset(Role) - {Role.CITIZEN, Role.AGENT, Role.PARTNER, Role.SYSTEM}
_GRANTS = frozenset({Role.SECURITY_ADMIN})
_NOBODY_YET = frozenset({Role.SYSTEM})

AUTHORITY: Mapping[str, frozenset[Role]] = {
    "api_client.register": _GRANTS | _NOBODY_YET,
    "api_client.revoke": _GRANTS | _NOBODY_YET,
    "collection.collect_for_employer": _OUTLET | {Role.EMPLOYER_AGENT},
    "collection.enable": _OUTLET | {Role.BANK_CLERK},
    "collection.enable_online": _HOLDER,
    "collection.hand_over": _OUTLET | {Role.BANK_CLERK},
    "collection.remind": _OPERATORS,
    "delivery.choose_outlet": _HOLDER | _OUTLET | _OPERATORS,
    "delivery.give_address": _HOLDER | _OUTLET | _OPERATORS,
    "delivery.keep_handed_over": _OPERATORS,
    "delivery.move_cursor": _OPERATORS,
    "delivery.pack": _OPERATORS,
    "delivery.send_again": _HOLDER | _OUTLET | _OPERATORS,
    "delivery.take_scan": _OPERATORS,
    "notification.choose_language": _HOLDER,
    "notification.keep": _OPERATORS,
    "notification.mark_read": _HOLDER,
    "outbox.claim": _OPERATORS,
    "outbox.give_up": _OPERATORS,
    "outbox.mark_sent": _OPERATORS,
    "outbox.put_off": _OPERATORS,
    "outbox.release": _OPERATORS,
    "outbox.retry": _OPERATORS,
    "outbox.retry_party": _OPERATORS,
    "partner.note_health": _OPERATORS,
    "place.open_outlet": _OPERATORS,
    "retention.forget_drafts": _OPERATORS,
    "retention.forget_requests": _OPERATORS,
    "staff.approve": _GRANTS,
    "staff.begin_second_factor": _STAFF,
    "staff.confirm_second_factor": _STAFF,
    "staff.end": _GRANTS,
    "staff.keep_first_password": _GRANTS,
    "staff.keep_password": _STAFF,
    "staff.note_failed_sign_in": _NOBODY_YET,
    "staff.open_account": _GRANTS,
    "staff.open_first_accounts": _NOBODY_YET,
    "staff.reset_second_factor": _GRANTS,
    "staff.sign_out": _STAFF,
    "staff.unlock": _GRANTS,
    "staff.verify_code": _STAFF,
    "timers.begin": _OPERATORS,
    "timers.end": _OPERATORS,
}
"""Act name -> the roles that may do it. An act without a line here may be done by nobody."""


def may_act(*, act: str, actor: Actor) -> Refusal | None:
    """Whether the actor's role may do this act at all; the act's own rules come after it."""
    roles = AUTHORITY.get(act, frozenset())
    if actor.role in roles:
        return None
    who = tuple(sorted(f"@authority.role.{role.value}" for role in roles))
    return Refusal("authority.not_yours", {"who": who})
