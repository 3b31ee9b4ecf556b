"""银行柜员看卡: a card of the own bank with everything that can be done; of another, where to go.

Another bank's clerk learns the bank and its number, and that only with the card in hand
(platform C5.1, X27).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard import policy
from onecard.domain import financial_activation
from onecard.domain.authority import Actor, Role
from onecard.domain.collection import CardInHand
from onecard.domain.contacts import Contacts
from onecard.domain.identity import canonical
from onecard.domain.masking import last4, mask_name, mask_number
from onecard.domain.refusal import Name, NotFound, Refusal
from onecard.queries._reading import one_moment
from onecard.queries.card.cards import CardSeen, one_card
from onecard.records.models import Card, Outlet
from onecard.seams.clock import local_day
from onecard.seams.world import world


@dataclass(frozen=True)
class BankCard:
    """A card of the clerk's own bank.

    `may_activate` is the rule's no, None if activation is open; `consequences` are keys of what
    will not work while it is not activated.
    """

    seen: CardSeen
    person: str
    name: str
    identity_number: str
    bank_card_number: str
    loss_version: int
    may_activate: Refusal | None
    consequences: tuple[str, ...]


@dataclass(frozen=True)
class OtherBanksCard:
    """A card of another bank: where its holder has to go, and nothing else."""

    bank: Name
    hotline: str


def at_bank(*, proof: CardInHand, as_seen_by: Actor, at: datetime) -> BankCard | OtherBanksCard:
    """The card that was read at a bank's counter. Raises `NotFound` for a number that is none."""
    if as_seen_by.role is not Role.BANK_CLERK:
        raise NotFound(Card.__name__)
    with one_moment():
        row = _read(proof)
        bank = Outlet.objects.filter(ref=as_seen_by.outlet).values_list("bank", flat=True).first()
        if row.bank == bank:
            return _own(row, as_seen_by, at)
    known = policy.in_force("contacts", Contacts, on=local_day(at)).bank(row.bank)
    return OtherBanksCard(known.name, known.hotline) if known else OtherBanksCard(Name(""), "")


def of_person_at_bank(*, person: str, as_seen_by: Actor, at: datetime) -> tuple[BankCard, ...]:
    """A person's cards of the clerk's own bank: for a lost card, which nobody has in hand."""
    if as_seen_by.role is not Role.BANK_CLERK:
        raise NotFound(Card.__name__)
    with one_moment():
        bank = Outlet.objects.filter(ref=as_seen_by.outlet).values_list("bank", flat=True).first()
        rows = Card.objects.filter(person=person, bank=bank or "-").select_related("person")
        return tuple(_own(row, as_seen_by, at) for row in rows.order_by("-issued_on", "ref"))


def _read(proof: CardInHand) -> Card:
    custody = world().custody
    if proof.card_identifier:
        index = custody.blind_index("card_identifier", canonical(proof.card_identifier))
        rows = Card.objects.filter(card_identifier_index=index)
    else:
        index = custody.blind_index("card_number", canonical(proof.card_number))
        rows = Card.objects.filter(card_number_index=index)
    row = rows.select_related("person", "application").first()
    if row is None:
        raise NotFound(Card.__name__)
    return row


def _own(row: Card, viewer: Actor, at: datetime) -> BankCard:
    hr, money = row.state_at(at), row.financial_state
    return BankCard(
        seen=one_card(row, viewer, at),
        person=row.person_id,
        name=mask_name(row.person.name),
        identity_number=mask_number(row.person.identity_number),
        bank_card_number=last4(row.bank_card_number),
        loss_version=row.loss_version,
        may_activate=financial_activation.may_activate(hr=hr, financial=money),
        consequences=financial_activation.consequences(financial=money),
    )
