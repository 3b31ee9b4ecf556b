"""我的卡: a person's cards, which one is live, what happened to them, which wait to be enabled."""

from onecard.queries.card.cards import CardSeen, CardsSeen, Light, cards_of, my_cards
from onecard.queries.card.history import TimelineLine, ToEnable, timeline, to_enable

__all__ = [
    "CardSeen",
    "CardsSeen",
    "Light",
    "TimelineLine",
    "ToEnable",
    "cards_of",
    "my_cards",
    "timeline",
    "to_enable",
]
