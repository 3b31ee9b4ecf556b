"""The life cycle of an application on its way to a card: states, events, the table (9.1, 9.2)."""

from __future__ import annotations

from enum import Enum

from onecard.domain.application.kinds import MakingMode
from onecard.domain.lifecycle import LifeCycle
from onecard.domain.refusal import Refusal


class ProductionState(Enum):
    """Where an application stands on its way to a card (9.1)."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    BATCHED = "batched"
    AT_BANK = "at_bank"
    ACCOUNT_OPENED = "account_opened"
    AT_VENDOR = "at_vendor"
    MADE = "made"
    FINANCE_LOADING = "finance_loading"
    FINANCE_LOADED = "finance_loaded"
    AT_BRANCH = "at_branch"
    AT_OUTLET = "at_outlet"
    POSTED = "posted"
    COLLECTED = "collected"
    COLLECTED_BY_EMPLOYER = "collected_by_employer"
    INSTANT_BATCHED = "instant_batched"
    INSTANT_MAKING = "instant_making"
    INSTANT_MADE = "instant_made"
    BANK_FAILED = "bank_failed"
    MAKING_FAILED = "making_failed"
    RETRACTED = "retracted"


class ProductionEvent(Enum):
    """What may happen to an application (9.2)."""

    ACCEPT = "accept"
    CORRECT = "correct"
    RETRACT = "retract"
    BATCH = "batch"
    SEND_TO_BANK = "send_to_bank"
    BANK_OK = "bank_ok"
    BANK_FAIL = "bank_fail"
    SEND_TO_VENDOR = "send_to_vendor"
    VENDOR_OK = "vendor_ok"
    VENDOR_FAIL = "vendor_fail"
    REMAKE = "remake"
    REMAKE_INSTANT = "remake_instant"
    LOAD_FINANCE = "load_finance"
    FINANCE_LOADED = "finance_loaded"
    DISTRIBUTE = "distribute"
    ARRIVE = "arrive"
    POST = "post"
    PICK_UP = "pick_up"
    BATCH_INSTANT = "batch_instant"
    DOWNLOAD = "download"
    INSTANT_OK = "instant_ok"
    INSTANT_FAIL = "instant_fail"
    COLLECT = "collect"
    COLLECT_BY_EMPLOYER = "collect_by_employer"
    CANCEL_CARD = "cancel_card"


S, E = ProductionState, ProductionEvent

PRODUCTION = LifeCycle(
    name="production",
    initial=S.SUBMITTED,
    otherwise="production.not_in_this_state",
    table={
        (S.SUBMITTED, E.ACCEPT): S.ACCEPTED,
        (S.CORRECTED, E.ACCEPT): S.ACCEPTED,
        (S.SUBMITTED, E.CORRECT): S.CORRECTED,
        (S.ACCEPTED, E.CORRECT): S.CORRECTED,
        (S.CORRECTED, E.CORRECT): S.CORRECTED,
        (S.SUBMITTED, E.RETRACT): S.RETRACTED,
        (S.ACCEPTED, E.RETRACT): S.RETRACTED,
        (S.CORRECTED, E.RETRACT): S.RETRACTED,
        (S.BANK_FAILED, E.RETRACT): S.RETRACTED,
        # The factory.
        (S.ACCEPTED, E.BATCH): S.BATCHED,
        (S.BATCHED, E.SEND_TO_BANK): S.AT_BANK,
        (S.AT_BANK, E.BANK_OK): S.ACCOUNT_OPENED,
        (S.AT_BANK, E.BANK_FAIL): S.BANK_FAILED,
        (S.BANK_FAILED, E.CORRECT): S.CORRECTED,
        (S.ACCOUNT_OPENED, E.SEND_TO_VENDOR): S.AT_VENDOR,
        (S.AT_VENDOR, E.VENDOR_OK): S.MADE,
        (S.AT_VENDOR, E.VENDOR_FAIL): S.MAKING_FAILED,
        # The vendor's return may name the bank's link (9.3, 失败环节).
        (S.AT_VENDOR, E.BANK_FAIL): S.BANK_FAILED,
        (S.MAKING_FAILED, E.REMAKE): S.AT_VENDOR,
        (S.MAKING_FAILED, E.REMAKE_INSTANT): S.INSTANT_MAKING,
        (S.MADE, E.LOAD_FINANCE): S.FINANCE_LOADING,
        (S.FINANCE_LOADING, E.FINANCE_LOADED): S.FINANCE_LOADED,
        # Distribution: by branch and outlet, or by post.
        (S.MADE, E.DISTRIBUTE): S.AT_BRANCH,
        (S.FINANCE_LOADED, E.DISTRIBUTE): S.AT_BRANCH,
        (S.AT_BRANCH, E.ARRIVE): S.AT_OUTLET,
        (S.MADE, E.POST): S.POSTED,
        (S.FINANCE_LOADED, E.POST): S.POSTED,
        (S.POSTED, E.PICK_UP): S.AT_OUTLET,
        (S.POSTED, E.COLLECT): S.COLLECTED,
        # Instant issue at an outlet (立等可取).
        (S.ACCEPTED, E.BATCH_INSTANT): S.INSTANT_BATCHED,
        (S.INSTANT_BATCHED, E.DOWNLOAD): S.INSTANT_MAKING,
        (S.INSTANT_BATCHED, E.BANK_FAIL): S.BANK_FAILED,
        (S.INSTANT_MAKING, E.INSTANT_OK): S.INSTANT_MADE,
        (S.INSTANT_MAKING, E.INSTANT_FAIL): S.MAKING_FAILED,
        (S.INSTANT_MAKING, E.BANK_FAIL): S.BANK_FAILED,
        (S.AT_OUTLET, E.COLLECT): S.COLLECTED,
        (S.INSTANT_MADE, E.COLLECT): S.COLLECTED,
        (S.AT_BRANCH, E.COLLECT_BY_EMPLOYER): S.COLLECTED_BY_EMPLOYER,
        (S.AT_OUTLET, E.COLLECT_BY_EMPLOYER): S.COLLECTED_BY_EMPLOYER,
        # The card is made and cancelled before anybody had it: lost in the post, say (10, 16).
        (S.MADE, E.CANCEL_CARD): S.RETRACTED,
        (S.FINANCE_LOADING, E.CANCEL_CARD): S.RETRACTED,
        (S.FINANCE_LOADED, E.CANCEL_CARD): S.RETRACTED,
        (S.AT_BRANCH, E.CANCEL_CARD): S.RETRACTED,
        (S.AT_OUTLET, E.CANCEL_CARD): S.RETRACTED,
        (S.POSTED, E.CANCEL_CARD): S.RETRACTED,
        (S.INSTANT_MADE, E.CANCEL_CARD): S.RETRACTED,
    },
)

OPEN = frozenset(ProductionState) - {S.COLLECTED, S.COLLECTED_BY_EMPLOYER, S.RETRACTED}
"""An application in one of these states is still on its way."""

FAILURES = frozenset({E.BANK_FAIL, E.VENDOR_FAIL, E.INSTANT_FAIL})
"""Events that carry a reason, shown until the next step."""


def may_issue_instantly(*, mode: MakingMode, has_printer: bool) -> Refusal | None:
    """立等可取: the application asks for it, and the outlet has a printer (9.1)."""
    if mode is not MakingMode.INSTANT:
        return Refusal("production.made_in_factory")
    return None if has_printer else Refusal("production.no_printer")
