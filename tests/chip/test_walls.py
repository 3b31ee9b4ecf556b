"""The chip library stands alone: standard library only, one file that knows ciphers."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import onecard.chip

FOLDER = Path(onecard.chip.__file__).parent
FILES = sorted(FOLDER.rglob("*.py"))
CIPHER_FILE = FOLDER / "software_ciphers.py"
FORBIDDEN = {"time", "random", "secrets", "uuid", "socket", "os", "threading", "asyncio"}


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def test_only_one_file_knows_a_cipher_library_and_no_other_imports_it() -> None:
    for path in FILES:
        outside = {
            name
            for name in _imports(path)
            if name.split(".")[0] not in sys.stdlib_module_names
            and not name.startswith("onecard.chip")
        }
        if path == CIPHER_FILE:
            assert {name.split(".")[0] for name in outside} == {"cryptography"}
        else:
            assert not outside, path
            assert "onecard.chip.software_ciphers" not in _imports(path), path


def test_no_file_asks_a_clock_a_die_or_a_wire() -> None:
    for path in FILES:
        assert not {name.split(".")[0] for name in _imports(path)} & FORBIDDEN, path


def test_no_algorithm_is_named_outside_the_profile_and_its_arithmetic() -> None:
    """算法名只出现在配置与公式里。"""
    may = {"purse_profile.py", "purse_arithmetic.py", "purse_vectors.py", "software_ciphers.py"}
    for path in FILES:
        names = {
            node.id if isinstance(node, ast.Name) else node.attr
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, (ast.Name, ast.Attribute))
        }
        assert path.name in may or not names & {"TRIPLE_DES", "SM4", "Algorithm"}, path
