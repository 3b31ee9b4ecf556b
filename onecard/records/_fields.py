"""Columns that come back as what they are: an enum member, a sealed value, an opaque id."""

from __future__ import annotations

import json
from enum import Enum
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import models

from onecard.seams.world import world

E = TypeVar("E", bound=Enum)
REF_LENGTH = 40
ENUM_LENGTH = 32

if TYPE_CHECKING:

    class _EnumBase(models.CharField[E, E], Generic[E]): ...

else:

    class _EnumBase(models.CharField, Generic[E]):
        """At run time a plain text column."""


class EnumField(_EnumBase[E]):
    """Stores an enum member by its value and gives the member back.

    Assigning anything else fails on save; an unknown value in the table fails on read. In
    migrations it is a plain `CharField`, so that old migrations never import the domain.
    """

    def __init__(self, enum: type[E], **options: Any) -> None:
        self.enum = enum
        options.setdefault("max_length", ENUM_LENGTH)
        super().__init__(**options)

    def from_db_value(self, value: str | None, *_: object) -> E | None:
        """The member; raises `ValueError` for a value that is none."""
        return None if value is None else self.enum(value)

    def to_python(self, value: Any) -> Any:
        """A member from a member or from its value."""
        return value if value is None or isinstance(value, self.enum) else self.enum(value)

    def get_prep_value(self, value: Any) -> Any:
        """The stored text; raises `TypeError` for anything that is not a member."""
        if value is None or isinstance(value, self.enum):
            return None if value is None else value.value
        message = f"{self.name} takes {self.enum.__name__}, not {value!r}"
        raise TypeError(message)

    def clone(self) -> EnumField[E]:
        """A copy that still knows its enum."""
        _, _, _, options = super().deconstruct()
        return EnumField(self.enum, **options)

    def deconstruct(self) -> Any:
        """As a plain text column."""
        name, _, args, options = super().deconstruct()
        default = options.get("default")
        if isinstance(default, Enum):
            options["default"] = default.value
        return name, "django.db.models.CharField", args, options


def one_of(column: str, enum: type[Enum], table: str) -> models.CheckConstraint:
    """The database's own wall: the column holds a member of `enum`."""
    values = sorted(member.value for member in enum)
    condition = models.Q(**{f"{column}__in": values})
    return models.CheckConstraint(condition=condition, name=f"{table}_{column}_known")


class Sealed(bytes):
    """An envelope as it lies in the table, not yet opened."""

    __slots__ = ()


class SealedField(models.BinaryField):  # type: ignore[type-arg]
    """A personal text, encrypted and bound to table, column and the row's `ref`.

    Reads and writes as `str`; opened only when somebody asks for it.
    """

    def __init__(self, **options: Any) -> None:
        options.setdefault("default", b"")
        super().__init__(**options)

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:  # noqa: FBT001, FBT002
        """Put the opener in front of the column."""
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _Opener(self))

    def from_db_value(self, value: Any, *_: object) -> Sealed:
        """Keep it closed."""
        return Sealed(value or b"")

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: ARG002, FBT001
        """Seal for exactly this row."""
        value = model_instance.__dict__.get(self.attname)
        if isinstance(value, bytes):
            return bytes(value)
        return self.seal(model_instance, self.to_text(value))

    def seal(self, row: models.Model, text: str) -> bytes:
        """The envelope of `text`; an empty text needs none."""
        return world().custody.seal(text.encode(), bound_to=self.place(row)) if text else b""

    def place(self, row: models.Model) -> str:
        """What the envelope is bound to."""
        return f"{row._meta.db_table}|{self.column}|{row.ref}"  # type: ignore[attr-defined]

    def to_text(self, value: Any) -> str:
        """The text that is sealed."""
        return str(value or "")

    def of_text(self, text: str) -> Any:
        """The value that readers get."""
        return text


class SealedJsonField(SealedField):
    """A sealed JSON object."""

    def to_text(self, value: Any) -> str:
        """As JSON with sorted keys."""
        return json.dumps(value or {}, ensure_ascii=False, sort_keys=True)

    def of_text(self, text: str) -> Any:
        """The object; empty if nothing was stored."""
        return json.loads(text or "{}")


class _Opener:
    """Opens a sealed column when it is first read."""

    def __init__(self, field: SealedField) -> None:
        self.field = field

    def __get__(self, row: models.Model | None, owner: type) -> Any:
        if row is None:
            return self
        name = self.field.attname
        if name not in row.__dict__:
            row.refresh_from_db(fields=[name])
        value = row.__dict__[name]
        if isinstance(value, Sealed):
            value = row.__dict__[name] = self._open(row, value)
        return value if not isinstance(value, bytes) else self.field.of_text("")

    def __set__(self, row: models.Model, value: Any) -> None:
        row.__dict__[self.field.attname] = value

    def _open(self, row: models.Model, sealed: Sealed) -> Any:
        opened = world().custody.unseal(sealed, bound_to=self.field.place(row)) if sealed else b""
        return self.field.of_text(opened.decode())


def ref_field() -> models.CharField[str, str]:
    """The opaque id of a row, made by `world().ids` before the insert; also its primary key."""
    return models.CharField(primary_key=True, max_length=REF_LENGTH)


def link(to: str, related: str = "+", **options: Any) -> Any:
    """A reference to a row that must not disappear."""
    return models.ForeignKey(to, on_delete=models.PROTECT, related_name=related, **options)


def instant(**options: Any) -> models.DateTimeField[Any, Any]:
    """An aware instant; never filled in by itself, for the clock is a seam."""
    return models.DateTimeField(**options)


def index_field(**options: Any) -> models.CharField[str, str]:
    """A blind index: 64 hex characters, empty where there is nothing to find."""
    options.setdefault("blank", True)
    options.setdefault("default", "")
    return models.CharField(max_length=64, **options)
