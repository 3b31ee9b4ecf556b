"""People as a counter, they themselves and their history show them: masked, alerts first."""

from onecard.queries.person.alerts import Alert
from onecard.queries.person.at_counter import ActOffered, CardHeld, CounterPerson, at_counter
from onecard.queries.person.history import HistoryLine, history
from onecard.queries.person.looks import Look, looks
from onecard.queries.person.myself import Myself, myself

__all__ = [
    "ActOffered",
    "Alert",
    "CardHeld",
    "CounterPerson",
    "HistoryLine",
    "Look",
    "Myself",
    "at_counter",
    "history",
    "looks",
    "myself",
]
