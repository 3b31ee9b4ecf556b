"""Photo doctor: measure a portrait against the norm, mend what may be mended, before the visit.

Open to everybody, keeps nothing: the file is judged in a closed process and forgotten. Each
finding names what was measured, what is allowed, and what to do. The face is never touched.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from onecard import words
from onecard.actions import photo as acts
from onecard.actions.photo import Developed
from onecard.domain.photo import Finding, Intake, Outcome, Verdict
from onecard.queries import photo as photos
from onecard.seams.clock import local_day
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.forms import WordedForm
from onecard.words.speech import spoken

TONES = {
    Outcome.RETAKE: "stop",
    Outcome.HUMAN: "wait",
    Outcome.FIXABLE: "warn",
    Outcome.ADVICE: "off",
}
SHOWN_BYTES = 1_500_000
"""An original larger than this is described but not drawn beside the mended one."""


@dataclass(frozen=True)
class Line:
    """One finding: what was measured, what is allowed, what becomes of it, what to do."""

    code: str
    sentence: str
    measured: str
    allowed: str
    outcome: str
    tone: str
    remedy: str


class PhotoForm(WordedForm):
    """One file."""

    stem = "portal.photo"
    photo = forms.FileField(
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}), allow_empty_file=False
    )


@require_http_methods(["GET", "POST"])
def doctor(request: HttpRequest) -> HttpResponse:
    """Ask for a file, or show what was found in it."""
    today = local_day(world().clock.now())
    language = pages.reader_in(request).language
    if request.method == "GET" or "show" in request.POST:
        return _ask(request, PhotoForm(language=language))
    form = PhotoForm(request.POST, request.FILES, language=language)
    if not form.is_valid():
        return _ask(request, form)
    content = photos.bounded(form.cleaned_data["photo"], on=today)
    developed = acts.develop(content=content, intake=Intake.WITH_FIXER, on=today)
    return pages.show(
        request,
        "portal/photo_result.html",
        code="C1-26",
        back="/photo",
        **_told(developed, content, language),
    )


def _ask(request: HttpRequest, form: PhotoForm) -> HttpResponse:
    today = local_day(world().clock.now())
    return pages.show(
        request,
        "portal/photo.html",
        code="C1-26",
        status=pages.REFUSED if form.is_bound else 200,
        back="/",
        norm_lines=photos.norm(today, pages.reader_in(request).language).sentences,
        form=form,
        problems=form.problems() if form.is_bound else [],
    )


def _told(developed: Developed, content: bytes, language: str) -> dict[str, Any]:
    mended = bool(developed.edits)
    verdict = developed.after.verdict
    return {
        "result": "MENDED" if mended and verdict is Verdict.PASS else verdict.value,
        "findings": [_line(finding, language) for finding in developed.before.findings],
        "edits": [photos.edit_said(e.kind, dict(e.facts), language) for e in developed.edits],
        "before": _drawn(content) if len(content) <= SHOWN_BYTES else "",
        "after": _drawn(developed.content) if mended else "",
    }


def _line(finding: Finding, language: str) -> Line:
    said = words.explain(finding.refusal(), language)
    return Line(
        code=finding.code,
        sentence=said.headline,
        measured=spoken(finding.refusal().all_facts()["measured"], language),
        allowed=spoken(finding.allowed, language),
        outcome=finding.outcome.value,
        tone=TONES[finding.outcome],
        remedy=said.next,
    )


def _drawn(content: bytes) -> str:
    """The picture as a data address: nothing of it is kept here."""
    kind = "png" if content.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{b64encode(content).decode('ascii')}"
