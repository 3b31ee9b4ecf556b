"""Sending files: stored first, sent then, marked last; a crash anywhere sends it again.

The partner knows a file by its name, so that twice sent is once done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from onecard.actions import hold
from onecard.actions._keeping import act, each, note, walk
from onecard.actions.production import _files
from onecard.adapters.outcomes import PartnerSilent
from onecard.adapters.partners import partners
from onecard.domain.authority import Actor
from onecard.domain.exchange import CARD_VENDOR, Direction
from onecard.domain.refusal import NotFound
from onecard.records.models import ExchangeFile
from onecard.seams.failpoint import failpoint, register

register("production.before_send")
register("production.after_send")


@dataclass(frozen=True)
class Sent:
    """Names of the files that reached their partner, and the partners that gave no answer."""

    files: tuple[str, ...]
    silent: tuple[str, ...]


@dataclass(frozen=True)
class SentReceipt:
    """A file that is marked as sent."""

    file: str
    name: str


@dataclass(frozen=True)
class Exported:
    """A file's name and bytes, for somebody who carries it by hand."""

    name: str
    content: bytes


@walk("production.send_files")
def send_files(*, actor: Actor, at: datetime) -> Sent:
    """Hand over every file that was not sent yet, oldest first; one silent partner stops no other.

    The files of a partner keep their order: after its first silence the rest of them wait.
    """
    sent, silent = [], set()
    for file in _unsent():
        if file.partner in silent:
            continue
        try:
            _hand_over(file)
        except PartnerSilent:
            silent.add(file.partner)
            continue
        with each(file.ref):
            mark_sent(file=file.ref, actor=actor, at=at)
        sent.append(file.name)
    return Sent(tuple(sent), tuple(sorted(silent)))


@act("production.mark_sent")
def mark_sent(*, file: str, actor: Actor, at: datetime) -> SentReceipt:
    """The partner has this file. Marking it twice changes nothing."""
    held = hold.one(ExchangeFile, ref=file, direction=Direction.OUT.value)
    if held.sent_at is None:
        held.sent_at = at
        held.save(update_fields=["sent_at"])
        note(about=held.ref, by=actor, at=at, ground="platform D7", partner=held.partner)
    return SentReceipt(held.ref, held.name)


@act("production.export_file")
def export_file(*, file: str, actor: Actor, at: datetime) -> Exported:
    """The bytes of an order file, to be carried by hand: an export of personal data, and noted."""
    held = hold.maybe(ExchangeFile, ref=file, direction=Direction.OUT.value)
    if held is None:
        raise NotFound(ExchangeFile.__name__)
    note(about=held.ref, by=actor, at=at, ground="platform D7", lines=held.lines)
    return Exported(held.name, _files.content_of(held))


def _unsent() -> QuerySet[ExchangeFile]:
    waiting = ExchangeFile.objects.filter(direction=Direction.OUT.value, sent_at=None)
    return waiting.order_by("at", "-kind", "ref")  # portraits go before their order


def _hand_over(file: ExchangeFile) -> None:
    failpoint("production.before_send")
    here = partners()
    receiver = here.card_vendor if file.partner == CARD_VENDOR else here.banks[file.partner]
    receiver.send_file(file.name, _files.content_of(file))
    failpoint("production.after_send")
