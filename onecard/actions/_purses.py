"""交通账户: the shadow of a purse; holding its row is holding the card, for loads and for refunds.

The chip is the truth. What is kept here is what custody verified: the highest load counter, the
last authenticated balance, and how often a proof did not verify.
"""

from __future__ import annotations

from datetime import date, datetime

from onecard import policy
from onecard.actions import _ledger, hold
from onecard.actions._history import transition
from onecard.actions._keeping import concerning
from onecard.chip.purse_files import CardIdentity
from onecard.chip.purse_profile import PROFILES, PurseProfile
from onecard.domain.authority import Actor
from onecard.domain.refusal import NotFound
from onecard.domain.topup import HOLDING, OrderState, TopUpPolicy
from onecard.domain.transit_purse import TRANSIT_PURSE, TransitEvent, TransitState
from onecard.records.models import Card, Discrepancy, PurseAccount, TopUpOrder
from onecard.seams.clock import local_day
from onecard.seams.world import world

GROUND = "rule book 22"
_ISSUER_HEX = 16


def figures_on(day: date) -> TopUpPolicy:
    """The figures of `topup.toml` on a day."""
    return policy.in_force("topup", TopUpPolicy, on=day)


def identity_of(row: PurseAccount) -> CardIdentity:
    """The card of this purse, as its keys are derived from it."""
    number = row.number
    return CardIdentity(bytes.fromhex(number[:_ISSUER_HEX]), bytes.fromhex(number[_ISSUER_HEX:]))


def profile_of(row: PurseAccount) -> PurseProfile:
    """The family of this card."""
    return PROFILES[row.profile]


def find_purse(card: CardIdentity) -> PurseAccount | None:
    """The account of a card, if it was met before."""
    return PurseAccount.objects.filter(number_index=_index(number_of(card))).first()


def number_of(card: CardIdentity) -> str:
    """Issuer code and serial in hex: how a purse is kept."""
    return card.issuer.hex().upper() + card.serial.hex().upper()


def meet_purse(card: CardIdentity, *, valid_to: date | None, at: datetime) -> PurseAccount:
    """The account of a card, held; opened when the card is met for the first time."""
    number = number_of(card)
    index = _index(number)
    hold.name(f"purse {index}")
    known = PurseAccount.objects.filter(number_index=index).values_list("ref", flat=True).first()
    if known is not None:
        return hold_purse(known)
    return PurseAccount.objects.create(
        ref=world().ids.new("pur"),
        number=number,
        number_index=index,
        profile=figures_on(local_day(at)).card_profile,
        valid_to=valid_to,
        opened_at=at,
    )


def hold_purse(purse: str) -> PurseAccount:
    """Hold a purse, its card first if it is bound to one. Raises `NotFound`."""
    known = PurseAccount.objects.filter(ref=purse).values_list("card", flat=True).first()
    card = hold.one(Card, ref=known) if known else None
    row = hold.one(PurseAccount, ref=purse)
    if row.card_id != known:
        raise NotFound(PurseAccount.__name__)
    if card is not None:
        row.card = card
        concerning(card.person_id)
    return row


def saw(row: PurseAccount, *, balance_fen: int, counter: int, at: datetime) -> bool:
    """Keep an authenticated balance and counter; False for a counter that went back.

    A fresh answer below what was once proven comes from a copied or rolled-back chip.
    """
    if row.load_counter_seen is not None and counter < row.load_counter_seen:
        return False
    if row.shadow_at is None and balance_fen > 0:
        _open_books(row, balance_fen, at=at)
    row.load_counter_seen, row.shadow_balance_fen, row.shadow_at = counter, balance_fen, at
    row.save(update_fields=["load_counter_seen", "shadow_balance_fen", "shadow_at"])
    return True


def _open_books(row: PurseAccount, balance_fen: int, *, at: datetime) -> None:
    """What lay on the card before we met it: the operators, who loaded it, owe it to us."""
    _ledger.post(
        "purse.opening",
        debit="operator_settlement",
        credit="on_cards",
        amount_fen=balance_fen,
        about=row.ref,
        card=row.ref,
        at=at,
    )


def failures_today(row: PurseAccount, at: datetime) -> int:
    """How many proofs of this card did not verify on this day of the city."""
    return row.failures if row.failures_on == local_day(at) else 0


def count_failures(row: PurseAccount, more: int, *, at: datetime) -> None:
    """Remember proofs that did not verify; nothing else follows from them."""
    if more:
        row.failures = failures_today(row, at) + more
        row.failures_on = local_day(at)
        row.save(update_fields=["failures", "failures_on"])


def watch(row: PurseAccount, why: str, *, about: str, at: datetime) -> None:
    """An incident: a card that contradicts itself loads nothing until people have looked."""
    if row.watched_at is None:
        row.watched_at, row.watched_why = at, why
        row.save(update_fields=["watched_at", "watched_why"])
    note_incident(row, why, about=about, at=at)


def note_incident(row: PurseAccount | None, why: str, *, about: str, at: datetime) -> None:
    """Something that cannot be so, kept for people to look at."""
    detail = {"purse": row.ref} if row else {}
    Discrepancy.objects.create(
        ref=world().ids.new("dis"),
        kind=f"purse.{why}",
        about=about,
        partner="",
        detail=detail,
        found_at=at,
    )


def move_transit(
    row: PurseAccount, event: TransitEvent, *, reason: str, by: Actor, at: datetime
) -> None:
    """Move the transit function by one event; a bound card and its history follow.

    Raises what the table says: `Refused`, or `NotInTable`.
    """
    now = TRANSIT_PURSE.after(row.state, event)
    if isinstance(now, TransitState) and now is not row.state:
        row.state = now
        row.save(update_fields=["state"])
        follow_purse(row, reason=reason, by=by, at=at)


def follow_purse(row: PurseAccount, *, reason: str = "bound", by: Actor, at: datetime) -> None:
    """The card that carries the purse, and its history, say the same as the purse."""
    card = row.card
    if card is None or card.transit_state is row.state:
        return
    was, card.transit_state = card.transit_state, row.state
    card.save(update_fields=["transit_state"])
    transition(card, function="transit", was=was, now=row.state, reason=reason, by=by, at=at)


def unfinished_orders(purse: str) -> list[TopUpOrder]:
    """The orders of a purse that are still under way, unpaid ones included."""
    states = (*HOLDING, OrderState.OPENED)
    return list(TopUpOrder.objects.filter(purse=purse, state__in=states).order_by("opened_at"))


def pending_fen(orders: list[TopUpOrder]) -> int:
    """What may still come onto the card: counted under the cap (V8)."""
    return sum(order.amount_fen for order in orders)


def has_open_topup(card: str) -> bool:
    """Whether a top-up of this card is unfinished or in doubt: before a refund or an exchange."""
    return TopUpOrder.objects.filter(purse__card=card, state__in=HOLDING).exists()


def _index(number: str) -> str:
    return world().custody.blind_index("purse", number)
