"""充值的规则: who may open, write, pay back and decide, in the order of rule book 22.3 and 22.4."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from onecard.domain.authority import Channel
from onecard.domain.refusal import Fix, FixKind, Notice, Refusal, found
from onecard.domain.topup.evidence import PAYS_BACK, AttemptState, Evidence
from onecard.domain.topup.figures import TopUpPolicy
from onecard.domain.topup.kinds import TOPUP, OrderEvent, OrderState
from onecard.domain.transit_purse import TRANSIT_PURSE, TransitEvent, TransitState

ALL = "all"
FEN = 100


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What is known when a top-up is asked for.

    `balance_fen` is what the card shows, or the shadow account; nobody vouches for it yet.
    `pending_fen` are orders of this card that are paid, or still may be, and not written.
    """

    channel: Channel
    platform: str
    is_ours: bool
    transit: TransitState
    valid_to: date | None
    on: date
    watched: bool
    unfinished: int
    amount_fen: int
    balance_fen: int
    pending_fen: int


def may_open(*, asked: Opening, figures: TopUpPolicy) -> Refusal | None:
    """The first no, before anything is paid."""
    return next(iter(may_open_all(asked=asked, figures=figures)), None)


def may_open_all(*, asked: Opening, figures: TopUpPolicy) -> tuple[Refusal, ...]:
    """Every no at once, in the order of the rule book."""
    return found(_checks(asked, figures))


def _checks(asked: Opening, figures: TopUpPolicy) -> Iterator[Refusal | None]:
    yield may_use_platform(channel=asked.channel, platform=asked.platform, figures=figures)
    yield must_be_ours(is_ours=asked.is_ours)
    yield must_take_loads(transit=asked.transit)
    yield must_not_be_expired(valid_to=asked.valid_to, on=asked.on)
    yield must_not_be_watched(watched=asked.watched)
    yield must_be_first_order(unfinished=asked.unfinished, figures=figures)
    yield must_be_allowed_amount(amount_fen=asked.amount_fen, figures=figures)
    yield must_stay_under_cap(
        balance_fen=asked.balance_fen,
        amount_fen=asked.amount_fen,
        pending_fen=asked.pending_fen,
        channel=asked.channel,
        figures=figures,
    )


def may_use_platform(*, channel: Channel, platform: str, figures: TopUpPolicy) -> Refusal | None:
    """手机充值仅支持安卓 (SEED, Q14); readers at outlets and kiosks are no phones."""
    if channel is not Channel.NFC_APP or platform in figures.nfc_platforms:
        return None
    return Refusal(
        "topup.platform_not_supported",
        measured={"platform": platform},
        allowed={"platforms": figures.nfc_platforms},
        field="platform",
        fix=Fix(FixKind.USE_CHANNEL, {"channel": Channel.KIOSK.value}),
    )


def must_be_ours(*, is_ours: bool) -> Refusal | None:
    """A transit card of this issuer, with a serial that can be read."""
    return None if is_ours else Refusal("topup.card_not_readable", field="card")


def must_take_loads(*, transit: TransitState) -> Refusal | None:
    """An account that was refunded, or is being refunded, takes nothing (rule book 19)."""
    answer = TRANSIT_PURSE.ask(transit, TransitEvent.LOAD)
    return answer if isinstance(answer, Refusal) else None


def must_not_be_expired(*, valid_to: date | None, on: date) -> Refusal | None:
    """The date on the chip; there is no other dormancy (ASSUMPTION)."""
    if valid_to is None or on <= valid_to:
        return None
    return Refusal("topup.purse_expired", measured={"day": valid_to})


def must_not_be_watched(*, watched: bool) -> Refusal | None:
    """A card that contradicted itself is looked at by people before it takes money again."""
    if not watched:
        return None
    fix = Fix(FixKind.USE_CHANNEL, {"channel": Channel.DIRECT_OUTLET.value})
    return Refusal("topup.card_watched", fix=fix)


