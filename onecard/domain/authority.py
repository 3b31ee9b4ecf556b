"""谁能办: one table of who may do what (rule book 3.2; guarantees 12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from onecard.domain.refusal import Fix, FixKind, Refusal


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


_OUTLET = frozenset({Role.OUTLET_CLERK, Role.OUTLET_SUPERVISOR, Role.HR_CLERK})
_HOLDER = frozenset({Role.CITIZEN})
_OPERATORS = frozenset({Role.PLATFORM_OPERATOR, Role.SYSTEM})
_STAFF = frozenset(Role) - {Role.CITIZEN, Role.AGENT, Role.PARTNER, Role.SYSTEM}
_GRANTS = frozenset({Role.SECURITY_ADMIN})
_NOBODY_YET = frozenset({Role.SYSTEM})

_PHONE = frozenset({Role.PHONE_OPERATOR})
_SUPERVISOR = frozenset({Role.OUTLET_SUPERVISOR})
_COUNTERS = _OUTLET | {Role.BANK_CLERK}
_EMPLOYERS = _OUTLET | {Role.EMPLOYER_AGENT}
_DRAFTERS = _COUNTERS | {Role.CITIZEN, Role.EMPLOYER_AGENT, Role.PHONE_OPERATOR}

AUTHORITY: Mapping[str, frozenset[Role]] = {
    "api_client.register": _GRANTS | _NOBODY_YET,
    "api_client.revoke": _GRANTS | _NOBODY_YET,
    "application.accept": _OPERATORS,
    "application.accept_for_employer": _OUTLET,
    "application.correct": _COUNTERS | _OPERATORS | {Role.CITIZEN, Role.EMPLOYER_AGENT},
    "application.keep_base_data": frozenset({Role.CITIZEN}),
    "application.prepare_for_employer": _EMPLOYERS,
    "application.retract": _COUNTERS | _OPERATORS | {Role.CITIZEN, Role.EMPLOYER_AGENT},
    "application.submit_online": frozenset({Role.CITIZEN}),
    "application.take_at_counter": _COUNTERS,
    "application.turn_down": _OPERATORS,
    "audit.note_read": frozenset({Role.AUDITOR}),
    "benefit.keep_due": _OPERATORS,
    "benefit.warn": _OPERATORS,
    "card.cancel": _OUTLET,
    "card.record_transfer_out": _HOLDER | _OUTLET | {Role.PHONE_OPERATOR},
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
    "delivery.take_scan": _OPERATORS | {Role.PARTNER},
    "demo.label": _NOBODY_YET,
    "draft.make_case_code": _DRAFTERS,
    "draft.open_by_case_code": _DRAFTERS,
    "draft.save": _DRAFTERS,
    "e_card.give_consent": _HOLDER,
    "employer.register": _OUTLET | _OPERATORS,
    "event.place_new": _OPERATORS | {Role.PARTNER},
    "exchange.take_at_counter": _COUNTERS,
    "financial.activate": frozenset({Role.BANK_CLERK}),
    "financial.relink": frozenset({Role.BANK_CLERK}),
    "financial.take_news": frozenset({Role.PARTNER}),
    "hr_pin.change": _COUNTERS,
    "hr_pin.reset": _COUNTERS,
    "hr_pin.set_first": _COUNTERS,
    "hr_pin.try": _COUNTERS | {Role.HOSPITAL_CLERK, Role.PARTNER},
    "loss.identify_caller": _PHONE,
    "loss.keep_answer": _OPERATORS,
    "loss.lapse": _OPERATORS,
    "loss.remind": _OPERATORS,
    "loss.report_formally_at_bank": frozenset({Role.BANK_CLERK}),
    "loss.report_formally_at_counter": _OUTLET,
    "loss.report_formally_online": _HOLDER,
    "loss.report_temporary": _PHONE,
    "loss.report_temporary_online": _HOLDER,
    "loss.take_formal_report": frozenset({Role.PARTNER}),
    "loss.take_withdrawal": frozenset({Role.PARTNER}),
    "loss.withdraw_formally": _COUNTERS,
    "loss.withdraw_formally_online": _HOLDER,
    "loss.withdraw_temporary": frozenset({Role.BANK_CLERK}),
    "notification.choose_language": _HOLDER,
    "notification.keep": _OPERATORS,
    "notification.mark_read": _HOLDER,
    "objection.file": _HOLDER,
    "outbox.claim": _OPERATORS,
    "outbox.claim_one": _OPERATORS,
    "outbox.give_up": _OPERATORS,
    "outbox.mark_sent": _OPERATORS,
    "outbox.put_off": _OPERATORS,
    "outbox.release": _OPERATORS,
    "outbox.retry": _OPERATORS,
    "outbox.retry_party": _OPERATORS,
    "partner.add_key": _GRANTS | _NOBODY_YET,
    "partner.admit": frozenset({Role.PARTNER}),
    "partner.forget_nonces": _OPERATORS,
    "partner.issue_token": frozenset({Role.PARTNER}),
    "partner.note_health": _OPERATORS,
    "partner.present": frozenset({Role.PARTNER}),
    "partner.revoke_key": _GRANTS | _NOBODY_YET,
    "person.meet": _COUNTERS | _OPERATORS | {Role.EMPLOYER_AGENT, Role.PHONE_OPERATOR},
    "person.unmask": _COUNTERS | {Role.PHONE_OPERATOR, Role.PLATFORM_OPERATOR},
    "photo.accept": _COUNTERS | {Role.PLATFORM_OPERATOR},
    "photo.decline": _COUNTERS | {Role.PLATFORM_OPERATOR},
    "photo.forget_originals": _OPERATORS,
    "photo.forget_unclaimed": _OPERATORS,
    "photo.keep": _DRAFTERS | _OPERATORS | {Role.AGENT, Role.PARTNER},
    "photo.look": frozenset(Role),
    "photo.sweep_orphans": _OPERATORS,
    "place.open_outlet": _OPERATORS,
    "production.arrive": _COUNTERS,
    "production.ask_finance_loading": _OPERATORS,
    "production.distribute": _OPERATORS,
    "production.export_file": _OPERATORS,
    "production.make_batch": _OPERATORS,
    "production.mark_sent": _OPERATORS,
    "production.note_damaged_file": _OPERATORS,
    "production.receive_file": _OPERATORS,
    "production.record_account": _COUNTERS | _OPERATORS,
    "production.record_finance_loaded": _OPERATORS,
    "production.record_lines": _OPERATORS,
    "production.record_print": _COUNTERS | _OPERATORS,
    "production.remake": _OPERATORS,
    "production.remake_instant": _COUNTERS,
    "production.settle_discrepancy": _OPERATORS,
    "production.start_instant": _COUNTERS,
    "production.warn": _OPERATORS,
    "production.write_bank_file": _OPERATORS,
    "production.write_vendor_file": _OPERATORS,
    "reconciliation.approve_fix": frozenset({Role.PLATFORM_OPERATOR}),
    "reconciliation.begin": _OPERATORS,
    "reconciliation.decline_fix": frozenset({Role.PLATFORM_OPERATOR}),
    "reconciliation.end": _OPERATORS,
    "reconciliation.keep_break": _OPERATORS,
    "reconciliation.propose_fix": frozenset({Role.PLATFORM_OPERATOR}),
    "replacement.keep_base_data": _HOLDER,
    "replacement.submit_online": _HOLDER,
    "replacement.take_at_counter": _COUNTERS,
    "retention.forget_drafts": _OPERATORS,
    "retention.forget_payments": _OPERATORS,
    "retention.forget_requests": _OPERATORS,
    "retention.forget_sessions": _OPERATORS,
    "sandbox.keep_cards": _NOBODY_YET,
    "sign_in.meet": frozenset({Role.CITIZEN}),
    "slip.note_acceptance_print": _OUTLET,
    "slip.note_handout_print": frozenset({Role.EMPLOYER_AGENT}),
    "slip.note_loss_print": _COUNTERS,
    "slip.note_refund_first_print": _OUTLET,
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
    "step_up.begin": _HOLDER,
    "step_up.prove": _HOLDER,
    "stock.approve_spoiled": _SUPERVISOR,
    "stock.close_day": _COUNTERS,
    "stock.confirm_arrival": _COUNTERS,
    "stock.find_good": _SUPERVISOR,
    "stock.receive": _SUPERVISOR | _OPERATORS,
    "stock.report_spoiled": _COUNTERS,
    "stock.send": _SUPERVISOR | _OPERATORS,
    "timers.begin": _OPERATORS,
    "timers.end": _OPERATORS,
    "webhook.choose_types": frozenset({Role.PARTNER}),
    "webhook.claim": _OPERATORS,
    "webhook.disable": _OPERATORS | {Role.PARTNER},
    "webhook.enable": frozenset({Role.PARTNER}),
    "webhook.note_try": _OPERATORS,
    "webhook.open_endpoint": frozenset({Role.PARTNER}),
    "webhook.ping": frozenset({Role.PARTNER}),
    "webhook.recover": frozenset({Role.PARTNER}),
    "webhook.replay_missing": frozenset({Role.PARTNER}),
    "webhook.resend": frozenset({Role.PARTNER}),
    "webhook.rotate_secret": frozenset({Role.PARTNER}),
}
"""Act name -> the roles that may do it. An act without a line here may be done by nobody."""


def must_not_be_own_case(*, own_person: str, person: str) -> Refusal | None:
    """Nobody takes their own case across the counter (guarantees 12)."""
    if not own_person or own_person != person:
        return None
    return Refusal("authority.own_case", fix=Fix(FixKind.ASK_PERSON, {"who": "another_clerk"}))


def may_act(*, act: str, actor: Actor) -> Refusal | None:
    """Whether the actor's role may do this act at all; the act's own rules come after it."""
    roles = AUTHORITY.get(act, frozenset())
    if actor.role in roles:
        return None
    who = tuple(sorted(f"@authority.role.{role.value}" for role in roles))
    return Refusal("authority.not_yours", {"who": who})
