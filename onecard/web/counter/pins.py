"""C4-10: the PIN of the HR function: set, changed with the old one, reset with a document."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from onecard.actions import hr_pin
from onecard.queries import figures
from onecard.queries.staff import Me
from onecard.seams.clock import local_day
from onecard.seams.world import world
from onecard.web.counter.card_act import DeskAct, Done, Note, perform
from onecard.web.counter.fields import OFF
from onecard.web.counter.frame import DOORS, at_counter
from onecard.web.counter.held import Held, held
from onecard.web.counter.papers import PapersAndCard
from onecard.web.counter.person import portrait_address

FIRST, CHANGE, RESET = "first", "change", "reset"
STEM = "counter_card.pin"


def pin_field(*, required: bool = True) -> forms.CharField:
    """Digits that nobody sees, typed by the citizen on the keypad."""
    attrs = {**OFF, "inputmode": "numeric", "autocomplete": "off"}
    return forms.CharField(
        max_length=12,
        required=required,
        strip=False,
        widget=forms.PasswordInput(attrs=attrs, render_value=False),
    )


class PinForm(PapersAndCard):
    """What is to be done with the PIN, and the digits, twice."""

    stem = STEM
    what = forms.ChoiceField(
        choices=[(one, "") for one in (FIRST, CHANGE, RESET)], widget=forms.RadioSelect
    )
    old_pin = pin_field(required=False)
    pin = pin_field()
    again = pin_field()
    depends = ("old_pin",)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        if self.is_bound and self.data.get("what") == CHANGE:
            for name in ("number", "valid_to"):
                self.fields[name].required = False

    def clean(self) -> None:
        """The same digits twice; the old ones where they are changed."""
        super().clean()
        told = self.cleaned_data
        if told.get("what") == CHANGE and not told.get("old_pin"):
            self.add_error("old_pin", forms.ValidationError("empty", code="required"))
        if told.get("pin") and told.get("again") and told["pin"] != told["again"]:
            self.add_error("again", forms.ValidationError("differ", code="differ"))


def _do(me: Me, seen: Held, form: PinForm, now: datetime) -> Done:
    told, card = form.cleaned_data, seen.card.card
    proof, actor = form.proof(), me.actor
    if told["what"] == CHANGE:
        old, new = told["old_pin"], told["pin"]
        hr_pin.change(card=card, proof=proof, old=old, new=new, actor=actor, at=now)
    else:
        do = hr_pin.set_first if told["what"] == FIRST else hr_pin.reset
        do(card=card, proof=proof, shown=form.papers(), pin=told["pin"], actor=actor, at=now)
    onward = reverse("counter:person", args=[seen.person.person])
    return Done(f"{STEM}.done.{told['what']}", onward)


PIN = DeskAct(STEM, "C4-10", PinForm, _do)


@at_counter
@require_http_methods(["GET", "POST"])
def pin(request: HttpRequest, me: Me, person: str, card: str) -> HttpResponse:
    """Set, change or reset; a locked function is unlocked with the reset."""
    seen = held(me, person, card)
    today = local_day(world().clock.now())
    told = {
        "digits": figures.value("card", "hr_pin_digits", on=today),
        "tries": figures.value("card", "hr_pin_max_tries", on=today),
    }
    return perform(
        request,
        me,
        PIN,
        seen,
        doors=DOORS,
        portrait=portrait_address(seen.person.photo, me),
        back=reverse("counter:person", args=[person]),
        notes=(Note("", f"{STEM}.says", told),),
        initial={"what": RESET if seen.card.standing == "locked" else FIRST},
    )
