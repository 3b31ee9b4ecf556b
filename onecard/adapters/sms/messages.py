"""The one verb of the text message gateway and how its values travel."""

from __future__ import annotations

from dataclasses import dataclass

from onecard.adapters.sms import SmsRejected
from onecard.adapters.wire import Verb, converter, named


@dataclass(frozen=True)
class Text:
    """One text to one phone."""

    message_id: str
    phone: str
    text: str


@dataclass(frozen=True)
class Sent:
    """Taken over, or rejected with the operator's reason."""

    rejected: SmsRejected | None


SEND = Verb("send", Text, Sent)

CODEC = converter(names={Text: {"phone": named("AAE005")}}, codes={})
