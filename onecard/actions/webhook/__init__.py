"""推送: endpoints of partners, and how events are brought to them.

At least once, in order for each source, one under way at a time; whoever answers nothing is tried
for three days. `GET /v1/events` is the truth, so nothing is lost when an endpoint is.
"""

from onecard.actions.webhook.bringing import (
    BroughtTo,
    bring_due,
    bring_to,
    deliver_due,
    endpoints_due,
)
from onecard.actions.webhook.endpoints import (
    EndpointPlan,
    EndpointReceipt,
    choose_types,
    disable,
    enable,
    open_endpoint,
    ping,
    rotate_secret,
)
from onecard.actions.webhook.repeating import Repeated, recover, replay_missing, resend

__all__ = [
    "BroughtTo",
    "EndpointPlan",
    "EndpointReceipt",
    "Repeated",
    "bring_due",
    "bring_to",
    "choose_types",
    "deliver_due",
    "disable",
    "enable",
    "endpoints_due",
    "open_endpoint",
    "ping",
    "recover",
    "replay_missing",
    "resend",
    "rotate_secret",
]
