"""How patient we are with others."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.domain.outbox import Patience, may_retry

SECOND = timedelta(seconds=1)
PATIENCE = Patience(SECOND, 60 * SECOND, 3, timedelta(hours=1))


def test_the_wait_doubles_up_to_its_longest() -> None:
    """重试间隔逐次加倍,有上限。"""
    waits = [PATIENCE.wait_after(n, jitter_percent=0) // SECOND for n in range(1, 10)]
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


@given(failures=st.integers(1, 10_000), jitter=st.integers(0, 29))
def test_jitter_only_lengthens_and_never_overflows(failures: int, jitter: int) -> None:
    """抖动只会延长等待,次数再多也不越界。"""
    plain = PATIENCE.wait_after(failures, jitter_percent=0)
    jittered = PATIENCE.wait_after(failures, jitter_percent=jitter)
    assert plain <= jittered < plain * 1.3
    assert plain <= 60 * SECOND


@pytest.mark.parametrize(
    ("attempts", "minutes", "over"), [(3, 60, True), (2, 600, False), (30, 59, False)]
)
def test_a_message_is_given_up_after_enough_tries_and_enough_time(
    attempts: int,
    minutes: int,
    over: bool,  # noqa: FBT001
) -> None:
    """次数和时间都够了才停止自动发送。"""
    assert PATIENCE.is_over(attempts=attempts, age=timedelta(minutes=minutes)) is over


def test_only_what_was_given_up_is_sent_by_hand() -> None:
    """只有已停止自动发送的消息需人工重发。"""
    assert may_retry(gave_up=True, delivered=False) is None
    assert may_retry(gave_up=False, delivered=False) is not None
    assert may_retry(gave_up=True, delivered=True) is not None
