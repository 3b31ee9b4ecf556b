"""A second, plain telling of rule book 7, 11, 12, 16 to 22: what may be done where, one line each.

It knows nothing of the planner's search and asks none of its rules, so that the two can disagree.
States are tuples; everything reachable with n visits is found by trying everything, in every order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from onecard.domain.authority import Channel
from onecard.domain.financial_function import FinancialState as F
from onecard.domain.hr_function import HrState as H
from onecard.domain.planner import Act, Case, Place, Situation, Wish
from onecard.domain.replacement import ExchangeReason as R
from onecard.domain.transit_purse import TransitState as T

Step = tuple[Act, Place, Situation]
MOST_VISITS = 8
LOST = (H.TEMPORARY_LOSS, H.FORMAL_LOSS)


def fewest_visits(start: Situation, case: Case) -> int | None:
    """How few visits lead to the wish, by trying everything; None if nothing does."""
    here: set[tuple[Situation, Place | None]] = {(start, None)}
    seen: set[tuple[Situation, Place | None]] = set()
    for visits in range(MOST_VISITS + 1):
        here = _all_without_going(here, case)
        if any(fulfilled(now, case) for now, _ in here):
            return visits
        seen |= here
        further = {
            (after, place)
            for now, at in here
            for act, place, after in steps(now, case)
            if act is not Act.WAIT and place.channel is not Channel.PORTAL and place != at
        }
        here = further - seen
        if not here:
            return None
    return None


def _all_without_going(
    start: set[tuple[Situation, Place | None]], case: Case
) -> set[tuple[Situation, Place | None]]:
    """Everything that can be done where one stands, at home, or by waiting."""
    found, waiting = set(start), list(start)
    while waiting:
        now, at = waiting.pop()
        for act, place, after in steps(now, case):
            stays = place == at and act is not Act.WAIT
            home = act is Act.WAIT or place.channel is Channel.PORTAL
            new = (after, at if stays else None)
            if (stays or home) and new not in found:
                found.add(new)
                waiting.append(new)
    return found


def fulfilled(now: Situation, case: Case) -> bool:
    """Whether the wish is fulfilled."""
    if case.wish is Wish.CANCEL:
        return now.hr is H.CANCELLED and now.successor is None and not now.making
    if case.wish is Wish.USE:
        either = ((now.hr, now.financial), (now.successor, now.new_financial))
        return (H.NORMAL, F.ACTIVATED) in either
    return (now.successor, now.new_financial) == (H.NORMAL, F.ACTIVATED)


def steps(now: Situation, case: Case) -> Iterator[Step]:
    """Every act that is possible now, where, and what it leads to."""
    yield from _at_citizen_card_outlets(now)
    yield from _at_hr_counters(now, case)
    yield from _at_old_bank(now, case)
    yield from _about_loss(now, case)
    yield from _applying(now, case)
    yield from _afterwards(now, case)


def _counters() -> tuple[Place, ...]:
    return (Place(Channel.SERVICE_OUTLET), Place(Channel.HR_COUNTER))


def _home(case: Case) -> tuple[Place, ...]:
    return (Place(Channel.PORTAL),) if case.online else ()


def _bank(key: str) -> tuple[Place, ...]:
    return (Place(Channel.CARD_FACE_BANK, key),) if key else ()


def _at_citizen_card_outlets(now: Situation) -> Iterator[Step]:
    direct = Place(Channel.DIRECT_OUTLET)
    if now.open_topup and now.in_hand:
        yield Act.FINISH_TOPUP, direct, replace(now, open_topup=False)
    refundable = now.in_hand and now.hr not in LOST and not now.open_topup
    if now.transit is T.OPEN and refundable:
        yield Act.REFUND, direct, replace(now, transit=T.CLOSED)


def _at_hr_counters(now: Situation, case: Case) -> Iterator[Step]:
    hr = Place(Channel.HR_COUNTER)
    if not now.base_data_right:
        yield Act.CORRECT_DATA, hr, replace(now, base_data_right=True)
    if now.benefits:
        yield Act.STOP_BENEFITS, hr, replace(now, benefits=False)
    if now.hr is H.LOCKED:
        for place in (*_counters(), *_bank(case.bank)):
            yield Act.UNLOCK, place, replace(now, hr=H.NORMAL)
    if case.wish is Wish.CANCEL and _may_cancel(now):
        for place in _counters():
            yield Act.CANCEL, place, replace(now, hr=H.CANCELLED)


def _may_cancel(now: Situation) -> bool:
    if now.hr in (None, H.CANCELLED) or now.making or now.successor or now.benefits:
        return False
    unused = now.hr is H.SEALED and now.financial is F.OPENED
    cleared = now.financial in (F.NONE, F.CLOSED) or unused
    purse = now.transit is not T.OPEN or not now.in_hand
    card = now.in_hand or now.hr in (H.FORMAL_LOSS, H.SEALED)
    return cleared and purse and card


def _at_old_bank(now: Situation, case: Case) -> Iterator[Step]:
    blocked = case.wish is Wish.CANCEL and now.benefits
    if now.financial not in (F.NONE, F.CLOSED) and not blocked:
        for place in _bank(case.bank):
            yield Act.CLOSE_ACCOUNT, place, replace(now, financial=F.CLOSED)


def _about_loss(now: Situation, case: Case) -> Iterator[Step]:
    if not now.in_hand and now.hr in (H.NORMAL, H.LOCKED, H.TEMPORARY_LOSS):
        for place in (*_home(case), *_counters()):
            yield Act.REPORT_LOSS, place, replace(now, hr=H.FORMAL_LOSS)
        both = now.financial in (F.ACTIVATED, F.TEMPORARY_LOSS)
        financial = F.FORMAL_LOSS if both else now.financial
        for place in _bank(case.bank):
            yield Act.REPORT_LOSS, place, replace(now, hr=H.FORMAL_LOSS, financial=financial)
    if not now.in_hand or now.replacement_applied:
        return
    if now.hr is H.TEMPORARY_LOSS:
        for place in _bank(case.bank):
            yield Act.WITHDRAW_LOSS, place, replace(now, hr=H.NORMAL)
    if now.hr is H.FORMAL_LOSS:
        for place in (*_home(case), *_counters(), *_bank(case.bank)):
            if place.channel is case.loss_at:
                lifted = place.channel is Channel.CARD_FACE_BANK and now.financial is F.FORMAL_LOSS
                financial = F.ACTIVATED if lifted else now.financial
                yield Act.WITHDRAW_LOSS, place, replace(now, hr=H.NORMAL, financial=financial)


def _applying(now: Situation, case: Case) -> Iterator[Step]:
    if now.making or now.successor or case.wish not in (Wish.REPLACE, Wish.EXCHANGE):
        return
    settled = case.new_bank == case.bank or now.financial in (F.NONE, F.CLOSED)
    if now.hr is H.FORMAL_LOSS and now.base_data_right and settled:
        for place in (*_home(case), *_counters(), *_bank(case.bank)):
            yield Act.APPLY_REPLACEMENT, place, _applied(now, place, case, lost=True)
    exchangeable = now.hr in (H.NORMAL, H.LOCKED) and now.in_hand and settled
    purse = now.transit is not T.OPEN
    if exchangeable and purse and _reason_holds(now, case):
        for place in (*_counters(), *_bank(case.bank), *_bank(case.new_bank)):
            yield Act.APPLY_EXCHANGE, place, _applied(now, place, case, lost=False)


def _reason_holds(now: Situation, case: Case) -> bool:
    if case.reason is R.DATA_CHANGED:
        return now.base_data_right
    if case.reason is R.EXPIRING:
        return case.today >= case.valid_to - timedelta(days=60)
    if case.reason is R.UPGRADE:
        return case.generation == 2
    if case.reason is R.BANK_CHANGE:
        return case.new_bank != case.bank
    return case.reason is not None


def _applied(now: Situation, place: Place, case: Case, *, lost: bool) -> Situation:
    now = replace(now, replacement_applied=lost)
    if place in case.instant:
        return replace(now, successor=H.SEALED, new_financial=F.OPENED)
    return replace(now, making=True, posted=place.channel is Channel.PORTAL)


def _afterwards(now: Situation, case: Case) -> Iterator[Step]:
    if now.making:
        made = replace(now, making=False, successor=H.SEALED, new_financial=F.OPENED)
        yield Act.WAIT, Place(Channel.PORTAL), made
    yield from _enabling(now, case)
    yield from _activating(now, case)


def _enabling(now: Situation, case: Case) -> Iterator[Step]:
    bank = case.new_bank if now.successor else case.bank
    online = (Place(Channel.PORTAL),) if now.posted else ()
    places = [*online, *_counters(), *_bank(bank)]
    if case.lies_at is not None:
        places = [place for place in places if place == case.lies_at]
    if now.successor is H.SEALED:
        settled = now.hr in (None, H.CANCELLED, H.FORMAL_LOSS)
        if settled or (now.in_hand and now.hr in (H.NORMAL, H.LOCKED)):
            for place in places:
                yield Act.ENABLE, place, replace(now, successor=H.NORMAL, hr=H.CANCELLED)
    if now.successor is None and now.hr is H.SEALED and (now.in_hand or case.lies_at):
        for place in places:
            yield Act.ENABLE, place, replace(now, hr=H.NORMAL)


def _activating(now: Situation, case: Case) -> Iterator[Step]:
    if now.successor in (H.NORMAL, H.LOCKED) and now.new_financial is F.OPENED:
        moved = case.bank == case.new_bank and now.financial is not F.NONE
        old = F.CLOSED if moved else now.financial
        for place in _bank(case.new_bank):
            yield Act.ACTIVATE, place, replace(now, new_financial=F.ACTIVATED, financial=old)
    own = now.successor is None and now.hr in (H.NORMAL, H.LOCKED) and now.in_hand
    if own and now.financial is F.OPENED:
        for place in _bank(case.bank):
            yield Act.ACTIVATE, place, replace(now, financial=F.ACTIVATED)
