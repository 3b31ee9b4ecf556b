"""The proof at the end of a storm sees what was lost, missing or crossed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from onecard.domain.authority import THE_CLOCK
from onecard.queries.outbox import DeliveryProof, delivery_proof
from onecard.records.models import OutboxRow
from onecard.seams.world import world
from onecard.simulator.measure.loss_goals import goals

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def told(sequence: int, delivered_after: int | None, *, party: str = "sms", tries: int = 1) -> None:
    """One message, delivered so many minutes later or not at all."""
    now = world().clock.now()
    OutboxRow.objects.create(
        ref=world().ids.new("evt"),
        event="loss.formal.created",
        party=party,
        subject="crd_1",
        sequence=sequence,
        created_at=now,
        due_at=now,
        attempts=tries,
        delivered_at=None if delivered_after is None else now + delivered_after * MINUTE,
    )


def proof(since: datetime | None = None) -> DeliveryProof:
    return delivery_proof(since=since or world().clock.now(), as_seen_by=THE_CLOCK)


def test_what_came_once_and_in_order_is_a_whole_proof() -> None:
    """全部送达、顺序不乱、编号连续。"""
    for sequence in (1, 2, 3):
        told(sequence, sequence)
        told(sequence, 4 - sequence, party="hr_database", tries=2)
    assert proof() == DeliveryProof(6, 6, 0, tries=9, gaps=0, out_of_order=2)


def test_a_message_that_never_came_and_a_missing_number_are_seen() -> None:
    told(1, 1)
    told(2, None)
    told(4, 2)
    assert proof() == DeliveryProof(3, 2, 0, tries=3, gaps=1, out_of_order=0)
    assert proof(world().clock.now() + MINUTE) == DeliveryProof(0, 0, 0, 0, 0, 0)


@pytest.mark.rule("guarantees 6.2")
@pytest.mark.parametrize(
    ("median", "lost", "met"), [(200, 0, True), (201, 0, False), (9, 1, False)]
)
def test_a_goal_is_met_by_the_worst_that_was_measured(median: float, lost: int, met: bool) -> None:  # noqa: FBT001
    """目标按各规模中最差的一次判定。"""
    banks = {"median_ms": median, "p99_ms": 900.0, "longest_ms": 2900.0}
    quick = {"median_ms": 1.0, "p99_ms": 1.0, "longest_ms": 1.0}
    size = {"phases": [{"banks": banks}, {"banks": quick}], "healed_ms": 2000.0}
    found = goals([size], stale=0, storm={"lost": lost}, differ=0)
    assert all(goal["met"] for goal in found) is met


def test_a_goal_that_was_not_measured_is_not_met() -> None:
    found = goals([], stale=0, storm={"lost": 0}, differ=0)
    assert [goal["goal"] for goal in found if not goal["met"]] == [
        "bank confirms: median ms",
        "bank confirms: p99 ms",
        "bank confirms: longest ms",
        "healed: all confirmed after ms",
    ]
