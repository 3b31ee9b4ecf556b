"""The page that shows a new authenticator secret as a square code and as letters to type."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from onecard.actions.staff import Enrolment
from onecard.queries.staff import Me
from onecard.web import drawings, pages
from onecard.web.sign_in.forms import OneTimeCode

_GROUP = 4


def enrolment_page(
    request: HttpRequest, me: Me, form: OneTimeCode, shown: Enrolment | None, *, back_to: str
) -> HttpResponse:
    """S-03. The secret appears only after its owner asked for it by a button."""
    problems = form.problems() if form.is_bound else []
    return pages.show(
        request,
        "sign_in/enrol.html",
        code="S-03",
        status=422 if problems else 200,
        me=me,
        form=form,
        problems=problems,
        next=back_to,
        qr=drawings.qr(shown.address) if shown else "",
        secret=_grouped(shown.secret) if shown else "",
    )


def _grouped(secret: str) -> str:
    return " ".join(secret[i : i + _GROUP] for i in range(0, len(secret), _GROUP))
