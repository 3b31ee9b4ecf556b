"""Calls a partner over HTTPS: JSON out, JSON in, three outcomes, a bounded number of tries.

Personal data travels in bodies only, never in an address. Whatever comes back is checked for
status, size and shape; a partner that answers nonsense is silent, it never breaks us.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from cattrs import Converter

from onecard.adapters.outcomes import PartnerDown, PartnerUnsure
from onecard.adapters.wire import Answer, Ask, Malformed, Verb, read, write
from onecard.seams.transport import Answered, NeverLeft, Outcome, OutcomeUnknown, Request
from onecard.seams.world import world

NOTHING_DONE = frozenset({400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 503})
"""Statuses by which a partner says that it did not do it. Any other failure leaves it open."""
WORTH_REPEATING = frozenset({429, 503})
OK = 200


@dataclass(frozen=True)
class Patience:
    """How long one try may take, how often to try, and the first pause between tries."""

    timeout_seconds: float = 5.0
    tries: int = 3
    first_pause_seconds: float = 0.2


@dataclass(frozen=True)
class Line:
    """Where a partner is reached and how patiently; `token` proves who calls."""

    partner: str
    url: str
    token: str = ""
    patience: Patience = field(default_factory=Patience)
    pause: Callable[[float], None] = time.sleep


class Caller:
    """Speaks the verbs of one partner over one line."""

    def __init__(self, line: Line, codec: Converter) -> None:
        self.line, self._codec = line, codec

    def call(self, verb: Verb[Ask, Answer], ask: Ask) -> Answer:
        """The partner's answer. Raises `PartnerDown` or `PartnerUnsure`."""
        headers = {"Content-Type": "application/json"}
        body = write(self._codec, ask)
        request = Request("POST", f"{self.line.url}/{verb.name}", headers, body)
        return self._read(self.send(request, repeatable=verb.repeatable), verb)

    def send(self, request: Request, *, repeatable: bool) -> Answered:
        """The reply to a request. Raises `PartnerDown` or `PartnerUnsure` when there is none.

        Tried again when surely nothing was done, or when repeating is safe.
        """
        if self.line.token:
            proof = {"Authorization": f"Bearer {self.line.token}"}
            request = replace(request, headers={**request.headers, **proof})
        outcome = self._once(request)
        for tried in range(1, self.line.patience.tries):
            if not _may_repeat(outcome, repeatable=repeatable):
                break
            self.line.pause(self._pause_seconds(tried))
            outcome = self._once(request)
        return self._answered(outcome)

    def _once(self, request: Request) -> Outcome:
        seconds = self.line.patience.timeout_seconds
        return world().transport.send(request, timeout_seconds=seconds)

    def _pause_seconds(self, tried: int) -> float:
        """Doubling, and between half and all of that: callers must not march in step."""
        longest = self.line.patience.first_pause_seconds * 2.0 ** (tried - 1)
        return longest * (500 + world().rng.below(501)) / 1000

    def _read(self, answered: Answered, verb: Verb[Ask, Answer]) -> Answer:
        if answered.status != OK:
            raise self.silence(answered)
        try:
            return read(self._codec, answered.body, verb.answer)
        except Malformed as broken:
            raise PartnerUnsure(self.line.partner, f"{verb.name}: {broken}") from broken

    def _answered(self, outcome: Outcome) -> Answered:
        if isinstance(outcome, NeverLeft):
            raise PartnerDown(self.line.partner, outcome.reason)
        if isinstance(outcome, OutcomeUnknown):
            raise PartnerUnsure(self.line.partner, outcome.reason)
        return outcome

    def silence(self, answered: Answered) -> PartnerDown | PartnerUnsure:
        """What a reply without a usable answer means."""
        reason = f"answered {answered.status}"
        if answered.status in NOTHING_DONE:
            return PartnerDown(self.line.partner, reason)
        return PartnerUnsure(self.line.partner, reason)


def _may_repeat(outcome: Outcome, *, repeatable: bool) -> bool:
    if isinstance(outcome, NeverLeft):
        return True
    if isinstance(outcome, OutcomeUnknown):
        return repeatable
    return outcome.status in WORTH_REPEATING or (repeatable and outcome.status >= 500)  # noqa: PLR2004 - HTTP's own line between theirs and ours
