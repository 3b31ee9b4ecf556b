"""Whether a number is right, as doors show it: masked, with every finding in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from onecard import words
from onecard.domain import identity
from onecard.domain.identity import NumberKind
from onecard.domain.refusal import Fact, Facts, Refusal
from onecard.words.speech import spoken

__all__ = ["CheckedNumber", "Finding", "NumberKind", "check_number"]


@dataclass(frozen=True)
class Finding:
    """One reason against a number, in words, with what was measured and what is allowed."""

    code: str
    message_zh: str
    message_en: str
    next_zh: str
    next_en: str
    measured: dict[str, str | int]
    allowed: dict[str, str | int]


@dataclass(frozen=True)
class CheckedNumber:
    """The answer about one number. `number` shows its first and last character only."""

    number: str
    kind: str
    kind_zh: str
    kind_en: str
    valid: bool
    findings: tuple[Finding, ...]
    notices_zh: tuple[str, ...]
    notices_en: tuple[str, ...]


def check_number(number: str, *, kind: NumberKind | None, on: date) -> CheckedNumber:
    """Check a number on the local day `on`; without `kind` it is recognised by itself."""
    found = identity.check(number, on=on, kind=kind)
    named = f"identity.kind.{found.kind.value}"
    return CheckedNumber(
        number=found.masked,
        kind=found.kind.value,
        kind_zh=words.text(named, "zh"),
        kind_en=words.text(named, "en"),
        valid=found.valid,
        findings=tuple(_finding(refusal) for refusal in found.refusals),
        notices_zh=tuple(words.notice(said, "zh") for said in found.notices),
        notices_en=tuple(words.notice(said, "en") for said in found.notices),
    )


def _finding(refusal: Refusal) -> Finding:
    zh, en = words.explain(refusal, "zh"), words.explain(refusal, "en")
    return Finding(
        code=refusal.code,
        message_zh=f"{zh.headline}。{zh.why}",
        message_en=f"{en.headline}. {en.why}".strip(),
        next_zh=zh.next,
        next_en=en.next,
        measured=_plain(refusal.measured),
        allowed=_plain(refusal.allowed),
    )


def _plain(facts: Facts) -> dict[str, str | int]:
    return {name: _value(fact) for name, fact in facts.items()}


def _value(fact: Fact) -> str | int:
    return fact if isinstance(fact, (str, int)) else spoken(fact, "en")
