"""一次贴卡: numbered steps that the server gives out and somebody else carries (card reference 12).

A tap is a chain of parts; each part is one dialogue of the chip, begun again from its plan and
replayed with the answers so far. The carrier holds no key and takes no decision: terminal number,
amount and time come from the plan, never from a post.

What an act of a room does inside its transaction is here: take the answers of a step, go on with
another part, end. What runs between the acts is `actions/tap.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from onecard.actions import hold
from onecard.actions._purses import figures_on
from onecard.adapters.purse_keys.uses import KeyUse
from onecard.chip.dialogue import Carried, Conversation, Dialogue, Step
from onecard.chip.fault import ChipError, Loss
from onecard.chip.purse_profile import PROFILES, PurseProfile
from onecard.chip.wire import for_phone
from onecard.domain.authority import Actor
from onecard.domain.refusal import Fact, NotFound
from onecard.domain.topup import is_silent
from onecard.records.models import ChipDialogue, PurseAccount, TopUpOrder
from onecard.seams.clock import local_day
from onecard.seams.world import world

Plan = Mapping[str, Any]

_LOSSES = {loss.value: loss for loss in Loss}


class Overtaken(Exception):
    """Somebody else's answers to the same step were taken first: nothing was written."""


@dataclass(frozen=True)
class Answered:
    """The answers of one step as they were posted: their digest, and what was exchanged."""

    seq: int
    digest: str
    carried: tuple[Mapping[str, Any], ...]
    trail: tuple[str, ...]


@dataclass(frozen=True)
class Talk:
    """A tap whose answers just came, read without holding anything.

    `uses` are the uses of purse keys these answers cause, as they are gathered.
    """

    tap: str
    purse: str
    order: str
    refund: str
    part: str
    plan: Plan
    profile: PurseProfile
    answered: Answered
    uses: list[KeyUse] = field(default_factory=list)

    @property
    def key_uses(self) -> tuple[str, ...]:
        """Which keys were used for these answers and what custody said, for the audit."""
        return tuple(map(str, self.uses))


@dataclass(frozen=True)
class Part:
    """A piece of talk: how its dialogue begins, and what follows when it is done or has failed.

    `done` and `failed` are walks: they ask key custody first, then run one act, in which the row
    is taken and goes on or ends.
    """

    begin: Callable[[Plan, PurseProfile], Dialogue[Any]]
    done: Callable[[Talk, Any, Actor, datetime], None]
    failed: Callable[[Talk, ChipError, Actor, datetime], None]


@dataclass(frozen=True)
class ApduOut:
    """One command for the carrier, and after which status words it sends the next."""

    hex: str
    go_on: tuple[str, ...]


@dataclass(frozen=True)
class TapStep:
    """What the carrier does next; with `over` there is nothing left to do.

    `outcome` is a key of the word files, `state` where the order stands, `facts` what the card
    showed or why nothing was written.
    """

    tap: str
    seq: int
    apdus: tuple[ApduOut, ...]
    card_timeout_ms: int
    expires_at: datetime
    over: bool
    outcome: str
    order: str
    state: str
    moves_money: bool = False
    facts: dict[str, Any] = field(default_factory=dict)


def start(
    part: str,
    plan: Plan,
    first: Step,
    *,
    profile: PurseProfile,
    purse: PurseAccount | None = None,
    order: TopUpOrder | None = None,
    refund: str = "",
    by: Actor,
    at: datetime,
) -> ChipDialogue:
    """Begin a tap: its first step is the person's "now"."""
    minutes = figures_on(local_day(at)).dialogue_valid_minutes
    row = ChipDialogue(
        ref=world().ids.new("tap"),
        purse=purse,
        order=order,
        refund=refund,
        actor_role=by.role,
        actor_ref=by.ref,
        channel=by.channel,
        outlet=by.outlet,
        part=part,
        started_at=at,
        step_at=at,
        expires_at=at + timedelta(minutes=minutes),
    )
    _put(row, plan, first, profile)
    row.save(force_insert=True)
    return row


def first_step(dialogue: Dialogue[Any]) -> Step:
    """What a dialogue says first."""
    step = Conversation(dialogue).step
    if step is None:
        raise ValueError("a tap begins with a step")
    return step


def take(talk: Talk, *, at: datetime) -> ChipDialogue:
    """Hold the tap and take the answers of its step, once.

    Raises `Overtaken` when the step was answered meanwhile, or the tap ended.
    """
    row = hold.one(ChipDialogue, ref=talk.tap)
    if row.ended_at is not None or row.seq != talk.answered.seq:
        raise Overtaken(talk.tap)
    row.answers_hash = talk.answered.digest
    row.trail = {"lines": [*row.trail.get("lines", ()), *talk.answered.trail]}
    row.seq += 1
    row.step_at = at
    return row