def must_be_first_order(*, unfinished: int, figures: TopUpPolicy) -> Refusal | None:
    """一张卡同时只能有一笔未完成的充值."""
    if unfinished < figures.open_orders_per_card:
        return None
    return Refusal(
        "topup.open_order_exists",
        measured={"orders": unfinished},
        allowed={"limit": figures.open_orders_per_card},
        fix=Fix(FixKind.DO_FIRST, {"act": "topup.finish"}),
    )


def must_be_allowed_amount(*, amount_fen: int, figures: TopUpPolicy) -> Refusal | None:
    """At least the minimum, and on the step."""
    if amount_fen >= figures.min_fen and amount_fen % figures.step_fen == 0:
        return None
    return Refusal(
        "topup.amount_not_allowed",
        measured={"amount_fen": amount_fen},
        allowed={"min": in_yuan(figures.min_fen), "step": in_yuan(figures.step_fen)},
        field="amount_fen",
        fix=Fix(FixKind.CHANGE_INPUT, {"field": "amount_fen", "to": _on_step(amount_fen, figures)}),
    )


def must_stay_under_cap(
    *, balance_fen: int, amount_fen: int, pending_fen: int, channel: Channel, figures: TopUpPolicy
) -> Refusal | None:
    """余额加未写入的充值不高于上限 (SEED, Q14; V8): exactly the cap is allowed."""
    capped = figures.cap_channels == ALL or channel.value in figures.cap_channels.split()
    if not capped or balance_fen + pending_fen + amount_fen <= figures.balance_cap_fen:
        return None
    most = largest_allowed_fen(balance_fen=balance_fen, pending_fen=pending_fen, figures=figures)
    return Refusal(
        "topup.over_cap",
        measured={"balance_fen": balance_fen, "pending_fen": pending_fen, "amount_fen": amount_fen},
        allowed={"cap": in_yuan(figures.balance_cap_fen), "max": in_yuan(most)},
        field="amount_fen",
        fix=Fix(FixKind.CHANGE_INPUT, {"field": "amount_fen", "to": most}),
    )


def largest_allowed_fen(*, balance_fen: int, pending_fen: int, figures: TopUpPolicy) -> int:
    """The largest amount that still fits, on the step; 0 if it lies below the minimum."""
    room = max(0, figures.balance_cap_fen - balance_fen - pending_fen)
    most = room - room % figures.step_fen
    return most if most >= figures.min_fen else 0


def offered_fen(*, balance_fen: int, pending_fen: int, figures: TopUpPolicy) -> tuple[int, ...]:
    """The preset amounts that may be chosen now."""
    most = largest_allowed_fen(balance_fen=balance_fen, pending_fen=pending_fen, figures=figures)
    return tuple(preset for preset in figures.presets_fen if preset <= most)


@dataclass(frozen=True, kw_only=True)
class Writing:
    """What is known when a load is about to be signed; balance and counter are authenticated."""

    state: OrderState
    same_card: bool
    transit: TransitState
    watched: bool
    attempt_open: bool
    balance_fen: int
    amount_fen: int
    channel: Channel


def may_authorise(*, asked: Writing, figures: TopUpPolicy) -> Refusal | Notice | None:
    """Whether MAC2 may leave for this order on this card, now."""
    answer = TOPUP.ask(asked.state, OrderEvent.BEGIN)
    if not isinstance(answer, OrderState):
        return answer
    checks = (
        None if asked.same_card else Refusal("topup.different_card", field="card"),
        must_take_loads(transit=asked.transit),
        must_not_be_watched(watched=asked.watched),
        _must_be_settled(attempt_open=asked.attempt_open),
        must_stay_under_cap(
            balance_fen=asked.balance_fen,
            amount_fen=asked.amount_fen,
            pending_fen=0,
            channel=asked.channel,
            figures=figures,
        ),
    )
    return next(iter(found(checks)), None)


