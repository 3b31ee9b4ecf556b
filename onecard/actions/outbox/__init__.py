"""发件箱: whatever happened here, those who must know it are told, each at its own pace.

An act writes its messages in its own transaction; the relay brings them to their parties. Each is
sent at least once, in order for each subject, and never while a row is held. Receivers recognise
a repeated message by its id.
"""

from onecard.actions.outbox.queue import (
    Claimed,
    MessageReceipt,
    claim,
    claim_one,
    give_up,
    mark_sent,
    put_off,
    release,
    retry,
    retry_party,
)
from onecard.actions.outbox.relay import (
    SENDERS,
    Delivered,
    deliver_due,
    deliver_message,
    deliver_party,
    parties_due,
)

__all__ = [
    "SENDERS",
    "Claimed",
    "Delivered",
    "MessageReceipt",
    "claim",
    "claim_one",
    "deliver_due",
    "deliver_message",
    "deliver_party",
    "give_up",
    "mark_sent",
    "parties_due",
    "put_off",
    "release",
    "retry",
    "retry_party",
]
