"""Where a card can be torn from the field, and how a test says so (guarantees 4, card 16.4).

A tear is armed for the next command of its kind and fires once; leaving the field disarms it, so
that a tear that never fired cannot hit a later command and make a test fail for a wrong reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from onecard.chip.status import CommandKind


class Moment(Enum):
    """When, within one command."""

    BEFORE = "before"
    """The command never reached the chip."""

    DURING = "during"
    """While the chip writes: `Tear.write` says before which of its writes."""

    UNLOGGED = "unlogged"
    """The money is written, the log record is not: the record stays missing for ever."""

    AFTER = "after"
    """All is done, the answer is lost."""

    FAILS = "fails"
    """No tear: the memory fails, all is undone, and the card says 6581."""


@dataclass(frozen=True, slots=True)
class Tear:
    """A tear at one moment of a command; `kind` None means whatever comes next."""

    moment: Moment
    kind: CommandKind | None = None
    write: int = 0
    """For DURING and FAILS: how many writes are through. Beyond the last one it is AFTER."""


class Torn(Exception):
    """The card lost its power here."""


class MemoryFailed(Exception):
    """A cell could not be written."""


K, M = CommandKind, Moment

NINE_TEAR_POINTS: Mapping[str, Tear] = MappingProxyType(
    {
        "before_select": Tear(M.BEFORE, K.SELECT),
        "after_select": Tear(M.AFTER, K.SELECT),
        "before_verify": Tear(M.BEFORE, K.VERIFY),
        "after_verify": Tear(M.AFTER, K.VERIFY),
        "before_init": Tear(M.BEFORE, K.INITIALIZE_FOR_LOAD),
        "after_init": Tear(M.AFTER, K.INITIALIZE_FOR_LOAD),
        "before_credit": Tear(M.BEFORE, K.CREDIT_FOR_LOAD),
        "during_credit": Tear(M.DURING, K.CREDIT_FOR_LOAD, write=1),
        "after_credit": Tear(M.AFTER, K.CREDIT_FOR_LOAD),
    }
)
"""The nine points of the card acceptance list; `during_credit` cuts between money and counter."""


class Tears:
    """The tear that is armed, if any, and the command it waits for."""

    def __init__(self) -> None:
        self._armed: Tear | None = None
        self._here = False

    def arm(self, tear: Tear) -> None:
        """Wait for the next command of its kind."""
        self._armed = tear

    def disarm(self) -> None:
        """Forget it: the card left the field."""
        self._armed, self._here = None, False

    def begin(self, kind: CommandKind | None) -> None:
        """A command arrives. Raises `Torn` if it was not to."""
        self._here = self._armed is not None and self._armed.kind in {None, kind}
        self._reach(Moment.BEFORE)

    def before_write(self, nth: int) -> None:
        """The chip is about to write its nth cell. Raises `Torn` or `MemoryFailed`."""
        if self._here and self._armed and self._armed.write == nth:
            self._reach(Moment.DURING)
            if self._armed and self._armed.moment is Moment.FAILS:
                self.disarm()
                raise MemoryFailed

    def before_log(self) -> None:
        """The money is written, the record not yet. Raises `Torn`."""
        self._reach(Moment.UNLOGGED)

    def end(self) -> None:
        """The answer is ready. A tear that was meant for this command fires here at the latest."""
        if not self._here or self._armed is None:
            return
        fails = self._armed.moment is Moment.FAILS
        self.disarm()
        if not fails:
            raise Torn

    def _reach(self, moment: Moment) -> None:
        if self._here and self._armed and self._armed.moment is moment:
            self.disarm()
            raise Torn
