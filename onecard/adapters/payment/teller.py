"""How the simulated channel tells us over a wire: it posts its signed notices until they are taken.

An answer other than yes leaves a notice where it is; it is told again at the next look.
"""

from __future__ import annotations

from threading import Event

from onecard.adapters.payment.notices import Sent
from onecard.adapters.payment.simulated import SimulatedPaymentGateway
from onecard.seams.transport import Answered, Request
from onecard.seams.world import world

PATH = "/api/v1/payments/notices"
_SECONDS, _PAUSE_SECONDS = 10.0, 1.0
_YES = 200


class Teller:
    """Tells notices to the platform at `root`, e.g. `http://127.0.0.1:8000`."""

    def __init__(self, root: str) -> None:
        self._url = root.rstrip("/") + PATH

    def tell(self, sent: Sent) -> bool:
        """Whether the notice was taken."""
        request = Request("POST", self._url, sent.headers(), sent.body)
        outcome = world().transport.send(request, timeout_seconds=_SECONDS)
        return isinstance(outcome, Answered) and outcome.status == _YES

    def keep_telling(self, gateway: SimulatedPaymentGateway, stopped: Event) -> None:
        """Tell what there is, look again, until stopped."""
        while not stopped.is_set():
            gateway.tell(self.tell)
            stopped.wait(_PAUSE_SECONDS)
