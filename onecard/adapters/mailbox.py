"""The file box of a simulated bank or vendor: files come in, answers lie ready until fetched.

An answer is worked out when the box is next looked into after its time, in one turn together with
the work itself; so a crash leaves either the order unanswered or the answer in the box.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from onecard.adapters import exchange_files
from onecard.adapters.exchange_files import Contents
from onecard.adapters.outcomes import PartnerDown
from onecard.adapters.store import Shelf, Store
from onecard.domain.exchange import FileKind, Header, Row
from onecard.domain.refusal import Refusal
from onecard.seams.clock import local_day

Work = Callable[[Shelf, Contents], tuple[Row, ...]]


class Mailbox:
    """Takes files of one kind as orders and answers each with one file of another kind."""

    def __init__(
        self,
        *,
        partner: str,
        store: Store,
        now: Callable[[], datetime],
        takes: timedelta,
        orders: FileKind,
        answers: FileKind,
        work: Work,
    ) -> None:
        self._partner, self._store, self._now, self._takes = partner, store, now, takes
        self._orders, self._answers, self._work = orders, answers, work

    def put(self, name: str, content: bytes) -> None:
        """Take a file over. Raises `PartnerDown` for a known name with another content."""
        due = (self._now() + self._takes).astimezone(UTC).isoformat()
        with self._store.turn() as shelf:
            known = shelf.get("received", name)
            if known is None:
                shelf.add("received", name, {}, content=content)
                if self._orders.value in name:
                    shelf.add("order", name, {}, due=due)
            elif known.content != content:
                raise PartnerDown(self._partner, "another content under a known name")

    def received(self, name: str) -> bytes | None:
        """A file as it came, or None."""
        with self._store.turn() as shelf:
            entry = shelf.get("received", name)
        return entry.content if entry else None

    def look(self) -> tuple[tuple[str, bytes], ...]:
        """Name and content of the answers not acknowledged yet, oldest first."""
        self.advance(self._now())
        with self._store.turn() as shelf:
            ready = shelf.every("answer")
        return tuple((entry.key, entry.content) for entry in ready)

    def acknowledge(self, name: str) -> None:
        """Take an answer out of the box; no error when it is gone already."""
        with self._store.turn() as shelf:
            shelf.remove("answer", name)

    def advance(self, at: datetime) -> int:
        """Answer every order that is due by `at`; returns how many."""
        with self._store.turn() as shelf:
            due = shelf.due("order", at.astimezone(UTC).isoformat())
            for entry in due:
                self._answer(shelf, entry.key)
                shelf.remove("order", entry.key)
        return len(due)

    def _answer(self, shelf: Shelf, name: str) -> None:
        """A damaged order gets no answer: the partner's people would call."""
        entry = shelf.get("received", name)
        contents = exchange_files.read(name, entry.content if entry else b"")
        if isinstance(contents, Refusal):
            return
        rows = self._work(shelf, contents)
        header = self._next_header(shelf, contents.header.partner)
        answer = exchange_files.write(header, rows)
        if isinstance(answer, Refusal):
            raise TypeError(answer.code)
        shelf.add("answer", header.name, {}, content=answer)

    def _next_header(self, shelf: Shelf, partner: str) -> Header:
        """Numbered from 1 on each business day."""
        now, day = self._now().replace(microsecond=0), local_day(self._now())
        number = 1
        while not shelf.add("answered", f"{day.isoformat()} {number}", {}):
            number += 1
        return Header(self._answers, partner, day, number, now)
