"""合作方的权限: what each kind of partner may ask, and of whose cards (platform D5; guarantees P3).

A scope says what, the kind says of whom: a bank its own cards, HR every card, a hospital or the
transit operator only a card that was presented to it, EMS its parcels. Whoever has no bank sees no
financial function.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.refusal import Fix, FixKind, Refusal


class PartnerKind(Enum):
    """What sort of organisation a partner is."""

    BANK = "bank"
    HR = "hr"
    TRANSIT = "transit"
    HOSPITAL = "hospital"
    COURIER = "courier"


class Reach(Enum):
    """Of which cards a partner may know."""

    OWN_BANK = "own_bank"
    EVERY_CARD = "every_card"
    PRESENTED = "presented"
    PARCELS = "parcels"


class Function(Enum):
    """One of the three functions of a card, as it is written in addresses."""

    HR = "hr"
    FINANCIAL = "fin"
    TRANSIT = "transit"


CARD_READ, CARD_SEARCH = "card:card.read", "card:card.search"
PERSON_SEARCH = "person:person.search"
FUNCTION_READ, FUNCTION_WRITE = "card:function.read", "card:function.write"
TRANSITION_READ = "card:transition.read"
LOSS_READ, LOSS_WRITE = "card:loss.read", "card:loss.write"
REPLACEMENT_READ = "card:replacement.read"
RECONCILIATION_READ = "card:reconciliation.read"
SHIPMENT_READ, SCAN_WRITE = "delivery:shipment.read", "delivery:scan.write"
EVENT_READ, WEBHOOK_WRITE = "event:event.read", "event:webhook.write"

_EVERYBODY = frozenset({EVENT_READ, WEBHOOK_WRITE})
_CARDS = _EVERYBODY | {CARD_READ, CARD_SEARCH, FUNCTION_READ, PERSON_SEARCH}
_LOSSES = _CARDS | {TRANSITION_READ, LOSS_READ, REPLACEMENT_READ}


@dataclass(frozen=True)
class Rights:
    """What a kind of partner may have at most. `must_sign`: a bearer token alone is not enough."""

    scopes: frozenset[str]
    reach: Reach
    functions: frozenset[Function]
    must_sign: bool


RIGHTS: Mapping[PartnerKind, Rights] = {
    PartnerKind.BANK: Rights(
        _LOSSES | {LOSS_WRITE, FUNCTION_WRITE, SHIPMENT_READ, RECONCILIATION_READ},
        Reach.OWN_BANK,
        frozenset({Function.HR, Function.FINANCIAL}),
        must_sign=True,
    ),
    PartnerKind.HR: Rights(
        _LOSSES | {SHIPMENT_READ, RECONCILIATION_READ},
        Reach.EVERY_CARD,
        frozenset({Function.HR}),
        must_sign=True,
    ),
    PartnerKind.TRANSIT: Rights(
        _CARDS, Reach.PRESENTED, frozenset({Function.TRANSIT}), must_sign=True
    ),
    PartnerKind.HOSPITAL: Rights(
        _CARDS, Reach.PRESENTED, frozenset({Function.HR}), must_sign=False
    ),
    PartnerKind.COURIER: Rights(
        _EVERYBODY | {SHIPMENT_READ, SCAN_WRITE}, Reach.PARCELS, frozenset(), must_sign=False
    ),
}
EVERY_SCOPE = frozenset[str]().union(*(rights.scopes for rights in RIGHTS.values()))


@dataclass(frozen=True)
class PartnerCaller:
    """A partner that may call us now. `bank` is empty for everybody but a bank."""

    ref: str
    name: str
    kind: PartnerKind
    bank: str
    scopes: frozenset[str]

    @property
    def actor(self) -> Actor:
        """As acts and audit know it."""
        return Actor(Role.PARTNER, self.ref, Channel.PARTNER_API)

    @property
    def rights(self) -> Rights:
        """What partners of its kind may at most."""
        return RIGHTS[self.kind]


def may_hold_scopes(*, kind: PartnerKind, scopes: Iterable[str]) -> Refusal | None:
    """Whether a partner of this kind can be given these scopes."""
    allowed = RIGHTS[kind].scopes
    odd = tuple(sorted(set(scopes) - allowed))
    if not odd:
        return None
    fix = Fix(FixKind.CHANGE_INPUT, {"field": "scope"})
    return Refusal(
        "partner.scope_not_for_kind",
        measured={"scopes": odd},
        allowed={"allowed": tuple(sorted(allowed))},
        field="scope",
        fix=fix,
    )


def must_have_bank(*, kind: PartnerKind, bank: str, banks: Iterable[str]) -> Refusal | None:
    """A bank names itself by its key, nobody else names one."""
    known = tuple(banks)
    if (bank in known) if kind is PartnerKind.BANK else not bank:
        return None
    fix = Fix(FixKind.CHANGE_INPUT, {"field": "bank"})
    return Refusal("partner.bank_unknown", allowed={"banks": known}, field="bank", fix=fix)
