"""再次确认身份, before a code is sent: whether the real-name sign-in is recent enough for it."""

from __future__ import annotations

from datetime import datetime

from onecard import policy
from onecard.domain import step_up
from onecard.domain.refusal import Refusal
from onecard.domain.step_up import StepUpPolicy
from onecard.seams.clock import local_day

_SIGN_IN = "@step_up.what.sign_in"


def must_sign_in_again(*, signed_in_at: datetime | None, at: datetime) -> Refusal | None:
    """The no that a proof would run into because of its sign-in alone; the code comes later."""
    figures = policy.in_force("security", StepUpPolicy, on=local_day(at))
    refusal = step_up.must_be_proven_strongly(
        code=None, signed_in_at=signed_in_at, at=at, figures=figures
    )
    by_sign_in = refusal is not None and refusal.facts.get("what") == _SIGN_IN
    return refusal if by_sign_in else None
