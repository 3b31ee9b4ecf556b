"""回盘核对: whether a line of a return file fits what was ordered (rule book 9.3).

A line that does not fit in every point is a discrepancy: kept, shown, never applied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

from onecard.domain.card import CardPolicy, valid_to
from onecard.domain.exchange import AccountReturn, CardReturn, FailedLink
from onecard.domain.identity import NumberKind, check_number, is_same_name, is_same_number
from onecard.domain.production.life import ProductionEvent

_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+", re.ASCII)


class Misfit(Enum):
    """One point in which a return line does not fit."""

    UNKNOWN_APPLICATION = "unknown_application"
    NOT_ASKED = "not_asked"
    CONTRADICTS = "contradicts"
    IDENTITY_NUMBER = "identity_number"
    NAME = "name"
    BANK = "bank"
    CARD_NUMBER = "card_number"
    CARD_NUMBER_USED = "card_number_used"
    CARD_IDENTIFIER = "card_identifier"
    CARD_IDENTIFIER_USED = "card_identifier_used"
    ANSWER_TO_RESET = "answer_to_reset"
    ISSUED_ON = "issued_on"
    VALID_TO = "valid_to"
    ACCOUNT_NUMBER = "account_number"
    BANK_CARD_NUMBER = "bank_card_number"
    BANK_CARD_NUMBER_USED = "bank_card_number_used"
    REASON_MISSING = "reason_missing"
    SECOND_LIVE_CARD = "second_live_card"


class LineVerdict(Enum):
    """What became of one line of a return file."""

    RECORDED = "recorded"
    FAILED = "failed"
    ALREADY = "already"
    DISCREPANCY = "discrepancy"


@dataclass(frozen=True)
class Ordered:
    """What we ordered: the application as the line should know it.

    `waiting` says whether the partner's answer is awaited now; `attempt` counts our orders to it.
    """

    waiting: bool
    attempt: int
    identity_number: str
    name: str
    bank: str
    account_number: str = ""
    bank_card_number: str = ""


@dataclass(frozen=True)
class InUse:
    """Which of a line's numbers belong to another card or application already."""

    card_number: bool = False
    card_identifier: bool = False
    bank_card_number: bool = False
    second_live_card: bool = False


def misfits_of_account(
    *, line: AccountReturn, ordered: Ordered, in_use: InUse, partner: str, on: date
) -> tuple[Misfit, ...]:
    """Every point in which a bank's answer does not fit; empty = it may be recorded."""
    return tuple(dict.fromkeys(_account_misfits(line, ordered, in_use, partner, on)))


def misfits_of_card(
    *, line: CardReturn, ordered: Ordered, in_use: InUse, on: date, figures: CardPolicy
) -> tuple[Misfit, ...]:
    """Every point in which the vendor's answer does not fit; empty = it may be recorded."""
    return tuple(dict.fromkeys(_card_misfits(line, ordered, in_use, on, figures)))


def event_of_account(line: AccountReturn) -> ProductionEvent:
    """What a bank's line makes happen."""
    return ProductionEvent.BANK_OK if line.opened else ProductionEvent.BANK_FAIL


def event_of_card(line: CardReturn) -> ProductionEvent:
    """What the vendor's line makes happen: the failing link decides where it is repaired."""
    return {
        None: ProductionEvent.VENDOR_OK,
        FailedLink.BANK: ProductionEvent.BANK_FAIL,
        FailedLink.MAKING: ProductionEvent.VENDOR_FAIL,
    }[line.failed_link]


def _account_misfits(
    line: AccountReturn, ordered: Ordered, in_use: InUse, partner: str, on: date
) -> Iterator[Misfit]:
    if not ordered.waiting or line.attempt != ordered.attempt:
        yield Misfit.NOT_ASKED
    if not is_same_number(line.identity_number, ordered.identity_number):
        yield Misfit.IDENTITY_NUMBER
    if partner != ordered.bank:
        yield Misfit.BANK
    if not line.opened:
        if not line.reason:
            yield Misfit.REASON_MISSING
        return
    if not line.account_number:
        yield Misfit.ACCOUNT_NUMBER
    yield from _bank_card_misfits(line.bank_card_number, in_use, on)


def _bank_card_misfits(number: str, in_use: InUse, on: date) -> Iterator[Misfit]:
    if check_number(NumberKind.BANK_CARD, number, on=on) is not None:
        yield Misfit.BANK_CARD_NUMBER
    elif in_use.bank_card_number:
        yield Misfit.BANK_CARD_NUMBER_USED


def _card_misfits(
    line: CardReturn, ordered: Ordered, in_use: InUse, on: date, figures: CardPolicy
) -> Iterator[Misfit]:
    if not ordered.waiting or line.attempt != ordered.attempt:
        yield Misfit.NOT_ASKED
    if not is_same_number(line.identity_number, ordered.identity_number):
        yield Misfit.IDENTITY_NUMBER
    if not is_same_name(line.name, ordered.name):
        yield Misfit.NAME
    if line.bank != ordered.bank:
        yield Misfit.BANK
    if line.failed_link is not None:
        if not line.reason:
            yield Misfit.REASON_MISSING
        return
    yield from _number_misfits(line, ordered, in_use, on)
    yield from _day_misfits(line, on, figures)
    if in_use.second_live_card:
        yield Misfit.SECOND_LIVE_CARD


def _number_misfits(
    line: CardReturn, ordered: Ordered, in_use: InUse, on: date
) -> Iterator[Misfit]:
    if check_number(NumberKind.CARD_NUMBER, line.card_number, on=on) is not None:
        yield Misfit.CARD_NUMBER
    elif in_use.card_number:
        yield Misfit.CARD_NUMBER_USED
    if check_number(NumberKind.CARD_IDENTIFIER, line.card_identifier, on=on) is not None:
        yield Misfit.CARD_IDENTIFIER
    elif in_use.card_identifier:
        yield Misfit.CARD_IDENTIFIER_USED
    if not _HEX.fullmatch(line.answer_to_reset):
        yield Misfit.ANSWER_TO_RESET
    yield from _bank_card_misfits(line.bank_card_number, in_use, on)
    if line.bank_card_number != ordered.bank_card_number:
        yield Misfit.BANK_CARD_NUMBER
    if line.account_number != ordered.account_number:
        yield Misfit.ACCOUNT_NUMBER


def _day_misfits(line: CardReturn, on: date, figures: CardPolicy) -> Iterator[Misfit]:
    if line.issued_on is None or line.issued_on > on:
        yield Misfit.ISSUED_ON
        return
    if line.valid_to != valid_to(issued_on=line.issued_on, figures=figures):
        yield Misfit.VALID_TO
