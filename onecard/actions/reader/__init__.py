"""读卡器: the card on this desk read, relayed, recorded and played. Nothing here is an act.

`looking` reads a card for the eye; `serving` lends the reader to a page, and plays a phone;
`playing` is a reader with cards made of nothing. What is read proves nothing: whatever moves money
is decided by the server from answers that verify (card reference 0).
"""

from onecard.actions.reader.looking import (
    Bound,
    CardSeen,
    HrSeen,
    Journey,
    LogSeen,
    Lying,
    Transaction,
    bound_to,
    list_readers,
    read_card,
    read_log,
    record,
)
from onecard.actions.reader.playing import (
    POINTS,
    hand,
    plan_of,
    put_cards,
    start,
    virtual_folder,
)
from onecard.actions.reader.serving import Held, Page, open_bridge, play_phone

__all__ = [
    "POINTS",
    "Bound",
    "CardSeen",
    "Held",
    "HrSeen",
    "Journey",
    "LogSeen",
    "Lying",
    "Page",
    "Transaction",
    "bound_to",
    "hand",
    "list_readers",
    "open_bridge",
    "plan_of",
    "play_phone",
    "put_cards",
    "read_card",
    "read_log",
    "record",
    "start",
    "virtual_folder",
]