def _must_be_settled(*, attempt_open: bool) -> Refusal | None:
    """At most one open attempt on a card: what is unproven comes first."""
    if not attempt_open:
        return None
    return Refusal("topup.in_doubt_needs_card", fix=Fix(FixKind.BRING, {"what": "card"}))


def may_ask_payment_refund(
    *, state: OrderState, attempts: tuple[tuple[AttemptState, Evidence | None], ...]
) -> Refusal | Notice | None:
    """Money goes back only if no MAC2 ever left, or each is dead by a strong proof (10.3).

    A weak negative proof allows writing again, never paying back.
    """
    answer = TOPUP.ask(state, OrderEvent.ASK_PAYMENT_REFUND)
    if not isinstance(answer, OrderState):
        return answer
    return must_be_refundable(attempts=attempts)


def must_be_refundable(
    *, attempts: tuple[tuple[AttemptState, Evidence | None], ...]
) -> Refusal | None:
    """Whether every attempt of an order is dead by a proof on which money may go back."""
    if all(state is AttemptState.DEAD and proof in PAYS_BACK for state, proof in attempts):
        return None
    return Refusal("topup.in_doubt_needs_card", fix=Fix(FixKind.BRING, {"what": "card"}))


def may_propose(*, state: OrderState, reason: str, due_on: date, on: date) -> Refusal | None:
    """A held case is decided by people only after the working days in force, with a reason."""
    if state is not OrderState.IN_DOUBT:
        return Refusal("topup.nothing_to_decide")
    if on < due_on:
        fix = Fix(FixKind.WAIT_UNTIL, {"day": due_on})
        return Refusal("topup.decide_later", measured={"day": due_on}, fix=fix)
    if reason.strip():
        return None
    fix = Fix(FixKind.CHANGE_INPUT, {"field": "reason"})
    return Refusal("topup.reason_missing", field="reason", fix=fix)


def may_decide(*, proposed_by: str, decider: str, is_same_person: bool) -> Refusal | None:
    """One proposes, another decides; a second sign-in of one's own is not another one."""
    if not proposed_by:
        fix = Fix(FixKind.DO_FIRST, {"act": "topup.propose"})
        return Refusal("topup.nothing_proposed", fix=fix)
    if proposed_by != decider and not is_same_person:
        return None
    fix = Fix(FixKind.ASK_PERSON, {"who": "@authority.role.platform_operator"})
    return Refusal("topup.second_person", fix=fix)


def may_tap_again(*, challenges: int, failures: int, figures: TopUpPolicy) -> Refusal | None:
    """Few challenges for an open attempt, few failed proofs for a card: MACs are not guessed."""
    if failures >= figures.proof_failures_per_card_day:
        allowed = {"limit": figures.proof_failures_per_card_day}
        fix = Fix(FixKind.USE_CHANNEL, {"channel": Channel.DIRECT_OUTLET.value})
        return Refusal("topup.too_many_failures", {"failures": failures}, allowed=allowed, fix=fix)
    if challenges >= figures.challenges_per_attempt_day:
        allowed = {"limit": figures.challenges_per_attempt_day}
        fix = Fix(FixKind.WAIT_UNTIL, {"day": "@topup.tap.tomorrow"})
        return Refusal("topup.too_many_taps", {"taps": challenges}, allowed=allowed, fix=fix)
    return None


def is_silent(*, expires_at: datetime, at: datetime) -> bool:
    """Whether a dialogue is over by time alone; that proves nothing about the card."""
    return at >= expires_at


def in_yuan(fen: int) -> str:
    """An amount as people write it, `50.00`."""
    return f"{fen // FEN}.{fen % FEN:02d}"


def _on_step(amount_fen: int, figures: TopUpPolicy) -> int:
    """The nearest allowed amount that is not larger, at least the minimum."""
    return max(figures.min_fen, amount_fen - amount_fen % figures.step_fen)
