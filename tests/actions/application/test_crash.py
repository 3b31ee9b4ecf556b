"""A crash at any place leaves nothing or a finished step; the same key again finishes it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from onecard.actions import application
from onecard.actions._keeping import once
from onecard.actions.application import ApplicationReceipt
from onecard.domain.authority import THE_CLOCK
from onecard.domain.production import ProductionState
from onecard.domain.refusal import Refused
from onecard.records.models import (
    Application,
    AuditRow,
    Document,
    OutboxRow,
    Person,
    RequestResult,
    Step,
)
from onecard.seams import failpoint
from onecard.seams.failpoint import Crash
from tests import applying
from tests.actions.application import people
from tests.actions.application.people import CLERK, MAN, OPERATOR, WOMAN, now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]

Doing = Callable[[], ApplicationReceipt]


def online() -> Doing:
    citizen = people.signed_in(WOMAN)
    application.fetch_base_data(actor=citizen, at=now())
    return lambda: application.apply_online(answers=applying.BY_POST, actor=citizen, at=now())


def at_counter() -> Doing:
    case = people.case_of(WOMAN)
    return lambda: application.accept_at_counter(case=case, actor=CLERK, at=now())


def by_employer() -> Doing:
    people.at_desk(WOMAN)
    return lambda: people.prepared(WOMAN)


def keyed(doing: Doing) -> ApplicationReceipt:
    with once("portal", "key-1", "the same body"):
        return doing()


WAYS = [
    ("application.submit_online", online),
    ("application.take_at_counter", at_counter),
    ("application.prepare_for_employer", by_employer),
]


@pytest.mark.rule("guarantees I1, R16")
@pytest.mark.parametrize(("act", "begin"), WAYS, ids=[act for act, _ in WAYS])
def test_a_crash_before_the_commit_leaves_nothing_and_a_repeat_completes(
    act: str, begin: Callable[[], Doing]
) -> None:
    """提交前中断:不留任何痕迹;同一请求重试即办成。"""
    doing = begin()
    lines = AuditRow.objects.filter(act=act)
    with failpoint.armed(f"{act}.before_commit"), pytest.raises(Crash):
        keyed(doing)
    for table in (Application, Step, OutboxRow, Document):
        assert not table.objects.exists()
    assert not lines.exists()
    assert not RequestResult.objects.filter(act=act).exists()
    receipt = keyed(doing)
    assert Application.objects.get().ref == receipt.application
    assert lines.count() == 1


@pytest.mark.rule("guarantees I1, R16")
@pytest.mark.parametrize(("act", "begin"), WAYS, ids=[act for act, _ in WAYS])
def test_a_crash_after_the_commit_loses_nothing_and_a_repeat_gives_the_same_receipt(
    act: str, begin: Callable[[], Doing]
) -> None:
    """提交后中断:已办成;同一请求重试得到同一回执。"""
    doing = begin()
    with failpoint.armed(f"{act}.after_commit"), pytest.raises(Crash):
        keyed(doing)
    row = Application.objects.get()
    receipt = keyed(doing)
    assert (receipt.application, receipt.number) == (row.ref, row.number)
    assert Application.objects.count() == 1
    assert row.steps.filter(event="submit").count() == 1


def test_the_same_key_with_another_body_is_refused() -> None:
    """同一请求号,内容不同,拒绝。"""
    doing = online()
    keyed(doing)
    with (
        once("portal", "key-1", "another body"),
        pytest.raises(Refused, match=r"request\.key_reused"),
    ):
        doing()
    assert Application.objects.count() == 1


@pytest.mark.parametrize("point", ["before_commit", "after_commit"])
def test_an_acceptance_that_crashed_is_completed_by_the_worker(point: str) -> None:
    """受理中断,由后台续办,只受理一次。"""
    receipt = people.applied_online(WOMAN)
    Application.objects.update(state=ProductionState.SUBMITTED, holder_of_the_moment="province")
    with failpoint.armed(f"application.accept.{point}"), pytest.raises(Crash):
        application.accept_online(application=receipt.application, actor=OPERATOR, at=now())
    application.accept_waiting(actor=THE_CLOCK, at=now())
    row = Application.objects.get()
    assert row.state is ProductionState.ACCEPTED
    assert row.steps.filter(event="accept").count() == 2  # one from before the test set it back


@pytest.mark.parametrize("act", ["application.correct", "application.retract"])
@pytest.mark.parametrize("point", ["before_commit", "after_commit"])
def test_mending_and_withdrawing_happen_wholly_or_not_at_all(act: str, point: str) -> None:
    """更正、撤回要么办成,要么没有发生。"""
    receipt = people.accepted_at_counter(MAN)

    def doing() -> ApplicationReceipt:
        if act == "application.retract":
            return application.retract(
                application=receipt.application, reason="本人要求", actor=CLERK, at=now()
            )
        return application.correct(
            application=receipt.application,
            answers=application_answers(),
            actor=CLERK,
            at=now(),
        )

    with failpoint.armed(f"{act}.{point}"), pytest.raises(Crash):
        keyed(doing)
    happened = point == "after_commit"
    event = act.rpartition(".")[2]
    assert Step.objects.filter(event=event).exists() is happened
    keyed(doing)
    assert Step.objects.filter(event=event).count() == 1


def application_answers() -> applying.Answers:
    return applying.Answers(phone="13900139000")


def test_signing_in_after_a_crash_finds_one_person() -> None:
    """登录中断后重来,仍是同一人。"""
    with failpoint.armed("sign_in.meet.before_commit"), pytest.raises(Crash):
        people.signed_in(WOMAN)
    with failpoint.armed("sign_in.meet.after_commit"), pytest.raises(Crash):
        people.signed_in(WOMAN)
    assert people.signed_in(WOMAN).ref
    assert Person.objects.count() == 1
