"""再次确认身份: an old sign-in is said to be too old before a code is sent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from onecard import policy
from onecard.domain.step_up import StepUpPolicy
from onecard.queries.step_up import must_sign_in_again
from tests import cast

NOW = cast.MONDAY_9AM


def minutes() -> timedelta:
    figures = policy.in_force("security", StepUpPolicy, on=cast.MONDAY)
    return timedelta(minutes=figures.step_up_sign_in_minutes)


@pytest.mark.rule("guarantees 13")
def test_a_sign_in_is_fresh_until_its_minutes_are_over() -> None:
    """认证在规定分钟之内有效,到点就要重新认证。"""
    tick = timedelta(microseconds=1)
    assert must_sign_in_again(signed_in_at=NOW - minutes() + tick, at=NOW) is None
    late = must_sign_in_again(signed_in_at=NOW - minutes(), at=NOW)
    assert late is not None
    assert late.code == "step_up.needed"


def test_nobody_signed_in_is_never_fresh() -> None:
    assert must_sign_in_again(signed_in_at=None, at=NOW) is not None
    assert must_sign_in_again(signed_in_at=NOW + timedelta(seconds=1), at=NOW) is not None
