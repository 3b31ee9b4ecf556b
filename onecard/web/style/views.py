"""Shows every part in every state, so that a look can be judged on one page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from onecard.web import drawings, pages
from onecard.web.style.forms import WRONG, EveryKind

COLOURS = (
    "paper", "surface", "sunken", "ink", "ink-soft", "line", "line-strong", "brand", "brand-tint",
    "action", "link", "focus", "ok", "wait", "warn", "stop", "off",
)  # fmt: skip
TEXT_STEPS = ("xxl", "xl", "l", "m", "s")


@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """The style page."""
    language = pages.reader_in(request).language
    wrong = EveryKind(WRONG, language=language)
    return pages.show(
        request,
        "style/style.html",
        code="C0-02",
        colours=COLOURS,
        text_steps=TEXT_STEPS,
        fresh=EveryKind(language=language, prefix="fresh"),
        wrong=wrong,
        style_problems=wrong.problems(),
        qr=drawings.qr("260302483920117"),
    )
