"""P3 临时挂失回单 and P4 正式挂失回单: what is stopped, until when, and what is not (platform 6.8).

A party that has not confirmed is printed as not confirmed, with its telephone number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.domain.contacts import CoopBank
from onecard.seams.clock import LOCAL
from onecard.web.slips.paper import Foot, both
from onecard.web.slips.roll import Roll


@dataclass(frozen=True)
class PartyLine:
    """One party that was told: its name in both languages, and when it confirmed."""

    name: str
    name_en: str
    confirmed_at: datetime | None
    hotline: str


@dataclass(frozen=True)
class LossSlip:
    """A loss as it stands while it is printed. `purse` is the key of what to know of the purse."""

    card_number: str
    bank: CoopBank
    formal: bool
    accepted_at: datetime
    until: datetime | None
    hr_state: str
    financial_state: str
    parties: tuple[PartyLine, ...]
    purse: str
    hr_hotline: str


def draw(slip: LossSlip, foot: Foot, place: str, *, large: bool = False) -> bytes:
    """The strip as PDF."""
    roll = Roll(foot, "slips.loss_formal" if slip.formal else "slips.loss_temporary", place, large)
    roll.fact("slips.loss.card", slip.card_number, f"{slip.bank.zh}  {slip.bank.en}")
    roll.fact("slips.loss.accepted_at", _instant(slip.accepted_at))
    roll.fact("slips.loss.hr", both(f"hr_function.state.{slip.hr_state}"))
    roll.fact("slips.loss.financial", both(f"financial_function.state.{slip.financial_state}"))
    if slip.until is not None:
        roll.fact("slips.loss.until", _instant(slip.until))
        roll.say("slips.loss.lapses")
    _parties(roll, slip)
    _open(roll, slip)
    return roll.output()


def _parties(roll: Roll, slip: LossSlip) -> None:
    roll.heading("slips.loss.told")
    for party in slip.parties:
        name = (party.name, party.name_en)
        if party.confirmed_at is None:
            roll.say("slips.loss.not_confirmed", party=name, hotline=party.hotline)
        else:
            at = _instant(party.confirmed_at)
            roll.say("slips.loss.confirmed", party=name, at=at)


def _open(roll: Roll, slip: LossSlip) -> None:
    """What stays open, and what can be done about it."""
    bank, hotline = (slip.bank.zh, slip.bank.en), slip.bank.hotline
    roll.heading("slips.loss.not_covered")
    if slip.financial_state not in ("formal_loss", "closed", "none"):
        roll.say("slips.loss.bank_side", bank=bank, hotline=hotline)
    roll.say(slip.purse)
    roll.heading("slips.loss.next")
    if slip.formal:
        roll.say("slips.loss.replace")
    else:
        roll.say("slips.loss.make_formal", bank=bank)
    roll.say("slips.loss.lines", hr=slip.hr_hotline, bank=bank, hotline=hotline)


def _instant(at: datetime) -> str:
    return f"{at.astimezone(LOCAL):%Y-%m-%d %H:%M:%S}"
