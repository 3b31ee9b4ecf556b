"""Return files: refused whole or recorded line by line, and never twice (guarantees F4).

The file is verified whole before anything of it is used, and stored. Then its lines are recorded a
few at a time, each few in one transaction together with how far we are: a process that dies in the
middle goes on at the next line. One line that does not fit never stops the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from onecard import policy
from onecard.actions import hold
from onecard.actions._keeping import act, each, note, walk
from onecard.actions.production import _files, _recording
from onecard.actions.production._discrepancies import LONGEST_ABOUT
from onecard.domain import exchange
from onecard.domain.authority import Actor
from onecard.domain.contacts import Contacts
from onecard.domain.exchange import CARD_VENDOR, Direction, Header, Row
from onecard.domain.production import LineVerdict
from onecard.domain.refusal import Refusal, require
from onecard.records.models import Discrepancy, ExchangeFile
from onecard.seams.clock import local_day
from onecard.seams.failpoint import failpoint, register
from onecard.seams.world import world

LINES_AT_ONCE = 50
FILE_REFUSED = "file_refused"
FOR_GOOD = frozenset({"exchange.damaged", "exchange.other_content"})
register("production.between_lines")

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class ImportReceipt:
    """A return file and what became of its lines. `notice` tells that it was known before."""

    file: str
    name: str
    partner: str
    lines: int
    done: int
    recorded: int
    failed: int
    already: int
    discrepancies: int
    notice: str = ""

    @property
    def finished(self) -> bool:
        """Whether every line was looked at."""
        return self.done == self.lines


@dataclass(frozen=True)
class DamageReceipt:
    """A damaged file that operators can see now."""

    name: str
    discrepancy: str


@walk("production.import_file")
def import_file(
    *,
    name: str,
    content: bytes,
    sender: str = "",
    progress: Progress | None = None,
    actor: Actor,
    at: datetime,
) -> ImportReceipt:
    """Import a return file; repeat it as often as you like. `sender` is who handed it to us.

    Needs no idempotency key: the file itself is one. Raises `Refused` for a damaged file, another
    content under a known name, a file of somebody else or of tomorrow.
    """
    receipt = receive_file(name=name, content=content, sender=sender, actor=actor, at=at)
    return _go_on(receipt, progress, actor, at)


@walk("production.resume_imports")
def resume_imports(*, actor: Actor, at: datetime) -> tuple[ImportReceipt, ...]:
    """Go on with every file whose lines were not all recorded when the process stopped."""
    return tuple(_go_on(receipt, None, actor, at) for receipt in _unfinished())


@act("production.receive_file")
def receive_file(
    *, name: str, content: bytes, sender: str, actor: Actor, at: datetime
) -> ImportReceipt:
    """Verify a return file whole and store it. The same file again gives what it gave before."""
    today = local_day(at)
    contents = _files.read(name, content)
    header = contents.header
    require(
        exchange.is_a_return(header=header),
        _must_be_partner(header, sender, at),
        exchange.is_from_the_future(header=header, today=today),
    )
    hold.name(f"exchange_file|{header.name}")
    known = _known(header)
    if known is not None:
        digest = _files.digest_of(content)
        require(exchange.is_same_content(name=name, known_digest=known.digest, digest=digest))
        return _receipt(known, notice="exchange.already_imported" if known.imported_at else "")
    lines = len(contents.rows)
    file = _files.keep(header, content, lines=lines, direction=Direction.IN, at=at)
    _finish(file, at)
    note(about=file.ref, by=actor, at=at, ground="rule book 9.3", file=file.name, lines=lines)
    return _receipt(file)


@act("production.record_lines")
def record_lines(
    *, file: str, first: int, rows: tuple[Row, ...], actor: Actor, at: datetime
) -> ImportReceipt:
    """Record some lines of a stored return file, beginning at row `first` (counted from 0).

    Rows that were recorded meanwhile by somebody else are left out.
    """
    held = hold.one(ExchangeFile, ref=file)
    done = _count(held, "done")
    waiting = rows[max(done - first, 0) :] if first <= done else ()
    verdicts = _recording.record(held, waiting, first=done, by=actor, at=at)
    counts = {verdict.value: _count(held, verdict.value) for verdict in LineVerdict}
    for verdict in verdicts:
        counts[verdict.value] += 1
    held.result = {**counts, "done": done + len(waiting)}
    held.save(update_fields=["result"])
    if _finish(held, at):
        note(about=held.ref, by=actor, at=at, ground="rule book 9.3", **counts)
    return _receipt(held)


@act("production.note_damaged_file")
def note_damaged_file(
    *, name: str, digest: str, sender: str, refusal: Refusal, actor: Actor, at: datetime
) -> DamageReceipt:
    """Put a file we refused onto the operators' desk; the same bytes twice are one entry."""
    known = _damage(digest)
    if known is not None:
        known.found_at = at
        known.save(update_fields=["found_at"])
        return DamageReceipt(name, known.ref)
    row = Discrepancy.objects.create(
        ref=world().ids.new("dis"),
        kind=FILE_REFUSED,
        about=digest[:LONGEST_ABOUT],
        partner=sender,
        detail={"name": name, "code": refusal.code, "line": str(refusal.facts.get("line", ""))},
        found_at=at,
    )
    note(about=row.ref, by=actor, at=at, ground="platform D7", code=refusal.code)
    return DamageReceipt(name, row.ref)


