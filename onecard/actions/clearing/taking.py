"""清算文件入账: custody checks every TAC before anything is held; lines are booked in chunks.

A file that was interrupted goes on where it stopped; one that was taken before changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from onecard.actions import _ledger, hold
from onecard.actions._keeping import act, note, tell, walk
from onecard.actions._purses import hold_purse, note_incident, number_of
from onecard.adapters.purse_keys import purse_keys
from onecard.chip.fault import WrongCard
from onecard.chip.purse_facts import Purchase
from onecard.chip.purse_files import CardIdentity, TransactionType
from onecard.chip.purse_profile import PROFILES
from onecard.domain.authority import Actor
from onecard.domain.clearing import BOOKED, ClearingFile, Fare, Known, LineState, judge, parse
from onecard.domain.refund import RefundState
from onecard.records.models import FareFile, FareLine, PurseAccount, PurseRefund
from onecard.seams.world import world

GROUND = "card reference 10.2, C; rule book 22.5"
CHUNK = 200
"""Lines in one transaction."""


@dataclass(frozen=True)
class FileReceipt:
    """A file after a chunk of it: how many lines are done. `known`: it was taken before."""

    file: str
    lines: int
    done_lines: int
    known: bool = False


@dataclass(frozen=True)
class Checked:
    """A fare and what was found out about it with nothing held."""

    fare: Fare
    purse: str
    verified: bool


@walk("clearing.take_file")
def take_file(
    *, text: str, actor: Actor, at: datetime, moved: Callable[[int, int], None] | None = None
) -> FileReceipt:
    """Take a whole file; `moved` hears how many of how many lines are done.

    Raises `Refused`: every `clearing.*` of a file that cannot be read; nothing is booked then.
    """
    file = parse(text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    receipt = opened = open_file(file=file, digest=digest, actor=actor, at=at)
    while receipt.done_lines < receipt.lines:
        chunk = file.fares[receipt.done_lines : receipt.done_lines + CHUNK]
        lines = tuple(_checked(chunk))
        receipt = book_lines(
            file=receipt.file, done=receipt.done_lines, lines=lines, actor=actor, at=at
        )
        if moved is not None:
            moved(receipt.done_lines, receipt.lines)
    return replace(receipt, known=opened.known)


@act("clearing.open_file")
def open_file(*, file: ClearingFile, digest: str, actor: Actor, at: datetime) -> FileReceipt:
    """Keep that a file came in; the same bytes again are the same file."""
    hold.name(f"fares {digest}")
    known = FareFile.objects.filter(digest=digest).first()
    if known is not None:
        return FileReceipt(known.ref, known.lines, known.done_lines, known=True)
    row = FareFile.objects.create(
        ref=world().ids.new("far"),
        operator=file.header.operator,
        day=file.header.day,
        digest=digest,
        lines=file.header.lines,
        sum_fen=file.header.sum_fen,
        taken_by=actor.ref,
        taken_at=at,
        done_at=None if file.fares else at,
    )
    note(about=row.ref, by=actor, at=at, ground=GROUND, lines=row.lines, sum_fen=row.sum_fen)
    return FileReceipt(row.ref, row.lines, 0)


@act("clearing.book_lines")
def book_lines(
    *, file: str, done: int, lines: Sequence[Checked], actor: Actor, at: datetime
) -> FileReceipt:
    """Book one chunk. Purses are held in the order of their keys, so that files do not lock up."""
    purses = {ref: hold_purse(ref) for ref in sorted({one.purse for one in lines if one.purse})}
    row = hold.one(FareFile, ref=file)
    if row.done_lines == done:
        for one in lines:
            _book(row, one, purses.get(one.purse), at=at)
        row.done_lines += len(lines)
        row.done_at = at if row.done_lines == row.lines else None
        row.save(update_fields=["done_lines", "done_at"])
        note(about=row.ref, by=actor, at=at, ground=GROUND, done=row.done_lines)
    if row.done_at is not None:
        tell("clearing.file_done", about=row.ref, at=at, parties=(), operator=row.operator)
    return FileReceipt(row.ref, row.lines, row.done_lines)


def _checked(chunk: Sequence[Fare]) -> list[Checked]:
    """Which purse each fare is about, and whether its TAC is that card's."""
    indexes = {fare.line: _index(fare) for fare in chunk}
    rows = PurseAccount.objects.filter(number_index__in=set(indexes.values()))
    known = {row.number_index: row for row in rows}
    found = []
    for fare in chunk:
        purse = known.get(indexes[fare.line])
        verified = purse is not None and _tac_fits(purse.profile, fare)
        found.append(Checked(fare, purse.ref if purse else "", verified))
    return found


