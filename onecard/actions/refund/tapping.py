"""贴卡退值: first what is open on the card, then what is in it, then it is emptied (card ref. 9).

The balance that will be paid is the one that custody verified in this very tap, all of it. Nothing
is signed for any other amount.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from onecard.actions import _tapping
from onecard.actions._keeping import act, note, walk
from onecard.actions._purses import profile_of
from onecard.actions._tapping import Part, Talk, TapStep
from onecard.actions.refund._refunds import GROUND, drained, held, step
from onecard.actions.refund.emptying import EMPTY, empty_dialogue
from onecard.actions.topup._endings import WATCHED, Ending, TapReceipt
from onecard.actions.topup._plans import draw_again, keep_challenges, plan_tap, tap_dialogue
from onecard.actions.topup._settling import Scene, concludes, settle
from onecard.actions.topup.tapping import failed, fall_silent_now, heard_of
from onecard.chip.tap import Tapped
from onecard.domain.authority import Actor
from onecard.domain.refund import REFUND, RefundEvent, RefundState, Way
from onecard.domain.refusal import Refusal, Refused
from onecard.records.models import PurseRefund
from onecard.seams.failpoint import failpoint, register

TAP = "refund.tap"
register("refund.before_custody")
register("refund.after_custody")


@walk("refund.tap")
def begin(*, refund: str, actor: Actor, at: datetime) -> TapStep:
    """The clerk puts the card on the reader: the first step of the tap that empties it.

    Raises `Refused`: `refund.already_drained`, `refund.already_paid_out`, `topup.too_many_taps`.
    """
    begun = begin_tap(refund=refund, actor=actor, at=at)
    return _tapping.step_of(_tapping.mine(begun.tap, actor), at=at)


@act("refund.begin")
def begin_tap(*, refund: str, actor: Actor, at: datetime) -> TapReceipt:
    """Draw a challenge and keep it before it leaves; other taps of this card are over."""
    purse, row = held(refund)
    answer = REFUND.table.get((row.state, RefundEvent.AUTHORISED))
    if isinstance(answer, Refusal):
        raise Refused(answer)
    fall_silent_now(purse, by=actor, at=at)
    plan, profile = plan_tap(purse, None, at=at), profile_of(purse)
    first = _tapping.first_step(tap_dialogue(plan, profile))
    kept = _tapping.start(
        TAP, plan, first, profile=profile, purse=purse, refund=row.ref, by=actor, at=at
    )
    keep_challenges(kept, purse, plan, at=at)
    note(about=row.ref, by=actor, at=at, ground=GROUND, tap=kept.ref)
    return TapReceipt(kept.ref, kept.seq)


def _done(talk: Talk, tapped: Tapped, actor: Actor, at: datetime) -> None:
    failpoint("refund.before_custody")
    heard = replace(heard_of(talk, tapped, actor, at), initialized=tapped.init.encode())
    failpoint("refund.after_custody")
    settle(talk=talk, heard=heard, actor=actor, at=at)


@concludes(TAP)
def _by_refund(scene: Scene) -> Ending:
    """Nothing is open on the card any more: empty it, or say that it is empty."""
    _, row = held(scene.talk.refund)
    if row.state is RefundState.DRAINED:
        return Ending("refund.tap.drained")
    fresh = scene.heard.fresh
    if row.state is not RefundState.REQUESTED or fresh is None:
        return Ending("refund.tap.not_now", {"state": row.state.value})
    if scene.purse.watched_at is not None:
        return WATCHED
    if fresh.balance_fen == 0:
        return _is_empty(scene, row)
    return _empty(scene, row, fresh.balance_fen)


def _is_empty(scene: Scene, row: PurseRefund) -> Ending:
    row.amount_fen = 0
    step(row, RefundEvent.PROVEN_EMPTY, by=scene.by, at=scene.at, purse=scene.purse)
    drained(scene.purse, row, by=scene.by, at=scene.at)
    return Ending("refund.tap.was_empty")


def _empty(scene: Scene, row: PurseRefund, balance_fen: int) -> Ending:
    """The next part begins the debit, of the whole proven balance, with a number of its own."""
    plan = {
        **draw_again(scene.talk.plan, scene.talk.profile, amount_fen=balance_fen),
        "way": (row.way if row.way is not Way.UNREADABLE else Way.PURCHASE).value,
        "load_init": scene.heard.initialized.hex(),
        "load_amount_fen": scene.talk.plan["amount_fen"],
        "load_terminal": scene.talk.plan["challenge"]["terminal"],
    }
    keep_challenges(scene.row, scene.purse, plan, at=scene.at)
    first = _tapping.first_step(empty_dialogue(plan, scene.talk.profile))
    _tapping.go_on(scene.row, EMPTY, plan, first, profile=scene.talk.profile)
    return Ending("")


PART = Part(begin=tap_dialogue, done=_done, failed=failed)
