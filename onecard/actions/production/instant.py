"""即时制卡 (立等可取): a card made at the counter, step by step, each step resumable.

blank out of the drawer -> the bank opens the account (outside) -> the printer makes the card
(outside). Two separate failure points; no step is done twice, whatever dies in between.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from onecard.actions import hold
from onecard.actions._keeping import act, concerning, note, walk
from onecard.actions._stepping import step
from onecard.actions.production import _instant, _orders, _portraits
from onecard.actions.stock import _blanks
from onecard.adapters.bank import AccountOpened, AccountRefused
from onecard.adapters.card_vendor import PrintedCard, PrintFailed, PrintOrder
from onecard.adapters.outcomes import PartnerSilent
from onecard.adapters.partners import partners
from onecard.domain import production as rules
from onecard.domain.authority import Actor, Role
from onecard.domain.production import ProductionEvent, ProductionState
from onecard.domain.refusal import NotFound, require
from onecard.records.models import Application, BlankCard, Card
from onecard.seams.failpoint import failpoint, register

register("production.before_account_call")
register("production.after_account_call")
register("production.before_print_call")
register("production.after_print_call")
RESUME_AFTER = timedelta(minutes=2)
STARTED = (ProductionState.INSTANT_BATCHED, ProductionState.INSTANT_MAKING)


@dataclass(frozen=True)
class InstantReceipt:
    """How far an instant card is. `waiting_for` names a partner that gave no answer just now."""

    application: str
    number: str
    state: str
    blank: str = ""
    card: str = ""
    failure: str = ""
    waiting_for: str = ""


@walk("production.issue_instantly")
def issue_instantly(
    *, application: str, serial: str = "", actor: Actor, at: datetime
) -> InstantReceipt:
    """Make a card at once, or go on where it stopped. `serial` is a blank card that was scanned.

    A silent partner is no failure: the receipt says whom we wait for, and the same call again, by
    the clerk or by the worker, goes on. The partner does each attempt once.
    """
    receipt = _receipt_of(application, actor)
    if receipt.state == ProductionState.ACCEPTED.value:
        receipt = start_instant(application=application, serial=serial, actor=actor, at=at)
    try:
        if receipt.state == ProductionState.INSTANT_BATCHED.value:
            receipt = _open_account(application, actor, at)
        if receipt.state == ProductionState.INSTANT_MAKING.value:
            receipt = _print(application, actor, at)
    except PartnerSilent as silent:
        return replace(_receipt_of(application, actor), waiting_for=silent.partner)
    return receipt


@walk("production.resume_instant")
def resume_instant(*, actor: Actor, at: datetime) -> tuple[InstantReceipt, ...]:
    """Go on with every instant card that has been standing still for a while: the worker's turn."""
    still = Application.objects.filter(state__in=STARTED, state_since__lte=at - RESUME_AFTER)
    refs = list(still.order_by("state_since", "ref").values_list("ref", flat=True))
    return tuple(issue_instantly(application=ref, actor=actor, at=at) for ref in refs)


@act("production.start_instant")
def start_instant(*, application: str, serial: str, actor: Actor, at: datetime) -> InstantReceipt:
    """Take a blank card out of the drawer of the actor's outlet for an accepted application."""
    held = _held(application)
    outlet = held.outlet
    if outlet is None or outlet.ref != actor.outlet:
        raise NotFound(Application.__name__)
    mode, has_printer = held.making_mode, outlet.instant_issue
    require(rules.may_issue_instantly(mode=mode, has_printer=has_printer))
    step(held, ProductionEvent.BATCH_INSTANT, by=actor, at=at)
    blank = _blanks.take(held, outlet.ref, serial=serial, by=actor, at=at)
    note(about=held.ref, by=actor, at=at, ground="rule book 9.2", blank=blank.ref)
    return _receipt(held)


@act("production.remake_instant")
def remake_instant(
    *, application: str, serial: str = "", actor: Actor, at: datetime
) -> InstantReceipt:
    """Another blank card for one whose printing failed; the account stays. Printing follows."""
    held = _held(application)
    if held.outlet_id != actor.outlet or not actor.outlet:
        raise NotFound(Application.__name__)
    step(held, ProductionEvent.REMAKE_INSTANT, by=actor, at=at)
    blank = _blanks.take(held, actor.outlet, serial=serial, by=actor, at=at)
    note(about=held.ref, by=actor, at=at, ground="rule book 9.2", blank=blank.ref)
    return _receipt(held)


@act("production.record_account")
def record_account(
    *, application: str, said: AccountOpened | AccountRefused, actor: Actor, at: datetime
) -> InstantReceipt:
    """What the bank answered. An answer that was recorded before changes nothing."""
    held = _held(application)
    if held.state is ProductionState.INSTANT_BATCHED:
        _instant.keep_account(held, said, by=actor, at=at)
    return _receipt(held)


@act("production.record_print")
def record_print(
    *, application: str, said: PrintedCard | PrintFailed, actor: Actor, at: datetime
) -> InstantReceipt:
    """What came out of the printer. An answer that was recorded before changes nothing."""
    held = _held(application)
    if held.state is ProductionState.INSTANT_MAKING:
        _instant.keep_print(held, said, by=actor, at=at)
    return _receipt(held)


def _open_account(application: str, actor: Actor, at: datetime) -> InstantReceipt:
    known = _orders.people(ref=application).get()
    attempt = _orders.attempts(known, _orders.TO_BANK)
    failpoint("production.before_account_call")
    order = _orders.open_account(known, attempt=attempt)
    said = partners().banks[known.bank].open_account(order)
    failpoint("production.after_account_call")
    return record_account(application=application, said=said, actor=actor, at=at)


def _print(application: str, actor: Actor, at: datetime) -> InstantReceipt:
    order = _print_order(application)
    failpoint("production.before_print_call")
    said = partners().card_vendor.print_card(order)
    failpoint("production.after_print_call")
    return record_print(application=application, said=said, actor=actor, at=at)


def _print_order(application: str) -> PrintOrder:
    known = _orders.people(ref=application).get()
    attempt = _orders.attempts(known, _orders.TO_VENDOR)
    return PrintOrder(
        message_id=_orders.message_id(known, "print", attempt),
        application_number=known.number,
        blank_serial=_receipt(known).blank,
        name=known.person.name,
        identity_number=known.person.identity_number,
        bank=known.bank,
        bank_card_number=known.bank_card_number,
        photo=_portraits.of_one(known),
    )


def _held(application: str) -> Application:
    known = Application.objects.filter(ref=application).first()
    if known is None:
        raise NotFound(Application.__name__)
    concerning(known.person_id)
    return hold.one(Application, ref=application)


def _receipt_of(application: str, actor: Actor) -> InstantReceipt:
    """How far it is; another outlet's looks like none. The worker belongs to no outlet."""
    known = Application.objects.filter(ref=application).first()
    if known is None or (known.outlet_id != actor.outlet and actor.role is not Role.SYSTEM):
        raise NotFound(Application.__name__)
    return _receipt(known)


def _receipt(application: Application) -> InstantReceipt:
    blank = BlankCard.objects.filter(application=application).first()
    card = Card.objects.filter(application=application).first()
    return InstantReceipt(
        application=application.ref,
        number=application.number,
        state=application.state.value,
        blank=blank.serial if blank else "",
        card=card.ref if card else "",
        failure=application.failure,
    )
