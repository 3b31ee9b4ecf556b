"""Reads an OpenAPI description into the plain values the reference page shows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Field:
    """One member of a body, or one parameter."""

    name: str
    kind: str
    required: bool
    says: str


@dataclass(frozen=True)
class Answer:
    """One status an operation may answer with."""

    status: str
    says: str
    shape: str


@dataclass(frozen=True)
class Operation:
    """One address and method."""

    method: str
    path: str
    name: str
    says: str
    open_to_all: bool
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Group:
    """The operations of one room."""

    name: str
    operations: tuple[Operation, ...]


def groups(schema: dict[str, Any]) -> tuple[Group, ...]:
    """Every operation of the description, by room, in the description's own order."""
    shapes = schema["components"]["schemas"]
    by_tag: dict[str, list[Operation]] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            seen = _operation(method, path, operation, shapes)
            by_tag.setdefault(operation.get("tags", ["other"])[0], []).append(seen)
    return tuple(Group(name, tuple(found)) for name, found in by_tag.items())


def _operation(method: str, path: str, told: dict[str, Any], shapes: dict[str, Any]) -> Operation:
    parameters = tuple(
        Field(p["name"], _kind(p["schema"]), p.get("required", False), p.get("description", ""))
        for p in told.get("parameters", [])
    )
    return Operation(
        method=method.upper(),
        path=path,
        name=told["operationId"],
        says=told.get("description", told.get("summary", "")),
        open_to_all="security" not in told,
        parameters=parameters,
        body=_fields(_body_of(told), shapes, ""),
        answers=tuple(_answer(status, answer) for status, answer in _sorted(told["responses"])),
    )


def _body_of(told: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = told.get("requestBody", {}).get("content", {})
    first: dict[str, Any] = next(iter(content.values()), {"schema": {}})
    shape: dict[str, Any] = first["schema"]
    return shape


def _fields(shape: dict[str, Any], shapes: dict[str, Any], prefix: str) -> tuple[Field, ...]:
    """The members of a shape; members of members follow theirs as `look.number`."""
    shape = _resolved(shape, shapes)
    required = shape.get("required", [])
    found: list[Field] = []
    for name, member in shape.get("properties", {}).items():
        path = f"{prefix}{name}"
        inner = _resolved(member, shapes)
        says = member.get("description") or _choices(inner)
        found.append(Field(path, _kind(member), name in required, says))
        found.extend(_fields(inner, shapes, f"{path}."))
    return tuple(found)


def _resolved(shape: dict[str, Any], shapes: dict[str, Any]) -> dict[str, Any]:
    for option in shape.get("anyOf", []):
        if "$ref" in option:
            return _resolved(option, shapes)
    reference = shape.get("$ref") or (shape.get("allOf") or [{}])[0].get("$ref")
    found: dict[str, Any] = shapes[_name(reference)] if reference else shape
    return found


def _choices(shape: dict[str, Any]) -> str:
    return " | ".join(str(choice) for choice in shape.get("enum", []))


def _kind(shape: dict[str, Any]) -> str:
    if "$ref" in shape:
        return _name(shape["$ref"])
    if "anyOf" in shape:
        return " | ".join(_kind(option) for option in shape["anyOf"])
    if shape.get("type") == "array":
        return f"{_kind(shape.get('items', {}))}[]"
    return str(shape.get("format") or shape.get("type", ""))


def _name(reference: str) -> str:
    return reference.rpartition("/")[2]


def _answer(status: str, told: dict[str, Any]) -> Answer:
    content: dict[str, Any] = next(iter(told.get("content", {}).values()), {})
    return Answer(status, told.get("description", ""), _kind(content.get("schema", {})))


def _sorted(answers: dict[Any, Any]) -> list[tuple[str, Any]]:
    return sorted((str(status), answer) for status, answer in answers.items())


def as_json(schema: dict[str, Any]) -> str:
    """The description as a file."""
    return json.dumps(schema, ensure_ascii=False, indent=2, default=str)
