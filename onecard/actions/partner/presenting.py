"""出示核验: a card and an identity number presented together, and whether they belong together.

The answer is yes or no and never says which of the two was wrong. Whoever presents many pairs that
do not fit is stopped for the day: nobody walks the numbers (guarantees 8, threat 9).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard import policy
from onecard.actions import hold
from onecard.actions._keeping import act, note
from onecard.domain.authority import Actor
from onecard.domain.identity import canonical
from onecard.domain.partner_scope import Reach
from onecard.domain.refusal import Fix, FixKind, Refusal, require
from onecard.domain.request_rate import PartnerPolicy, Purpose
from onecard.records.models import Card, PartnerBucket, PartnerSight
from onecard.seams.clock import local_day
from onecard.seams.world import world

_PSEUDONYM_LENGTH = 26


@dataclass(frozen=True)
class Presented:
    """Whether the pair belongs together; `card` and `pseudonym` are empty where it does not.

    The pseudonym is another one for every partner: two of them cannot compare people.
    """

    match: bool
    card: str = ""
    pseudonym: str = ""


@act("partner.present")
def present(
    *,
    client: str,
    reach: Reach,
    bank: str,
    card_number: str,
    identity_number: str,
    actor: Actor,
    at: datetime,
) -> Presented:
    """Whether a card number and an identity number belong together, as far as the partner reaches.

    A pair that fits is remembered: from then on the partner may ask for that card's state.
    Raises `Refused("partner.too_many_misses")`.
    """
    figures = policy.in_force("partner", PartnerPolicy, on=local_day(at))
    hold.name(f"bucket:{client}:{Purpose.SEARCH.value}")
    missed = _missed(client, at)
    require(_may_go_on(missed.misses if missed else 0, figures))
    card = _found(card_number, identity_number, reach, bank)
    if card is None:
        _count_miss(client, missed, at)
        return Presented(match=False)
    PartnerSight.objects.get_or_create(client=client, card=card, defaults={"at": at})
    note(about=card.ref, by=actor, at=at, ground="platform D2", purpose="card check")
    return Presented(True, card.ref, _pseudonym(client, card.person_id))


def _found(card_number: str, identity_number: str, reach: Reach, bank: str) -> Card | None:
    custody = world().custody
    card = Card.objects.filter(
        card_number_index=custody.blind_index("card_number", canonical(card_number)),
        person__identity_index=custody.blind_index("identity", canonical(identity_number)),
    ).first()
    foreign = reach is Reach.OWN_BANK and card is not None and card.bank != bank
    return None if foreign else card


def _missed(client: str, at: datetime) -> PartnerBucket | None:
    """The bucket of searches, if it counted misses today."""
    row = hold.maybe(PartnerBucket, client=client, purpose=Purpose.SEARCH.value)
    return row if row is not None and row.missed_on == local_day(at) else None


def _count_miss(client: str, today: PartnerBucket | None, at: datetime) -> None:
    misses = (today.misses if today else 0) + 1
    PartnerBucket.objects.update_or_create(
        client=client,
        purpose=Purpose.SEARCH.value,
        defaults={"misses": misses, "missed_on": local_day(at)},
        create_defaults={"misses": misses, "missed_on": local_day(at), "tokens": 1, "at": at},
    )


def _may_go_on(misses: int, figures: PartnerPolicy) -> Refusal | None:
    if misses < figures.misses_per_day:
        return None
    return Refusal(
        "partner.too_many_misses",
        measured={"misses": misses},
        allowed={"limit": figures.misses_per_day},
        fix=Fix(FixKind.ASK_PERSON, {"who": "platform_operator"}),
    )


def _pseudonym(client: str, person: str) -> str:
    digest = world().custody.sign(f"pseudonym:{client}", person.encode())
    return f"psn_{digest[:_PSEUDONYM_LENGTH]}"
