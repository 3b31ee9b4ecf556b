"""The house inspects itself: sizes, docstrings, names, manners (architecture 11.2)."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys

from tests.house.plan import ROOT, Source, length, sources

FILE_LINES = 300
FUNCTION_LINES = 40
MEDIAN_LINES = 10
NOT_USED = ("utils", "helpers", "common", "manager", "managers", "misc", "base", "signals")
PINYIN = re.compile(
    r"\b(guashi|jiegua|buka|huanka|shebao|shenling|zhika|yikatong|beian)\b", re.IGNORECASE
)


def test_no_file_is_longer_than_a_person_reads_in_one_go() -> None:
    long = {s.name: s.text.count("\n") for s in sources() if s.text.count("\n") > FILE_LINES}
    assert not long


def test_no_function_is_longer_than_a_screen_and_most_are_short() -> None:
    lengths = {f"{s.name}:{f.name}": length(f) for s in sources() for f in s.functions()}
    assert not {name: lines for name, lines in lengths.items() if lines > FUNCTION_LINES}
    assert statistics.median(lengths.values()) <= MEDIAN_LINES


def test_every_file_says_what_it_is_for() -> None:
    silent = [s.name for s in sources() if not ast.get_docstring(s.tree)]
    assert not silent


def test_every_public_function_says_what_it_does() -> None:
    silent = [
        f"{s.name}:{f.name}"
        for s in sources()
        for f in s.functions()
        if not f.name.startswith("_") and not ast.get_docstring(f) and not _is_inner(s, f)
    ]
    assert not silent


def _is_inner(source: Source, function: ast.AST) -> bool:
    """Whether a function stands inside another function: a decorator's closure, say."""
    return any(
        function is not outer and function in ast.walk(outer) for outer in source.functions()
    )


def test_there_is_no_drawer_for_odds_and_ends() -> None:
    drawers = [s.name for s in sources() if s.path.stem.strip("_") in NOT_USED and s.text.strip()]
    assert not drawers


def test_chinese_terms_have_english_names_never_pinyin() -> None:
    assert not [s.name for s in sources() if PINYIN.search(s.text)]


def test_the_time_of_day_is_read_in_one_place_only() -> None:
    asks = re.compile(r"\.(now|today|utcnow)\(\)|timezone\.now|time\.time\(")
    guilty = [
        f"{s.name}: {line.strip()}"
        for s in sources()
        if s.name != "seams/clock.py"
        for line in s.text.splitlines()
        if asks.search(line) and not _asks_a_seam(line, s.name)
    ]
    assert not guilty


def _asks_a_seam(line: str, name: str) -> bool:
    """The clock seam under another name: a clock, or its `now` handed in.

    The machine's own clock is asked by programs of their own: the command line, the sandbox city.
    """
    machine = name.startswith(("cli/", "simulator/")) and "SystemClock().now()" in line
    seam = re.search(r"(clock\)?\.now|self\._now|[^.\w]now|self\.now)\(\)", line)
    return machine or (seam is not None and "datetime" not in line)


def test_the_engines_differ_in_a_few_known_files_only() -> None:
    may = re.compile(
        r"^(actions/(_keeping|_committing|_fair_queue|hold)|queries/_reading|config/|records/(append_only|migrations)"
        r"|adapters/|cli/)"
    )
    words = re.compile(r"connection\.vendor|\"(sqlite|postgresql)\"")
    assert not [s.name for s in sources() if words.search(s.text) and not may.match(s.name)]


def test_nobody_reaches_a_table_by_its_name_as_text() -> None:
    assert not [s.name for s in sources() if "get_model(" in s.text]


def test_money_is_whole_fen_never_a_float() -> None:
    guilty = []
    for source in sources():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                named = node.target.id.endswith("_fen")
                if named and "float" in ast.unparse(node.annotation):
                    guilty.append(f"{source.name}:{node.lineno}")
    assert not guilty


def test_no_promise_is_left_in_the_code() -> None:
    """没有占位,没有「以后再做」。"""
    promise = re.compile(
        r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError|not implemented", re.IGNORECASE
    )
    assert not [s.name for s in sources() if promise.search(s.text)]


def test_the_walls_between_the_floors_stand() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
