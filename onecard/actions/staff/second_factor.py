"""One-time codes: enrolled once, looked at under the row's lock, each good for one sign-in.

Wrong codes are counted in the same act that looked at them, so the act answers with a value and
is never rolled back by a wrong code (guarantees R13, MUT-79).
"""

from __future__ import annotations

from base64 import b32decode, b32encode
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode

from django_otp.oath import TOTP

from onecard import policy
from onecard.actions import hold
from onecard.actions._keeping import act, note
from onecard.actions.staff.accounts import last_hand
from onecard.domain import staff as rules
from onecard.domain.authority import Actor
from onecard.domain.refusal import Refusal, Refused, require
from onecard.domain.staff import SignInPolicy
from onecard.records.models import Staff, StaffTotp
from onecard.seams.clock import local_day
from onecard.seams.world import world

_GROUND = "GB/T 22239 8.1.4.1 d"
_SECRET_BYTES = 20
_DIGITS = 6
_ISSUER = "onecard"


@dataclass(frozen=True)
class Enrolment:
    """A new secret for the authenticator, shown to its owner only, until it is confirmed."""

    secret: str
    address: str


@dataclass(frozen=True)
class CodeAnswer:
    """Whether the code was right; `device` names it for the session, `wait_until` is the throttle.

    Looked at no code before `wait_until`, not even the right one.
    """

    accepted: bool
    device: str = ""
    wait_until: datetime | None = None


@act("staff.begin_second_factor")
def begin_second_factor(*, actor: Actor, at: datetime) -> Enrolment:
    """A fresh secret for an account that has none confirmed. Asking again shows the same one."""
    row = hold.one(Staff, ref=actor.ref)
    if StaffTotp.objects.filter(user=row, confirmed=True).exists():
        raise Refused(Refusal("staff.second_factor_exists"))
    totp = StaffTotp.objects.filter(user=row, confirmed=False).first() or _new_totp(row)
    note(about=row.ref, by=actor, at=at, ground=_GROUND)
    return Enrolment(totp.secret, _address(row.username, totp.secret, at))


@act("staff.confirm_second_factor")
def confirm_second_factor(*, code: str, actor: Actor, at: datetime) -> CodeAnswer:
    """The first right code proves that the authenticator holds the secret."""
    return _look_at(code, actor, at, confirmed=False)


@act("staff.verify_code")
def verify_code(*, code: str, actor: Actor, at: datetime) -> CodeAnswer:
    """Whether this is the one-time code of now, never used before. A right one is used up."""
    return _look_at(code, actor, at, confirmed=True)


@act("staff.reset_second_factor")
def reset_second_factor(*, account: str, actor: Actor, at: datetime) -> str:
    """Forget the authenticator of somebody who lost it; they enrol anew."""
    row = hold.one(Staff, ref=account)
    handed_out_by = last_hand("staff.keep_first_password", row) if row.must_change_password else ""
    require(
        rules.may_change_account(account=row.ref, actor=actor.ref),
        rules.must_be_another_hand(the_other_reset_by=handed_out_by, actor=actor.ref),
    )
    StaffTotp.objects.filter(user=row).delete()
    note(about=row.ref, by=actor, at=at, ground=_GROUND)
    return row.ref


def _look_at(code: str, actor: Actor, at: datetime, *, confirmed: bool) -> CodeAnswer:
    figures = policy.in_force("security", SignInPolicy, on=local_day(at))
    totp = hold.one(StaffTotp, user_id=actor.ref, confirmed=confirmed)
    wait_until = rules.code_allowed_from(
        failures=totp.throttling_failure_count,
        last_failure=totp.throttling_failure_timestamp,
        figures=figures,
    )
    if wait_until is not None and at < wait_until:
        return CodeAnswer(accepted=False, wait_until=wait_until)
    step = _step_of(code, totp, at, figures)
    answer = _used_up(totp, step) if step is not None else _counted(totp, at, figures)
    note(about=actor.ref, by=actor, at=at, ground=_GROUND, accepted=answer.accepted)
    return answer


def _step_of(code: str, totp: StaffTotp, at: datetime, figures: SignInPolicy) -> int | None:
    """The time step this code belongs to, later than any used before; None if there is none."""
    digits = code.replace(" ", "")
    if len(digits) != _DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    clock = TOTP(b32decode(totp.secret), step=figures.code_step_seconds, digits=_DIGITS)
    clock.time = at.timestamp()
    tolerance = figures.code_tolerance_steps
    return clock.t() if clock.verify(int(digits), tolerance, totp.last_step + 1) else None


def _used_up(totp: StaffTotp, step: int) -> CodeAnswer:
    totp.last_step, totp.confirmed = step, True
    totp.throttle_reset(commit=False)
    totp.save(
        update_fields=[
            "last_step",
            "confirmed",
            "throttling_failure_count",
            "throttling_failure_timestamp",
        ]
    )
    return CodeAnswer(accepted=True, device=totp.persistent_id)


def _counted(totp: StaffTotp, at: datetime, figures: SignInPolicy) -> CodeAnswer:
    totp.throttling_failure_count += 1
    totp.throttling_failure_timestamp = at
    totp.save(update_fields=["throttling_failure_count", "throttling_failure_timestamp"])
    wait_until = rules.code_allowed_from(
        failures=totp.throttling_failure_count, last_failure=at, figures=figures
    )
    return CodeAnswer(accepted=False, wait_until=wait_until)


def _new_totp(row: Staff) -> StaffTotp:
    totp: StaffTotp = StaffTotp.objects.create(
        ref=world().ids.new("otp"),
        user=row,
        name=_ISSUER,
        confirmed=False,
        secret=b32encode(world().rng.bytes(_SECRET_BYTES)).decode(),
    )
    return totp


def _address(username: str, secret: str, at: datetime) -> str:
    """The `otpauth://` address an authenticator reads from the square code."""
    step = policy.in_force("security", SignInPolicy, on=local_day(at)).code_step_seconds
    facts = {"secret": secret, "issuer": _ISSUER, "digits": _DIGITS, "period": step}
    return f"otpauth://totp/{_ISSUER}:{quote(username)}?{urlencode(facts)}"
