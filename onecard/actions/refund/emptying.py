"""清空卡内余额: the debit is signed and saved, travels alone, and counts only when proven.

By unload, where the card system offers it, or by one purchase of the whole balance, which every
purse can do (card reference 9). 9000 without a MAC3 or TAC that fits proves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from onecard.actions import _tapping, hold
from onecard.actions._attempts import online, open_attempt, purchase, save_attempt
from onecard.actions._keeping import act
from onecard.actions._proving import Proved, challenge_of
from onecard.actions._purses import count_failures, hold_purse, identity_of
from onecard.actions._tapping import Part, Talk
from onecard.actions.refund._refunds import step
from onecard.actions.topup._endings import Ending, TapReceipt, note_tap, told_of
from onecard.actions.topup._plans import card_of
from onecard.actions.topup.writing import finish
from onecard.adapters.purse_keys import purse_keys
from onecard.chip import transit_purse
from onecard.chip.dialogue import Dialogue
from onecard.chip.fault import CardLost, ChipError, CryptoMismatch
from onecard.chip.purse_answers import LoadInitialized, Purchased, PurchaseInitialized, Unloaded
from onecard.chip.purse_facts import OnlineAttempt
from onecard.chip.purse_profile import PurseProfile
from onecard.domain.authority import Actor
from onecard.domain.refund import RefundEvent, RefundState, Way
from onecard.domain.topup import AttemptKind
from onecard.records.models import LoadAttempt, PurseRefund
from onecard.seams.failpoint import failpoint, register
from onecard.seams.world import world

EMPTY, DEBIT = "refund.empty", "refund.debit"
register("refund.attempt_saved")
_TERMINAL_COUNTERS = 1 << 32
Begun = LoadInitialized | PurchaseInitialized
Debited = Unloaded | Purchased


@dataclass(frozen=True)
class Signed:
    """A debit that custody signed, before anything was saved; None of it came from a carrier."""

    kind: AttemptKind
    begun: OnlineAttempt
    mac: bytes = field(repr=False)
    purchase_counter: int | None = None
    terminal_counter: int | None = None


@act("refund.authorise")
def authorise(*, talk: Talk, signed: Signed, actor: Actor, at: datetime) -> TapReceipt:
    """Save the attempt, and only then put its MAC into the next step."""
    purse = hold_purse(talk.purse)
    row = _tapping.take(talk, at=at)
    refund = hold.one(PurseRefund, ref=talk.refund)
    if refund.state is not RefundState.REQUESTED or open_attempt(purse.ref) is not None:
        _tapping.end(row, "refund.tap.not_now", at=at, state=refund.state.value)
        return TapReceipt(row.ref, row.seq)
    attempt = save_attempt(
        purse,
        signed.kind,
        signed.begun,
        signed.mac,
        tap=row,
        refund=refund.ref,
        purchase_counter=signed.purchase_counter,
        terminal_counter=signed.terminal_counter,
    )
    failpoint("refund.attempt_saved")
    step(refund, RefundEvent.AUTHORISED, by=actor, at=at, purse=purse)
    plan = {"attempt": attempt.ref, "mac": signed.mac.hex()}
    first = _tapping.first_step(_debit_of(attempt, signed.mac))
    _tapping.go_on(row, DEBIT, plan, first, profile=talk.profile)
    return TapReceipt(row.ref, row.seq)


@act("refund.judge_debit")
def stop(*, talk: Talk, ending: Ending, failures: int, actor: Actor, at: datetime) -> TapReceipt:
    """The debit could not even begin: nothing was signed, the refund stays as it was."""
    purse = hold_purse(talk.purse)
    row = _tapping.take(talk, at=at)
    count_failures(purse, failures, at=at)
    _tapping.end(row, ending.word, at=at, **ending.facts)
    note_tap(talk, ending.word, by=actor, at=at)
    return TapReceipt(row.ref, row.seq)


def empty_dialogue(plan: Mapping[str, Any], profile: PurseProfile) -> Dialogue[Begun]:
    """INITIALIZE for the debit of the whole balance, by the way this card family offers."""
    challenge, amount_fen = challenge_of(plan["challenge"]), plan["amount_fen"]
    if Way(plan["way"]) is Way.UNLOAD:
        return (
            yield from transit_purse.initialize_unload(
                profile, amount_fen=amount_fen, challenge=challenge
            )
        )
    return (
        yield from transit_purse.initialize_purchase(
            profile, amount_fen=amount_fen, terminal=challenge.terminal
        )
    )


def debit_dialogue(
    plan: Mapping[str, Any],
    profile: PurseProfile,  # noqa: ARG001
) -> Dialogue[Debited]:
    """The debit alone in its step, as the saved attempt says."""
    return _debit_of(LoadAttempt.objects.get(ref=plan["attempt"]), bytes.fromhex(plan["mac"]))


def _debit_of(attempt: LoadAttempt, mac: bytes) -> Dialogue[Debited]:
    if attempt.kind is AttemptKind.UNLOAD:
        return transit_purse.debit_unload(at=attempt.at, mac2=mac)
    return transit_purse.debit_purchase(purchase(attempt), mac1=mac)


def _begun(talk: Talk, init: Begun, actor: Actor, at: datetime) -> None:
    try:
        signed = _signed(talk, init, at)
    except CryptoMismatch:
        stop(talk=talk, ending=Ending("topup.tap.mismatch"), failures=1, actor=actor, at=at)
        return
    authorise(talk=talk, signed=signed, actor=actor, at=at)


def _signed(talk: Talk, init: Begun, at: datetime) -> Signed:
    """Ask custody; nothing is held. Raises `CryptoMismatch`."""
    moment = at.replace(microsecond=0)
    if isinstance(init, PurchaseInitialized):
        return _drain(talk, init, moment)
    plan, card = talk.plan, card_of(talk.plan)
    facts = {
        "amount_fen": plan["amount_fen"],
        "terminal": challenge_of(plan["challenge"]).terminal,
        "at": moment,
    }
    mac = purse_keys().authorise_unload(card, talk.profile, init, **facts)
    return Signed(AttemptKind.UNLOAD, OnlineAttempt.unload(card, init, **facts), mac)


def _drain(talk: Talk, init: PurchaseInitialized, moment: datetime) -> Signed:
    plan, card = talk.plan, card_of(talk.plan)
    load_init = LoadInitialized.decode(bytes.fromhex(plan["load_init"]))
    terminal = challenge_of(plan["challenge"]).terminal
    terminal_counter = world().rng.below(_TERMINAL_COUNTERS)
    mac = purse_keys().authorise_drain(
        card,
        talk.profile,
        load_init,
        init,
        load_amount_fen=plan["load_amount_fen"],
        load_terminal=bytes.fromhex(plan["load_terminal"]),
        terminal=terminal,
        terminal_counter=terminal_counter,
        at=moment,
    )
    begun = OnlineAttempt.load(
        card, load_init, amount_fen=plan["amount_fen"], terminal=terminal, at=moment
    )
    return Signed(
        AttemptKind.DRAIN,
        replace(begun, key_version=init.key_version),
        mac,
        purchase_counter=init.counter,
        terminal_counter=terminal_counter,
    )


def _begin_failed(talk: Talk, error: ChipError, actor: Actor, at: datetime) -> None:
    failures = int(isinstance(error, CryptoMismatch))
    stop(talk=talk, ending=told_of(error), failures=failures, actor=actor, at=at)


def _debited(talk: Talk, answer: Debited, actor: Actor, at: datetime) -> None:
    attempt = LoadAttempt.objects.select_related("purse").get(ref=talk.plan["attempt"])
    fits, proof = _fits(attempt, talk.profile, answer)
    proved = Proved(attempt.ref, proof) if fits else Proved(failures=1)
    finish(talk=talk, proved=proved, first=True, actor=actor, at=at)


def _fits(attempt: LoadAttempt, profile: PurseProfile, answer: Debited) -> tuple[bool, bytes]:
    """Whether MAC3, or the TAC of the purchase, proves this very debit."""
    card = identity_of(attempt.purse)
    if isinstance(answer, Unloaded):
        begun = online(attempt, card)
        return purse_keys().check_unload_mac3(card, profile, begun, answer.mac3), answer.mac3
    fits = purse_keys().check_purchase_tac(
        card, profile, purchase(attempt), answer.tac, key_version=attempt.key_version
    )
    return fits, answer.tac


def _debit_failed(talk: Talk, error: ChipError, actor: Actor, at: datetime) -> None:
    counts = isinstance(error, CardLost) and error.counts_as_mismatch
    finish(talk=talk, proved=Proved(failures=int(counts)), first=True, actor=actor, at=at)


EMPTY_PART = Part(begin=empty_dialogue, done=_begun, failed=_begin_failed)
DEBIT_PART = Part(begin=debit_dialogue, done=_debited, failed=_debit_failed)
