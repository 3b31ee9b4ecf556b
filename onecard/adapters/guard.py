"""What stands before every adapter: no call while rows are held, and somebody watches how it ends.

Before a simulated partner it also plays the faults that were switched on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from onecard.adapters.faults import Fault
from onecard.adapters.outcomes import PartnerDown, PartnerSilent, PartnerUnsure
from onecard.adapters.sightings import Lookout
from onecard.seams.holding import must_hold_no_rows

SPEAK_TO_NOBODY = frozenset({"authorize_url", "read_notice"})
"""Methods that only compute: an address, or whether a signature is right."""

Strike = Callable[[str], Fault | None]
"""What befalls the call to a partner that now begins."""

_AFTER_THE_WORK = {
    Fault.SLOW: "no answer in time",
    Fault.BREAKS_AFTER: "answered 500",
    Fault.GARBAGE: "an answer that makes no sense",
    Fault.OVERSIZED: "an answer too large",
}


class Guarded:
    """An adapter behind its guard: answers every method of `inner`.

    Raises `HoldsRows` for a call made inside an act.
    """

    def __init__(
        self, partner: str, inner: object, lookout: Lookout, strike: Strike | None = None
    ) -> None:
        self._partner, self._inner = partner, inner
        self._lookout, self._strike = lookout, strike

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)
        if name in SPEAK_TO_NOBODY:
            return method
        return lambda *args, **facts: self._watched(lambda: method(*args, **facts))

    def _watched(self, call: Callable[[], Any]) -> Any:
        must_hold_no_rows()
        try:
            answer = self._through_faults(call)
        except PartnerSilent as silent:
            self._lookout.saw(self._partner, silent.reason)
            raise
        self._lookout.saw(self._partner)
        return answer

    def _through_faults(self, call: Callable[[], Any]) -> Any:
        fault = self._strike(self._partner) if self._strike else None
        if fault is Fault.DOWN:
            raise PartnerDown(self._partner, "cannot be reached")
        answer = call()
        if fault is Fault.DUPLICATE:
            return call()
        if fault is not None:
            raise PartnerUnsure(self._partner, _AFTER_THE_WORK[fault])
        return answer
