"""A citizen's view of the way to a card: six stages instead of twenty states.

Each stage says whether it is done, going on, still to come or stopped, and when. The words of a
stage are `portal.stage.<name>`; the exact state stays visible beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.domain.application import Collection
from onecard.domain.production import OPEN, ProductionState
from onecard.queries.application import Progress
from onecard.queries.delivery import ShipmentSeen

S = ProductionState

STAGES: tuple[tuple[str, frozenset[ProductionState]], ...] = (
    ("submit", frozenset({S.SUBMITTED, S.CORRECTED})),
    ("accept", frozenset({S.ACCEPTED, S.RETRACTED})),
    ("account", frozenset({S.BATCHED, S.INSTANT_BATCHED, S.AT_BANK, S.BANK_FAILED})),
    (
        "make",
        frozenset(
            {
                S.ACCOUNT_OPENED,
                S.AT_VENDOR,
                S.MAKING_FAILED,
                S.INSTANT_MAKING,
                S.MADE,
                S.FINANCE_LOADING,
                S.FINANCE_LOADED,
            }
        ),
    ),
    ("bring", frozenset({S.POSTED, S.AT_BRANCH, S.AT_OUTLET, S.INSTANT_MADE})),
    ("hold", frozenset({S.COLLECTED, S.COLLECTED_BY_EMPLOYER})),
)
STOPPED = frozenset({S.BANK_FAILED, S.MAKING_FAILED, S.RETRACTED})


@dataclass(frozen=True)
class Stage:
    """One stage: `how` is `done`, `now`, `later` or `stop`; `name` its word."""

    name: str
    how: str
    at: datetime | None
    detail: str = ""


def state_of(progress: Progress) -> ProductionState:
    """The state behind the word key the query gives."""
    return ProductionState(progress.state.rpartition(".")[2])


def is_running(progress: Progress) -> bool:
    """Whether it is still on its way."""
    return state_of(progress) in OPEN


def tone(progress: Progress) -> str:
    """How the state is coloured, beside its word and shape."""
    state = state_of(progress)
    if state is S.RETRACTED:
        return "off"
    if state in STOPPED or progress.late:
        return "warn"
    return "ok" if state not in OPEN else "wait"


def steps(progress: Progress, shipment: ShipmentSeen | None) -> list[Stage]:
    """The six stages of this application."""
    here = _stage_of(state_of(progress))
    return [
        Stage(
            name=_named(name, progress),
            how=_how(place, here, progress),
            at=_first_time(states, progress),
            detail=shipment.word if shipment and name == "bring" and place <= here else "",
        )
        for place, (name, states) in enumerate(STAGES)
        if state_of(progress) is not S.RETRACTED or place <= here
    ]


def _stage_of(state: ProductionState) -> int:
    return next(place for place, (_, states) in enumerate(STAGES) if state in states)


def _how(place: int, here: int, progress: Progress) -> str:
    if place == here:
        state = state_of(progress)
        if state in STOPPED:
            return "stop"
        return "now" if state in OPEN else "done"
    return "done" if place < here else "later"


def _named(name: str, progress: Progress) -> str:
    if name == "accept" and state_of(progress) is S.RETRACTED:
        return "portal.stage.retracted"
    if name == "bring":
        posted = progress.collection.endswith(f".{Collection.POST.value}")
        return "portal.stage.bring_post" if posted else "portal.stage.bring_outlet"
    return f"portal.stage.{name}"


def _first_time(states: frozenset[ProductionState], progress: Progress) -> datetime | None:
    values = {state.value for state in states}
    return next(
        (step.at for step in progress.steps if step.to_state.rpartition(".")[2] in values), None
    )
