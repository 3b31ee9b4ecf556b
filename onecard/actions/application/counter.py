"""线下办理: the holder, a guardian or an agent stands at a counter with papers on the desk.

A clerk can go on while the province is silent: the slip is printed, the application waits for the
register and is accepted by the worker, so that a cut makes nobody come twice and no second card.
"""

from __future__ import annotations

from datetime import datetime

from onecard.actions import _people, _province
from onecard.actions._keeping import act, walk
from onecard.actions._province import Province
from onecard.actions.application import _gather, _taking
from onecard.actions.application._taking import Desk
from onecard.actions.application.receipts import ApplicationReceipt, CounterCase
from onecard.domain.application import (
    ApplicationKind,
    may_apply_first,
    may_take_here,
    may_upgrade,
)
from onecard.domain.authority import Actor
from onecard.domain.refusal import Refusal, first
from onecard.seams.clock import local_day


@walk("application.accept_at_counter")
def accept_at_counter(*, case: CounterCase, actor: Actor, at: datetime) -> ApplicationReceipt:
    """Take one application at a counter: a first card, or the voluntary upgrade of an older one.

    Raises `Refused` with the first refusal of rule book 8.1 or 21.3.
    """
    province = _province.ask(_people.number_of(case.person))
    return take_at_counter(case=case, province=province, actor=actor, at=at)


@act("application.take_at_counter")
def take_at_counter(
    *, case: CounterCase, province: Province, actor: Actor, at: datetime
) -> ApplicationReceipt:
    """Judge the case and write it. An upgrade that was applied for already gives its receipt."""
    return _taking.take(case, province, judge=_may_apply, actor=actor, at=at)


def _may_apply(desk: Desk) -> Refusal | None:
    day = local_day(desk.at)
    figures = _gather.figures_on(day)
    rule = may_upgrade if desk.case.kind is ApplicationKind.UPGRADE else may_apply_first
    return first(
        lambda: may_take_here(kind=desk.case.kind),
        lambda: rule(asked=desk.asked, on=day, figures=figures),
    )
