"""金融账户转接: at the card-face bank the account of the old card is moved to the new one (21.5).

Until then benefits go to the old account and may come back. A bank that sends us news by itself
says the same with `financial.take_news` (RELINK_AWAY) about the old card.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard import policy
from onecard.actions._banks import bank_of, card_face_bank
from onecard.actions._history import move_financial
from onecard.actions._keeping import act, note, tell
from onecard.actions.collection.rows import Held, held, holder_of, must_prove_person
from onecard.actions.collection.rows import must_be_in_hand as in_hand
from onecard.domain import documents, partner
from onecard.domain.authority import Actor
from onecard.domain.collection import CardInHand, Shown
from onecard.domain.financial_activation import (
    ActivationPolicy,
    may_activate,
    may_activate_here,
    must_have_card,
)
from onecard.domain.financial_function import FinancialEvent
from onecard.domain.refusal import Notice, Refusal, Refused, require
from onecard.domain.replacement import may_relink
from onecard.records.models import Card
from onecard.seams.clock import local_day

GROUND = "rule book 18, 21.5"


@dataclass(frozen=True)
class RelinkReceipt:
    """The new card, and the old one whose account it has now."""

    card: str
    person: str
    predecessor: str
    financial_state: str
    notice: str = ""


@act("financial.relink")
def relink(
    *, card: str, proof: CardInHand, shown: Shown, actor: Actor, at: datetime
) -> RelinkReceipt:
    """The bank has moved the account of the old card to this one; the old one is closed.

    Raises `Refused`: `financial_function.*`, `authority.in_person_only`, `documents.*`,
    `hr_function.cancelled`.
    """
    rows = held(card, actor=actor)
    require(_may_act(rows, proof, shown, actor, at))
    old = next((one for one in rows.cards if one.ref == rows.card.predecessor_id), None)
    answer = may_relink(
        old=old.financial_state if old else None,
        same_bank=old is not None and old.bank == rows.card.bank,
    )
    if isinstance(answer, Refusal) or old is None:
        raise Refused(answer) if isinstance(answer, Refusal) else AssertionError(card)
    if isinstance(answer, Notice):
        return _receipt(rows.card, old, notice=answer.code)
    event = FinancialEvent.RELINK_AWAY
    move_financial(old, event, reason=event.value, by=actor, at=at)
    tell("function.relinked", about=rows.card.ref, at=at, parties=("sms",))
    tell("function.relinked", about=old.ref, at=at, parties=(partner.bank(old.bank),))
    note(about=rows.card.ref, by=actor, at=at, ground=GROUND, predecessor=old.ref)
    return _receipt(rows.card, old)


def _may_act(
    rows: Held, proof: CardInHand, shown: Shown, actor: Actor, at: datetime
) -> Refusal | None:
    """As for the activation: at this bank, in person, with the card and a document (12)."""
    day = local_day(at)
    figures = policy.in_force("card", ActivationPolicy, on=day)
    below = figures.minor_activation_by_guardian_below_age
    holder = holder_of(rows.person)
    checks = (
        may_activate_here(
            asking=bank_of(actor), bank=card_face_bank(rows.card, day), figures=figures
        ),
        documents.must_come_in_person(
            agent=shown.agent, holder=holder, below_age=below, on=day, figures=figures
        ),
        must_have_card(
            shown=bool(proof.card_number or proof.card_identifier),
            is_this_card=in_hand(proof, rows.card) is None,
        ),
        must_prove_person(shown, rows.person, day),
        may_activate(hr=rows.card.state_at(at), financial=rows.card.financial_state),
    )
    return next((no for no in checks if no is not None), None)


def _receipt(card: Card, old: Card, *, notice: str = "") -> RelinkReceipt:
    return RelinkReceipt(
        card=card.ref,
        person=card.person_id,
        predecessor=old.ref,
        financial_state=card.financial_state.value,
        notice=notice,
    )
