"""Who holds an application now: no application is without somebody who must act next (B24)."""

from __future__ import annotations

from enum import Enum

from onecard.domain.application.kinds import MakingMode
from onecard.domain.production.life import ProductionState as S


class Holder(Enum):
    """Who must act next; a bank is named with its key, `bank:icbc`."""

    APPLICANT = "applicant"
    REVIEWER = "reviewer"
    PROVINCE = "province"
    OUTLET = "outlet"
    PLATFORM = "platform"
    BANK = "bank"
    CARD_VENDOR = "card_vendor"
    POST = "post"


_HOLDERS = {
    S.SUBMITTED: Holder.REVIEWER,
    S.CORRECTED: Holder.REVIEWER,
    S.ACCEPTED: Holder.PLATFORM,
    S.BATCHED: Holder.PLATFORM,
    S.AT_BANK: Holder.BANK,
    S.ACCOUNT_OPENED: Holder.PLATFORM,
    S.AT_VENDOR: Holder.CARD_VENDOR,
    S.MADE: Holder.PLATFORM,
    S.FINANCE_LOADING: Holder.BANK,
    S.FINANCE_LOADED: Holder.PLATFORM,
    S.AT_BRANCH: Holder.BANK,
    S.AT_OUTLET: Holder.OUTLET,
    S.POSTED: Holder.POST,
    S.COLLECTED: Holder.APPLICANT,
    S.COLLECTED_BY_EMPLOYER: Holder.APPLICANT,
    S.INSTANT_BATCHED: Holder.OUTLET,
    S.INSTANT_MAKING: Holder.OUTLET,
    S.INSTANT_MADE: Holder.OUTLET,
    S.BANK_FAILED: Holder.REVIEWER,
    S.MAKING_FAILED: Holder.PLATFORM,
    S.RETRACTED: Holder.APPLICANT,
}


def holder_of(*, state: S, mode: MakingMode, bank: str) -> str:
    """Who holds an application in this state, as `application.holder_of_the_moment` stores it."""
    holder = _HOLDERS[state]
    if mode is MakingMode.INSTANT and holder is Holder.PLATFORM:
        return Holder.OUTLET.value
    return f"{holder.value}:{bank}" if holder is Holder.BANK else holder.value
