"""The figures of the city, for whoever wants to know where an answer comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from onecard import policy


@dataclass(frozen=True)
class FigureInForce:
    """One figure on one day, with its provenance."""

    room: str
    key: str
    title: str
    unit: str
    value: Any
    standing: str
    source: str
    note: str
    since: date


def version() -> str:
    """The policy pack and its version, as stored with every act."""
    pack = policy.find_pack(policy.pack_name())
    return f"{pack.name}-{pack.version}"


def on(day: date) -> tuple[FigureInForce, ...]:
    """Every figure that has a value on `day`, sorted by room and key."""
    pack = policy.find_pack(policy.pack_name())
    return tuple(
        FigureInForce(
            figure.room,
            figure.key,
            figure.title,
            figure.unit,
            value.value,
            value.standing,
            value.source,
            value.note,
            value.since,
        )
        for figure in pack
        for value in [figure.on(day)]
        if value is not None
    )
