"""Stories of the portal: people who sign in, apply, wait for the post and enable their card."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

from onecard.actions import application, collection, sign_in, simulated_sign_in
from onecard.adapters.partners import partners
from onecard.domain.authority import Actor, Channel, Role
from onecard.queries import card as cards
from onecard.simulator.plan import plan
from onecard.simulator.population import Inhabitant
from onecard.simulator.telling import BAD_PHONE, PHONE, Story, answers

BACK = "http://127.0.0.1:8000/real-name/callback"
LONG_AGO, LAST_WEEK, YESTERDAY, TODAY = 2, 7 * 24, 13 * 24, 14 * 24
RECEIVED = 3 * 24
VISITORS = (
    "first",
    "holder",
    "no_photo",
    "rare_character",
    "long_name",
    "new_permit",
    "old_permit",
    "hong_kong",
    "taiwan",
)
"""Who has signed in once and left: the first page offers them all."""


def stories(people: dict[str, Inhabitant]) -> list[Story]:
    """Who applied online, when, and what became of it."""
    homes = plan().homes
    return [
        Story(LONG_AGO, apply(people["enabled"], home=homes.plain)),
        Story(LONG_AGO + RECEIVED, enable(people["enabled"])),
        Story(LAST_WEEK, apply(people["delivered"], home=homes.plain)),
        Story(LAST_WEEK, apply(people["returned"], home=homes.returns)),
        Story(YESTERDAY, apply(people["bank_failed"], home=homes.plain, phone=BAD_PHONE)),
        Story(TODAY, apply(people["making"], home=homes.plain)),
        *(Story(TODAY, look_in(people[key])) for key in VISITORS),
    ]


@dataclass(frozen=True)
class Visit:
    """Somebody signed in to the portal."""

    actor: Actor

    @classmethod
    def of(cls, who: Inhabitant, at: datetime) -> Visit:
        """Sign in by the simulated real-name service, as a browser would."""
        start = sign_in.begin(redirect_uri=BACK)
        query = dict(parse_qsl(urlsplit(start.url).query))
        key = simulated_sign_in.key_of(who.person.identity_number)
        back = simulated_sign_in.approve(query=query, person=key)
        signed_in = sign_in.prove_citizen(
            code=dict(parse_qsl(urlsplit(back).query))["code"],
            code_verifier=start.code_verifier,
            redirect_uri=BACK,
            nonce=start.nonce,
            actor=sign_in.STRANGER,
            at=at,
        )
        return cls(Actor(Role.CITIZEN, signed_in.person, Channel.PORTAL))


def look_in(who: Inhabitant) -> Callable[[datetime], object]:
    """Sign in once and leave."""
    return lambda at: Visit.of(who, at)


def apply(
    who: Inhabitant, *, home: str, phone: str = PHONE, bank: str = ""
) -> Callable[[datetime], object]:
    """Apply online for a first card, to be sent by post."""

    def happen(at: datetime) -> object:
        actor = Visit.of(who, at).actor
        application.fetch_base_data(actor=actor, at=at)
        told = answers(who, home=home, phone=phone, post_to=home, bank=bank)
        return application.apply_online(answers=told, actor=actor, at=at)

    return happen


def enable(who: Inhabitant) -> Callable[[datetime], object]:
    """Confirm receipt and enable, reading the number from the card that came by post."""

    def happen(at: datetime) -> object:
        actor = Visit.of(who, at).actor
        newest = partners().hr_database.cards_of(who.person.identity_number)[-1]
        mine = cards.my_cards(as_seen_by=actor, at=at).cards[0]
        return collection.enable_online(
            card=mine.card, card_number=newest.card_number, actor=actor, at=at
        )

    return happen
