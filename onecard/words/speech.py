"""Turns keys, facts and refusals into sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from onecard.domain.refusal import Fact, Facts, Name, Notice, Refusal
from onecard.words.store import has, words_of

LOCAL = ZoneInfo("Asia/Shanghai")
_SEPARATOR = {"zh": "、", "en": ", "}
_STOP = {"zh": "。", "en": ". "}
_ENDS = ("。", ".", "？", "?", "！", "!")
_YES_NO = {"zh": ("否", "是"), "en": ("no", "yes")}
_MONTHS = tuple(date(2000, month, 1).strftime("%B") for month in range(1, 13))


class MissingWord(KeyError):
    """There is no word for a key in that language: a mistake of ours, never of the reader's."""


@dataclass(frozen=True)
class Explanation:
    """A refusal in words: the answer, why, what to do next, and where the rule comes from."""

    headline: str
    why: str
    next: str
    source: str


def text(key: str, language: str = "zh", /, **facts: Fact) -> str:
    """The sentence for `key`, with `{facts}` filled in. Raises `MissingWord`."""
    sentence = words_of(language).get(key)
    if sentence is None:
        message = f"no word {key!r} in {language}"
        raise MissingWord(message)
    return sentence.format_map(_Spoken(facts, language)) if "{" in sentence else sentence


def explain(refusal: Refusal, language: str = "zh") -> Explanation:
    """The words of a refusal. Words: `<room>.refusal.<reason>.{headline,why,next,source}`."""
    room, _, reason = refusal.code.partition(".")
    stem = f"{room}.refusal.{reason}"
    facts = refusal.all_facts()

    def part(name: str) -> str:
        key = f"{stem}.{name}"
        return text(key, language, **facts) if has(key, language) else ""

    return Explanation(
        text(f"{stem}.headline", language, **facts), part("why"), part("next"), part("source")
    )


def in_one_breath(refusal: Refusal, language: str = "zh") -> str:
    """What is so and what to do next, as one line of text."""
    said = explain(refusal, language)
    stop = " " * (language == "en") if said.headline.endswith(_ENDS) else _STOP[language]
    return f"{said.headline}{stop}{said.next}"


def notice(said: Notice, language: str = "zh") -> str:
    """The words of a notice: `<room>.notice.<reason>`."""
    room, _, reason = said.code.partition(".")
    return text(f"{room}.notice.{reason}", language, **said.facts)


def spoken(fact: Fact, language: str) -> str:
    """One fact as people of that language write it."""
    if isinstance(fact, bool):
        return _YES_NO[language][fact]
    if isinstance(fact, datetime):
        local = fact.astimezone(LOCAL)
        return f"{spoken(local.date(), language)} {local:%H:%M}"
    if isinstance(fact, date):
        return _day(fact, language)
    if isinstance(fact, tuple):
        return _SEPARATOR[language].join(_named(item, language) for item in fact)
    if fact is None:
        return ""
    return _named(fact if isinstance(fact, str) else str(fact), language)


def _day(day: date, language: str) -> str:
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _named(value: str, language: str) -> str:
    """A fact written `@room.key` is itself a word (a document kind, a channel, a state)."""
    if isinstance(value, Name) and language == "en":
        return value.en
    return text(value[1:], language) if value.startswith("@") else value


class _Spoken(dict[str, str]):
    """Facts as sentences want them: each spoken in the language, a missing one is an error."""

    def __init__(self, facts: Facts, language: str) -> None:
        super().__init__({name: spoken(fact, language) for name, fact in facts.items()})

    def __missing__(self, name: str) -> str:
        message = f"the sentence names {{{name}}}, which was not among the facts"
        raise MissingWord(message)
