"""窗口补领: the holder, a guardian or an agent, with originals; the lost card cannot be shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from onecard.actions import _people, _province
from onecard.actions._keeping import act, walk
from onecard.actions._province import Province
from onecard.actions.application import ApplicationReceipt, CounterCase, _gather, _old_card, _taking
from onecard.actions.application._taking import Desk
from onecard.actions.replacement import _following
from onecard.domain.application import ApplicationKind
from onecard.domain.authority import Actor
from onecard.domain.refusal import Refusal
from onecard.domain.replacement import may_replace
from onecard.seams.clock import local_day


@walk("replacement.apply_at_counter")
def apply_at_counter(*, case: CounterCase, actor: Actor, at: datetime) -> ApplicationReceipt:
    """Apply for a card in the place of a lost one. Applied for already: that receipt once more.

    Raises `Refused` with the first refusal of rule book 21.2.
    """
    province = _province.ask(_people.number_of(case.person))
    case = replace(case, kind=ApplicationKind.REPLACEMENT)
    return take_at_counter(case=case, province=province, actor=actor, at=at)


@act("replacement.take_at_counter")
def take_at_counter(
    *, case: CounterCase, province: Province, actor: Actor, at: datetime
) -> ApplicationReceipt:
    """Judge the case and write it."""
    receipt = _taking.take(case, province, judge=_may_replace, actor=actor, at=at)
    if not receipt.notice:
        _following.keep_confirmed(
            receipt.application, receipt.person, case.replacing, by=actor, at=at
        )
    return receipt


def _may_replace(desk: Desk) -> Refusal | None:
    day = local_day(desk.at)
    return may_replace(
        asked=desk.asked,
        card=_old_card.facts_of(desk.old_card, at=desk.at),
        told=desk.case.replacing,
        on=day,
        figures=_gather.replacement_figures_on(day),
    )
