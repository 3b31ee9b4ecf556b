"""贴卡的中继: answers come in, the next step goes out, whoever carries them (card reference 12).

Re-posting the same answers to the same step gives the stored next step; other answers to it are an
incident. Custody is asked before anything is held, and nothing is stored while it is silent, so
that the same post may be repeated.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from onecard.actions import _tapping, hold, refund, topup
from onecard.actions._keeping import act, note, walk
from onecard.actions._purses import GROUND, figures_on, note_incident
from onecard.actions._tapping import Answered, Part, Talk, TapStep
from onecard.adapters.purse_keys import KeysSilent
from onecard.adapters.purse_keys.uses import gathering
from onecard.chip.apdu import MAX_ANSWER, Exchanged, Secret
from onecard.chip.dialogue import Conversation, Step
from onecard.chip.fault import ChipError, Loss
from onecard.domain.authority import THE_CLOCK, Actor
from onecard.domain.refusal import Fix, FixKind, Refusal, Refused
from onecard.domain.topup import is_silent
from onecard.records.models import ChipDialogue
from onecard.seams.clock import local_day
from onecard.seams.failpoint import failpoint, register
from onecard.seams.world import world

PARTS: Mapping[str, Part] = {**topup.PARTS, **refund.PARTS}
"""Every piece of talk there is, by its name."""

MOST_ERROR = 200

register("topup.answers_arrived")
register("topup.before_step_leaves")


@dataclass(frozen=True)
class Posted:
    """What a carrier posts: answers in hex, and after how many of them the card was lost.

    `reader_error` is the reader's own text; it proves nothing and is only kept.
    """

    seq: int
    answers: tuple[str, ...] = ()
    lost_after: int | None = None
    reader_error: str = ""


@dataclass(frozen=True)
class TapReceipt:
    """A tap after an act of its own."""

    tap: str
    seq: int


@walk("topup.answer")
def answer(*, tap: str, posted: Posted, actor: Actor, at: datetime) -> TapStep:
    """Take the answers of a step and give the next one, or the result.

    Raises `Refused`: `topup.wrong_step`, `topup.other_answers` (409), `topup.tap_over`,
    `topup.too_many_answers`, `topup.answer_length`, `topup.keys_unavailable` (503: post the same
    again); `NotFound` for somebody else's tap.
    """
    row = _tapping.mine(tap, actor)
    plain = _plain(posted)
    digest = world().custody.sign("tap answers", _canonical(plain).encode())
    stored = _stored(row, posted.seq, digest, actor=actor, at=at)
    if stored is not None:
        return stored
    _must_fit(row, posted)
    failpoint("topup.answers_arrived")
    try:
        if _is_over(row, at):
            _listen_late(row, plain, digest, actor=actor, at=at)
        else:
            _listen(row, plain, digest, actor=actor, at=at)
    except KeysSilent as silence:
        fix = Fix(FixKind.DO_FIRST, {"act": "topup.tap"})
        raise Refused(Refusal("topup.keys_unavailable", fix=fix)) from silence
    except _tapping.Overtaken:
        return _after_race(tap, posted.seq, digest, actor=actor, at=at)
    failpoint("topup.before_step_leaves")
    return _tapping.step_of(_tapping.mine(tap, actor), at=at)


def current(*, tap: str, actor: Actor, at: datetime) -> TapStep:
    """The step that is due, for a carrier that lost the last answer of ours."""
    return _tapping.step_of(_tapping.mine(tap, actor), at=at)


@act("topup.keep_answers")
def keep_answers(*, talk: Talk, step: Step, actor: Actor, at: datetime) -> TapReceipt:  # noqa: ARG001
    """The card asked for a follow-up: keep what it said, and send that."""
    row = _tapping.take(talk, at=at)
    _tapping.same_part(row, talk, step)
    return TapReceipt(row.ref, row.seq)


@act("topup.note_other_answers")
def note_other_answers(*, tap: str, actor: Actor, at: datetime) -> TapReceipt:
    """Somebody posted other answers to a step that was answered: an incident, nothing else."""
    row = hold.one(ChipDialogue, ref=tap)
    note_incident(row.purse, "other_answers", about=row.ref, at=at)
    note(about=row.ref, by=actor, at=at, ground=GROUND, seq=row.seq)
    return TapReceipt(row.ref, row.seq)


def _listen(
    row: ChipDialogue, plain: Mapping[str, Any], digest: str, *, actor: Actor, at: datetime
) -> None:
    """Replay the part with the new answers; whoever it belongs to says what follows."""
    before = _tapping.carried_so_far(row)
    with gathering() as uses:
        talk = _tapping.talk_of(row, Answered(row.seq, digest, (*before, plain), ()), uses)
        talking = Conversation(PARTS[row.part].begin(talk.plan, talk.profile))
        for earlier in before:
            talking.take(_tapping.carried_of(earlier))
        heard = len(talking.trail)
        try:
            talking.take(_tapping.carried_of(plain))
            talk = _tapping.with_trail(talk, _shown(talking.trail[heard:]))
            _follow(talk, talking, actor, at)
        except ChipError as error:
            talk = _tapping.with_trail(talk, _shown(talking.trail[heard:]))
            PARTS[row.part].failed(talk, error, actor, at)


def _follow(talk: Talk, talking: Conversation[Any], actor: Actor, at: datetime) -> None:
    """The dialogue goes on, or its result is judged; a key nobody has is a wrong card."""
    if talking.step is not None:
        keep_answers(talk=talk, step=talking.step, actor=actor, at=at)
    else:
        PARTS[talk.part].done(talk, talking.result, actor, at)


def _shown(trail: tuple[Exchanged, ...]) -> tuple[str, ...]:
    """As it is kept: neither a PIN nor a MAC2, of which only a digest stays."""
    return tuple(_without_mac(line).shown for line in trail)


def _without_mac(line: Exchanged) -> Exchanged:
    if not line.command.kind.moves_money:
        return line
    return replace(line, command=replace(line.command, secret=Secret.COMMAND))


def _is_over(row: ChipDialogue, at: datetime) -> bool:
    """Whether the step that is due may not be answered any more."""
    return row.ended_at is not None or not row.plan or is_silent(expires_at=row.expires_at, at=at)


def _listen_late(
    row: ChipDialogue, plain: Mapping[str, Any], digest: str, *, actor: Actor, at: datetime
) -> None:
    """A tap that is over takes nothing but a proof. Raises `Refused("topup.tap_over")`."""
    if row.part == topup.CREDIT and topup.hear_late(row, plain, digest, actor=actor, at=at):
        return
    topup.fall_silent(tap=row.ref, actor=THE_CLOCK, at=at)
    minutes = figures_on(local_day(at)).dialogue_valid_minutes
    fix = Fix(FixKind.DO_FIRST, {"act": "topup.tap"})
    raise Refused(Refusal("topup.tap_over", allowed={"minutes": minutes}, fix=fix))


def _stored(
    row: ChipDialogue, seq: int, digest: str, *, actor: Actor, at: datetime
) -> TapStep | None:
    """The answer given before, if this step was answered; a no if it was answered otherwise."""
    if seq == row.seq - 1 and row.answers_hash:
        if digest == row.answers_hash:
            return _tapping.step_of(row, at=at)
        note_other_answers(tap=row.ref, actor=actor, at=at)
        raise Refused(Refusal("topup.other_answers", field="seq"))
    if seq != row.seq:
        measured, allowed = {"given": seq}, {"seq": row.seq}
        raise Refused(Refusal("topup.wrong_step", measured=measured, allowed=allowed, field="seq"))
    return None


def _after_race(tap: str, seq: int, digest: str, *, actor: Actor, at: datetime) -> TapStep:
    """Somebody was faster: the same answers get the stored step, others a no."""
    stored = _stored(_tapping.mine(tap, actor), seq, digest, actor=actor, at=at)
    if stored is None:
        raise Refused(Refusal("topup.wrong_step", measured={"given": seq}, field="seq"))
    return stored


def _must_fit(row: ChipDialogue, posted: Posted) -> None:
    """No more answers than commands, none longer than an answer can be."""
    sent = len(row.step.get("apdus", ()))
    if len(posted.answers) > sent and row.ended_at is None:
        measured = {"got": len(posted.answers)}
        raise Refused(
            Refusal(
                "topup.too_many_answers", measured=measured, allowed={"sent": sent}, field="answers"
            )
        )
    for number, one in enumerate(posted.answers, start=1):
        if len(one) > 2 * MAX_ANSWER:
            measured, allowed = {"answer": number}, {"max": MAX_ANSWER}
            raise Refused(
                Refusal("topup.answer_length", measured=measured, allowed=allowed, field="answers")
            )


def _plain(posted: Posted) -> dict[str, Any]:
    """A post as it is kept: what came after the loss is not heard."""
    lost = posted.lost_after
    answers = posted.answers if lost is None else posted.answers[: max(0, lost)]
    if lost is not None:
        how = Loss.CARD_GONE.value
    else:
        how = Loss.READER_GONE.value if posted.reader_error else ""
    return {"answers": list(answers), "lost": how, "error": posted.reader_error[:MOST_ERROR]}


def _canonical(plain: Mapping[str, Any]) -> str:
    return json.dumps(plain, sort_keys=True, separators=(",", ":"))
