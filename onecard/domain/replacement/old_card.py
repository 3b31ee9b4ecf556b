"""旧卡: what holds for the old card itself, whoever asks and through whichever door (21.2, 21.3).

Both lists of checks, the greyed buttons and the planner ask these functions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from onecard.domain.application.upgrade import ONE_CARD_GENERATION, must_hold_card_for
from onecard.domain.authority import Channel
from onecard.domain.card import CardPolicy, HeldCard, live_card, renewal_opens_on
from onecard.domain.contacts import Contacts
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrEvent, HrState
from onecard.domain.refusal import Fix, FixKind, Refusal
from onecard.domain.replacement.kinds import (
    ExchangeReason,
    OldCard,
    ReplacementFigures,
    ReplacementPolicy,
    Replacing,
)
from onecard.domain.transit_purse import TransitState

_FIRST = {
    "replacement.collect_first": Fix(FixKind.DO_FIRST, {"act": "collection.enable"}),
    "replacement.formal_loss_first": Fix(FixKind.DO_FIRST, {"act": "loss.report_formally"}),
    "replacement.locked_unlock_first": Fix(FixKind.DO_FIRST, {"act": "hr_pin.reset"}),
    "replacement.card_is_lost": Fix(FixKind.DO_FIRST, {"act": "loss.report_formally"}),
}
_SETTLED = frozenset({FinancialState.NONE, FinancialState.CLOSED})


def card_to_replace(cards: Sequence[HeldCard]) -> HeldCard | None:
    """The card that an application for a new one is about: a sealed one is collected first."""
    sealed = [card for card in cards if card.state is HrState.SEALED]
    return sealed[0] if sealed else live_card(cards)


def must_be_replaceable(*, card: OldCard | None) -> Refusal | None:
    """补卡须先正式挂失; a sealed card is collected, a locked one unlocked first (17.2)."""
    return _with_fix(must_hold_card_for(event=HrEvent.APPLY_REPLACEMENT, state=_state(card)))


def must_be_exchangeable(*, card: OldCard | None) -> Refusal | None:
    """A live, enabled card that is not lost; a locked chip may be the damage itself (17.2 ⁵)."""
    return _with_fix(must_hold_card_for(event=HrEvent.APPLY_EXCHANGE, state=_state(card)))


def must_give_reason(
    *, reason: ExchangeReason | None, card: OldCard, bank: str, figures: ReplacementPolicy
) -> Refusal | None:
    """换卡须有原因; an upgrade is for the older card, a change of bank goes to another bank."""
    unfit = (
        reason not in figures.exchange_reasons
        or (reason is ExchangeReason.UPGRADE and card.generation >= ONE_CARD_GENERATION)
        or (reason is ExchangeReason.BANK_CHANGE and bank == card.bank)
    )
    if not unfit:
        return None
    named = tuple(f"@replacement.reason.{known.value}" for known in figures.exchange_reasons)
    return Refusal(
        "replacement.reason_required",
        measured={"reason": f"@replacement.reason.{reason.value}" if reason else ""},
        allowed={"reasons": named},
        field="bank" if reason is ExchangeReason.BANK_CHANGE else "reason",
        fix=Fix(FixKind.CHANGE_INPUT, {"field": "reason"}),
    )


def must_be_near_expiry(
    *, reason: ExchangeReason | None, card: OldCard, on: date, figures: CardPolicy
) -> Refusal | None:
    """到期换卡: from so many days before the last day; an expired card still counts (14)."""
    opens = renewal_opens_on(valid_to=card.valid_to, figures=figures)
    if reason is not ExchangeReason.EXPIRING or on >= opens:
        return None
    return Refusal(
        "replacement.too_early",
        measured={"left": (card.valid_to - on).days},
        allowed={"window": figures.renewal_window_days, "day": opens},
        field="reason",
        fix=Fix(FixKind.WAIT_UNTIL, {"day": opens}),
    )


def must_have_right_data(*, base_data_right: bool) -> Refusal | None:
    """先更正基础信息: the new card is made from the base data of the province (OTHER-CITY S56)."""
    if base_data_right:
        return None
    return Refusal(
        "replacement.data_not_corrected",
        field="base_data_right",
        fix=Fix(FixKind.DO_FIRST, {"act": "correct_base_data"}),
    )


def must_have_settled_account(
    *, card: OldCard, bank: str, settled: bool, contacts: Contacts
) -> Refusal | None:
    """更换银行: the account at the old bank is closed, or the bank has confirmed it (12, 21.3)."""
    if bank in ("", card.bank) or settled or card.financial in _SETTLED:
        return None
    old = contacts.bank(card.bank)
    return Refusal(
        "replacement.old_account_open",
        {"bank": old.name if old else card.bank, "hotline": old.hotline if old else ""},
        field="account_settled",
        fix=Fix(FixKind.USE_CHANNEL, {"channel": Channel.CARD_FACE_BANK.value}),
    )


def must_have_no_open_topup(*, card: OldCard, open_topup: bool) -> Refusal | None:
    """有未完成的充值: after the exchange nothing can be written to the old card (21.3, row 7).

    What the archive knows counts, a first load that is not written yet included; beside it what
    the person says of an open purse.
    """
    told = open_topup and card.transit is TransitState.OPEN
    if not (card.open_topup or told):
        return None
    fix = Fix(FixKind.DO_FIRST, {"act": "topup.finish"})
    return Refusal("replacement.open_topup", field="open_topup", fix=fix)


def must_be_refunded(*, card: OldCard, figures: ReplacementPolicy) -> Refusal | None:
    """如已开通交通功能的,先退值再换卡 (SEED, Q13); a registered unreadable card has asked."""
    if card.transit is not TransitState.OPEN or not figures.refund_before_exchange:
        return None
    fix = Fix(FixKind.USE_CHANNEL, {"channel": Channel.DIRECT_OUTLET.value})
    return Refusal("replacement.refund_first", fix=fix)


def exchange_facts(
    *, card: OldCard, bank: str, told: Replacing, on: date, figures: ReplacementFigures
) -> Iterator[Refusal | None]:
    """Rows 6 to 8 of 21.3 in their order, for a card that may be exchanged at all.

    `bank` is the bank of the new card; empty while nobody has chosen one.
    """
    rules = figures.replacement
    yield must_give_reason(reason=told.reason, card=card, bank=bank, figures=rules)
    yield must_be_near_expiry(reason=told.reason, card=card, on=on, figures=figures.card)
    if told.reason is ExchangeReason.DATA_CHANGED:
        yield must_have_right_data(base_data_right=told.base_data_right)
    yield must_have_settled_account(
        card=card, bank=bank, settled=told.account_settled, contacts=figures.contacts
    )
    yield must_have_no_open_topup(card=card, open_topup=told.open_topup)
    yield must_be_refunded(card=card, figures=rules)


def _state(card: OldCard | None) -> HrState | None:
    return card.state if card else None


def _with_fix(refusal: Refusal | None) -> Refusal | None:
    """The table's own no, with what to do first."""
    if refusal is None or refusal.code not in _FIRST:
        return refusal
    return replace(refusal, fix=_FIRST[refusal.code])
