"""空白卡: each blank card is in exactly one place, and every move has two ends (platform B18).

supplier -> drawer -> (courier -> drawer) -> printer -> a person's card, or the reject box.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from onecard.domain.lifecycle import LifeCycle
from onecard.domain.refusal import Fix, FixKind, Refusal


class OutletKind(Enum):
    """What an outlet is (rule book 7)."""

    VAULT = "vault"
    SERVICE = "service"
    HR_COUNTER = "hr_counter"
    BANK = "bank"
    DIRECT = "direct"
    AGENCY = "agency"


SERVING = (OutletKind.SERVICE, OutletKind.HR_COUNTER, OutletKind.BANK)
"""Where applications are taken and cards handed out."""


class BlankState(Enum):
    """What became of a blank card. In transit it belongs to the outlet it is going to."""

    IN_STOCK = "in_stock"
    IN_TRANSIT = "in_transit"
    TAKEN = "taken"
    ISSUED = "issued"
    SPOIL_REPORTED = "spoil_reported"
    SPOILED = "spoiled"


class BlankEvent(Enum):
    """What may happen to a blank card."""

    SEND = "send"
    ARRIVE = "arrive"
    TAKE = "take"
    PUT_BACK = "put_back"
    ISSUE = "issue"
    REPORT_SPOILED = "report_spoiled"
    APPROVE_SPOILED = "approve_spoiled"
    FIND_GOOD = "find_good"


class SpoilReason(Enum):
    """Why a blank card cannot become anybody's card."""

    PRINT_FAILED = "print_failed"
    DAMAGED = "damaged"
    CHIP_DEAD = "chip_dead"
    MISPRINTED = "misprinted"
    MISSING = "missing"


S, E = BlankState, BlankEvent

BLANK = LifeCycle(
    name="stock",
    initial=S.IN_STOCK,
    otherwise="stock.not_in_this_state",
    table={
        (S.IN_STOCK, E.SEND): S.IN_TRANSIT,
        (S.IN_TRANSIT, E.ARRIVE): S.IN_STOCK,
        (S.IN_TRANSIT, E.REPORT_SPOILED): S.SPOIL_REPORTED,
        (S.IN_STOCK, E.TAKE): S.TAKEN,
        (S.TAKEN, E.PUT_BACK): S.IN_STOCK,
        (S.TAKEN, E.ISSUE): S.ISSUED,
        (S.TAKEN, E.REPORT_SPOILED): S.SPOIL_REPORTED,
        (S.IN_STOCK, E.REPORT_SPOILED): S.SPOIL_REPORTED,
        (S.SPOIL_REPORTED, E.APPROVE_SPOILED): S.SPOILED,
        (S.SPOIL_REPORTED, E.FIND_GOOD): S.IN_STOCK,
    },
)

SUPPLIER = "supplier"
"""Where every blank card comes from."""


@dataclass(frozen=True)
class StockPolicy:
    """The figures of `stock.toml`: most cards of one delivery, and when a drawer runs low."""

    delivery_most_cards: int
    low_stock_cards: int


def place_of(*, outlet: str, state: BlankState, holder: str = "") -> str:
    """The one place where a blank card in this state is; `holder` is the application, if any."""
    return {
        S.IN_STOCK: f"drawer:{outlet}",
        S.IN_TRANSIT: f"courier:{outlet}",
        S.TAKEN: f"printer:{outlet}",
        S.ISSUED: f"card:{holder}",
        S.SPOIL_REPORTED: f"reject:{outlet}",
        S.SPOILED: f"shredder:{outlet}",
    }[state]


_SERIAL = re.compile(r"(?P<prefix>[0-9A-Z]*?)(?P<number>[0-9]{1,12})", re.ASCII)


def serials_between(*, first: str, last: str, figures: StockPolicy) -> tuple[str, ...] | Refusal:
    """Every serial of a delivery, both ends included; the same prefix, the same width, in order."""
    start, end = _SERIAL.fullmatch(first), _SERIAL.fullmatch(last)
    if start is None or end is None or start["prefix"] != end["prefix"]:
        return _not_a_range(first, last)
    width = len(start["number"])
    low, high = int(start["number"]), int(end["number"])
    if width != len(end["number"]) or high < low:
        return _not_a_range(first, last)
    count = high - low + 1
    if count > figures.delivery_most_cards:
        return Refusal(
            "stock.delivery_too_large",
            measured={"count": count},
            allowed={"most": figures.delivery_most_cards},
            field="last",
            fix=Fix(FixKind.CHANGE_INPUT, {"field": "last"}),
        )
    return tuple(f"{start['prefix']}{number:0{width}d}" for number in range(low, high + 1))


def is_next_serial(serial: str, following: str) -> bool:
    """Whether two serials stand one after the other."""
    one, other = _SERIAL.fullmatch(serial), _SERIAL.fullmatch(following)
    if one is None or other is None or len(serial) != len(following):
        return False
    same = one["prefix"] == other["prefix"]
    return same and int(other["number"]) == int(one["number"]) + 1


def _not_a_range(first: str, last: str) -> Refusal:
    return Refusal(
        "stock.not_a_range",
        {"first": first, "last": last},
        field="last",
        fix=Fix(FixKind.CHANGE_INPUT, {"field": "last"}),
    )


def may_move_today(*, day_is_closed: bool) -> Refusal | None:
    """After the count of the day nothing moves any more, or the count would be untrue."""
    if not day_is_closed:
        return None
    return Refusal("stock.day_closed", fix=Fix(FixKind.WAIT_UNTIL, {"day": "@stock.next_day"}))


def must_be_second_person(
    *, reported_by: str, approver: str, is_same_person: bool
) -> Refusal | None:
    """A spoiled blank card needs a reason and a second person (platform C4.3).

    Never oneself, and not by a second sign-in of one's own either (guarantees 12).
    """
    if approver != reported_by and not is_same_person:
        return None
    return Refusal("stock.second_person", fix=Fix(FixKind.ASK_PERSON, {"who": "@stock.supervisor"}))


def may_send_to(*, sender: str, receiver: str) -> Refusal | None:
    """Blank cards are sent from one outlet to another one."""
    if sender != receiver:
        return None
    return Refusal("stock.same_outlet", field="receiver")


def may_close_day(
    *, counted: Mapping[str, int], expected: Mapping[str, int], in_printer: int, reported: int
) -> tuple[Refusal, ...]:
    """End of day cannot close with an unexplained card (platform C4.5): every reason at once.

    `counted` and `expected` are the cards in the drawer by bank; `in_printer` those taken and
    neither issued nor put back, `reported` the spoiled ones still waiting for their second person.
    """
    refusals = [
        _count_differs(bank, counted.get(bank, 0), expected.get(bank, 0))
        for bank in sorted({*counted, *expected})
        if counted.get(bank, 0) != expected.get(bank, 0)
    ]
    if in_printer:
        refusals.append(Refusal("stock.card_in_printer", measured={"count": in_printer}))
    if reported:
        refusals.append(Refusal("stock.spoil_waits", measured={"count": reported}))
    return tuple(refusals)


def _count_differs(bank: str, counted: int, expected: int) -> Refusal:
    missing = expected - counted
    code = "stock.cards_missing" if missing > 0 else "stock.cards_too_many"
    return Refusal(
        code,
        {"bank": bank.upper(), "difference": abs(missing)},
        measured={"counted": counted},
        allowed={"expected": expected},
        field="counted",
        fix=Fix(
            FixKind.DO_FIRST, {"act": "stock.report_spoiled" if missing > 0 else "stock.receive"}
        ),
    )
