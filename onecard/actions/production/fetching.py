"""Fetching return files: fetched, imported, and only then acknowledged to the partner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from onecard.actions._keeping import walk
from onecard.actions.production import _files
from onecard.actions.production.importing import (
    ImportReceipt,
    import_file,
    note_damaged_file,
    resume_imports,
    was_refused,
)
from onecard.adapters.bank import Bank, ReceivedFile
from onecard.adapters.card_vendor import CardVendor
from onecard.adapters.outcomes import PartnerSilent
from onecard.adapters.partners import partners
from onecard.domain.authority import Actor
from onecard.domain.exchange import CARD_VENDOR
from onecard.domain.refusal import Refused
from onecard.seams.failpoint import failpoint, register

register("production.before_acknowledge")


@dataclass(frozen=True)
class Fetched:
    """Files imported, names of files refused, partners that gave no answer."""

    imported: tuple[ImportReceipt, ...]
    refused: tuple[str, ...]
    silent: tuple[str, ...]


@walk("production.fetch_files")
def fetch_files(*, actor: Actor, at: datetime) -> Fetched:
    """Take in what the partners have ready, after finishing what was begun before.

    A refused file is not acknowledged: it stays with its partner until that sends a good one, and
    lies on the operators' desk meanwhile.
    """
    imported, refused, silent = list(resume_imports(actor=actor, at=at)), [], []
    for partner, box in _boxes().items():
        try:
            for file in box.fetch_files():
                receipt = _take(partner, box, file, actor, at)
                imported += [receipt] if receipt else []
                refused += [] if receipt else [file.name]
        except PartnerSilent:
            silent.append(partner)
    return Fetched(tuple(imported), tuple(refused), tuple(silent))


def _take(
    partner: str, box: Bank | CardVendor, file: ReceivedFile, actor: Actor, at: datetime
) -> ImportReceipt | None:
    digest = _files.digest_of(file.content)
    if was_refused(digest, at=at):
        return None
    try:
        receipt = import_file(
            name=file.name, content=file.content, sender=partner, actor=actor, at=at
        )
    except Refused as refused:
        why = refused.refusal
        note_damaged_file(
            name=file.name, digest=digest, sender=partner, refusal=why, actor=actor, at=at
        )
        return None
    failpoint("production.before_acknowledge")
    box.acknowledge_file(file.name)
    return receipt


def _boxes() -> Mapping[str, Bank | CardVendor]:
    here = partners()
    return {**dict(sorted(here.banks.items())), CARD_VENDOR: here.card_vendor}
