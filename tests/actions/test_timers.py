"""What time alone causes: each job on its own, none stopping another, two workers sharing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from onecard import words
from onecard.actions import retention, timers
from onecard.actions.timers import JOBS, Job
from onecard.adapters.outcomes import PartnerDown
from onecard.adapters.partners import in_partners
from onecard.adapters.simulation import SimulatedPartners, simulated_partners
from onecard.domain.authority import THE_CLOCK, Actor
from onecard.records.models import AuditRow, Draft, RequestResult, TimedJob
from onecard.seams.world import world
from tests import threads
from tests.made_card import clock

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def city() -> Iterator[SimulatedPartners]:
    """Partners made of software, in memory."""
    partners = simulated_partners(state_folder=None, now=world().clock.now, seed=7)
    with in_partners(partners):
        yield partners


def now() -> datetime:
    return world().clock.now()


def _works(*, actor: Actor, at: datetime) -> int:  # noqa: ARG001
    return 3


def _suffers(*, actor: Actor, at: datetime) -> int:  # noqa: ARG001
    raise ValueError("王芳 320499199001010024")


def _waits_for_a_partner(*, actor: Actor, at: datetime) -> int:  # noqa: ARG001
    raise PartnerDown("courier", "no answer")


def test_one_jobs_trouble_is_its_own() -> None:
    """一项任务出错不影响其他任务,出错原因不含个人信息。"""
    jobs = (
        Job("a", MINUTE, _suffers),
        Job("b", MINUTE, _waits_for_a_partner),
        Job("c", MINUTE, _works),
    )
    done = {job.name: job for job in timers.run_due(now(), jobs=jobs)}
    assert done["a"].error == "ValueError"
    assert done["b"].error == "PartnerDown: courier"
    assert done["c"].did == "done=3"


def test_a_job_is_run_when_it_is_due_and_later_after_each_failure() -> None:
    """任务按间隔运行,连续失败则逐次推迟。"""
    good, bad = Job("good", MINUTE, _works), Job("bad", timedelta(seconds=1), _suffers)
    assert len(timers.run_due(now(), jobs=(good, bad))) == 2
    assert timers.run_due(now(), jobs=(good, bad)) == ()
    clock().advance(timedelta(seconds=2))
    assert [job.name for job in timers.run_due(now(), jobs=(good, bad))] == ["bad"]
    clock().advance(timedelta(seconds=3))
    assert timers.run_due(now(), jobs=(bad,)) == ()
    clock().advance(timedelta(seconds=1))
    assert len(timers.run_due(now(), jobs=(bad,))) == 1
    clock().advance(timedelta(hours=1))
    timers.run_due(now(), jobs=(bad,))
    assert TimedJob.objects.get(name="bad").due_at <= now() + timers.LONGEST_PAUSE
    assert TimedJob.objects.get(name="bad").failures == 4


def test_everything_runs_in_an_empty_house() -> None:
    """空库上全部任务都能运行,无一出错。"""
    done = timers.run_due(now())
    assert [job.name for job in done] == [job.name for job in JOBS]
    assert not [job for job in done if job.error]
    assert timers.run_due(now(), leave_out=("outbox",)) == ()


@pytest.mark.parametrize("job", JOBS, ids=lambda job: str(job.name))
def test_every_job_has_a_name_people_read(job: Job) -> None:
    """每项任务都有名称。"""
    assert words.has(f"outbox.job.{job.name.rpartition('.')[2]}")


def test_drafts_and_stored_answers_are_forgotten_when_their_time_is_over() -> None:
    """填写内容和重复请求结果到期清除,未到期的不动。"""
    day = timedelta(days=1)
    for age, name in ((91 * day, "old"), (89 * day, "young")):
        Draft.objects.create(ref=name, purpose="x", owner="per", saved_at=now() - age)
        RequestResult.objects.create(
            client="c", key=name, act="a", fingerprint="f", receipt={}, at=now() - age
        )
    assert retention.forget_drafts(actor=THE_CLOCK, at=now()).rows == 1
    assert retention.forget_requests(actor=THE_CLOCK, at=now()).rows == 1
    assert Draft.objects.get().ref == "young"
    assert RequestResult.objects.get().key == "young"
    assert AuditRow.objects.filter(act="retention.forget_drafts").exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_jobs() -> None:
    """两个进程同时运行时,每项任务只由一个执行。"""
    taken: list[str] = []

    def count(*, actor: Actor, at: datetime) -> int:  # noqa: ARG001
        taken.append("x")
        return 1

    jobs = tuple(Job(f"job-{number}", MINUTE, count) for number in range(20))
    threads.join(threads.start(*[lambda: timers.run_due(now(), jobs=jobs) and None] * 4))
    assert len(taken) == len(jobs)
