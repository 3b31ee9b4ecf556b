"""A citizen's view of the way to a card: a handful of stages instead of twenty states.

Each stage says whether it is done, going on, still to come or stopped, and when it was done. Its
word is `portal.stage.<name>`; the exact state stays visible beside them. The way ends when the card
works, not when it was handed over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.domain.application import Collection
from onecard.domain.delivery import DeliveryState
from onecard.domain.production import OPEN, OWED, ProductionState
from onecard.queries.application import Progress
from onecard.queries.card import CardSeen
from onecard.queries.delivery import ShipmentSeen

S = ProductionState

GOING_ON: dict[ProductionState, str] = {
    S.SUBMITTED: "accept",
    S.CORRECTED: "accept",
    S.RETRACTED: "accept",
    S.ACCEPTED: "account",
    S.BATCHED: "account",
    S.AT_BANK: "account",
    S.INSTANT_BATCHED: "account",
    S.BANK_FAILED: "account",
    S.ACCOUNT_OPENED: "make",
    S.AT_VENDOR: "make",
    S.MAKING_FAILED: "make",
    S.INSTANT_MAKING: "make",
    S.FINANCE_LOADING: "make",
    S.MADE: "bring",
    S.FINANCE_LOADED: "bring",
    S.POSTED: "bring",
    S.AT_BRANCH: "bring",
    S.AT_OUTLET: "collect",
    S.INSTANT_MADE: "collect",
    S.COLLECTED: "enable",
    S.COLLECTED_BY_EMPLOYER: "enable",
}
"""What is being done while an application stands in a state."""

DONE_BY: dict[str, frozenset[ProductionState]] = {
    "submit": frozenset({S.SUBMITTED}),
    "accept": frozenset({S.ACCEPTED}),
    "account": frozenset({S.ACCOUNT_OPENED, S.INSTANT_MAKING}),
    "make": frozenset({S.MADE, S.INSTANT_MADE}),
    "bring": frozenset({S.AT_OUTLET}),
    "collect": frozenset({S.COLLECTED, S.COLLECTED_BY_EMPLOYER}),
}
"""By reaching which state a stage is done."""

STOPPED = frozenset({S.BANK_FAILED, S.MAKING_FAILED, S.RETRACTED})


@dataclass(frozen=True)
class Stage:
    """One stage: `how` is `done`, `now`, `later` or `stop`; `name` and `detail` are words."""

    name: str
    how: str
    at: datetime | None = None
    detail: str = ""


def state_of(progress: Progress) -> ProductionState:
    """The state behind the word key the query gives."""
    return ProductionState(progress.state.rpartition(".")[2])


def is_running(progress: Progress) -> bool:
    """Whether it is still on its way."""
    return state_of(progress) in OPEN


def is_owed(progress: Progress) -> bool:
    """Whether the promise still runs: the card is not made yet."""
    return state_of(progress) in OWED


def where(progress: Progress, shipment: ShipmentSeen | None) -> tuple[str, str]:
    """The word for where it stands, and its tone; of a posted card the parcel says more."""
    if shipment is None or state_of(progress) is not S.POSTED:
        return progress.state, tone(progress)
    arrived = shipment.state == DeliveryState.DELIVERED.value
    waits = shipment.may_choose_outlet is None
    return shipment.word, "ok" if arrived else "warn" if waits else "wait"


def next_word(progress: Progress, shipment: ShipmentSeen | None) -> str:
    """What comes next; of a posted card it is the parcel that decides."""
    if shipment is None or state_of(progress) is not S.POSTED:
        return progress.next
    if shipment.state == DeliveryState.DELIVERED.value:
        return "portal.progress.enable_next"
    return "portal.parcel.choose" if shipment.may_choose_outlet is None else progress.next


def has_arrived(shipment: ShipmentSeen | None) -> bool:
    """Whether the card is where its holder can have it in hand: no parcel, or a delivered one."""
    return shipment is None or shipment.state == DeliveryState.DELIVERED.value


def is_posted(progress: Progress) -> bool:
    """Whether the card comes by post."""
    return progress.collection.endswith(f".{Collection.POST.value}")


def tone(progress: Progress) -> str:
    """How the state is coloured, beside its word and shape."""
    state = state_of(progress)
    if state is S.RETRACTED:
        return "off"
    if state in STOPPED or progress.late:
        return "warn"
    return "ok" if state not in OPEN else "wait"


def stages(progress: Progress, shipment: ShipmentSeen | None, card: CardSeen | None) -> list[Stage]:
    """The stages of this application, in order."""
    if state_of(progress) is S.RETRACTED:
        last = progress.steps[-1].at if progress.steps else None
        return [_done("submit", progress, shipment), Stage("portal.stage.retracted", "stop", last)]
    names = ["submit", "accept", "account", "make", "bring", "collect", "enable"]
    going_on = _going_on(progress, shipment)
    if is_posted(progress) and going_on != "collect":
        names.remove("collect")
    here = names.index(going_on)
    stages = [_done(name, progress, shipment) for name in names[:here]]
    stages.append(_here(names[here], progress, shipment, card))
    return stages + [Stage(_word(name, progress), "later") for name in names[here + 1 :]]


def _going_on(progress: Progress, shipment: ShipmentSeen | None) -> str:
    arrived = shipment is not None and shipment.state == DeliveryState.DELIVERED.value
    return "enable" if arrived else GOING_ON[state_of(progress)]


def _here(
    name: str, progress: Progress, shipment: ShipmentSeen | None, card: CardSeen | None
) -> Stage:
    if name == "enable" and card is not None and card.enabled_at is not None:
        return Stage(_word(name, progress), "done", card.enabled_at)
    how = "stop" if state_of(progress) in STOPPED else "now"
    detail = shipment.word if shipment is not None and name == "bring" else ""
    return Stage(_word(name, progress), how, detail=detail)


def _done(name: str, progress: Progress, shipment: ShipmentSeen | None) -> Stage:
    if name == "bring" and shipment is not None:
        return Stage(_word(name, progress), "done", shipment.state_since)
    values = {state.value for state in DONE_BY[name]}
    at = next((s.at for s in progress.steps if s.to_state.rpartition(".")[2] in values), None)
    return Stage(_word(name, progress), "done", at)


def _word(name: str, progress: Progress) -> str:
    if name != "bring":
        return f"portal.stage.{name}"
    return "portal.stage.bring_post" if is_posted(progress) else "portal.stage.bring_outlet"
