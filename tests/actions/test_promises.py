"""Promises: warned before the day, escalated after the limit, once each, always with a holder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from onecard.actions import production
from onecard.domain.authority import THE_CLOCK
from onecard.domain.production import ProductionState
from onecard.queries import production as desk
from onecard.records.models import Application, OutboxRow, Step
from onecard.seams.clock import LOCAL
from onecard.seams.failpoint import Crash, armed
from onecard.seams.world import world
from tests import cast
from tests.production import OTHER_CLERK, a_person, again, an_accepted, now, partners_of_software

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def partners() -> Iterator[None]:
    with partners_of_software():
        yield


def on(month: int, day: int) -> None:
    world().clock.set(datetime(2026, month, day, 9, tzinfo=LOCAL))  # type: ignore[attr-defined]


def look() -> production.Warnings:
    return production.warn_due(actor=THE_CLOCK, at=now())


def told(event: str) -> int:
    return OutboxRow.objects.filter(event=event).count()


@pytest.mark.rule("platform B24")
def test_a_promise_is_warned_of_before_its_day_and_escalated_after_its_limit_once_each() -> None:
    """到期前提醒一次,过最长期限督办一次。"""
    application = an_accepted(a_person())
    for month, day, warned, escalated in (
        (3, 6, 0, 0),
        (3, 9, 1, 0),
        (3, 10, 0, 0),
        (3, 12, 0, 0),
        (4, 14, 0, 0),
        (4, 15, 0, 1),
        (4, 16, 0, 0),
    ):
        on(month, day)
        assert look() == production.Warnings(warned, escalated), (month, day)
        assert look() == production.Warnings(0, 0)
    assert (told("promise.warning"), told("promise.missed")) == (1, 1)
    events = [line.event for line in Step.objects.filter(application=application)]
    assert events == ["accept", "warn", "escalate"]


def test_a_worker_that_slept_past_both_days_says_both() -> None:
    """长时间停机后,提醒和督办各补一次。"""
    an_accepted(a_person())
    on(5, 20)
    assert look() == production.Warnings(0, 1)
    assert look() == production.Warnings(0, 0)


def test_a_kept_promise_is_never_warned_of() -> None:
    """已兑现的不提醒。"""
    application = an_accepted(a_person())
    Application.objects.filter(ref=application.ref).update(state=ProductionState.AT_OUTLET)
    on(5, 20)
    assert look() == production.Warnings(0, 0)
    assert desk.due(as_seen_by=cast.OPERATOR, at=now()) == ()


@pytest.mark.parametrize("where", ["before_commit", "after_commit"])
def test_a_crash_while_warning_warns_once(where: str) -> None:
    """提醒时崩溃,只提醒一次。"""
    an_accepted(a_person())
    on(3, 10)
    with armed(f"production.warn.{where}"), pytest.raises(Crash):
        look()
    look()
    assert told("promise.warning") == 1


def test_everything_late_is_listed_with_its_holder_and_the_next_date() -> None:
    """迟办清单:谁经手、下一个日期、迟了几个工作日。"""
    first, second = an_accepted(a_person(2)), an_accepted(a_person(4))
    batch = production.make_batch(bank="icbc", actor=cast.OPERATOR, at=now()).batch
    production.write_bank_file(batch=batch, actor=cast.OPERATOR, at=now())
    on(3, 13)
    rows = desk.due(as_seen_by=cast.OPERATOR, at=now())
    assert {row.application for row in rows} == {first.ref, second.ref}
    for row in rows:
        assert row.holder == "production.holder.bank"
        assert row.partner == "icbc"
        assert row.stage == "production.stage.late"
        assert row.next_date == row.limit_on
        assert row.days_over == 2
        assert row.name == "王*"


def test_an_application_nobody_looks_at_comes_due_too() -> None:
    """提交后无人受理的,也有到期日和经手人。"""
    application = an_accepted(a_person())
    Application.objects.filter(ref=application.ref).update(
        state=ProductionState.SUBMITTED,
        promised_on=None,
        limit_on=None,
        accepted_at=None,
        holder_of_the_moment="reviewer",
    )
    on(3, 5)
    (row,) = desk.due(as_seen_by=cast.OPERATOR, at=now())
    assert (row.holder, row.stage) == ("production.holder.reviewer", "production.stage.late")


def test_a_counter_sees_its_own_and_nothing_of_others() -> None:
    """网点只看本网点的。"""
    an_accepted(a_person())
    on(3, 13)
    assert len(desk.due(as_seen_by=cast.CLERK, at=now())) == 1
    assert desk.due(as_seen_by=OTHER_CLERK, at=now()) == ()
    assert desk.due(as_seen_by=cast.CITIZEN, at=now()) == ()


def test_a_step_moves_the_holder_and_clears_the_failure() -> None:
    """每一步都更新经手人,失败原因随之清除。"""
    application = an_accepted(a_person(920))
    for _ in range(5):
        world().clock.advance(timedelta(minutes=15))  # type: ignore[attr-defined]
        production.run_factory(actor=THE_CLOCK, at=now())
    assert again(application).failure
    assert again(application).holder_of_the_moment == "platform"
    production.remake(applications=(application.ref,), actor=cast.OPERATOR, at=now())
    assert again(application).failure == ""
    assert again(application).holder_of_the_moment == "card_vendor"
