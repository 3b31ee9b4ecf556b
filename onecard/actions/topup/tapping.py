"""贴卡充值: what is open on the card is settled first, then the order is signed (card ref. 10.3).

Custody first, then one act that holds the card: it draws the conclusion, saves the attempt and
only then lets MAC2 into the next step. A MAC2 that lost a race is dropped unsent.
"""

from __future__ import annotations

from datetime import datetime

from onecard.actions import _tapping, hold
from onecard.actions._attempts import Closing, follow, open_attempt
from onecard.actions._keeping import act, note, walk
from onecard.actions._proving import NOT_ASKED, Proved, fresh_counter, is_strong, proved_by_tac
from onecard.actions._purses import GROUND, hold_purse, profile_of
from onecard.actions._tapping import Part, Talk, TapStep
from onecard.actions.topup._endings import TapReceipt, told_of
from onecard.actions.topup._orders import known_order
from onecard.actions.topup._plans import card_of, keep_challenges, plan_tap, tap_dialogue
from onecard.actions.topup._settling import TAP, Heard, settle, stop
from onecard.adapters.purse_keys import purse_keys
from onecard.chip.fault import CardRefused, ChipError, CryptoMismatch
from onecard.chip.purse_answers import TransactionProof
from onecard.chip.purse_facts import OnlineAttempt
from onecard.chip.tap import Tapped, proof_in
from onecard.domain.authority import Actor, Role
from onecard.domain.refusal import Notice, Refusal, Refused
from onecard.domain.topup import (
    ATTEMPT_OPEN,
    TOPUP,
    AttemptKind,
    Fresh,
    OrderEvent,
    OrderState,
)
from onecard.records.models import LoadAttempt, PurseAccount, TopUpOrder
from onecard.seams.failpoint import failpoint, register

register("topup.before_custody")
register("topup.after_custody")


@walk("topup.tap")
def begin(*, order: str, actor: Actor, at: datetime) -> TapStep:
    """The person says "now": the first step of a tap for this order.

    Raises `Refused`: `topup.not_paid`, `topup.already_loaded`, `topup.already_refunded`,
    `topup.too_many_taps`, `topup.too_many_failures`.
    """
    begun = begin_tap(order=order, actor=actor, at=at)
    return _tapping.step_of(_tapping.mine(begun.tap, actor), at=at)


@act("topup.begin")
def begin_tap(*, order: str, actor: Actor, at: datetime) -> TapReceipt:
    """Draw a challenge and keep it before it leaves; other taps of this card are over."""
    purse = hold_purse(known_order(order, actor).purse_id)
    row = hold.one(TopUpOrder, ref=order)
    answer = TOPUP.ask(row.state, OrderEvent.BEGIN)
    if not isinstance(answer, OrderState):
        raise Refused(Refusal(answer.code) if isinstance(answer, Notice) else answer)
    fall_silent_now(purse, by=actor, at=at)
    plan, profile = plan_tap(purse, row, at=at), profile_of(purse)
    first = _tapping.first_step(tap_dialogue(plan, profile))
    kept = _tapping.start(
        TAP, plan, first, profile=profile, purse=purse, order=row, by=actor, at=at
    )
    keep_challenges(kept, purse, plan, at=at)
    note(about=row.ref, by=actor, at=at, ground=GROUND, tap=kept.ref)
    return TapReceipt(kept.ref, kept.seq)


def fall_silent_now(purse: PurseAccount, *, keep: str = "", by: Actor, at: datetime) -> None:
    """A new tap begins: the old ones end, and what they left open is in doubt."""
    _tapping.end_others(purse.ref, keep=keep, at=at)
    still_open = open_attempt(purse.ref)
    if still_open is not None:
        follow(purse, still_open, Closing(None, by, at))


def _done(talk: Talk, tapped: Tapped, actor: Actor, at: datetime) -> None:
    failpoint("topup.before_custody")
    heard = heard_of(talk, tapped, actor, at)
    failpoint("topup.after_custody")
    settle(talk=talk, heard=heard, actor=actor, at=at)


