"""Exchange files as we keep them: sealed blobs, one row each, numbered within partner and day."""

from __future__ import annotations

import hashlib
from datetime import datetime

from onecard.actions import hold
from onecard.adapters import exchange_files
from onecard.domain.exchange import Direction, FileKind, Header
from onecard.domain.refusal import Refusal, Refused
from onecard.records.models import Batch, ExchangeFile
from onecard.seams import sealed_blobs
from onecard.seams.clock import LOCAL, local_day
from onecard.seams.world import world


def digest_of(content: bytes) -> str:
    """By which the same file is known again."""
    return hashlib.sha256(content).hexdigest()


def next_header(kind: FileKind, partner: str, at: datetime) -> Header:
    """The header of our next file of a kind to a partner today; the counter is held."""
    day = local_day(at)
    hold.name(f"exchange_file|{partner}|{kind.value}|{day.isoformat()}")
    known = ExchangeFile.objects.filter(partner=partner, kind=kind.value, business_on=day)
    last = known.order_by("-file_number").values_list("file_number", flat=True).first()
    created_at = at.astimezone(LOCAL).replace(microsecond=0)
    return Header(kind, partner, day, int(last or 0) + 1, created_at)


def keep(
    header: Header,
    content: bytes,
    *,
    lines: int,
    direction: Direction,
    at: datetime,
    batch: Batch | None = None,
) -> ExchangeFile:
    """Store the bytes sealed, then the row. A crash between leaves a blob nobody names: swept."""
    blob = sealed_blobs.put("blb", content)
    return ExchangeFile.objects.create(
        ref=world().ids.new("xfl"),
        batch=batch,
        kind=header.kind.value,
        partner=header.partner,
        name=header.name,
        business_on=header.business_on,
        file_number=f"{header.number:06d}",
        lines=lines,
        digest=digest_of(content),
        blob=blob,
        direction=direction.value,
        at=at,
    )


def content_of(file: ExchangeFile) -> bytes:
    """The bytes of a kept file."""
    return sealed_blobs.read(file.blob)


def read(name: str, content: bytes) -> exchange_files.Contents:
    """What a file says. Raises `Refused("exchange.damaged")` naming the line."""
    contents = exchange_files.read(name, content)
    if isinstance(contents, Refusal):
        raise Refused(contents)
    return contents
