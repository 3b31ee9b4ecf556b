"""读卡: any card at any reader; what is pending on it is finished before anything else.

What a card shows is for the eye. But whoever holds a card that waits for its money gets it written
here, on any phone and at any outlet (补登).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from onecard.actions import _tapping, hold
from onecard.actions._attempts import open_attempt
from onecard.actions._keeping import act, note, walk
from onecard.actions._purses import (
    GROUND,
    figures_on,
    find_purse,
    follow_purse,
    meet_purse,
    profile_of,
    unfinished_orders,
)
from onecard.actions._tapping import Part, Plan, Talk, TapStep
from onecard.actions.topup._endings import Ending, TapReceipt, told_of
from onecard.actions.topup._plans import keep_challenges, plan_tap, tap_dialogue
from onecard.actions.topup._settling import TAP
from onecard.actions.topup.tapping import fall_silent_now
from onecard.chip import hr_application, purse_reading
from onecard.chip.dialogue import Dialogue
from onecard.chip.fault import CardRefused, ChipError, WrongCard
from onecard.chip.purse_files import PublicInformation
from onecard.chip.purse_profile import PROFILES, PurseProfile
from onecard.domain.authority import Actor, Role
from onecard.domain.topup import HOLDING
from onecard.records.models import Card, ChipDialogue, PurseAccount, TopUpOrder
from onecard.seams.clock import local_day
from onecard.seams.world import world

LOOK = "topup.look"


@dataclass(frozen=True)
class Looked:
    """What a card shows: its public file, its balance, and whose card it says it is."""

    public: PublicInformation
    balance_fen: int
    card_identifier: str


@dataclass(frozen=True)
class BoundReceipt:
    """Which card a purse was joined to just now; empty where nothing was joined."""

    purse: str
    card: str = ""


@walk("topup.look_at")
def begin_look(*, actor: Actor, at: datetime) -> TapStep:
    """Read whatever card is held: purse, balance, dates; and heal what is pending on it."""
    begun = look(actor=actor, at=at)
    return _tapping.step_of(_tapping.mine(begun.tap, actor), at=at)


@act("topup.look")
def look(*, actor: Actor, at: datetime) -> TapReceipt:
    """Begin to read a card that nobody has named yet."""
    profile = PROFILES[figures_on(local_day(at)).card_profile]
    first = _tapping.first_step(look_dialogue({}, profile))
    row = _tapping.start(LOOK, {}, first, profile=profile, by=actor, at=at)
    return TapReceipt(row.ref, row.seq)


@act("topup.looked")
def looked(*, talk: Talk, card: Looked, actor: Actor, at: datetime) -> TapReceipt:
    """A card was read: know its purse, and go on at once if something waits for it."""
    identity, valid_to = card.public.identity, card.public.valid_to
    purse = meet_purse(identity, valid_to=valid_to, at=at)
    row = _tapping.take(talk, at=at)
    row.purse = purse
    waiting = [order for order in unfinished_orders(purse.ref) if order.state in HOLDING]
    shown = _shown(purse, card.balance_fen, valid_to)
    row.result = shown | {"order": waiting[0].ref if waiting else ""}
    if waiting or open_attempt(purse.ref):
        _heal(row, purse, waiting[0] if waiting else None, by=actor, at=at)
    else:
        _tapping.end(row, "topup.tap.looked", at=at)
    note(about=purse.ref, by=actor, at=at, ground=GROUND, tap=row.ref)
    return TapReceipt(row.ref, row.seq)


@act("topup.bind")
def bind(*, purse: str, identifier: str, actor: Actor, at: datetime) -> BoundReceipt:
    """Join purse and card: at our own readers, or by the holder for the own card.

    Nothing authenticates what the chip says here, so a stranger's phone joins nothing.
    """
    index = world().custody.blind_index("card_identifier", identifier)
    found = Card.objects.filter(card_identifier_index=index, purses=None).first()
    ours = actor.role is Role.CARD_OUTLET_CLERK
    if found is None or not (ours or found.person_id == actor.ref):
        return BoundReceipt(purse)
    card, row = hold.one(Card, ref=found.ref), hold.one(PurseAccount, ref=purse)
    if row.card_id:
        return BoundReceipt(purse)
    row.card = card
    row.save(update_fields=["card"])
    follow_purse(row, by=actor, at=at)
    note(about=card.ref, by=actor, at=at, ground=GROUND, purse=purse)
    return BoundReceipt(purse, card.ref)


@act("topup.look_failed")
def look_failed(*, talk: Talk, ending: Ending, actor: Actor, at: datetime) -> TapReceipt:  # noqa: ARG001
    """The card could not be read; nothing is known, nothing changed."""
    row = _tapping.take(talk, at=at)
    _tapping.end(row, ending.word, at=at, **ending.facts)
    return TapReceipt(row.ref, row.seq)


def look_dialogue(plan: Plan, profile: PurseProfile) -> Dialogue[Looked]:  # noqa: ARG001
    """Both applications of the chip, the purse last, so that what follows finds it selected."""
    identifier = yield from _identifier()
    public = yield from purse_reading.select_purse(profile)
    balance_fen = yield from purse_reading.read_balance()
    return Looked(public, balance_fen, identifier)


def _identifier() -> Dialogue[str]:
    """Which card it says it is; empty for a card that says nothing about that."""
    try:
        return (yield from hr_application.read_card_identifier())
    except (CardRefused, WrongCard):
        return ""


def _heal(
    row: ChipDialogue, purse: PurseAccount, order: TopUpOrder | None, *, by: Actor, at: datetime
) -> None:
    """Something waits for this card: the same tap goes on with it."""
    row.order = order
    row.save(update_fields=["purse", "order"])
    fall_silent_now(purse, keep=row.ref, by=by, at=at)
    plan, profile = plan_tap(purse, order, at=at), profile_of(purse)
    first = _tapping.first_step(tap_dialogue(plan, profile))
    keep_challenges(row, purse, plan, at=at)
    _tapping.go_on(row, TAP, plan, first, profile=profile)


def _shown(purse: PurseAccount, balance_fen: int, valid_to: date | None) -> dict[str, object]:
    day = valid_to.isoformat() if valid_to else ""
    return {"purse": purse.ref, "balance_fen": balance_fen, "valid_to": day}


def _done(talk: Talk, result: Looked, actor: Actor, at: datetime) -> None:
    looked(talk=talk, card=result, actor=actor, at=at)
    if result.card_identifier:
        purse = find_purse(result.public.identity)
        identifier = result.card_identifier
        bind(purse=purse.ref if purse else "", identifier=identifier, actor=actor, at=at)


def _failed(talk: Talk, error: ChipError, actor: Actor, at: datetime) -> None:
    look_failed(talk=talk, ending=told_of(error), actor=actor, at=at)


PART = Part(begin=look_dialogue, done=_done, failed=_failed)
