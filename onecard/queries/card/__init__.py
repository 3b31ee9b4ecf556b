"""我的卡: a person's cards, which one is live, what happened to them, which wait to be enabled."""

from onecard.queries.card.at_bank import BankCard, OtherBanksCard, at_bank, of_person_at_bank
from onecard.queries.card.cards import CardSeen, CardsSeen, Light, cards_of, my_cards
from onecard.queries.card.history import TimelineLine, ToEnable, timeline, to_enable

__all__ = [
    "BankCard",
    "CardSeen",
    "CardsSeen",
    "Light",
    "OtherBanksCard",
    "TimelineLine",
    "ToEnable",
    "at_bank",
    "cards_of",
    "my_cards",
    "of_person_at_bank",
    "timeline",
    "to_enable",
]
