"""The text message gateway over HTTPS."""

from __future__ import annotations

from onecard.adapters.caller import Caller, Line
from onecard.adapters.sms import SmsRejected
from onecard.adapters.sms import messages as say


class HttpSms:
    """Answers as `Sms` says."""

    def __init__(self, line: Line) -> None:
        self._caller = Caller(line, say.CODEC)

    def send(self, *, message_id: str, phone: str, text: str) -> SmsRejected | None:
        """Send one text. Idempotent by message id."""
        return self._caller.call(say.SEND, say.Text(message_id, phone, text)).rejected
