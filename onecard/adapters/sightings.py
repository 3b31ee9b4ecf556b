"""How a partner was last seen: told onward when it is news, not at every call.

Each process watches the partners it speaks to. News is a partner's first answer or silence, a
change from one to the other, and a sign of life now and then; so an operator's screen costs a
handful of writes an hour, whatever the traffic.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

SIGN_OF_LIFE = timedelta(minutes=5)
STILL_SILENT = timedelta(seconds=30)


@dataclass(frozen=True)
class Sighting:
    """A partner answered at `at`, or was silent with a reason."""

    partner: str
    at: datetime
    silence: str = ""


Report = Callable[[Sighting], None]


class Lookout:
    """Passes sightings on to `report`, as far as they are news."""

    def __init__(self, now: Callable[[], datetime], report: Report) -> None:
        self._now, self._report = now, report
        self._last: dict[str, Sighting] = {}

    def saw(self, partner: str, silence: str = "") -> None:
        """A call to a partner ended."""
        sighting = Sighting(partner, self._now(), silence)
        if self._is_news(sighting):
            self._last[partner] = sighting
            self._report(sighting)

    def _is_news(self, sighting: Sighting) -> bool:
        last = self._last.get(sighting.partner)
        if last is None or bool(last.silence) is not bool(sighting.silence):
            return True
        quiet = STILL_SILENT if sighting.silence else SIGN_OF_LIFE
        return abs(sighting.at - last.at) >= quiet


def tell_nobody(_: Sighting) -> None:
    """For whoever does not want to hear."""