def failed(talk: Talk, error: ChipError, actor: Actor, at: datetime) -> None:
    """The tap went wrong; a proof that came before it did still counts."""
    proved = _proved(talk, proof_in(error))
    failures = proved.failures + isinstance(error, CryptoMismatch)
    heard = Heard(open=talk.plan["open"], proved=proved, failures=failures)
    wrong_pin = isinstance(error, CardRefused) and error.tries_left is not None
    stop(
        talk=talk,
        heard=heard,
        ending=told_of(error),
        pin_refused=wrong_pin,
        actor=actor,
        at=at,
    )


PART = Part(begin=tap_dialogue, done=_done, failed=failed)


def heard_of(talk: Talk, tapped: Tapped, actor: Actor, at: datetime) -> Heard:
    """Ask custody everything this tap needs; nothing is held."""
    plan, still_open = talk.plan, talk.plan["open"]
    proved = _proved(talk, tapped.proof)
    if proved.attempt:
        return Heard(open=still_open, proved=proved)
    strong = _is_strong(talk, actor)
    if tapped.probe is not None:
        probe = plan["probe"]
        asked = fresh_counter(
            card_of(plan),
            talk.profile,
            tapped.probe,
            amount_fen=probe["amount_fen"],
            terminal=bytes.fromhex(probe["terminal"]),
            strong=strong,
        )
        if asked is None or asked.counter != tapped.init.counter:
            return Heard(open=still_open, proved=proved, failures=proved.failures + 1)
    return _signed(talk, tapped, proved, strong=strong, at=at)


def _signed(talk: Talk, tapped: Tapped, proved: Proved, *, strong: bool, at: datetime) -> Heard:
    """MAC1 checked, and MAC2 made in the same call where something may be written."""
    plan, init = talk.plan, tapped.init
    terminal = bytes.fromhex(plan["challenge"]["terminal"])
    card, amount_fen = card_of(plan), plan["amount_fen"]
    moment = at.replace(microsecond=0)
    facts = {"open": plan["open"], "proved": proved, "valid_to": tapped.public.valid_to}
    if not _may_write(talk, init.counter):
        fresh = fresh_counter(
            card, talk.profile, init, amount_fen=amount_fen, terminal=terminal, strong=strong
        )
        failures = proved.failures + (fresh is None)
        return Heard(**facts, fresh=fresh, failures=failures)
    try:
        mac2 = purse_keys().authorise_load(
            card, talk.profile, init, amount_fen=amount_fen, terminal=terminal, at=moment
        )
    except CryptoMismatch:
        return Heard(**facts, failures=proved.failures + 1)
    return Heard(
        **facts,
        fresh=Fresh(init.balance_fen, init.counter, strong),
        failures=proved.failures,
        mac2=mac2,
        begun=OnlineAttempt.load(card, init, amount_fen=amount_fen, terminal=terminal, at=moment),
    )


def _may_write(talk: Talk, counter: int) -> bool:
    """Whether a MAC2 could be used at all, as far as can be seen without holding anything."""
    order = TopUpOrder.objects.filter(ref=talk.order).first()
    if order is None or order.refund_wanted:
        return False
    if not talk.plan["open"]:
        return order.state is OrderState.PAID
    still_open = LoadAttempt.objects.filter(ref=talk.plan["open"]).first()
    dies = still_open is not None and still_open.counter == counter
    return dies and order.state in ATTEMPT_OPEN | {OrderState.PAID}


def _proved(talk: Talk, proof: TransactionProof | None) -> Proved:
    """What `80 5A` proved. A stranger's TAC counts as a failure only while something is open."""
    plan = talk.plan
    if proof is None or not plan["kind"]:
        return NOT_ASKED
    proved = proved_by_tac(
        talk.purse,
        card_of(plan),
        talk.profile,
        AttemptKind(plan["kind"]),
        plan["proof_counter"],
        proof,
    )
    return proved if plan["open"] or proved.attempt else NOT_ASKED


def _is_strong(talk: Talk, actor: Actor) -> bool:
    plan = talk.plan
    chance = int(plan["challenge"]["possibilities"])
    if plan["probe"]:
        chance = max(chance, int(plan["probe"]["possibilities"]) * plan["probe"]["amounts"])
    return is_strong(chance, in_our_hand=actor.role is Role.CARD_OUTLET_CLERK)
