"""A partner's own address as the tests play it: it keeps what comes, and answers as it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from onecard.adapters.pushing import Pusher, in_pusher
from onecard.seams.holding import must_hold_no_rows
from onecard.seams.transport import Answered, NeverLeft, Outcome, OutcomeUnknown, Request
from onecard.seams.world import in_world, world

HOST = "hooks.icbc.example.com"
URL = f"https://{HOST}/onecard"
PUBLIC = "93.184.216.34"


@dataclass
class Receiver:
    """What came, and what is answered next; 204 when nothing is planned."""

    got: list[Request] = field(default_factory=list)
    plan: list[Outcome | Callable[[], Outcome]] = field(default_factory=list)

    def send(self, request: Request, *, timeout_seconds: float) -> Outcome:
        """The wire of these tests."""
        must_hold_no_rows()
        assert timeout_seconds > 0
        self.got.append(request)
        if not self.plan:
            return Answered(204, b"")
        planned = self.plan.pop(0)
        return planned() if callable(planned) else planned

    @property
    def ids(self) -> list[str]:
        """The ids in the order in which they came."""
        return [request.headers["webhook-id"] for request in self.got]


def answers(status: int, **headers: str) -> Answered:
    """An answer by its status."""
    return Answered(status, b"", {name.replace("_", "-"): value for name, value in headers.items()})


DEAD = NeverLeft("ConnectError")
SLOW = OutcomeUnknown("ReadTimeout")


@contextmanager
def a_receiver(*addresses: str) -> Iterator[Receiver]:
    """A wire that ends at a receiver, and a name that stands for some addresses."""
    receiver = Receiver()
    pusher = Pusher(resolve=lambda _: addresses or (PUBLIC,))
    with in_world(replace(world(), transport=receiver)), in_pusher(pusher):
        yield receiver
