"""The courier over HTTPS."""

from __future__ import annotations

from onecard.adapters.caller import Caller, Line
from onecard.adapters.courier import Parcel, Scans
from onecard.adapters.courier import messages as say


class HttpCourier:
    """Answers as `Courier` says."""

    def __init__(self, line: Line) -> None:
        self._caller = Caller(line, say.CODEC)

    def hand_over(self, parcel: Parcel) -> str:
        """The EMS number under which the parcel travels. Idempotent by message id."""
        return self._caller.call(say.HAND_OVER, parcel).ems_number

    def scans_after(self, cursor: str) -> Scans:
        """What happened since `cursor`."""
        return self._caller.call(say.SCANS_AFTER, say.After(cursor))
