"""Every figure of a city with its standing: what the city said, and what it must still confirm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from onecard import policy
from onecard.policy import Figure, Value

ORDER = ("assumption", "other_city", "provincial", "national", "city", "seed")
"""The weakest ground first: it waits longest for the city's word."""
CONFIRMED = frozenset({"city", "seed"})
"""What the city itself has said. Everything else waits for it."""


@dataclass(frozen=True)
class FigureInForce:
    """One figure as it stands on a day. `value` is as the pack writes it, None means none."""

    room: str
    key: str
    title: str
    value: Any
    unit: str
    since: date
    standing: str
    waits: bool
    source: str
    note: str
    also: tuple[Any, ...]


@dataclass(frozen=True)
class CityFigures:
    """A city's pack on a day: its figures, the weakest ground first."""

    city: str
    version: str
    on: date
    figures: tuple[FigureInForce, ...]

    @property
    def waiting(self) -> tuple[FigureInForce, ...]:
        """The figures that the city has not confirmed."""
        return tuple(figure for figure in self.figures if figure.waits)


def figures_of(city: str, *, on: date) -> CityFigures:
    """The figures of a pack (a name, or a folder; empty for the one in force here) on a day.

    Raises `FileNotFoundError` when there is no such pack.
    """
    pack = policy.find_pack(city or policy.pack_name())
    in_force = [(figure, value) for figure in pack if (value := figure.on(on)) is not None]
    told = [_told(figure, value) for figure, value in in_force]
    told.sort(key=lambda figure: (ORDER.index(figure.standing), figure.room))
    return CityFigures(pack.name, pack.version, on, tuple(told))


def _told(figure: Figure, value: Value) -> FigureInForce:
    return FigureInForce(
        room=figure.room,
        key=figure.key,
        title=figure.title,
        value=value.value,
        unit=figure.unit,
        since=value.since,
        standing=value.standing,
        waits=value.standing not in CONFIRMED,
        source=value.source,
        note=value.note,
        also=figure.also,
    )


def version() -> str:
    """The policy pack and its version, as stored with every act."""
    pack = policy.find_pack(policy.pack_name())
    return f"{pack.name}-{pack.version}"


def value(room: str, key: str, *, on: date) -> Any:
    """One figure's value on a day, for a sentence that names it. Raises `KeyError`."""
    in_force = policy.find_pack(policy.pack_name()).figures[room, key].on(on)
    if in_force is None:
        raise KeyError(key)
    return in_force.value
