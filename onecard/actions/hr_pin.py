"""社保密码: set, changed, tried, reset at an outlet (rule book 13).

The PIN lives on the chip. Here only a keyed digest bound to the card is kept, by which a typed PIN
is recognised and wrong tries are counted; nobody can read a PIN out of the archive.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from hmac import compare_digest

from onecard import policy
from onecard.actions._history import move_hr
from onecard.actions._keeping import act, note, tell, walk
from onecard.actions.collection.rows import Held, held, must_be_in_hand
from onecard.actions.loss.asking import in_person
from onecard.domain import hr_pin, partner
from onecard.domain.authority import Actor
from onecard.domain.channels import ChannelPolicy, Matter, may_use_channel
from onecard.domain.collection import CardInHand, Shown
from onecard.domain.hr_function import HR_FUNCTION, HrEvent, HrState, may_be_used
from onecard.domain.hr_pin import PinPolicy
from onecard.domain.refusal import Notice, Refusal, Refused, require
from onecard.records.models import Card, CardPin
from onecard.seams.clock import local_day
from onecard.seams.world import world

GROUND = "rule book 13"


@dataclass(frozen=True)
class PinReceipt:
    """The HR function after its PIN was set, changed or reset."""

    card: str
    person: str
    hr_state: str
    notice: str = ""


@dataclass(frozen=True)
class PinTried:
    """Whether a typed PIN was right; `left` tries in a row remain, at none the card is locked."""

    card: str
    right: bool
    left: int
    hr_state: str


@act("hr_pin.set_first")
def set_first(
    *, card: str, proof: CardInHand, shown: Shown, pin: str, actor: Actor, at: datetime
) -> PinReceipt:
    """Set the PIN of a card that has none: the holder in person, card and document in hand.

    Raises `Refused`: `hr_function.*`, `collection.*`, `authority.in_person_only`, `documents.*`.
    """
    rows, day = held(card, actor=actor), local_day(at)
    row = rows.card
    require(
        *_may_come(rows, proof, shown, actor=actor, day=day),
        may_be_used(state=row.state_at(at)),
        hr_pin.must_not_be_set(is_set=_of(row) is not None),
        _may_be(pin, rows, day),
    )
    _keep(row, pin, actor=actor, at=at)
    note(about=row.ref, by=actor, at=at, ground=GROUND)
    return _receipt(row, at)


@act("hr_pin.try")
def try_pin(*, card: str, pin: str, actor: Actor, at: datetime) -> PinTried:
    """Compare a typed PIN. A wrong one is counted, so it is an answer and no refusal.

    The last wrong one locks the function. Raises `Refused`: `hr_function.not_enabled`, `.lost`,
    `.locked`, `.cancelled`, `.pin_not_set`.
    """
    row = held(card, actor=actor).card
    kept = _of(row)
    require(
        may_be_used(state=row.state_at(at), with_pin=True),
        hr_pin.must_be_set(is_set=kept is not None),
    )
    figures = _figures(local_day(at))
    right = kept is not None and compare_digest(kept.verifier, _verifier(row, pin))
    left = _count(kept, right=right, figures=figures) if kept else 0
    if not left:
        move_hr(row, HrEvent.LOCK, reason="pin_wrong", by=actor, at=at)
        _tell("function.locked", row, HrState.LOCKED, at=at)
    note(about=row.ref, by=actor, at=at, ground=GROUND, right=right, left=left)
    return PinTried(row.ref, right, left, row.state_at(at).value)


@walk("hr_pin.verify")
def verify(*, card: str, pin: str, actor: Actor, at: datetime) -> None:
    """As `try_pin`; raises `Refused("hr_function.pin_wrong")` or `.locked` for a wrong one."""
    tried = try_pin(card=card, pin=pin, actor=actor, at=at)
    if not tried.right:
        raise Refused(hr_pin.wrong_pin(left=tried.left, state=HrState(tried.hr_state)))


@walk("hr_pin.change_pin")
def change(
    *, card: str, proof: CardInHand, old: str, new: str, actor: Actor, at: datetime
) -> PinReceipt:
    """Change the PIN with the old one: the card in hand. A wrong old one counts as a try.

    Raises `Refused`: `hr_function.pin_*`, `hr_function.locked`, `collection.*`.
    """
    verify(card=card, pin=old, actor=actor, at=at)
    return put_new(card=card, proof=proof, new=new, actor=actor, at=at)


@act("hr_pin.change")
def put_new(*, card: str, proof: CardInHand, new: str, actor: Actor, at: datetime) -> PinReceipt:
    """Put the new PIN in the place of one that was just proven."""
    rows, day = held(card, actor=actor), local_day(at)
    row = rows.card
    require(
        must_be_in_hand(proof, row),
        may_be_used(state=row.state_at(at), with_pin=True),
        hr_pin.must_be_set(is_set=_of(row) is not None),
        _may_be(new, rows, day),
    )
    _keep(row, new, actor=actor, at=at)
    note(about=row.ref, by=actor, at=at, ground=GROUND)
    return _receipt(row, at)


@act("hr_pin.reset")
def reset(
    *, card: str, proof: CardInHand, shown: Shown, pin: str, actor: Actor, at: datetime
) -> PinReceipt:
    """持证件到网点重置: a new PIN; a locked function is unlocked with it.

    Raises `Refused`: `application.channel_not_open`, `hr_function.*`, `collection.*`,
    `authority.in_person_only`, `documents.*`.
    """
    rows, day = held(card, actor=actor), local_day(at)
    row, state = rows.card, rows.card.state_at(at)
    require(
        *_may_come(rows, proof, shown, actor=actor, day=day),
        may_be_used(state=state),
        _may_be(pin, rows, day),
    )
    answer = HR_FUNCTION.after(state, HrEvent.UNLOCK)
    if not isinstance(answer, Notice):
        move_hr(row, HrEvent.UNLOCK, reason="pin_reset", by=actor, at=at)
        _tell("function.unlocked", row, HrState.NORMAL, at=at)
    _keep(row, pin, actor=actor, at=at)
    note(about=row.ref, by=actor, at=at, ground=GROUND, unlocked=not isinstance(answer, Notice))
    return _receipt(row, at, notice=answer.code if isinstance(answer, Notice) else "")


def _may_come(
    rows: Held, proof: CardInHand, shown: Shown, *, actor: Actor, day: date
) -> tuple[Refusal | None, ...]:
    channels = policy.in_force("channels", ChannelPolicy, on=day)
    matter = Matter.HR_PIN_RESET
    return (
        may_use_channel(act=matter, channel=actor.channel, figures=channels),
        must_be_in_hand(proof, rows.card),
        *in_person(shown, rows.person, day),
    )


def _may_be(pin: str, rows: Held, day: date) -> Refusal | None:
    number = rows.person.identity_number
    return hr_pin.may_be_pin(pin=pin, identity_number=number, figures=_figures(day))


def _of(card: Card) -> CardPin | None:
    return CardPin.objects.filter(card=card).first()


def _keep(card: Card, pin: str, *, actor: Actor, at: datetime) -> None:
    row = _of(card) or CardPin(card=card)
    row.verifier, row.wrong_tries = _verifier(card, pin), 0
    row.set_at, row.set_through = at, actor.channel.value
    row.save()


def _count(kept: CardPin, *, right: bool, figures: PinPolicy) -> int:
    """The tries left after this one."""
    kept.wrong_tries = 0 if right else kept.wrong_tries + 1
    kept.save(update_fields=["wrong_tries"])
    return hr_pin.tries_left(wrong=kept.wrong_tries, figures=figures)


def _tell(event: str, card: Card, state: HrState, *, at: datetime) -> None:
    parties = (partner.HR_DATABASE, partner.SMS)
    tell(event, about=card.ref, at=at, parties=parties, state=state.value, function="hr")


def _verifier(card: Card, pin: str) -> str:
    """Bound to this card: the same PIN on another card leaves another trace."""
    return world().custody.sign("hr-pin", f"{card.ref}|{pin}".encode())


def _figures(day: date) -> PinPolicy:
    return policy.in_force("card", PinPolicy, on=day)


def _receipt(card: Card, at: datetime, *, notice: str = "") -> PinReceipt:
    return PinReceipt(card.ref, card.person_id, card.state_at(at).value, notice)
