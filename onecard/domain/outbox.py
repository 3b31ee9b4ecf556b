"""发件箱: how patiently others are told what happened (guarantees I2; architecture 7.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from onecard.domain.refusal import Refusal

PER_CENT = 100


@dataclass(frozen=True)
class Patience:
    """How long to wait between tries, and when to stop and show the message to a person.

    The wait doubles from `first_wait` to `longest_wait`. A message is given up after `tries`, but
    never before it is `not_before` old.
    """

    first_wait: timedelta
    longest_wait: timedelta
    tries: int
    not_before: timedelta

    def wait_after(self, failures: int, *, jitter_percent: int) -> timedelta:
        """The wait after so many failures; jitter lengthens it, so that nobody comes in step."""
        doublings = min(failures - 1, (self.longest_wait // self.first_wait).bit_length())
        wait = min(self.first_wait * (1 << doublings), self.longest_wait)
        return wait * (PER_CENT + jitter_percent) / PER_CENT

    def is_over(self, *, attempts: int, age: timedelta) -> bool:
        """Whether a message is given up now."""
        return attempts >= self.tries and age >= self.not_before


def may_retry(*, gave_up: bool, delivered: bool) -> Refusal | None:
    """Only a message that was given up is sent again by hand; the others go by themselves."""
    if gave_up and not delivered:
        return None
    return Refusal("outbox.not_given_up")
