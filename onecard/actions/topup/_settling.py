"""The conclusion of a tap, drawn while the card is held (card reference 10.3, tap algorithm)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from onecard.actions import _tapping, hold
from onecard.actions._attempts import (
    Closing,
    facts_of,
    follow,
    make_strong,
    open_attempt,
    resolve_as,
    save_attempt,
    supersede,
)
from onecard.actions._keeping import act
from onecard.actions._proving import NOT_ASKED, Proved
from onecard.actions._purses import (
    count_failures,
    figures_on,
    hold_purse,
    note_incident,
    saw,
    watch,
)
from onecard.actions._tapping import Talk
from onecard.actions.topup._endings import WATCHED, Ending, TapReceipt, note_tap
from onecard.actions.topup._orders import pay_back_if_wanted, step
from onecard.actions.topup._plans import credit_dialogue, prove_dialogue
from onecard.chip.purse_facts import OnlineAttempt
from onecard.domain.authority import Actor
from onecard.domain.refusal import Notice, Refusal
from onecard.domain.topup import (
    AttemptKind,
    AttemptState,
    Evidence,
    Facts,
    Fresh,
    OrderEvent,
    OrderState,
    Verdict,
    Writing,
    may_authorise,
    must_not_be_expired,
    resolve,
)
from onecard.records.models import ChipDialogue, LoadAttempt, PurseAccount, TopUpOrder
from onecard.seams.clock import local_day
from onecard.seams.failpoint import failpoint, register

TAP, CREDIT, PROVE = "topup.tap", "topup.credit", "topup.prove"
register("topup.attempt_saved")


@dataclass(frozen=True)
class Heard:
    """What custody said about one tap. `fresh` None: no MAC1 verified, so nothing was learned.

    `open` is the attempt that was open when the step left; `mac2` is signed for `begun`.
    """

    open: str
    proved: Proved = NOT_ASKED
    fresh: Fresh | None = None
    failures: int = 0
    mac2: bytes = field(default=b"", repr=False)
    begun: OnlineAttempt | None = None
    valid_to: date | None = None
    initialized: bytes = b""
    """The verified INITIALIZE FOR LOAD answer itself, where a drain has to show it again."""


@dataclass(frozen=True)
class Scene:
    """Everything the conclusion needs, held."""

    purse: PurseAccount
    row: ChipDialogue
    talk: Talk
    heard: Heard
    by: Actor
    at: datetime

    def closing(self, evidence: Evidence | None) -> Closing:
        """As the rooms take it."""
        return Closing(evidence, self.by, self.at)


Conclusion = Callable[[Scene], Ending]
_conclusions: dict[str, Conclusion] = {}


def concludes(part: str) -> Callable[[Conclusion], Conclusion]:
    """Say what follows a tap of this part once nothing is open on the card; called in the act."""

    def keep(conclusion: Conclusion) -> Conclusion:
        _conclusions[part] = conclusion
        return conclusion

    return keep


@act("topup.settle")
def settle(*, talk: Talk, heard: Heard, actor: Actor, at: datetime) -> TapReceipt:
    """Draw the conclusion of a tap and go on, or end it.

    A positive proof first, then the counter, then whatever the tap was for: an order, a refund.
    """
    scene = _scene(talk, heard, by=actor, at=at)
    ending = _by_proof(scene) or _by_counter(scene) or _conclusions[talk.part](scene)
    if ending.word:
        _tapping.end(scene.row, ending.word, at=at, **ending.facts)
    note_tap(talk, ending.word, by=actor, at=at)
    return TapReceipt(scene.row.ref, scene.row.seq)


@act("topup.stop")
def stop(
    *,
    talk: Talk,
    heard: Heard,
    ending: Ending,
    pin_refused: bool = False,
    actor: Actor,
    at: datetime,
) -> TapReceipt:
    """A tap went wrong before anything was signed: the order stays as it was, unless proven."""
    scene = _scene(talk, heard, by=actor, at=at)
    ending = _by_proof(scene) or ending
    if pin_refused:
        note_incident(scene.purse, "issuer_pin_refused", about=talk.tap, at=at)
    _tapping.end(scene.row, ending.word, at=at, **ending.facts)
    note_tap(talk, ending.word, by=actor, at=at)
    return TapReceipt(scene.row.ref, scene.row.seq)


def _scene(talk: Talk, heard: Heard, *, by: Actor, at: datetime) -> Scene:
    purse = hold_purse(talk.purse)
    scene = Scene(purse, _tapping.take(talk, at=at), talk, heard, by, at)
    count_failures(purse, heard.failures, at=at)
    return scene


def _by_proof(scene: Scene) -> Ending | None:
    """A TAC that fits one of this card's attempts: written, whatever was believed before."""
    proved = scene.heard.proved
    if not proved.attempt:
        return None
    known = LoadAttempt.objects.filter(ref=proved.attempt).values_list("state", flat=True).first()
    if known is None or known is AttemptState.PROVEN:
        return None
    return proven(scene.purse, proved, by=scene.by, at=scene.at)


