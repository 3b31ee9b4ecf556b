"""C6-06 钱箱: opened with a float, counted to the fen, a difference seen by another person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from onecard import words
from onecard.actions import cash as acts
from onecard.domain.refusal import NotFound, Refused
from onecard.queries import cash
from onecard.queries.staff import Me
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.card_desk.frame import at_card_desk, page
from onecard.web.forms import WordedForm, folded
from onecard.web.templatetags.purse import FEN_PER_YUAN

MOST_DIGITS = 12
LONGEST_REASON = 200


class YuanField(forms.DecimalField):
    """An amount in yuan, to the fen; the value is in fen."""

    def __init__(self) -> None:
        boxes = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(min_value=0, max_digits=MOST_DIGITS, decimal_places=2, widget=boxes)

    def to_python(self, value: Any) -> Any:
        """Full-width digits are read as meant."""
        return super().to_python(folded(value))

    def clean(self, value: Any) -> int:
        """In fen."""
        return int(super().clean(value) * FEN_PER_YUAN)


class OpenForm(WordedForm):
    """The change with which a shift begins."""

    stem = "card_desk.drawer"
    float_fen = YuanField()


class CountForm(WordedForm):
    """What lies in the drawer; a difference needs a reason."""

    stem = "card_desk.drawer"
    counted_fen = YuanField()
    reason = forms.CharField(max_length=LONGEST_REASON, required=False)


@at_card_desk
@require_http_methods(["GET", "POST"])
def drawer(request: HttpRequest, me: Me) -> HttpResponse:
    """One's own drawer: open it, see what should lie in it, count it."""
    mine = cash.my_shift(as_seen_by=me.actor)
    form = _form(request, opens=mine is None)
    if form.is_bound and form.is_valid():
        try:
            return _done(request, me, form)
        except Refused as refused:
            said = words.in_one_breath(refused.refusal, form.language)
            forms.Form.add_error(form, None, forms.ValidationError(said))
    problems = form.problems() if form.is_bound else []
    return page(
        request,
        me,
        "drawer.html",
        code="C6-06",
        status=pages.REFUSED if problems else 200,
        mine=mine,
        others=[one for one in cash.counted_shifts(as_seen_by=me.actor) if not one.mine],
        form=form,
        problems=problems,
    )


@at_card_desk
@require_POST
def judge(request: HttpRequest, me: Me, shift: str, what: str) -> HttpResponse:
    """Another person's count: seen and booked, or to be counted once more."""
    act = {"approve": acts.approve_difference, "again": acts.count_again}.get(what)
    if act is None:
        raise NotFound("judgement")
    act(shift=shift, actor=me.actor, at=world().clock.now())
    return _to(request, f"card_desk.drawer.done.{what}")


def _form(request: HttpRequest, *, opens: bool) -> WordedForm:
    data = request.POST if request.method == "POST" else None
    language = pages.reader_in(request).language
    return (OpenForm if opens else CountForm)(data, language=language)


def _done(request: HttpRequest, me: Me, form: WordedForm) -> HttpResponse:
    now, told = world().clock.now(), form.cleaned_data
    if isinstance(form, OpenForm):
        acts.open_shift(float_fen=told["float_fen"], actor=me.actor, at=now)
        return _to(request, "card_desk.drawer.done.open")
    counted = acts.count(
        counted_fen=told["counted_fen"], reason=told["reason"], actor=me.actor, at=now
    )
    return _to(request, f"card_desk.drawer.done.{counted.state}")


def _to(request: HttpRequest, word: str) -> HttpResponse:
    pages.tell_next_page(request, pages.say(request, word))
    return HttpResponseRedirect(reverse("card_desk:drawer"))
