"""写卡的结果: only a TAC that custody verified says that money was written (card reference 0, 7).

9000 without it, any other status word, a time-out, an answer that makes no sense: the outcome is
unknown, the attempt stays open and the money is held.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from onecard.actions import _tapping, hold
from onecard.actions._attempts import Closing, follow, open_attempt
from onecard.actions._keeping import act, note
from onecard.actions._proving import NOT_ASKED, Proved, proved_by_tac, tac_fits
from onecard.actions._purses import (
    GROUND,
    count_failures,
    hold_purse,
    identity_of,
    profile_of,
    saw,
)
from onecard.actions._tapping import Part, Talk
from onecard.actions.topup._endings import Ending, TapReceipt, note_tap
from onecard.actions.topup._plans import card_of, credit_dialogue, prove_dialogue
from onecard.actions.topup._settling import proven
from onecard.chip.fault import CardLost, ChipError
from onecard.chip.layout import LayoutError
from onecard.chip.purse_answers import Loaded, TransactionProof, fen_of
from onecard.domain.authority import Actor
from onecard.domain.topup import AttemptKind
from onecard.records.models import ChipDialogue, LoadAttempt, PurseAccount
from onecard.seams.failpoint import failpoint, register

register("topup.before_tac_check")
register("topup.after_tac_check")

IN_DOUBT = Ending("topup.tap.in_doubt")
_OK = "9000"


@act("topup.finish")
def finish(*, talk: Talk, proved: Proved, first: bool, actor: Actor, at: datetime) -> TapReceipt:
    """The answer to a write, or to the question whether it was written, is judged.

    `first` says that the TAC stood in the answer to CREDIT FOR LOAD itself (P1, else P2).
    """
    purse = hold_purse(talk.purse)
    row = _tapping.take(talk, at=at)
    count_failures(purse, proved.failures, at=at)
    ending = _judged(purse, proved, first=first, by=actor, at=at)
    _tapping.end(row, ending.word, at=at, **ending.facts)
    note_tap(talk, ending.word, by=actor, at=at)
    return TapReceipt(row.ref, row.seq)


@act("topup.take_late_proof")
def take_late_proof(
    *, tap: str, seq: int, digest: str, proved: Proved, actor: Actor, at: datetime
) -> TapReceipt:
    """A TAC arrived after its tap was over: it proves the write all the same."""
    known = LoadAttempt.objects.get(ref=proved.attempt)
    purse = hold_purse(known.purse_id)
    row = hold.one(ChipDialogue, ref=tap)
    if row.seq != seq:
        raise _tapping.Overtaken(tap)
    ending = _judged(purse, proved, first=True, by=actor, at=at)
    row.seq, row.answers_hash = row.seq + 1, digest
    row.save(update_fields=["seq", "answers_hash"])
    _tapping.end(row, ending.word, at=at, **ending.facts)
    note(about=row.order_id or purse.ref, by=actor, at=at, ground=GROUND, outcome=ending.word)
    return TapReceipt(row.ref, row.seq)


def hear_late(
    row: ChipDialogue, plain: Mapping[str, Any], digest: str, *, actor: Actor, at: datetime
) -> bool:
    """Look for a TAC in answers that came too late; whether it proved the write."""
    attempt = row.attempts.first()
    tac = _tac_in(plain)
    if attempt is None or tac is None:
        return False
    purse = attempt.purse
    if not tac_fits(attempt, identity_of(purse), profile_of(purse), tac):
        return False
    proved = Proved(attempt.ref, tac)
    take_late_proof(tap=row.ref, seq=row.seq, digest=digest, proved=proved, actor=actor, at=at)
    return True


def _judged(purse: PurseAccount, proved: Proved, *, first: bool, by: Actor, at: datetime) -> Ending:
    """Proven, or still open: then the order is in doubt."""
    if proved.attempt:
        attempt = LoadAttempt.objects.get(ref=proved.attempt)
        ending = proven(purse, proved, by=by, at=at, first=first)
        if attempt.kind is AttemptKind.LOAD and first:
            after = fen_of(attempt.old_balance) + attempt.amount_fen
            saw(purse, balance_fen=after, counter=attempt.counter + 1, at=at)
        return ending
    still_open = open_attempt(purse.ref)
    if still_open is not None:
        follow(purse, still_open, Closing(None, by, at))
    return IN_DOUBT


def _credited(talk: Talk, loaded: Loaded, actor: Actor, at: datetime) -> None:
    failpoint("topup.before_tac_check")
    attempt = LoadAttempt.objects.select_related("purse").get(ref=talk.plan["attempt"])
    card = identity_of(attempt.purse)
    fits = tac_fits(attempt, card, talk.profile, loaded.tac)
    failpoint("topup.after_tac_check")
    proved = Proved(attempt.ref, loaded.tac) if fits else Proved(failures=1)
    finish(talk=talk, proved=proved, first=True, actor=actor, at=at)


def _credit_failed(talk: Talk, error: ChipError, actor: Actor, at: datetime) -> None:
    counts = isinstance(error, CardLost) and error.counts_as_mismatch
    finish(talk=talk, proved=Proved(failures=int(counts)), first=True, actor=actor, at=at)


def _asked_again(talk: Talk, proof: TransactionProof | None, actor: Actor, at: datetime) -> None:
    plan = talk.plan
    proved = proved_by_tac(
        talk.purse,
        card_of(plan),
        talk.profile,
        AttemptKind(plan["kind"]),
        plan["proof_counter"],
        proof,
    )
    finish(talk=talk, proved=proved, first=False, actor=actor, at=at)


def _asking_failed(talk: Talk, error: ChipError, actor: Actor, at: datetime) -> None:  # noqa: ARG001
    finish(talk=talk, proved=NOT_ASKED, first=False, actor=actor, at=at)


def _tac_in(plain: Mapping[str, Any]) -> bytes | None:
    """The TAC of an answer to CREDIT FOR LOAD, if it is one."""
    for answer in plain["answers"]:
        if answer.endswith(_OK):
            try:
                return Loaded.decode(bytes.fromhex(answer.removesuffix(_OK))).tac
            except (LayoutError, ValueError):
                return None
    return None


CREDIT_PART = Part(begin=credit_dialogue, done=_credited, failed=_credit_failed)
PROVE_PART = Part(begin=prove_dialogue, done=_asked_again, failed=_asking_failed)
