"""One act about one card at a desk: what it does and does not, the papers, and the button.

Outlets and banks share it: a desk act names its words, its form and what happens; the page, the
once-only token and the refusal page are the same for all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from onecard.actions._keeping import once
from onecard.domain.refusal import Facts, Refused
from onecard.queries.staff import Me
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.counter.held import Held
from onecard.web.counter.papers import Papers
from onecard.web.sign_in.desk import Door, show


@dataclass(frozen=True)
class Note:
    """Something to know before the button: its tone (empty, `ok`, `warn`, `stop`), its words."""

    tone: str
    word: str
    facts: Facts


@dataclass(frozen=True)
class Done:
    """The word for the next page, and where that page is."""

    word: str
    onward: str


@dataclass(frozen=True)
class DeskAct:
    """`stem` names the words `<stem>.title`, `.go`, `.return_to`; `do` acts and says what came."""

    stem: str
    code: str
    form: type[Papers]
    do: Callable[[Me, Held, Any, datetime], Done]
    irrevocable: bool = False


def perform(
    request: HttpRequest,
    me: Me,
    act: DeskAct,
    seen: Held,
    *,
    doors: tuple[Door, ...],
    back: str,
    portrait: str | None = None,
    notes: tuple[Note, ...] = (),
    initial: dict[str, Any] | None = None,
    **more: Any,
) -> HttpResponse:
    """Ask, or act once. What was typed stays, right or wrong. No portrait where it is None."""
    form = _form(request, act, initial or {})
    if form.is_bound and form.is_valid():
        try:
            return _do(request, me, act, seen, form)
        except Refused as refused:
            if not _is_answered_here(form, refused):
                return _say_no(request, act, refused)
    problems = form.problems() if form.is_bound else []
    return show(
        request,
        me,
        "staff/card_act.html",
        code=act.code,
        doors=doors,
        status=pages.REFUSED if problems else 200,
        act=act,
        seen=seen,
        form=form,
        problems=problems,
        notes=notes,
        portrait=portrait,
        once_token=request.POST.get("once") or pages.new_token(),
        help_bank=seen.card.bank,
        back=back,
        **more,
    )


def _form(request: HttpRequest, act: DeskAct, initial: dict[str, Any]) -> Papers:
    language = pages.reader_in(request).language
    return act.form(request.POST or None, language=language, initial=initial)


def _say_no(request: HttpRequest, act: DeskAct, refused: Refused) -> HttpResponse:
    again = pages.say(request, f"{act.stem}.return_to")
    return pages.refuse(request, refused, code=act.code, onward=request.path, onward_name=again)


def _do(request: HttpRequest, me: Me, act: DeskAct, seen: Held, form: Papers) -> HttpResponse:
    body = f"{act.code}|{seen.card.card}|{form.cleaned_data}"
    with once(me.actor.ref, request.POST.get("once") or pages.new_token(), body):
        done = act.do(me, seen, form, world().clock.now())
    pages.tell_next_page(request, pages.say(request, done.word))
    return HttpResponseRedirect(done.onward)


def _is_answered_here(form: Papers, refused: Refused) -> bool:
    """A slip of the hand is said beside its field, not on a page of its own."""
    visible = {field.name for field in form.visible_fields()}
    if not all(one.field in visible for one in refused.refusals):
        return False
    for refusal in refused.refusals:
        form.say_no(refusal)
    return True
