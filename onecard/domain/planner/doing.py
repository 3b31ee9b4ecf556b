"""What an act changes: the situation after it, as the tables of the three functions say."""

from __future__ import annotations

from dataclasses import replace

from onecard.domain.authority import Channel
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.planner.kinds import Act, Case, Place, Situation, Wish
from onecard.domain.transit_purse import TransitState

_WITH_ACCOUNT = frozenset(FinancialState) - {FinancialState.NONE, FinancialState.CLOSED}
SPENDABLE = frozenset({FinancialState.ACTIVATED, FinancialState.TEMPORARY_LOSS})


def after(*, act: Act, at: Place, now: Situation, case: Case) -> Situation:
    """How things stand once a permitted act is done."""
    if act in (Act.APPLY_REPLACEMENT, Act.APPLY_EXCHANGE):
        lost = act is Act.APPLY_REPLACEMENT
        return replace(_applied(at, now, case), replacement_applied=lost)
    if act is Act.REPORT_LOSS:
        return _reported(at, now, case)
    if act is Act.WITHDRAW_LOSS:
        return _withdrawn(at, now, case)
    if act is Act.ENABLE:
        return _enabled(now)
    if act is Act.ACTIVATE:
        return _activated(now, case)
    return replace(now, **_PLAIN[act])  # type: ignore[arg-type]


def is_reached(*, now: Situation, case: Case) -> bool:
    """Whether the wish is fulfilled."""
    if case.wish is Wish.CANCEL:
        return now.hr is HrState.CANCELLED and now.successor is None and not now.making
    if case.wish is Wish.USE:
        return _works(now.hr, now.financial) or _works(now.successor, now.new_financial)
    return _works(now.successor, now.new_financial)


def _works(hr: HrState | None, financial: FinancialState) -> bool:
    return hr is HrState.NORMAL and financial is FinancialState.ACTIVATED


def _applied(at: Place, now: Situation, case: Case) -> Situation:
    """Made on the spot, or being made; what is applied for online comes by post."""
    if at in case.instant:
        return replace(now, successor=HrState.SEALED, new_financial=FinancialState.OPENED)
    return replace(now, making=True, posted=at.channel is Channel.PORTAL)


def _reported(at: Place, now: Situation, case: Case) -> Situation:
    """Both sides at the card-face bank, elsewhere the HR side alone (20.2)."""
    at_bank = at.towards(case.bank) is Channel.CARD_FACE_BANK
    both = at_bank and now.financial in SPENDABLE
    financial = FinancialState.FORMAL_LOSS if both else now.financial
    return replace(now, hr=HrState.FORMAL_LOSS, financial=financial)


def _withdrawn(at: Place, now: Situation, case: Case) -> Situation:
    """At the card-face bank both sides of a formal loss are lifted (20.3)."""
    formal = now.hr is HrState.FORMAL_LOSS
    at_bank = at.towards(case.bank) is Channel.CARD_FACE_BANK
    lifted = formal and at_bank and now.financial is FinancialState.FORMAL_LOSS
    financial = FinancialState.ACTIVATED if lifted else now.financial
    return replace(now, hr=HrState.NORMAL, financial=financial)


def _enabled(now: Situation) -> Situation:
    """The successor is enabled and its predecessor cancelled in one act (V4)."""
    if now.successor is None:
        return replace(now, hr=HrState.NORMAL)
    return replace(now, successor=HrState.NORMAL, hr=HrState.CANCELLED)


def _activated(now: Situation, case: Case) -> Situation:
    """The bank moves the account of the old card along with the activation (21.5)."""
    if now.successor is None:
        return replace(now, financial=FinancialState.ACTIVATED)
    moved = case.bank == case.new_bank and now.financial in _WITH_ACCOUNT
    return replace(
        now,
        new_financial=FinancialState.ACTIVATED,
        financial=FinancialState.CLOSED if moved else now.financial,
    )


_PLAIN: dict[Act, dict[str, object]] = {
    Act.FINISH_TOPUP: {"open_topup": False},
    Act.REFUND: {"transit": TransitState.CLOSED},
    Act.CORRECT_DATA: {"base_data_right": True},
    Act.STOP_BENEFITS: {"benefits": False},
    Act.CLOSE_ACCOUNT: {"financial": FinancialState.CLOSED},
    Act.UNLOCK: {"hr": HrState.NORMAL},
    Act.WAIT: {
        "making": False,
        "successor": HrState.SEALED,
        "new_financial": FinancialState.OPENED,
    },
    Act.CANCEL: {"hr": HrState.CANCELLED},
}
