"""Who reads a page, and how: language, text size, colours. Chosen by cookie, else by the browser.

Nothing here is personal: the cookies hold a language and three display choices.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

LANGUAGES = ("zh", "en")
TAGS = {"zh": "zh-CN", "en": "en"}
SIZES = ("normal", "18", "22", "26", "30")
THEMES = ("auto", "light", "dark")
CONTRASTS = ("auto", "more")

ELDER_ENTRY = "22"
"""Where 「长辈版」 begins: the second of its four steps, so that a person sees the difference."""

LANGUAGE_KEY = "language"
"""The name of the cookie, and of the session key that holds the account's own choice."""


@dataclass(frozen=True)
class Reader:
    """How this person reads. `size` is `normal` or the pixels of the large-text step."""

    language: str = "zh"
    size: str = "normal"
    theme: str = "auto"
    contrast: str = "auto"

    @property
    def tag(self) -> str:
        """The language tag for `lang`."""
        return TAGS[self.language]

    @property
    def other(self) -> str:
        """The language the switch offers."""
        return "en" if self.language == "zh" else "zh"

    @property
    def other_tag(self) -> str:
        """The language tag of the switch's own label."""
        return TAGS[self.other]

    @property
    def elder(self) -> bool:
        """Whether 「长辈版」 is on."""
        return self.size != "normal"

    @property
    def larger(self) -> str:
        """The next larger step, or empty at the largest."""
        return "".join(SIZES[SIZES.index(self.size) + 1 :][:1])

    @property
    def smaller(self) -> str:
        """The next smaller step of 「长辈版」, or empty at its smallest."""
        place = SIZES.index(self.size)
        return SIZES[place - 1] if place > 1 else ""

    @property
    def dark_media(self) -> str:
        """For which media the dark colours are linked; empty when they are not."""
        return {"auto": "screen and (prefers-color-scheme: dark)", "dark": "screen"}.get(
            self.theme, ""
        )

    @property
    def contrast_media(self) -> str:
        """For which media the high-contrast colours are linked."""
        return "all" if self.contrast == "more" else "(prefers-contrast: more)"

    @property
    def dark_contrast_media(self) -> str:
        """For which media both apply."""
        if not self.dark_media or self.contrast == "more":
            return self.dark_media
        return f"{self.dark_media} and {self.contrast_media}"


def reader_of(request: HttpRequest) -> Reader:
    """Read cookies, then the account's choice, then `Accept-Language`."""
    cookies = request.COOKIES
    return Reader(
        language=_language(request),
        size=_one_of(SIZES, cookies.get("size", "")),
        theme=_one_of(THEMES, cookies.get("theme", "")),
        contrast=_one_of(CONTRASTS, cookies.get("contrast", "")),
    )


def _one_of(known: tuple[str, ...], value: str) -> str:
    return value if value in known else known[0]


def _language(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(LANGUAGE_KEY) or request.session.get(LANGUAGE_KEY)
    if chosen in LANGUAGES:
        return str(chosen)
    return _asked_for(request.headers.get("Accept-Language", ""))


def _asked_for(header: str) -> str:
    """The first of our languages in the browser's own order; Chinese when it names neither."""
    ranked = []
    for place, part in enumerate(header[:400].split(",")):
        tag, _, weight = part.strip().partition(";")
        language = tag.strip().lower().partition("-")[0]
        if language in LANGUAGES:
            ranked.append((-_weight(weight), place, language))
    return min(ranked)[2] if ranked else LANGUAGES[0]


def _weight(text: str) -> float:
    try:
        return float(text.strip().removeprefix("q=") or 1)
    except ValueError:
        return 0.0
