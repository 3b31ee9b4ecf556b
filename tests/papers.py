"""Writes the papers that are generated from code: rule book, diagrams, API reference, catalogue.

    python -m tests.papers        write them anew
A house test makes them in memory and fails when the ones in `docs/` are not the same.
"""

from __future__ import annotations

import ast
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


@dataclass(frozen=True)
class Rule:
    """One rule as a test proves it: where it comes from, its Chinese text, its English sentence."""

    room: str
    source: str
    chinese: str
    english: str


def all_papers() -> dict[str, str]:
    """Every generated paper by its path below `docs/`."""
    return {
        "rulebook.md": rulebook(),
        "errors.md": errors(),
        "api.md": api_reference(),
        "partner-api.md": partner_reference(),
        **{f"diagrams/{name}.md": text for name, text in diagrams().items()},
    }


def rulebook() -> str:
    """The rules, as the tests that prove them say them."""
    lines = [
        "# Rule book",
        "",
        "Each line is a test: the rule in Chinese, where it comes from, and what the test proves.",
        "Generated from the tests by `make papers`; edit the tests, not this page.",
    ]
    rules = sorted(_rules(), key=lambda rule: (rule.room, rule.source, rule.english))
    for room in dict.fromkeys(rule.room for rule in rules):
        lines += ["", f"## {room}", "", "| rule | source | proved by |", "|---|---|---|"]
        lines += [
            f"| {rule.chinese} | {rule.source} | {rule.english} |"
            for rule in rules
            if rule.room == room
        ]
    return "\n".join(lines) + "\n"


def _rules() -> Iterator[Rule]:
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and (source := _source_of(node)):
                chinese = (ast.get_docstring(node) or "").split("\n\n")[0].replace("\n", " ")
                english = node.name.removeprefix("test_").replace("_", " ")
                yield Rule(file.stem.removeprefix("test_"), source, chinese, english)


def _source_of(function: ast.FunctionDef) -> str:
    """The text inside `@pytest.mark.rule("...")`."""
    for mark in function.decorator_list:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.rule":
            argument = mark.args[0]
            return str(argument.value) if isinstance(argument, ast.Constant) else ""
    return ""


def diagrams() -> dict[str, str]:
    """Every life cycle as a state diagram."""
    from tests.house.test_manners import _life_cycles

    return {
        cycle.name: f"# {cycle.name}\n\nGenerated from the table; edit the table.\n\n"
        f"```mermaid\n{cycle.mermaid()}```\n"
        for cycle in _life_cycles()
    }


def errors() -> str:
    """Every refusal with its status, its words and its next step."""
    from onecard import words
    from onecard.api.problems import status_of
    from onecard.domain.refusal import Refusal
    from onecard.web.reference.views import refusal_codes

    lines = [
        "# Error catalogue",
        "",
        "Generated from the word files by `make papers`. HTTP status from `api/problems.py`.",
        "",
        "| code | HTTP | 说法 | 下一步 | words | next step |",
        "|---|---|---|---|---|---|",
    ]
    for code in refusal_codes():
        room, _, reason = code.partition(".")
        stem = f"{room}.refusal.{reason}"
        cells = [
            words.raw(f"{stem}.{part}", language)
            for language in words.LANGUAGES
            for part in ("headline", "next")
        ]
        lines.append(f"| `{code}` | {status_of(Refusal(code))} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def api_reference() -> str:
    """Every operation of the API with its fields and answers."""
    from onecard.api.urls import api

    return "\n".join(_reference("API reference", api.get_openapi_schema(path_prefix="/api/v1/")))


def partner_reference() -> str:
    """The same of the partners' API, and every type of event that is pushed."""
    from onecard.api.partner.urls import api

    schema = api.get_openapi_schema(path_prefix="/v1/")
    lines = _reference("Partner API reference", schema)
    lines += ["## webhooks", "", "| type | says |", "|---|---|"]
    lines += [
        f"| `{kind}` | {way['post']['summary']} |" for kind, way in schema["webhooks"].items()
    ]
    return "\n".join(lines) + "\n"


def _reference(title: str, schema: Any) -> list[str]:
    from onecard.web.reference import contract

    lines = [f"# {title}", "", "Generated from the OpenAPI description by `make papers`.", ""]
    for group in contract.groups(schema):
        lines += [f"## {group.name}", ""]
        for operation in group.operations:
            lines += [f"### {operation.method} {operation.path}", "", operation.says, ""]
            if operation.body:
                lines += ["| field | type | required | meaning |", "|---|---|---|---|"]
                lines += [
                    f"| {f.name} | {f.kind.replace('|', '/')} | {'yes' if f.required else 'no'} "
                    f"| {f.says.replace('|', '/')} |"
                    for f in operation.body
                ]
                lines.append("")
            answers = ", ".join(f"{answer.status} {answer.shape}" for answer in operation.answers)
            lines += [f"Answers: {answers}", ""]
    return lines


def write() -> int:
    """Write them all; gives how many changed."""
    changed = 0
    for name, text in all_papers().items():
        file = DOCS / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
            changed += 1
    return changed


if __name__ == "__main__":
    os.environ.setdefault("ONECARD_HOME", tempfile.mkdtemp(prefix="onecard-papers-"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onecard.config.settings")
    import django

    django.setup()
    print(f"{write()} of the papers in docs/ changed", file=sys.stderr)
