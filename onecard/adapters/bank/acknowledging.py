"""Signed acknowledgements of a loss: how a bank makes one, and how we verify it.

HMAC-SHA-256 over the UTF-8 bytes of the statement, Base64 (platform D5, profile
ONECARD-HMAC-SHA256). The statement names the digest of what was asked, so that one signed text
proves both question and answer. A key is known by its serial; old and new ones overlap.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from onecard.adapters.bank import LossConfirmed, LossOrder
from onecard.adapters.bank.messages import Acknowledgement
from onecard.adapters.outcomes import PartnerUnsure
from onecard.domain import partner
from onecard.domain.financial_function import FinancialState
from onecard.seams.world import world

Keys = Mapping[str, bytes]
"""A bank's keys by their serial."""


def made(
    order: LossOrder, asked: bytes, state: FinancialState, version: int, *, at: datetime, bank: str
) -> Acknowledgement:
    """What a simulated bank answers to the order that arrived as the bytes `asked`."""
    facts = {
        "message_id": order.message_id,
        "loss": order.loss,
        "request_digest": _digest(asked),
        "state": state.value,
        "version": version,
        "effective_at": at.isoformat(),
    }
    statement = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    ((serial, key),) = simulated_keys(bank).items()
    return Acknowledgement(statement, serial, _signature(statement, key))


def verified(
    told: Acknowledgement, order: LossOrder, asked: bytes, *, keys: Keys, bank: str
) -> LossConfirmed:
    """What an acknowledgement says. Raises `PartnerUnsure` unless it is signed and about this."""
    key = keys.get(told.serial)
    right = key is not None and hmac.compare_digest(
        _signature(told.statement, key).encode(), told.signature.encode()
    )
    facts = _read(told.statement) if right else {}
    about = (facts.get("message_id"), facts.get("loss"), facts.get("request_digest"))
    if about != (order.message_id, order.loss, _digest(asked)):
        raise PartnerUnsure(partner.bank(bank), "an acknowledgement that does not hold")
    return LossConfirmed(
        state=FinancialState(facts["state"]),
        version=int(facts["version"]),
        effective_at=datetime.fromisoformat(facts["effective_at"]),
        received_at=world().clock.now(),
        statement=told.statement,
        signature=told.signature,
        serial=told.serial,
    )


def simulated_keys(bank: str) -> Keys:
    """The key of a bank made of software: known to everybody, refused in production."""
    key = hashlib.sha256(f"onecard simulated bank {bank}".encode()).digest()
    return {f"simulated-{bank}": key}


def keys_in(home: Path, banks: tuple[str, ...]) -> Mapping[str, Keys]:
    """The keys of every bank: lines `bank:serial:hex` of the file `bank.keys`.

    Without that file they are the simulations' own.
    """
    file = home / "bank.keys"
    if not file.exists():
        return {bank: simulated_keys(bank) for bank in banks}
    rows = [line.split(":", 2) for line in file.read_text(encoding="ascii").split()]
    return {bank: {s: bytes.fromhex(key) for b, s, key in rows if b == bank} for bank in banks}


def _digest(asked: bytes) -> str:
    return hashlib.sha256(asked).hexdigest()


def _signature(statement: str, key: bytes) -> str:
    return b64encode(hmac.new(key, statement.encode(), hashlib.sha256).digest()).decode()


def _read(statement: str) -> dict[str, Any]:
    try:
        facts = json.loads(statement)
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}
