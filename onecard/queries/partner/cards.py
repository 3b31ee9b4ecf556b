"""Cards as partners see them: states and versions, never a name or a whole number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import OuterRef, QuerySet, Subquery

from onecard import policy
from onecard.domain.hr_function import may_be_used
from onecard.domain.loss import LossPolicy
from onecard.domain.masking import mask_number
from onecard.domain.partner_scope import Function, PartnerCaller, Reach
from onecard.domain.refusal import NotFound
from onecard.records.models import Card, PartnerSight, Transition
from onecard.seams.clock import local_day

IN_HISTORY = {Function.HR: "hr", Function.FINANCIAL: "financial", Function.TRANSIT: "transit"}
_STATES = ("ref", "hr_state", "loss_ends_at", "financial_state", "transit_state")
_IN_ADDRESS = {name: function for function, name in IN_HISTORY.items()}


@dataclass(frozen=True)
class FunctionSeen:
    """One function of a card. `state_version` is its ETag.

    Of the HR function `usable` says whether it opens business now, `refusal` why not; the answer
    may be kept until `lease_ends_at`, after that without a new one it is no (guarantees 6.1).
    """

    card_id: str
    function: str
    state: str
    state_version: int
    expires_at: datetime | None = None
    usable: bool | None = None
    refusal: str = ""
    lease_ends_at: datetime | None = None


@dataclass(frozen=True)
class CardForPartner:
    """A card with the functions its asker may see. `loss_version` is what a withdrawal names."""

    id: str
    number: str
    bank: str
    generation: int
    issued_on: date
    valid_to: date
    loss_version: int
    functions: tuple[FunctionSeen, ...]


@dataclass(frozen=True)
class TransitionSeen:
    """One change of state of one function: `seq` counts without a gap on its card."""

    id: str
    card_id: str
    function: str
    from_state: str
    to_state: str
    reason: str
    channel: str
    actor: str
    rule_version: str
    effective_at: datetime
    seq: int


def cards_seen_by(caller: PartnerCaller) -> QuerySet[Card]:
    """Every card the caller may know of."""
    reach = caller.rights.reach
    if reach is Reach.EVERY_CARD:
        return Card.objects.all()
    if reach is Reach.OWN_BANK:
        return Card.objects.filter(bank=caller.bank).exclude(bank="")
    if reach is Reach.PRESENTED:
        sights = PartnerSight.objects.filter(client=caller.ref)
        return Card.objects.filter(ref__in=sights.values("card"))
    return Card.objects.none()


def cards(*, caller: PartnerCaller, after: str, limit: int, at: datetime) -> list[CardForPartner]:
    """The next cards after an id; one more than `limit` where there are more."""
    rows = cards_seen_by(caller).filter(ref__gt=after).order_by("ref")[: limit + 1]
    return [_seen(row, caller, at) for row in rows]


def card(*, caller: PartnerCaller, card: str, at: datetime) -> CardForPartner:
    """One card. Raises `NotFound`."""
    return _seen(_row(caller, card), caller, at)


def function(*, caller: PartnerCaller, card: str, function: Function, at: datetime) -> FunctionSeen:
    """One function of a card. Raises `NotFound`, also for a function that is not the asker's."""
    if function not in caller.rights.functions:
        raise NotFound("Card")
    history = Transition.objects.filter(card=OuterRef("ref"), function=IN_HISTORY[function])
    last = history.order_by("-sequence").values("sequence")[:1]
    rows = cards_seen_by(caller).annotate(last=Subquery(last)).only(*_STATES)
    row = rows.filter(ref=card).first()
    if row is None:
        raise NotFound("Card")
    return _function(row, function, {IN_HISTORY[function]: row.last or 0}, at)


def transitions(
    *, caller: PartnerCaller, card: str, after: str, limit: int
) -> list[TransitionSeen]:
    """The next changes of state after an id, of one card or of all the asker may know of."""
    functions = [IN_HISTORY[function] for function in caller.rights.functions]
    rows = Transition.objects.filter(card__in=cards_seen_by(caller), function__in=functions)
    if card:
        rows = rows.filter(card=card)
    return [
        TransitionSeen(
            id=row.ref,
            card_id=row.card_id,
            function=_IN_ADDRESS[row.function].value,
            from_state=row.from_state,
            to_state=row.to_state,
            reason=row.reason,
            channel=row.channel,
            actor=row.actor_role,
            rule_version=row.policy_version,
            effective_at=row.at,
            seq=row.sequence,
        )
        for row in rows.filter(ref__gt=after).order_by("ref")[: limit + 1]
    ]


def _row(caller: PartnerCaller, ref: str) -> Card:
    row = cards_seen_by(caller).filter(ref=ref).first()
    if row is None:
        raise NotFound("Card")
    return row


def _seen(row: Card, caller: PartnerCaller, at: datetime) -> CardForPartner:
    versions = _versions(row)
    return CardForPartner(
        id=row.ref,
        number=mask_number(row.card_number),
        bank=row.bank,
        generation=row.generation,
        issued_on=row.issued_on,
        valid_to=row.valid_to,
        loss_version=row.loss_version,
        functions=tuple(
            _function(row, function, versions, at)
            for function in Function
            if function in caller.rights.functions
        ),
    )


def _versions(row: Card) -> dict[str, int]:
    lines = Transition.objects.filter(card=row).order_by("sequence")
    return dict(lines.values_list("function", "sequence"))


def _function(
    row: Card, function: Function, versions: dict[str, int], at: datetime
) -> FunctionSeen:
    version = versions.get(IN_HISTORY[function], 0)
    if function is Function.FINANCIAL:
        return FunctionSeen(row.ref, function.value, row.financial_state.value, version)
    if function is Function.TRANSIT:
        return FunctionSeen(row.ref, function.value, row.transit_state.value, version)
    state = row.state_at(at)
    refusal = may_be_used(state=state)
    figures = policy.in_force("loss", LossPolicy, on=local_day(at))
    return FunctionSeen(
        card_id=row.ref,
        function=function.value,
        state=state.value,
        state_version=version,
        expires_at=row.loss_ends_at if state is row.hr_state else None,
        usable=refusal is None,
        refusal=refusal.code if refusal else "",
        lease_ends_at=at + timedelta(seconds=figures.partner_lease_seconds),
    )
