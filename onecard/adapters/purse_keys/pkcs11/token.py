"""A pool of logged-in sessions. Whatever goes wrong at the token is "custody unavailable".

Nothing is tried twice here: the caller may repeat a verb freely, and the next one finds a pool
that is opened anew. Only a refused PIN is never tried again: a token locks after a few.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import Any

import pkcs11
from pkcs11.exceptions import (
    PinIncorrect,
    PinInvalid,
    PinLenRange,
    PinLocked,
    UserAlreadyLoggedIn,
)

from onecard.adapters.purse_keys import KeysUnavailable
from onecard.adapters.purse_keys.pkcs11 import keys
from onecard.adapters.purse_keys.pkcs11.module import library, must_be_logged_in
from onecard.adapters.purse_keys.pkcs11.place import TokenPlace

_PIN_REFUSED = (PinIncorrect, PinInvalid, PinLenRange, PinLocked)
_BROKEN = (pkcs11.exceptions.PKCS11Error, OSError)


@dataclass(frozen=True)
class Opened:
    """A session, and the long-lived keys it has found: a search is the dearest call of all.

    Only what was found is remembered; a key that was destroyed since makes the next call fail, and
    the whole pool is opened anew.
    """

    session: Any
    library: Path
    known: dict[str, Any] = field(default_factory=dict)

    def key(self, label: str) -> Any | None:
        """The key of that name, found once, or None. Raises as `find` does."""
        if label not in self.known:
            found = self.find(label)
            if found is None:
                return None
            self.known[label] = found
        return self.known[label]

    def find(self, label: str) -> Any | None:
        """The key of that name as it is now, or None. `UserNotLoggedIn` where none could be seen.

        A login belongs to all sessions, and a restart ends this one: whoever was logged in before a
        search and after it was so all the time.
        """
        must_be_logged_in(self.library, self.session)
        found = keys.found(self.session, label)
        if found is None:
            must_be_logged_in(self.library, self.session)
        return found


class Token:
    """The token of one place. Nothing is opened before it is needed."""

    def __init__(self, place: TokenPlace) -> None:
        self.place = place
        self._free = BoundedSemaphore(place.sessions)
        self._guard = Lock()
        self._idle: list[Opened] = []
        self._logged_in: Any = None
        self._pin_refused = False

    @contextmanager
    def session(self) -> Iterator[Opened]:
        """A session for the length of a block. Raises `KeysUnavailable`."""
        with self._free, self.reaching():
            opened = self._take()
            try:
                yield opened
            finally:
                self._idle.append(opened)

    @contextmanager
    def writing(self) -> Iterator[Any]:
        """A session that may change what the token keeps: key ceremonies."""
        with self.session():
            written = self._token().open(rw=True)
            try:
                must_be_logged_in(self.place.library, written)
                yield written
            finally:
                written.close()

    @contextmanager
    def reaching(self) -> Iterator[None]:
        """Whatever goes wrong at the token in this block is `KeysUnavailable`."""
        try:
            yield
        except _BROKEN as broken:
            self._forget()
            raise KeysUnavailable(type(broken).__name__) from broken

    def _take(self) -> Opened:
        with self._guard:
            if self._idle:
                return self._idle.pop()
            if self._logged_in is None:
                self._logged_in = self._log_in()
            return Opened(self._token().open(), self.place.library)

    def _log_in(self) -> Any:
        """Log in, for the whole process: a login belongs to the token, not to a session."""
        if self._pin_refused:
            message = "the token refused the PIN; it is not tried again in this process"
            raise KeysUnavailable(message)
        pin = self.place.pin_file.read_text(encoding="utf-8").strip()
        try:
            return self._token().open(user_pin=pin)
        except UserAlreadyLoggedIn:
            return self._token().open()
        except _PIN_REFUSED:
            self._pin_refused = True
            raise

    def _token(self) -> Any:
        return library(self.place.library).get_token(token_label=self.place.label)

    def _forget(self) -> None:
        with self._guard:
            closing = [*(one.session for one in self._idle), self._logged_in]
            self._idle, self._logged_in = [], None
        for one in filter(None, closing):
            with suppress(*_BROKEN):
                one.close()