def proven(
    purse: PurseAccount, proved: Proved, *, by: Actor, at: datetime, first: bool = False
) -> Ending:
    """Close an attempt by its own TAC, and another one that stood at the same counter."""
    row = LoadAttempt.objects.get(ref=proved.attempt)
    if row.state is not AttemptState.PROVEN:
        was_dead = row.state is AttemptState.DEAD
        evidence = Evidence.P1 if first else Evidence.P2
        if row.kind is not AttemptKind.LOAD:
            evidence = Evidence.P3
        if was_dead:
            _supersede_others(purse, row, by=by, at=at)
        resolve_as(purse, row, Closing(evidence, by, at), tac=proved.tac)
        if was_dead:
            return WATCHED
    loads = row.kind is AttemptKind.LOAD
    return Ending("topup.tap.loaded" if loads else "refund.tap.drained")


def _supersede_others(purse: PurseAccount, row: LoadAttempt, *, by: Actor, at: datetime) -> None:
    """What is open at the counter that this load took can never be written any more."""
    other = open_attempt(purse.ref)
    if other is not None and other.ref != row.ref and other.counter == row.counter:
        supersede(purse, other, Closing(Evidence.N2, by, at), same_order=other.order == row.order)


def _by_counter(scene: Scene) -> Ending | None:
    """What a fresh answer under MAC1 says about the card and about what is open on it."""
    fresh, purse = scene.heard.fresh, scene.purse
    if fresh is None:
        return Ending("topup.tap.mismatch")
    still_open = open_attempt(purse.ref)
    if (still_open.ref if still_open else "") != scene.heard.open:
        return Ending("topup.tap.nothing")
    if not saw(purse, balance_fen=fresh.balance_fen, counter=fresh.counter, at=scene.at):
        return _contradicts(scene, still_open, "counter_went_back")
    if fresh.strong:
        make_strong(purse.ref, counter=fresh.counter)
    if still_open is None:
        return None
    verdict = resolve(facts_of(still_open), Facts(fresh=fresh))
    if verdict.incident:
        return _contradicts(scene, still_open, verdict.incident)
    return _by_verdict(scene, still_open, verdict)


def _by_verdict(scene: Scene, still_open: LoadAttempt, verdict: Verdict) -> Ending | None:
    if verdict.is_dead:
        resolve_as(scene.purse, still_open, scene.closing(verdict.evidence))
        return None
    if verdict.evidence is not Evidence.U:
        follow(scene.purse, still_open, scene.closing(None))
        return Ending("topup.tap.in_doubt")
    still_open.counter_moved = True
    still_open.save(update_fields=["counter_moved"])
    follow(scene.purse, still_open, scene.closing(Evidence.U))
    plan = dict(scene.talk.plan)
    first = _tapping.first_step(prove_dialogue(plan, scene.talk.profile))
    _tapping.go_on(scene.row, PROVE, plan, first, profile=scene.talk.profile)
    return Ending("")


def _contradicts(scene: Scene, still_open: LoadAttempt | None, why: str) -> Ending:
    """A copied or rolled-back chip: nothing follows but that people look."""
    watch(scene.purse, why, about=scene.talk.tap, at=scene.at)
    if still_open is not None:
        follow(scene.purse, still_open, scene.closing(None))
    return WATCHED


@concludes(TAP)
def _by_order(scene: Scene) -> Ending:
    """Nothing is open on the card any more: write, pay back, or say why not."""
    if not scene.talk.order:
        return Ending("topup.tap.settled")
    order = hold.one(TopUpOrder, ref=scene.talk.order)
    if order.state is OrderState.PAID and order.refund_wanted:
        pay_back_if_wanted(scene.purse, order, by=scene.by, at=scene.at)
    if order.state is OrderState.REFUNDING:
        return Ending("topup.tap.refunding")
    answer = _may_write(scene, order)
    if answer is None and order.state is not OrderState.PAID:
        return Ending("topup.tap.in_doubt")
    if answer is not None:
        facts = answer.all_facts() if isinstance(answer, Refusal) else {}
        return Ending("topup.tap.stopped", {"code": answer.code, "facts": facts})
    if scene.heard.begun is None or order.refund_wanted:
        return Ending("topup.tap.not_written")
    return _write(scene, order, scene.heard.begun)


def _may_write(scene: Scene, order: TopUpOrder) -> Refusal | Notice | None:
    """The rule; what was open is settled by now, and saving an attempt looks once more."""
    fresh, day = scene.heard.fresh, local_day(scene.at)
    asked = Writing(
        state=order.state,
        same_card=order.purse_id == scene.purse.ref,
        transit=scene.purse.state,
        watched=scene.purse.watched_at is not None,
        attempt_open=False,
        balance_fen=fresh.balance_fen if fresh else 0,
        amount_fen=order.amount_fen,
        channel=scene.by.channel,
    )
    no = may_authorise(asked=asked, figures=figures_on(day))
    return no or must_not_be_expired(valid_to=scene.heard.valid_to, on=day)


def _write(scene: Scene, order: TopUpOrder, begun: OnlineAttempt) -> Ending:
    """Save the attempt, and only then put MAC2 into the next step."""
    attempt = save_attempt(
        scene.purse, AttemptKind.LOAD, begun, scene.heard.mac2, tap=scene.row, order=order
    )
    failpoint("topup.attempt_saved")
    step(scene.purse, order, OrderEvent.AUTHORISED, by=scene.by, at=scene.at)
    plan = {
        "attempt": attempt.ref,
        "at": begun.at.isoformat(),
        "mac2": scene.heard.mac2.hex(),
    }
    first = _tapping.first_step(credit_dialogue(plan, scene.talk.profile))
    _tapping.go_on(scene.row, CREDIT, plan, first, profile=scene.talk.profile)
    return Ending("")
