"""A courier made of software: parcels travel as time goes by, and some come back.

Nothing runs by itself. What is due by now happens when somebody asks for scans, in the order in
which it became due; the cursor is the place in the log of what has happened.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from onecard.adapters import chance
from onecard.adapters.courier import Parcel, Scan, Scans
from onecard.adapters.pace import Pace
from onecard.adapters.store import Entry, Shelf, Store
from onecard.domain.delivery import DeliveryEvent
from onecard.domain.identity.things import s10_check_digit

PAGE = 200
REFUSED_WORD, UNKNOWN_WORD, LOST_WORD = "拒收", "查无此人", "丢件"
"""Words in an address that decide what becomes of the parcel."""

_AT_POST_OFFICE, _ON_THE_ROAD, _AT_THE_DOOR, _BACK = 1, 7, 15, 30
_CURSOR = re.compile(r"[0-9]{1,18}", re.ASCII)
_PLACES = {
    _AT_POST_OFFICE: "常州市邮件处理中心",
    _ON_THE_ROAD: "南京集散中心",
    _AT_THE_DOOR: "投递部",
    _BACK: "常州市邮件处理中心",
}


class SimulatedCourier:
    """Answers as `Courier` says."""

    def __init__(self, *, store: Store, now: Callable[[], datetime], seed: int, pace: Pace) -> None:
        self._store, self._now, self._seed, self._pace = store, now, seed, pace

    def hand_over(self, parcel: Parcel) -> str:
        """Take a parcel, plan its way, and name its EMS number. Idempotent by message id."""
        with self._store.turn() as shelf:
            taken = shelf.get("parcel", parcel.message_id)
            if taken is not None:
                return str(taken.body["ems_number"])
            number = self._new_number(shelf, parcel.message_id)
            shelf.add("parcel", parcel.message_id, {"ems_number": number})
            for leg, event in _way(parcel.address):
                due = (self._now() + leg * self._pace.leg).astimezone(UTC).isoformat()
                body = {"ems_number": number, "event": event.value, "place": _PLACES[leg]}
                shelf.add("planned", f"{number}-{leg:02d}", {**body, "at": due}, due=due)
        return number

    def scans_after(self, cursor: str) -> Scans:
        """The next page of what has happened since `cursor` (empty or strange = all of it)."""
        self.advance(self._now())
        after = int(cursor) if _CURSOR.fullmatch(cursor) else 0
        with self._store.turn() as shelf:
            entries = shelf.every("scan", after=after, most=PAGE)
        last = str(entries[-1].number) if entries else cursor
        return Scans(tuple(_scan(entry) for entry in entries), last)

    def advance(self, at: datetime) -> int:
        """Let everything happen that is due by `at`; returns how many scans were made."""
        with self._store.turn() as shelf:
            due = shelf.due("planned", at.astimezone(UTC).isoformat())
            for entry in due:
                shelf.add("scan", entry.key, entry.body)
                shelf.remove("planned", entry.key)
        return len(due)

    def _new_number(self, shelf: Shelf, message_id: str) -> str:
        """13 digits, or the international form with its check digit; never given twice."""
        for number in self._numbers(message_id):
            if shelf.add("number", number, {}):
                return number
        raise AssertionError(message_id)

    def _numbers(self, message_id: str) -> Iterator[str]:
        salt = 0
        while True:
            digits = chance.digits(13, self._seed, "ems", message_id, str(salt))
            body = digits[:8]
            domestic = int(digits[12]) % 2 == 0
            yield f"11{digits[:11]}" if domestic else f"EA{body}{s10_check_digit(body)}CN"
            salt += 1


def _way(address: str) -> tuple[tuple[int, DeliveryEvent], ...]:
    """After how many legs what happens to a parcel with this address."""
    start = (_AT_POST_OFFICE, DeliveryEvent.SCAN)
    road = (start, (_ON_THE_ROAD, DeliveryEvent.SCAN))
    if LOST_WORD in address:
        return (start,)
    if REFUSED_WORD in address:
        return (*road, (_AT_THE_DOOR, DeliveryEvent.REFUSE), (_BACK, DeliveryEvent.RETURN))
    if UNKNOWN_WORD in address:
        return (*road, (_BACK, DeliveryEvent.RETURN))
    return (*road, (_AT_THE_DOOR, DeliveryEvent.DELIVER))


def _scan(entry: Entry) -> Scan:
    body: dict[str, Any] = entry.body
    return Scan(
        scan_id=entry.key,
        ems_number=body["ems_number"],
        event=DeliveryEvent(body["event"]),
        place=body["place"],
        at=datetime.fromisoformat(body["at"]),
    )