def same_part(row: ChipDialogue, talk: Talk, step: Step) -> None:
    """The dialogue of this part goes on: a follow-up, or the PIN in between."""
    row.carried = {"steps": list(talk.answered.carried)}
    _put(row, talk.plan, step, talk.profile)
    _save(row)


def go_on(row: ChipDialogue, part: str, plan: Plan, step: Step, *, profile: PurseProfile) -> None:
    """The next part begins, in the same field of the card."""
    row.part, row.carried = part, {}
    _put(row, plan, step, profile)
    _save(row)


def end(row: ChipDialogue, outcome: str, *, at: datetime, **result: Fact) -> None:
    """The tap is over; `outcome` is a word of `topup.tap` or of another room's."""
    row.ended_at, row.outcome, row.result = at, outcome, {**row.result, **result}
    row.plan = row.step = row.carried = {}
    _save(row)


def end_others(purse: str, *, keep: str = "", at: datetime) -> list[ChipDialogue]:
    """End what still runs on a card: a new tap begins, and the old steps must not be used."""
    running = ChipDialogue.objects.filter(purse=purse, ended_at=None).exclude(ref=keep)
    rows = hold.many(running)
    for row in rows:
        end(row, "topup.tap.superseded", at=at)
    return rows


def forget_step(row: ChipDialogue) -> None:
    """Empty what may hold a MAC; what was exchanged stays in the trail."""
    row.plan = row.step = {}
    row.save(update_fields=["plan", "step"])


def step_of(row: ChipDialogue, *, at: datetime) -> TapStep:
    """What the carrier is told now; a step that moves money is given out for so long only."""
    figures = figures_on(local_day(at))
    kept = timedelta(minutes=figures.mac2_kept_minutes)
    step = row.step if row.ended_at is None and at < row.step_at + kept else {}
    over = row.ended_at is not None or is_silent(expires_at=row.expires_at, at=at) or not step
    lapsed = "topup.tap.expired" if over else "topup.tap.hold"
    return TapStep(
        tap=row.ref,
        seq=row.seq,
        apdus=() if over else _apdus(step),
        card_timeout_ms=figures.card_timeout_ms,
        expires_at=row.expires_at,
        over=over,
        outcome=row.outcome or lapsed,
        order=row.order_id or "",
        state=row.order.state.value if row.order else "",
        moves_money=not over and bool(step["moves_money"]),
        facts=dict(row.result),
    )


def talk_of(row: ChipDialogue, answered: Answered, uses: list[KeyUse]) -> Talk:
    """The tap as values."""
    return Talk(
        uses=uses,
        tap=row.ref,
        purse=row.purse_id or "",
        order=row.order_id or "",
        refund=row.refund,
        part=row.part,
        plan=row.plan["plan"],
        profile=PROFILES[row.plan["profile"]],
        answered=answered,
    )


def with_trail(talk: Talk, trail: tuple[str, ...]) -> Talk:
    """The same talk with what was exchanged in its last step, secrets as stars."""
    return replace(talk, answered=replace(talk.answered, trail=trail))


def carried_so_far(row: ChipDialogue) -> list[Mapping[str, Any]]:
    """The answers to this part so far, as they were posted."""
    return list(row.carried.get("steps", ()))


def mine(tap: str, actor: Actor) -> ChipDialogue:
    """A tap that this actor began. Raises `NotFound`, for foreign as for absent."""
    row = ChipDialogue.objects.filter(ref=tap).select_related("order").first()
    if row is None or (row.actor_role, row.actor_ref) != (actor.role, actor.ref):
        raise NotFound(ChipDialogue.__name__)
    return row


def carried_of(posted: Mapping[str, Any]) -> Carried:
    """Posted answers as the chip's grammar takes them."""
    lost = posted["lost"]
    return Carried.from_hex(posted["answers"], lost=_LOSSES.get(lost) if lost else None)


def _apdus(step: Mapping[str, Any]) -> tuple[ApduOut, ...]:
    return tuple(ApduOut(one["hex"], tuple(one["go_on"])) for one in step["apdus"])


def _put(row: ChipDialogue, plan: Plan, step: Step, profile: PurseProfile) -> None:
    row.plan = {"plan": dict(plan), "profile": profile.name}
    row.step = {"apdus": list(for_phone(step)), "moves_money": step.moves_money}


def _save(row: ChipDialogue) -> None:
    row.save(
        update_fields=[
            "purse",
            "order",
            "part",
            "plan",
            "carried",
            "step",
            "seq",
            "step_at",
            "answers_hash",
            "trail",
            "ended_at",
            "outcome",
            "result",
        ]
    )
