"""What desks say over and over: banks by name, alerts, and why something is closed."""

from __future__ import annotations

from collections.abc import Iterable

from django.template import Context, Library

from onecard import words
from onecard.domain.refusal import Facts, Refusal
from onecard.queries import contacts
from onecard.seams.clock import local_day
from onecard.seams.world import world
from onecard.words.speech import spoken

register = Library()


@register.simple_tag(takes_context=True)
def bank_name(context: Context, key: str) -> str:
    """A co-operating bank by its name; any other key as it is."""
    return bank_word(key, _language(context))


def bank_word(key: str, language: str) -> str:
    """A bank's name in a language; any other key as it is."""
    known = contacts.if_known(local_day(world().clock.now()))
    bank = known.bank(key) if known else None
    if bank is None:
        return key
    return bank.zh if language == "zh" else bank.en


def partner_word(key: str, language: str) -> str:
    """A partner's name in a language."""
    named = f"partner.name.{key}"
    if words.has(named, language):
        return words.text(named, language)
    return bank_word(key.removeprefix("bank:"), language)


@register.simple_tag(takes_context=True)
def partner_name(context: Context, key: str) -> str:
    """A partner by its name: a bank by the bank's, the others by their word."""
    return partner_word(key, _language(context))


@register.simple_tag(takes_context=True)
def sentence(context: Context, key: str, facts: Facts) -> str:
    """The sentence for a key with facts that came along with it: an alert, a notice."""
    return words.text(key, _language(context), **facts)


@register.simple_tag(takes_context=True)
def refusal_words(context: Context, refusal: Refusal) -> str:
    """Why something is closed, and what to do: in one breath."""
    return words.in_one_breath(refusal, _language(context))


@register.simple_tag(takes_context=True)
def refusal_headline(context: Context, refusal: Refusal) -> str:
    """What is so, without what to do."""
    return words.explain(refusal, _language(context)).headline


@register.simple_tag(takes_context=True)
def reason(context: Context, text: str) -> str:
    """The reason kept with a step: our word where it is one, a partner's own text otherwise."""
    language = _language(context)
    for key in (f"counter.retract.reason.option.{text}", f"counter.reason.{text}"):
        if words.has(key, language):
            return words.text(key, language)
    return spoken(text, language)


@register.simple_tag(takes_context=True)
def job_name(context: Context, job: str) -> str:
    """A timed job by its word; one without a word by its own name, so that none hides."""
    key = f"outbox.job.{job.rpartition('.')[2]}"
    language = _language(context)
    return words.text(key, language) if words.has(key, language) else job


@register.simple_tag
def total(rows: Iterable[object], name: str) -> int:
    """The sum of one number over many rows."""
    return sum(int(getattr(row, name)) for row in rows)


def _language(context: Context) -> str:
    return str(context["reader"].language)
