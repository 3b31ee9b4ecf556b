"""再次确认身份: what weighs more than a sign-in: a code to the telephone on file and a fresh face.

Taking back a loss report and using the electronic card while the card is lost need it
(guarantees 13, threat 31: a stolen telephone number alone is not enough).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from onecard.domain.refusal import Fix, FixKind, Refusal


class Purpose(Enum):
    """For what somebody proves themself once more. A proof serves one purpose, once."""

    WITHDRAW_LOSS = "loss.withdraw"
    USE_E_CARD = "e_card.consent"


@dataclass(frozen=True)
class StepUpPolicy:
    """The figures of `security.toml` about stronger proof, in the units their names say."""

    one_time_code_minutes: int
    one_time_code_digits: int
    one_time_code_tries: int
    one_time_codes_per_hour: int
    step_up_sign_in_minutes: int


@dataclass(frozen=True)
class CodeSent:
    """A code on its way to somebody's telephone, as it stands."""

    sent_at: datetime
    tries: int
    proven_at: datetime | None
    used_at: datetime | None


def may_send_code(*, phone: str, sent_lately: int, figures: StepUpPolicy) -> Refusal | None:
    """A code goes to the telephone on file, and not too many an hour."""
    if not phone:
        return no_phone()
    if sent_lately < figures.one_time_codes_per_hour:
        return None
    return Refusal("step_up.too_many_codes", allowed={"limit": figures.one_time_codes_per_hour})


def no_phone() -> Refusal:
    """There is no telephone on file that a code could reach."""
    return Refusal("step_up.no_phone", fix=Fix(FixKind.USE_CHANNEL, {"channel": "hr_counter"}))


def may_try_code(*, code: CodeSent, at: datetime, figures: StepUpPolicy) -> Refusal | None:
    """验证码5分钟内有效,最多试5次,只用一次."""
    over = at >= code.sent_at + timedelta(minutes=figures.one_time_code_minutes)
    used_up = code.tries >= figures.one_time_code_tries or code.used_at is not None
    return _CODE_OVER if over or used_up else None


def is_code(text: object, *, figures: StepUpPolicy) -> bool:
    """Whether something could be a code at all: exactly so many ASCII digits, nothing else."""
    return (
        isinstance(text, str)
        and text.isascii()
        and text.isdecimal()
        and len(text) == figures.one_time_code_digits
    )


def must_be_proven_strongly(
    *, code: CodeSent | None, signed_in_at: datetime | None, at: datetime, figures: StepUpPolicy
) -> Refusal | None:
    """Both: a code proven lately and not used yet, and a real-name sign-in of this very hour."""
    since = at - timedelta(minutes=figures.step_up_sign_in_minutes)
    if signed_in_at is None or not since < signed_in_at <= at:
        return _needed("sign_in")
    if code is None or code.proven_at is None or code.used_at is not None:
        return _needed("code")
    fresh = at < code.sent_at + timedelta(minutes=figures.one_time_code_minutes)
    return None if fresh else _needed("code")


_CODE_OVER = Refusal("step_up.code_over", fix=Fix(FixKind.DO_FIRST, {"act": "step_up.begin"}))


def _needed(what: str) -> Refusal:
    return Refusal(
        "step_up.needed",
        {"what": f"@step_up.what.{what}"},
        fix=Fix(FixKind.DO_FIRST, {"act": f"step_up.{what}"}),
    )
