"""Fixed layouts, declared once: the same line reads a card's bytes and writes them.

    @dataclass(frozen=True)
    class Balance(Layout):
        amount_fen: int = number(4)

Each layout carries its own test vectors (`vectors`); one test reads and writes them all.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import Enum
from typing import Any, ClassVar, Self

_SIZE = "size"
_FORM = "form"


class LayoutError(ValueError):
    """Bytes of another length than the layout's, or a value that does not fit its field."""


class _Form(Enum):
    NUMBER = "number"
    RAW = "raw"


def number(size: int) -> Any:
    """A field of `size` bytes that is a big-endian integer."""
    return field(metadata={_SIZE: size, _FORM: _Form.NUMBER})


def raw(size: int, default: bytes | None = None) -> Any:
    """A field of `size` bytes that is kept as bytes."""
    metadata = {_SIZE: size, _FORM: _Form.RAW}
    return (
        field(metadata=metadata) if default is None else field(metadata=metadata, default=default)
    )


def secret(size: int) -> Any:
    """As `raw`, but never shown: personal data."""
    return field(metadata={_SIZE: size, _FORM: _Form.RAW}, repr=False)


@dataclass(frozen=True)
class Layout:
    """A record of fixed length. Subclasses are frozen dataclasses of `number` and `raw` fields."""

    vectors: ClassVar[tuple[tuple[str, Layout], ...]] = ()

    @classmethod
    def size(cls) -> int:
        """Its length in bytes."""
        return sum(size for _, size, _ in _plan(cls))

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Read exactly `size()` bytes. Raises `LayoutError` for more or fewer."""
        if len(data) != cls.size():
            raise LayoutError(f"{cls.__name__} has {cls.size()} bytes, not {len(data)}")
        values: dict[str, Any] = {}
        for name, size, form in _plan(cls):
            part, data = data[:size], data[size:]
            values[name] = int.from_bytes(part) if form is _Form.NUMBER else part
        return cls(**values)

    def encode(self) -> bytes:
        """Write it. Raises `LayoutError` if a value does not fit its field."""
        return b"".join(
            _written(name, getattr(self, name), size, form)
            for name, size, form in _plan(type(self))
        )


def _written(name: str, value: Any, size: int, form: _Form) -> bytes:
    try:
        part = value.to_bytes(size) if form is _Form.NUMBER else bytes(value)
    except OverflowError as error:
        raise LayoutError(f"{name} has no room for {value}") from error
    if len(part) != size:
        raise LayoutError(f"{name} has {size} bytes, not {len(part)}")
    return part


_Plan = tuple[tuple[str, int, _Form], ...]
_plans: dict[type[Layout], _Plan] = {}


def _plan(layout: type[Layout]) -> _Plan:
    """Name, size and form of every field, worked out once for each layout."""
    if layout not in _plans:
        _plans[layout] = tuple(
            (f.name, f.metadata[_SIZE], f.metadata[_FORM]) for f in fields(layout)
        )
    return _plans[layout]