def _tac_fits(profile: str, fare: Fare) -> bool:
    purchase = Purchase(
        type=TransactionType(fare.type),
        amount_fen=fare.amount_fen,
        terminal=bytes.fromhex(fare.terminal),
        terminal_counter=fare.terminal_counter,
        at=fare.at,
    )
    try:
        return purse_keys().check_purchase_tac(
            _card(fare),
            PROFILES[profile],
            purchase,
            bytes.fromhex(fare.tac),
            key_version=fare.key_version,
        )
    except WrongCard:
        return False


def _book(file: FareFile, one: Checked, purse: PurseAccount | None, *, at: datetime) -> None:
    fare = one.fare
    purchase = world().custody.blind_index("purchase", fare.key)
    judged = judge(at=fare.at, reported_at=at, known=_known(one, purse, purchase))
    row = FareLine.objects.create(
        ref=world().ids.new("fln"),
        file=file,
        line=fare.line,
        purse=purse,
        purchase=purchase,
        type=fare.type,
        amount_fen=fare.amount_fen,
        terminal=fare.terminal,
        terminal_counter=fare.terminal_counter,
        at=fare.at,
        tac=fare.tac,
        state=judged.state,
        lowered=judged.lowers_shadow,
        booked_at=at,
    )
    if judged.state in BOOKED:
        _owe_operator(row, purse, at=at)
    elif judged.state is not LineState.DUPLICATE:
        note_incident(purse, f"fare_{judged.state.value}", about=row.ref, at=at)
    if judged.lowers_shadow and purse is not None and purse.shadow_balance_fen is not None:
        purse.shadow_balance_fen -= fare.amount_fen
        purse.save(update_fields=["shadow_balance_fen"])


def _known(one: Checked, purse: PurseAccount | None, purchase: str) -> Known:
    paid = None
    if purse is not None:
        gone = PurseRefund.objects.filter(purse=purse, state=RefundState.PAID_OUT)
        paid = gone.values_list("paid_at", flat=True).first()
    before = FareLine.objects.filter(purchase=purchase, state__in=BOOKED)
    return Known(
        reported_before=one.verified and before.exists(),
        purse_known=purse is not None,
        tac_verified=one.verified,
        paid_out_at=paid,
        shadow_at=purse.shadow_at if purse else None,
    )


def _owe_operator(row: FareLine, purse: PurseAccount | None, *, at: datetime) -> None:
    """A proven fare is owed to its operator: out of the card's money, or of what came too late."""
    if row.amount_fen == 0:
        return
    late = row.state is LineState.LATE
    _ledger.post(
        "clearing.late" if late else "clearing.fare",
        debit="post_close" if late else "on_cards",
        credit="operator_settlement",
        amount_fen=row.amount_fen,
        about=row.ref,
        card=purse.ref if purse else None,
        at=at,
    )


def _card(fare: Fare) -> CardIdentity:
    return CardIdentity(bytes.fromhex(fare.issuer), bytes.fromhex(fare.serial))


def _index(fare: Fare) -> str:
    return world().custody.blind_index("purse", number_of(_card(fare)))
