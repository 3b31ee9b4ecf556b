"""What is true for every operation of the API, written into the OpenAPI description."""

from __future__ import annotations

from typing import Any

INTRODUCTION = """
The same acts as at the counter and in the portal, for programs.

* **Callers** sign in with `Authorization: Bearer <token>`; a token carries a role and scopes.
* **Every POST** takes an `Idempotency-Key`: the same key again gives the stored answer
  (`Idempotent-Replayed: true`) and has no second effect; the same key with another body is 422.
* **A no** is `application/problem+json` (RFC 9457) with `code`, `rule_id`, `measured`, `allowed`
  and `minimal_fix`; words in Chinese or English by `Accept-Language`.
* **Unknown fields** in requests are refused; ignore unknown members in answers.
* **Money** is whole fen, **times** are RFC 3339 with offset, **days** are days in Asia/Shanghai.
* Identity numbers never appear in addresses; they are masked in every answer.
"""

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string", "description": "Where the rule is explained."},
        "title": {"type": "string", "description": "The answer in one sentence."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "Why, and what to do next."},
        "instance": {"type": "string"},
        "code": {"type": "string", "description": "`room.reason`, the same in every language."},
        "rule_id": {"type": "string"},
        "rule_version": {"type": "string", "description": "Policy pack and version."},
        "source": {"type": "string", "description": "Where the rule comes from."},
        "measured": {"type": "object", "description": "What was found."},
        "allowed": {"type": "object", "description": "What the rule accepts."},
        "minimal_fix": {"type": "array", "items": {"type": "object"}},
        "errors": {"type": "array", "items": {"type": "object"}},
        "retryable": {"type": "boolean"},
        "trace_id": {"type": "string"},
    },
}
ANSWERS = {
    "400": "The request cannot be read.",
    "401": "No or unknown token.",
    "403": "The token lacks the scope, or the role may not do this.",
    "404": "Absent, or not yours: the two look exactly the same.",
    "405": "This address does not know that method.",
    "409": "The life cycle has no such step now, or the key is in flight.",
    "413": "The body is too large.",
    "415": "The body is not JSON.",
    "422": "A rule says no, or the key came with another body before.",
    "503": "A partner gave no answer; nothing was stored; the same request may succeed later.",
}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Chosen by you, 1 to 255 visible characters; the same for every retry.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
EXEMPT = ("/checks", "/search", "/taps", "/answers", "/notices")


def complete(schema: Any) -> Any:
    """Add the common answers and the key header to every operation that has them."""
    schema.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            _complete(operation, changes=method == "post" and not path.endswith(EXEMPT))
    return schema


def _complete(operation: dict[str, Any], *, changes: bool) -> None:
    if changes:
        operation.setdefault("parameters", []).append(KEY)
    for status, description in ANSWERS.items():
        operation["responses"].setdefault(status, problem(description))


def problem(description: str) -> dict[str, Any]:
    """An answer that is a problem document."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": description, "content": content}
