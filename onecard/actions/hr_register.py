"""省卡库: the province's register of cards hears of every card made here and of every change."""

from __future__ import annotations

from onecard.actions._message import Message, Undeliverable
from onecard.actions.confirmation import Answer, is_awaited, keep_answer
from onecard.adapters.partners import partners
from onecard.domain.authority import THE_CLOCK
from onecard.domain.hr_function import HrState
from onecard.records.models import Card
from onecard.seams.world import world

NEW_CARD = "card.produced"


def send(message: Message) -> Undeliverable | None:
    """The relay's way to the register: a new card is registered, of a known one the state is told.

    Raises `PartnerSilent`.
    """
    card = Card.objects.filter(ref=message.subject).select_related("person").first()
    if card is None:
        return Undeliverable("no such card here")
    register, state = partners().hr_database, HrState(message.payload["state"])
    if message.event == NEW_CARD:
        register.register_card(
            message_id=message.ref,
            identity_number=card.person.identity_number,
            card_number=card.card_number,
            bank=card.bank,
            state=state,
        )
    else:
        register.set_state(message_id=message.ref, card_number=card.card_number, state=state)
    if is_awaited(message.ref):
        answer = Answer(told_at=message.at)
        keep_answer(message=message.ref, answer=answer, actor=THE_CLOCK, at=world().clock.now())
    return None
