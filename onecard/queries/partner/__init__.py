"""合作方所见: what a partner may read, and nothing of anybody else's cards.

Every query begins with the caller: foreign and absent rows are both not there.
"""

from onecard.domain.partner_scope import PartnerCaller
from onecard.queries.partner.caller import by_client, by_token
from onecard.queries.partner.cards import (
    CardForPartner,
    FunctionSeen,
    TransitionSeen,
    card,
    cards,
    cards_seen_by,
    function,
    transitions,
)
from onecard.queries.partner.clients import ClientSeen, clients
from onecard.queries.partner.losses import (
    Confirmation,
    LossSeen,
    confirmations_at,
    loss,
    loss_of_serial,
    losses,
)
from onecard.queries.partner.orders import (
    OrderSeen,
    ParcelSeen,
    order,
    orders,
    shipment,
    shipments,
)
from onecard.queries.partner.reconciliations import (
    DiscrepancySeen,
    ReconciliationSeen,
    discrepancies,
    reconciliation,
    reconciliations,
)

__all__ = [
    "CardForPartner",
    "ClientSeen",
    "Confirmation",
    "DiscrepancySeen",
    "FunctionSeen",
    "LossSeen",
    "OrderSeen",
    "ParcelSeen",
    "PartnerCaller",
    "ReconciliationSeen",
    "TransitionSeen",
    "by_client",
    "by_token",
    "card",
    "cards",
    "cards_seen_by",
    "clients",
    "confirmations_at",
    "discrepancies",
    "function",
    "loss",
    "loss_of_serial",
    "losses",
    "order",
    "orders",
    "reconciliation",
    "reconciliations",
    "shipment",
    "shipments",
    "transitions",
]
