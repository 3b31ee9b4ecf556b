"""What may go wrong with another organisation. Three words, no fourth.

A partner's own "no" is an answer and comes back as a value of that adapter; these two are raised
when there is no answer, after the adapter's own retries.
"""


class PartnerSilent(Exception):
    """No usable answer from a partner. `partner` is its key, e.g. `hr_database` or `bank:icbc`."""

    def __init__(self, partner: str, reason: str) -> None:
        super().__init__(f"{partner}: {reason}")
        self.partner, self.reason = partner, reason


class PartnerDown(PartnerSilent):
    """Surely nothing was done: the same call may be repeated freely."""


class PartnerUnsure(PartnerSilent):
    """It may have been done: repeat only with the same message id, or ask for the state."""
