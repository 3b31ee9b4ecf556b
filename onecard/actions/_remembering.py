"""Receipts already given, found again by the caller's own key (invariant I1).

The key row is inserted first: a second request with the same key waits for the first one's
transaction and then finds its receipt. A crash rolls both back, so a retry completes the act.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cattrs.preconf.json import make_converter

from onecard.domain.refusal import Refusal, Refused
from onecard.records.models import RequestResult

_converter = make_converter()


@dataclass
class Request:
    """Whose key it is, and a digest of what was asked. `replayed` tells a stored answer."""

    client: str
    key: str
    fingerprint: str
    replayed: bool = False


def recall(request: Request, act: str, at: datetime, receipt_type: Any) -> Any:
    """The receipt given earlier for this key, or None when the act must be done.

    Raises `Refused("request.key_reused")` when the key came with another body before.
    """
    new = RequestResult(
        client=request.client, key=request.key, act=act, fingerprint=request.fingerprint, at=at
    )
    RequestResult.objects.bulk_create([new], ignore_conflicts=True)
    row = _rows(request, act).select_for_update().get()
    if row.fingerprint != request.fingerprint:
        raise Refused(Refusal("request.key_reused"))
    if row.receipt is None:
        return None
    request.replayed = True
    return _converter.structure(row.receipt, receipt_type)


def remember(request: Request, act: str, receipt: Any) -> None:
    """Keep the receipt for whoever asks again with this key."""
    _rows(request, act).update(receipt=_converter.unstructure(receipt))


def _rows(request: Request, act: str) -> Any:
    return RequestResult.objects.filter(client=request.client, key=request.key, act=act)
