"""Two relays at once, dying now and then: nothing lost, all in order, hardly anything twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from threading import Lock, Thread

import pytest

from onecard.actions import outbox
from onecard.domain.authority import THE_CLOCK
from onecard.records.models import OutboxRow
from onecard.seams.failpoint import Crash, armed
from onecard.seams.rng import SeededRng
from onecard.seams.world import world
from tests import threads
from tests.ears import Ear, listening, say
from tests.made_card import clock

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

SUBJECTS = [f"s{number:02d}" for number in range(40)]
TIMES = 6


@pytest.fixture
def ears(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Ear]]:
    """Three parties, each with an ear of its own."""
    with listening(monkeypatch) as made:
        yield made


class Death:
    """Kills a relay after about one message in fifty."""

    def __init__(self) -> None:
        self.rng, self.count = SeededRng(11), 0

    def __call__(self) -> None:
        """Perhaps now."""
        if self.rng.below(50) == 0:
            self.count += 1
            raise Crash


def write(subjects: list[str]) -> None:
    """Things happen to these subjects, in turn."""
    for _ in range(TIMES):
        for subject in subjects:
            say(subject, "north", "south")


class Shift:
    """Relays at work on one clock, which is moved on only while none of them is in the middle."""

    def __init__(self, writers: list[Thread]) -> None:
        self.writers, self.lock, self.at_work = writers, Lock(), 0

    def relay(self) -> None:
        """Deliver until everything is written and told; after a death, begin anew."""
        while self.is_writing() or OutboxRow.objects.filter(delivered_at=None).exists():
            if not self.one_pass() and not self.is_writing():
                self.let_leases_end()

    def one_pass(self) -> bool:
        """Whether anything was sent, or somebody died sending it."""
        with self.lock:
            self.at_work += 1
        try:
            return outbox.deliver_due(actor=THE_CLOCK, at=world().clock.now()).sent > 0
        except Crash:
            return True
        finally:
            with self.lock:
                self.at_work -= 1

    def let_leases_end(self) -> None:
        """Time goes by."""
        with self.lock:
            if not self.at_work:
                clock().advance(outbox.queue.LEASE)

    def is_writing(self) -> bool:
        """Whether anything may still be written."""
        return any(writer.is_alive() for writer in self.writers)


def order_of(ear: Ear) -> dict[str, list[int]]:
    """For each subject the sequence numbers in the order in which they were first heard."""
    sequences = dict(OutboxRow.objects.values_list("ref", "sequence"))
    heard: dict[str, list[int]] = defaultdict(list)
    for message in ear.heard:
        if sequences[message.ref] not in heard[message.subject]:
            heard[message.subject].append(sequences[message.ref])
    return heard


@pytest.mark.rule("guarantees I2")
def test_two_relays_that_die_now_and_then_lose_nothing_and_keep_the_order(
    ears: dict[str, Ear],
) -> None:
    """两个进程同时发送、随机中断:不丢、同一对象不乱序、重复极少。"""
    death = Death()
    writers = threads.start(lambda: write(SUBJECTS[::2]), lambda: write(SUBJECTS[1::2]))
    with armed("outbox.after_send", death):
        threads.join(threads.start(*[Shift(writers).relay] * 2))
    expected = {subject: list(range(1, TIMES + 1)) for subject in SUBJECTS}
    assert order_of(ears["north"]) == expected
    assert order_of(ears["south"]) == expected
    told = len(SUBJECTS) * TIMES * 2
    assert death.count > 0
    assert len(ears["north"].heard) + len(ears["south"].heard) - told <= death.count
