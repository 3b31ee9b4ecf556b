"""One turn of the factory: what the worker does again and again, each step resumable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.actions._keeping import walk
from onecard.actions.production.batching import make_due_batches
from onecard.actions.production.fetching import fetch_files
from onecard.actions.production.ordering import write_bank_file, write_vendor_file
from onecard.actions.production.sending import send_files
from onecard.domain.authority import Actor
from onecard.domain.production import ProductionState
from onecard.records.models import Application


@dataclass(frozen=True)
class FactoryTurn:
    """How many batches were made, files sent, return files taken in and files refused."""

    batches: int
    files_sent: int
    files_imported: int
    files_refused: int
    silent: tuple[str, ...]


@walk("production.run_factory")
def run_factory(*, actor: Actor, at: datetime) -> FactoryTurn:
    """Take in return files, batch who has waited, order accounts and cards, send the files."""
    fetched = fetch_files(actor=actor, at=at)
    batches = make_due_batches(actor=actor, at=at)
    for batch in _batches_in(ProductionState.BATCHED):
        write_bank_file(batch=batch, actor=actor, at=at)
    for batch in _batches_in(ProductionState.ACCOUNT_OPENED):
        write_vendor_file(batch=batch, actor=actor, at=at)
    sent = send_files(actor=actor, at=at)
    return FactoryTurn(
        batches=len([made for made in batches if made.size]),
        files_sent=len(sent.files),
        files_imported=len(fetched.imported),
        files_refused=len(fetched.refused),
        silent=tuple(sorted({*fetched.silent, *sent.silent})),
    )


def _batches_in(state: ProductionState) -> list[str]:
    """Batches somebody of whom waits in this state, oldest first."""
    waiting = Application.objects.filter(state=state).exclude(batch=None)
    return list(waiting.order_by("batch__number").values_list("batch", flat=True).distinct())
