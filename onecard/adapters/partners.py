"""Which adapters are in force: chosen once by the wiring, replaceable for a block."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from onecard.adapters.bank import Bank
from onecard.adapters.card_vendor import CardVendor
from onecard.adapters.courier import Courier
from onecard.adapters.hr_database import HrDatabase
from onecard.adapters.payment import PaymentGateway
from onecard.adapters.real_name import RealName
from onecard.adapters.sms import Sms


@dataclass(frozen=True)
class Partners:
    """One adapter per foreign system; banks by their key (`icbc`, `abc`, ...)."""

    hr_database: HrDatabase
    real_name: RealName
    banks: Mapping[str, Bank]
    card_vendor: CardVendor
    courier: Courier
    sms: Sms
    payment: PaymentGateway


_installed: list[Partners] = []
_replaced: ContextVar[Partners | None] = ContextVar("partners", default=None)


def install(chosen: Partners) -> None:
    """Install the partners of this process: once, by `config/wiring.py`."""
    _installed[:] = [chosen]


def partners() -> Partners:
    """The partners in force here. Raises `RuntimeError` before the wiring has run."""
    here = _replaced.get()
    if here is not None:
        return here
    if not _installed:
        raise RuntimeError("no partners installed: config.wiring has not run")
    return _installed[0]


@contextmanager
def in_partners(other: Partners) -> Iterator[Partners]:
    """Other partners for the length of a block: tests, simulator."""
    token = _replaced.set(other)
    try:
        yield other
    finally:
        _replaced.reset(token)
