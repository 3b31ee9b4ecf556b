"""Blank cards of the demo city: a drawer full for every outlet where a supervisor works."""

from __future__ import annotations

from collections.abc import Iterable

from onecard.actions import stock
from onecard.domain.authority import Actor, Role
from onecard.queries import contacts
from onecard.seams.clock import SetClock, local_day

PER_BANK = 20


def stock_up(hired: Iterable[Actor], clock: SetClock) -> None:
    """A delivery of every bank's blanks to each of them."""
    banks = contacts.on(local_day(clock.now())).banks
    supervisors = [who for who in hired if who.role is Role.OUTLET_SUPERVISOR]
    for number, supervisor in enumerate(supervisors, 1):
        for bank in banks:
            prefix = f"{bank.key.upper()}{number}"
            stock.receive(
                bank=bank.key,
                first=f"{prefix}{1:05d}",
                last=f"{prefix}{PER_BANK:05d}",
                actor=supervisor,
                at=clock.now(),
            )
