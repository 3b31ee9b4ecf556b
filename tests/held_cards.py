"""Somebody with a card in use, for tests of what comes after: loss, withdrawal, replacement."""

from __future__ import annotations

from typing import Any

from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.stock import OutletKind
from onecard.domain.transit_purse import TransitState
from onecard.records.models import Card, Outlet, Person
from tests import made_card

BANK = "icbc"


def a_bank_outlet(bank: str = BANK, ref: str = "", **columns: object) -> Outlet:
    """An outlet of a bank in the city."""
    ref = ref or f"out_{bank}"
    named = {"name": f"{bank}天宁支行", "name_en": f"{bank} Tianning branch"}
    given = {"kind": OutletKind.BANK, "bank": bank, **named, **columns}
    return Outlet.objects.get_or_create(ref=ref, defaults=given)[0]


def in_use(person: Person | None = None, **columns: Any) -> Card:
    """A card whose HR function works and whose account is activated; its purse is open."""
    usual = {
        "hr_state": HrState.NORMAL,
        "financial_state": FinancialState.ACTIVATED,
        "transit_state": TransitState.OPEN,
        "bank": BANK,
    }
    return made_card.a_card(person or made_card.a_person(), None, **{**usual, **columns})
