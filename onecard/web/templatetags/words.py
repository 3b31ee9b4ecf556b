"""`{% w "portal.start.title" bank=name %}` says a word; `{% say fact %}` says a date or a fact."""

from __future__ import annotations

import re
from typing import Any

from django.template import Context, Library
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from onecard import words
from onecard.domain.refusal import Fact
from onecard.words.speech import spoken

register = Library()

_CHINESE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


@register.simple_tag(takes_context=True)
def w(context: Context, key: str, **facts: Fact) -> str:
    """The sentence for a key in the reader's language, facts filled in and escaped."""
    return words.text(key, _language(context), **facts)


@register.simple_tag(takes_context=True)
def word_of(context: Context, *path: str, **facts: Fact) -> str:
    """The word at a path put together from parts: `{% word_of "production.state" row.state %}`."""
    return words.text(".".join(path), _language(context), **facts)


@register.simple_tag(takes_context=True)
def say(context: Context, fact: Any) -> str:
    """One fact as people write it: a day, an instant, a yes, a list, an `@room.word`."""
    return spoken(fact, _language(context))


@register.simple_tag(takes_context=True)
def has_word(context: Context, key: str) -> bool:
    """Whether there is a word for a key: `{% has_word key as there %}`."""
    return words.has(key, _language(context))


@register.simple_tag
def zh(value: object) -> SafeString:
    """A name or address as the document writes it; what is Chinese is marked as Chinese (6.7)."""
    if not _CHINESE.search(str(value)):
        return conditional_escape(str(value))
    return format_html('<span lang="zh-CN">{}</span>', value)


def _language(context: Context) -> str:
    return str(context["reader"].language)