def was_refused(digest: str, *, at: datetime) -> bool:
    """Whether these very bytes were refused for good, or refused today already."""
    known = _damage(digest)
    if known is None:
        return False
    return known.detail["code"] in FOR_GOOD or local_day(known.found_at) == local_day(at)


def _damage(digest: str) -> Discrepancy | None:
    about = digest[:LONGEST_ABOUT]
    return Discrepancy.objects.filter(kind=FILE_REFUSED, about=about).first()


def _go_on(
    receipt: ImportReceipt, progress: Progress | None, actor: Actor, at: datetime
) -> ImportReceipt:
    rows = _rows_of(receipt.file) if not receipt.finished else ()
    while not receipt.finished:
        some = tuple(rows[receipt.done : receipt.done + LINES_AT_ONCE])
        with each(str(receipt.done)):
            receipt = record_lines(
                file=receipt.file, first=receipt.done, rows=some, actor=actor, at=at
            )
        failpoint("production.between_lines")
        if progress is not None:
            progress(receipt.done, receipt.lines)
    return receipt


def _must_be_partner(header: Header, sender: str, at: datetime) -> Refusal | None:
    """The file is from a co-operating bank or the card vendor, and from whoever handed it over."""
    if sender and sender != header.partner:
        facts = {"name": header.name, "partner": sender, "said": header.partner}
        return Refusal("exchange.wrong_partner", facts, field="partner")
    contacts = policy.in_force("contacts", Contacts, on=local_day(at))
    if header.partner in {CARD_VENDOR, *(bank.key for bank in contacts.banks)}:
        return None
    return Refusal("exchange.unknown_partner", {"partner": header.partner}, field="partner")


def _known(header: Header) -> ExchangeFile | None:
    return ExchangeFile.objects.filter(
        partner=header.partner,
        kind=header.kind.value,
        business_on=header.business_on,
        file_number=f"{header.number:06d}",
    ).first()


def _unfinished() -> list[ImportReceipt]:
    files = ExchangeFile.objects.filter(direction=Direction.IN.value, imported_at=None)
    return [_receipt(file) for file in files.order_by("at", "ref")]


def _rows_of(file: str) -> Sequence[Row]:
    kept = ExchangeFile.objects.get(ref=file)
    return _files.read(kept.name, _files.content_of(kept)).rows


def _finish(file: ExchangeFile, at: datetime) -> bool:
    """Mark a file whose every line is done; whether it was marked just now."""
    if file.imported_at is not None or _count(file, "done") < file.lines:
        return False
    file.imported_at = at
    file.save(update_fields=["imported_at"])
    return True


def _count(file: ExchangeFile, what: str) -> int:
    return int(file.result.get(what, 0))


def _receipt(file: ExchangeFile, notice: str = "") -> ImportReceipt:
    return ImportReceipt(
        file=file.ref,
        name=file.name,
        partner=file.partner,
        lines=file.lines,
        done=_count(file, "done"),
        recorded=_count(file, LineVerdict.RECORDED.value),
        failed=_count(file, LineVerdict.FAILED.value),
        already=_count(file, LineVerdict.ALREADY.value),
        discrepancies=_count(file, LineVerdict.DISCREPANCY.value),
        notice=notice,
    )
