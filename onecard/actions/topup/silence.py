"""没有结果: a tap that ended without proof proves nothing; what was being written is in doubt.

The sweep moves no money. MAC2 is forgotten when its time is over; only its digest stays.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from onecard.actions import _tapping, hold
from onecard.actions._attempts import Closing, follow, open_attempt
from onecard.actions._keeping import act, note, walk
from onecard.actions._purses import GROUND, figures_on, hold_purse
from onecard.actions.topup._endings import TapReceipt
from onecard.domain.authority import Actor
from onecard.domain.topup import is_silent
from onecard.records.models import ChipDialogue
from onecard.seams.clock import local_day

MOST_AT_ONCE = 200


@act("topup.fall_silent")
def fall_silent(*, tap: str, actor: Actor, at: datetime) -> TapReceipt:
    """End a tap whose time is over; its open attempt, if it left one, is in doubt from now on."""
    known = ChipDialogue.objects.get(ref=tap)
    purse = hold_purse(known.purse_id) if known.purse_id else None
    row = hold.one(ChipDialogue, ref=tap)
    if row.ended_at is not None or not is_silent(expires_at=row.expires_at, at=at):
        return TapReceipt(row.ref, row.seq)
    still_open = open_attempt(purse.ref) if purse else None
    if purse is not None and still_open is not None and still_open.tap_id == row.ref:
        follow(purse, still_open, Closing(None, actor, at))
    _tapping.end(row, "topup.tap.expired", at=at)
    note(about=row.order_id or row.ref, by=actor, at=at, ground=GROUND, tap=row.ref)
    return TapReceipt(row.ref, row.seq)


@act("topup.forget_mac")
def forget_mac(*, tap: str, actor: Actor, at: datetime) -> TapReceipt:  # noqa: ARG001
    """Empty a step that may hold a MAC2 and was not answered in time; its digest stays."""
    row = hold.one(ChipDialogue, ref=tap)
    if row.ended_at is None and row.step_at <= at - _kept(at):
        _tapping.forget_step(row)
    return TapReceipt(row.ref, row.seq)


@walk("topup.silence_due")
def silence_due(*, actor: Actor, at: datetime) -> int:
    """End every tap whose time is over; returns how many."""
    running = ChipDialogue.objects.filter(ended_at=None)
    silent = running.filter(expires_at__lte=at).order_by("expires_at")
    refs = list(silent.values_list("ref", flat=True)[:MOST_AT_ONCE])
    for ref in refs:
        fall_silent(tap=ref, actor=actor, at=at)
    stale = running.filter(step_at__lte=at - _kept(at)).exclude(step=b"").order_by("step_at")
    for ref in list(stale.values_list("ref", flat=True)[:MOST_AT_ONCE]):
        forget_mac(tap=ref, actor=actor, at=at)
    return len(refs)


def _kept(at: datetime) -> timedelta:
    return timedelta(minutes=figures_on(local_day(at)).mac2_kept_minutes)
