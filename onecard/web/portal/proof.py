"""再次确认身份 on citizens' pages: a recent real-name sign-in, then a code by text message.

The reference of a sent code waits in the session; the code itself is kept nowhere.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse

from onecard.actions import step_up
from onecard.domain.refusal import Refused
from onecard.domain.step_up import Purpose
from onecard.queries.step_up import must_sign_in_again
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.forms import WordedForm, folded
from onecard.web.middleware import SIGNED_IN_AT
from onecard.web.portal.citizens import actor_of

WAITING = "step_up"


class CodeForm(WordedForm):
    """The digits of the text message."""

    stem = "loss_pages.proof"
    code = forms.CharField(
        max_length=12,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "size": "8"}
        ),
    )

    def clean_code(self) -> str:
        """Full-width digits and spaces are read as meant."""
        return folded(self.cleaned_data["code"]).replace(" ", "")


def signed_in_at(request: HttpRequest) -> datetime | None:
    """When the real-name service proved this person."""
    noted = request.session.get(SIGNED_IN_AT)
    return datetime.fromisoformat(noted) if noted else None


def sign_in_first(request: HttpRequest, *, code: str, back_to: str) -> HttpResponse | None:
    """The page that asks for a fresh sign-in, None where the one of this session will do."""
    now = world().clock.now()
    refusal = must_sign_in_again(signed_in_at=signed_in_at(request), at=now)
    return _refused(request, Refused(refusal), code, back_to) if refusal else None


def send(request: HttpRequest, *, purpose: Purpose, about: str) -> None:
    """Send a code. Raises `Refused` where there is no telephone, or too many codes were sent."""
    started = step_up.begin(
        purpose=purpose, about=about, actor=actor_of(request), at=world().clock.now()
    )
    request.session[WAITING] = {
        "step_up": started.step_up,
        "about": about,
        "purpose": purpose.value,
        "phone": started.phone,
    }


def waiting(request: HttpRequest, *, purpose: Purpose, about: str) -> dict[str, str]:
    """The code that is on its way for this; empty when none is."""
    kept: dict[str, str] = request.session.get(WAITING) or {}
    same = kept.get("about") == about and kept.get("purpose") == purpose.value
    return kept if same else {}


def is_right(request: HttpRequest, form: CodeForm, sent: dict[str, str]) -> bool:
    """Whether the typed code is the one that was sent; a wrong one is said beside the field."""
    proven = step_up.prove(
        step_up=sent["step_up"],
        code=form.cleaned_data["code"],
        actor=actor_of(request),
        at=world().clock.now(),
    )
    if not proven.right:
        wrong = forms.ValidationError("wrong", code="wrong", params={"left": proven.left})
        form.add_error("code", wrong)
    return proven.right


def done(request: HttpRequest) -> None:
    """The code was used up."""
    request.session.pop(WAITING, None)


def _refused(request: HttpRequest, refused: Refused, code: str, back_to: str) -> HttpResponse:
    query = urlencode({"next": back_to, "again": "1"})
    return pages.refuse(
        request,
        refused,
        code=code,
        onward=f"/real-name/begin?{query}",
        onward_name=pages.say(request, "portal.sign_in.again"),
    )
