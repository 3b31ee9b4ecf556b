"""换领: a new card for one that is in the holder's hand, at a counter (rule book 21.3).

The old card goes on working until the new one is enabled; then it is handed in and cancelled.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from onecard.actions import _people, _province, application
from onecard.actions._keeping import act, walk
from onecard.actions._province import Province
from onecard.actions.application import ApplicationReceipt, CounterCase, _gather, _old_card, _taking
from onecard.actions.application._taking import Desk
from onecard.domain.application import ApplicationKind
from onecard.domain.authority import Actor
from onecard.domain.refusal import Refusal
from onecard.domain.replacement import ExchangeReason, may_exchange
from onecard.seams.clock import local_day


@walk("exchange.apply_at_counter")
def apply_at_counter(*, case: CounterCase, actor: Actor, at: datetime) -> ApplicationReceipt:
    """Apply for the exchange of a card. Applied for already: that receipt once more.

    An upgrade of the older card goes the way of every application for a One Card. Raises `Refused`
    with the first refusal of rule book 21.3.
    """
    if case.replacing.reason is ExchangeReason.UPGRADE:
        upgrade = replace(case, kind=ApplicationKind.UPGRADE)
        return application.accept_at_counter(case=upgrade, actor=actor, at=at)
    province = _province.ask(_people.number_of(case.person))
    case = replace(case, kind=ApplicationKind.EXCHANGE)
    return take_at_counter(case=case, province=province, actor=actor, at=at)


@act("exchange.take_at_counter")
def take_at_counter(
    *, case: CounterCase, province: Province, actor: Actor, at: datetime
) -> ApplicationReceipt:
    """Judge the case and write it."""
    return _taking.take(case, province, judge=_may_exchange, actor=actor, at=at)


def _may_exchange(desk: Desk) -> Refusal | None:
    day = local_day(desk.at)
    return may_exchange(
        asked=desk.asked,
        card=_old_card.facts_of(desk.old_card, at=desk.at),
        told=desk.case.replacing,
        on=day,
        figures=_gather.replacement_figures_on(day),
    )
