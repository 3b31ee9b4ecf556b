"""What the house tests look at: every Python file of ours, parsed once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "onecard"
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One file: where it lies, its text and its tree."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """As a person would say it: `actions/loss.py`."""
        return str(self.path.relative_to(PACKAGE))

    def functions(self) -> Iterator[Function]:
        """Every function and method in it."""
        for node in ast.walk(self.tree):
            if isinstance(node, Function):
                yield node


@cache
def sources() -> tuple[Source, ...]:
    """Every file of the package but the generated migration."""
    files = sorted(PACKAGE.rglob("*.py"))
    return tuple(
        Source(file, text, ast.parse(text))
        for file in files
        if file.name != "0001_initial.py"
        for text in [file.read_text(encoding="utf-8")]
    )


def length(node: ast.stmt) -> int:
    """Lines from the first to the last, decorators not counted."""
    return (node.end_lineno or node.lineno) - node.lineno + 1
