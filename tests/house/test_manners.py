"""Every act, figure, word, state and failpoint keeps the manners of the house."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from enum import Enum
from pathlib import Path
from typing import get_type_hints

import pytest
from django.db import models

import onecard
from onecard import actions, domain, policy, words
from onecard.actions._keeping import ACTS
from onecard.domain.authority import AUTHORITY
from onecard.domain.lifecycle import LifeCycle
from onecard.domain.refusal import Notice, Refusal
from onecard.seams import failpoint
from tests.house.plan import PACKAGE, sources

TEMPLATES = sorted((PACKAGE / "web" / "templates").rglob("*.html"))


def _load_all(package: object) -> None:
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):  # type: ignore[attr-defined]
        importlib.import_module(module.name)


_load_all(domain)
_load_all(actions)


def _life_cycles() -> list[LifeCycle]:  # type: ignore[type-arg]
    found = {}
    for module in pkgutil.walk_packages(domain.__path__, "onecard.domain."):
        for thing in vars(importlib.import_module(module.name)).values():
            if isinstance(thing, LifeCycle):
                found[thing.name] = thing
    return list(found.values())


@pytest.mark.parametrize("name", sorted(ACTS))
def test_an_act_is_asked_by_name_and_told_who_and_when(name: str) -> None:
    parameters = inspect.signature(inspect.unwrap(ACTS[name])).parameters
    assert {"actor", "at"} <= set(parameters)
    assert all(p.kind is p.KEYWORD_ONLY for p in parameters.values()), name
    assert parameters["actor"].default is inspect.Parameter.empty
    assert parameters["at"].default is inspect.Parameter.empty


@pytest.mark.parametrize("name", sorted(ACTS))
def test_an_act_gives_a_receipt_never_a_row(name: str) -> None:
    given = get_type_hints(inspect.unwrap(ACTS[name]))["return"]
    assert not (inspect.isclass(given) and issubclass(given, models.Model))


def test_every_act_has_a_line_in_the_authority_table_and_every_line_an_act() -> None:
    assert set(ACTS) == set(AUTHORITY)


def test_every_failpoint_is_named_once_and_known() -> None:
    by_hand = re.compile(r"\bfailpoint\(\s*(f?)\"([^\"]+)\"\s*\)")
    for source in sources():
        for formatted, name in by_hand.findall(source.text):
            if source.name.startswith("actions/_keeping"):
                continue
            assert not formatted, f"{source.name}: a failpoint's name is literal"
            assert name in failpoint.KNOWN, f"{source.name}: {name} is not registered"


@pytest.mark.parametrize("pack", policy.pack_names())
def test_every_figure_has_title_unit_source_and_standing(pack: str) -> None:
    for figure in policy.find_pack(pack):
        assert figure.title, figure
        assert figure.unit, figure
        for value in figure.values:
            assert value.source, f"{pack}: {figure.room}.{figure.key} has no source"


def test_every_city_has_the_same_figures() -> None:
    keys = {pack: set(policy.find_pack(pack).figures) for pack in policy.pack_names()}
    first, *others = keys.values()
    assert all(first == other for other in others), keys


def test_both_languages_have_the_same_words() -> None:
    assert words.all_keys("zh") ^ words.all_keys("en") == frozenset()


def test_every_sentence_names_the_same_facts_in_both_languages() -> None:
    store = importlib.import_module("onecard.words.store")
    zh, en = store.words_of("zh"), store.words_of("en")
    facts = re.compile(r"\{(\w+)\}")
    odd = {
        key: (zh[key], en[key])
        for key in sorted(zh)
        if set(facts.findall(zh[key])) != set(facts.findall(en[key])) and "refusal" not in key
    }
    assert not odd


def test_every_refusal_and_notice_in_the_code_has_words_and_a_next_step() -> None:
    """每个拒绝都有说法和下一步。"""
    made = re.compile(r"\b(Refusal|Notice)\(\s*\"([a-z_]+\.[a-z_]+)\"")
    silent = []
    for source in sources():
        for kind, code in made.findall(source.text):
            room, _, reason = code.partition(".")
            stem = f"{room}.refusal.{reason}" if kind == "Refusal" else f"{room}.notice.{reason}"
            wanted = (f"{stem}.headline", f"{stem}.next") if kind == "Refusal" else (stem,)
            silent += [f"{source.name}: {key}" for key in wanted if not words.has(key)]
    assert not silent


@pytest.mark.parametrize("cycle", _life_cycles(), ids=lambda cycle: str(cycle.name))
def test_every_state_and_event_has_a_name_people_read(cycle: LifeCycle) -> None:  # type: ignore[type-arg]
    members: list[tuple[str, Enum]] = [("state", s) for s in type(cycle.initial)]
    members += [("event", e) for e in {event for _, event in cycle.table}]
    room = cycle.name
    missing = [f"{room}.{kind}.{m.value}" for kind, m in members]
    assert not [key for key in missing if not words.has(key)]


@pytest.mark.parametrize("cycle", _life_cycles(), ids=lambda cycle: str(cycle.name))
def test_every_cell_answers_with_a_state_a_notice_or_a_refusal(cycle: LifeCycle) -> None:  # type: ignore[type-arg]
    for answer in cycle.table.values():
        assert isinstance(answer, (type(cycle.initial), Notice, Refusal))
    assert {event for _, event in cycle.table} == set(type(next(iter(cycle.table))[1]))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_says_only_what_is_in_the_word_files(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    said = re.findall(r"{%\s*w\s+\"([\w.]+)\"", text)
    assert not [key for key in said if not words.has(key)]
    bare = re.sub(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}", "", text, flags=re.DOTALL)
    assert not re.findall(r"[\u4e00-\u9fff]+", bare), "Chinese lives in the word files"


def test_the_version_is_said_once() -> None:
    project = (PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{onecard.__version__}"' in project
