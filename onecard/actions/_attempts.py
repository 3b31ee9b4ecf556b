"""One signed transaction at a time on a card: saved before its MAC leaves, closed only by evidence.

Whose money it is decides what follows: the room of top-ups and the room of purse refunds each say
it for their kind (`when_resolved`), so that whatever is open on a card is settled at any tap.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from onecard.actions._purses import identity_of, note_incident
from onecard.chip.purse_facts import OnlineAttempt, Purchase
from onecard.chip.purse_files import CardIdentity, TransactionType
from onecard.domain.authority import Actor
from onecard.domain.refusal import Fix, FixKind, Refusal, Refused
from onecard.domain.topup import POSITIVE, Attempt, AttemptKind, AttemptState, Evidence
from onecard.records.models import ChipDialogue, LoadAttempt, PurseAccount, TopUpOrder
from onecard.seams.world import world

TYPES = {
    AttemptKind.LOAD: TransactionType.LOAD,
    AttemptKind.UNLOAD: TransactionType.UNLOAD,
    AttemptKind.DRAIN: TransactionType.PURCHASE,
}


_ON_TRUST = frozenset({Evidence.C, Evidence.N1_WEAK, Evidence.N2})


@dataclass(frozen=True)
class Closing:
    """What is known when something happened to an attempt; `evidence` None is silence.

    `written` says which way two persons decided (C); every other evidence says it itself.
    `again`: the proof arrived after the attempt had been given up as dead.
    """

    evidence: Evidence | None
    by: Actor
    at: datetime
    written: bool = False
    again: bool = False


Consequence = Callable[[PurseAccount, LoadAttempt, Closing], None]
_consequences: dict[AttemptKind, Consequence] = {}


def when_resolved(*kinds: AttemptKind) -> Callable[[Consequence], Consequence]:
    """Say what follows for the order or refund of such attempts; called inside the act."""

    def keep(consequence: Consequence) -> Consequence:
        _consequences.update(dict.fromkeys(kinds, consequence))
        return consequence

    return keep


def follow(purse: PurseAccount, row: LoadAttempt, closing: Closing) -> None:
    """Let the room whose money it is draw its conclusion."""
    _consequences[row.kind](purse, row, closing)


def open_attempt(purse: str) -> LoadAttempt | None:
    """What is unproven on a card, if anything is."""
    return LoadAttempt.objects.filter(purse=purse, state=AttemptState.OPEN).first()


def given_up(purse: str) -> LoadAttempt | None:
    """The last attempt of a card, if it was given up on less than its own strong proof."""
    last = LoadAttempt.objects.filter(purse=purse).order_by("-at", "-ref").first()
    return last if last is not None and last.evidence in _ON_TRUST else None


def same_counter(purse: str, kind: AttemptKind, proof_counter: int) -> list[LoadAttempt]:
    """Every attempt that a proof for this counter may be about, dead ones included, newest first.

    `proof_counter` is the counter AFTER the transaction.
    """
    column = "purchase_counter" if kind is AttemptKind.DRAIN else "counter"
    rows = LoadAttempt.objects.filter(purse=purse, kind=kind, **{column: proof_counter - 1})
    return list(rows.order_by("-at", "-ref"))


def proof_counter(row: LoadAttempt) -> int:
    """What to ask `80 5A` for: the counter AFTER the transaction."""
    before = row.purchase_counter if row.kind is AttemptKind.DRAIN else row.counter
    return (before or 0) + 1


def facts_of(row: LoadAttempt) -> Attempt:
    """As the rule sees it."""
    return Attempt(row.kind, row.counter, row.counter_moved)


def online(row: LoadAttempt, card: CardIdentity) -> OnlineAttempt:
    """A load or an unload as its MACs and its TAC are about it: never from a phone's values."""
    return OnlineAttempt(
        card=card,
        type=TYPES[row.kind],
        old_balance=row.old_balance,
        counter=row.counter,
        key_version=row.key_version,
        algorithm=row.algorithm,
        random=bytes.fromhex(row.random),
        amount_fen=row.amount_fen,
        terminal=bytes.fromhex(row.terminal),
        at=row.at,
    )


def purchase(row: LoadAttempt) -> Purchase:
    """A drain as its TAC is about it."""
    return Purchase(
        type=TransactionType.PURCHASE,
        amount_fen=row.amount_fen,
        terminal=bytes.fromhex(row.terminal),
        terminal_counter=row.terminal_counter or 0,
        at=row.at,
    )


def save_attempt(
    purse: PurseAccount,
    kind: AttemptKind,
    begun: OnlineAttempt,
    mac2: bytes,
    *,
    tap: ChipDialogue,
    order: TopUpOrder | None = None,
    refund: str = "",
    purchase_counter: int | None = None,
    terminal_counter: int | None = None,
) -> LoadAttempt:
    """Keep an attempt before its MAC leaves; the purse is held.

    Raises `Refused("topup.in_doubt_needs_card")` while another one is open on this card.
    """
    if open_attempt(purse.ref) is not None:
        fix = Fix(FixKind.BRING, {"what": "card"})
        raise Refused(Refusal("topup.in_doubt_needs_card", fix=fix))
    return LoadAttempt.objects.create(
        ref=world().ids.new("att"),
        purse=purse,
        kind=kind,
        order=order,
        refund=refund,
        tap=tap,
        profile=purse.profile,
        key_version=begun.key_version,
        algorithm=begun.algorithm,
        counter=begun.counter,
        purchase_counter=purchase_counter,
        terminal_counter=terminal_counter,
        old_balance=begun.old_balance,
        random=begun.random.hex().upper(),
        amount_fen=begun.amount_fen,
        terminal=begun.terminal.hex().upper(),
        at=begun.at,
        mac2_hash=world().custody.blind_index("mac2", mac2.hex()),
    )


def resolve_as(
    purse: PurseAccount, row: LoadAttempt, closing: Closing, *, tac: bytes = b""
) -> None:
    """Close an attempt by what was proven, and let its order or refund follow.

    A proof of what had been given up as dead is an incident: some negative proof was forged.
    """
    if closing.evidence in POSITIVE:
        closing = replace(closing, written=True)
    if row.state is AttemptState.DEAD and closing.written:
        note_incident(purse, "negative_proof_forged", about=row.ref, at=closing.at)
        closing = replace(closing, again=True)
    row.state = AttemptState.PROVEN if closing.written else AttemptState.DEAD
    row.evidence, row.closed_at, row.tac = closing.evidence, closing.at, tac.hex().upper()
    row.save(update_fields=["state", "evidence", "closed_at", "tac"])
    follow(purse, row, closing)


def make_strong(purse: str, *, counter: int) -> None:
    """A strong answer at the counter of attempts that were given up on a weak one: dead for sure.

    The counter still stands where they began, so none of them was written.
    """
    weak = LoadAttempt.objects.filter(purse=purse, counter=counter, evidence=Evidence.N1_WEAK)
    weak.update(evidence=Evidence.N1_STRONG)


def supersede(purse: PurseAccount, row: LoadAttempt, closing: Closing, *, same_order: bool) -> None:
    """Another load took this attempt's counter. Its own order follows unless that load was its."""
    if not same_order:
        resolve_as(purse, row, closing)
        return
    row.state, row.evidence, row.closed_at = AttemptState.DEAD, closing.evidence, closing.at
    row.save(update_fields=["state", "evidence", "closed_at"])


def identity(row: LoadAttempt) -> CardIdentity:
    """The card an attempt is about."""
    return identity_of(row.purse)
