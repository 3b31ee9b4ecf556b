"""The platform's own making of cards, for the systems that drive it: batches and return files."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from onecard.actions import production as acts
from onecard.api.asked import FileAsked
from onecard.api.caller import caller_of, done_once
from onecard.api.house import Asked, Told
from onecard.seams.world import world

router = Router(tags=["production"])
SCOPE = "production.write"


class BatchAsked(Asked):
    """Which bank's applications to batch; empty means every bank's."""

    bank: Annotated[str, Field(max_length=12)] = ""


class BatchTold(Told):
    """A batch that was made."""

    batch: str
    number: str
    bank: str
    size: int


class ReturnFileAsked(FileAsked):
    """A return file under its own name."""

    name: Annotated[str, Field(min_length=1, max_length=120)]


@router.post("/batches", response={201: list[BatchTold]}, operation_id="make_batches")
@done_once
def make_batches(request: HttpRequest, asked: BatchAsked) -> object:
    """Batch what was accepted, one batch per bank and size limit."""
    caller = caller_of(request, SCOPE)
    made = acts.make_batches(bank=asked.bank, actor=caller.actor, at=world().clock.now())
    return Status(201, list(made))


@router.post("/exchange-files", operation_id="import_file")
@done_once
def import_file(request: HttpRequest, asked: ReturnFileAsked) -> object:
    """Import a bank's or the vendor's return file; the same file twice changes nothing."""
    caller = caller_of(request, SCOPE)
    receipt = acts.import_file(
        name=asked.name, content=asked.content(), actor=caller.actor, at=world().clock.now()
    )
    return vars(receipt)
