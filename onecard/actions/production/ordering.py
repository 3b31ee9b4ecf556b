"""Order files: a batch is told to its bank first, and to the card vendor once accounts are open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from onecard import policy
from onecard.actions import hold
from onecard.actions._keeping import act, concerning, note
from onecard.actions._stepping import step
from onecard.actions.production import _files, _orders, _portraits
from onecard.adapters import exchange_files
from onecard.domain.authority import Actor
from onecard.domain.exchange import CARD_VENDOR, Direction, FileKind, Header, Row
from onecard.domain.production import ProductionEvent, ProductionPolicy, ProductionState
from onecard.domain.refusal import Refusal, Refused
from onecard.records.models import Application, Batch, ExchangeFile
from onecard.seams.clock import local_day


@dataclass(frozen=True)
class FileReceipt:
    """A file that lies ready to be sent; `file` is empty when nobody was to be ordered."""

    file: str
    name: str
    partner: str
    lines: int


NOTHING = FileReceipt("", "", "", 0)


@act("production.write_bank_file")
def write_bank_file(*, batch: str, actor: Actor, at: datetime) -> FileReceipt:
    """Order the accounts of a batch from its bank (报银行); a walk sends what lies ready."""
    held = hold.one(Batch, ref=batch)
    people = hold.many(_orders.people(batch=held, state=ProductionState.BATCHED))
    rows = [_orders.account_order(one, attempt=_next(one, _orders.TO_BANK)) for one in people]
    if not rows:
        return NOTHING
    header = _files.next_header(FileKind.ACCOUNT_ORDER, held.bank, at)
    file = _keep_order(header, rows, held, at)
    _step_all(people, ProductionEvent.SEND_TO_BANK, file, actor, at)
    return FileReceipt(file.ref, file.name, file.partner, file.lines)


@act("production.write_vendor_file")
def write_vendor_file(*, batch: str, actor: Actor, at: datetime) -> FileReceipt:
    """Order the cards of everybody in a batch whose account is open (报卡商)."""
    held = hold.one(Batch, ref=batch)
    people = hold.many(_orders.people(batch=held, state=ProductionState.ACCOUNT_OPENED))
    return order_cards(people, ProductionEvent.SEND_TO_VENDOR, batch=held, by=actor, at=at)


def order_cards(
    people: Sequence[Application],
    event: ProductionEvent,
    *,
    batch: Batch | None,
    by: Actor,
    at: datetime,
) -> FileReceipt:
    """One card order for held applications, their portraits before it; part of an act."""
    rows = [_orders.card_order(one, attempt=_next(one, _orders.TO_VENDOR)) for one in people]
    if not rows:
        return NOTHING
    header = _files.next_header(FileKind.CARD_ORDER, CARD_VENDOR, at)
    portraits = _portraits.of(people)
    if portraits:
        beside = replace(header, kind=FileKind.PORTRAITS)
        packed = exchange_files.write_portraits(portraits)
        count, out = len(portraits), Direction.OUT
        _files.keep(beside, packed, lines=count, direction=out, at=at, batch=batch)
    file = _keep_order(header, rows, batch, at)
    _step_all(people, event, file, by, at)
    return FileReceipt(file.ref, file.name, file.partner, file.lines)


def _keep_order(
    header: Header, rows: Sequence[Row], batch: Batch | None, at: datetime
) -> ExchangeFile:
    figures = policy.in_force("production", ProductionPolicy, on=local_day(at))
    content = exchange_files.write(header, rows, digest=figures.file_digest)
    if isinstance(content, Refusal):
        raise Refused(content)
    out = Direction.OUT
    return _files.keep(header, content, lines=len(rows), direction=out, at=at, batch=batch)


def _step_all(
    people: Sequence[Application],
    event: ProductionEvent,
    file: ExchangeFile,
    by: Actor,
    at: datetime,
) -> None:
    for application in people:
        concerning(application.person_id)
        step(application, event, by=by, at=at)
        note(about=application.ref, by=by, at=at, ground="rule book 9.2", file=file.name)


def _next(application: Application, events: tuple[ProductionEvent, ...]) -> int:
    return _orders.attempts(application, events) + 1
