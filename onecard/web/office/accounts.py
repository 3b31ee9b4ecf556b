"""C9-15: accounts of staff. One security administrator asks, another one approves."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.core.validators import RegexValidator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from onecard import words
from onecard.actions import staff as acts
from onecard.actions.staff import NewAccount
from onecard.domain.authority import Role
from onecard.domain.refusal import Refused
from onecard.domain.staff import STAFF_ROLES
from onecard.queries import contacts, employer, place, staff
from onecard.queries.staff import Me
from onecard.seams.clock import local_day
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.forms import WordedForm
from onecard.web.office.frame import page, security_admin

NAME = RegexValidator(r"^[a-z0-9][a-z0-9._-]{2,39}$", code="name")


class AskForAccount(WordedForm):
    """Who works here from now on, as what, and where."""

    stem = "office.account"
    username = forms.CharField(
        max_length=40, validators=[NAME], widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    display_name = forms.CharField(max_length=60)
    role = forms.ChoiceField()
    outlet = forms.ChoiceField(required=False)
    employer = forms.ChoiceField(required=False)
    bank = forms.ChoiceField(required=False)

    def __init__(self, *args: object, **named: object) -> None:
        super().__init__(*args, **named)  # type: ignore[arg-type]
        none = ("", words.text("office.account.none", self.language))
        roles = sorted(role.value for role in STAFF_ROLES)
        said = [(role, words.text(f"authority.role.{role}", self.language)) for role in roles]
        self.offer("role", said)
        english = self.language == "en"
        outlets = place.every()
        places = ((one.ref, (one.name_en if english else "") or one.name) for one in outlets)
        self.offer("outlet", [none, *places])
        self.offer("employer", [none, *((one.employer, one.name) for one in employer.every())])
        banks = contacts.on(local_day(world().clock.now())).banks
        self.offer("bank", [none, *((one.key, one.en if english else one.zh) for one in banks)])

    def asked(self) -> NewAccount:
        """The account as the act wants it."""
        told = self.cleaned_data
        return NewAccount(
            username=told["username"],
            display_name=told["display_name"],
            role=Role(told["role"]),
            outlet=told["outlet"],
            employer=told["employer"],
            bank=told["bank"],
        )


@security_admin
@require_http_methods(["GET", "POST"])
def accounts(request: HttpRequest, me: Me) -> HttpResponse:
    """Every account; ask for a new one. Its first password is shown once, on the answer."""
    form = AskForAccount(request.POST or None, language=pages.reader_in(request).language)
    password = ""
    if form.is_bound and form.is_valid():
        try:
            made = acts.create(asked=form.asked(), actor=me.actor, at=world().clock.now())
        except Refused as refused:
            if refused.refusal.field not in form.fields:
                raise
            form.say_no(refused.refusal)
        else:
            password = made.first_password
            form = AskForAccount(language=form.language)
    return _show(request, me, form, password=password)


@security_admin
@require_POST
def change(request: HttpRequest, me: Me, ref: str) -> HttpResponse:
    """Approve, end, unlock, reset: each an act of its own, never on one's own account."""
    doing: dict[str, Callable[..., object]] = {
        "approve": acts.approve,
        "end": acts.end,
        "unlock": acts.unlock,
        "reset_second_factor": acts.reset_second_factor,
    }
    now = world().clock.now()
    if "reset_password" in request.POST:
        done = acts.reset_password(account=ref, actor=me.actor, at=now)
        form = AskForAccount(language=pages.reader_in(request).language)
        return _show(request, me, form, password=done.first_password)
    wanted = next((name for name in doing if name in request.POST), "")
    if wanted:
        doing[wanted](account=ref, actor=me.actor, at=now)
        pages.tell_next_page(request, pages.say(request, f"office.account.done_{wanted}"))
    return HttpResponseRedirect(reverse("office:accounts"))


def _show(request: HttpRequest, me: Me, form: AskForAccount, *, password: str) -> HttpResponse:
    problems = form.problems() if form.is_bound else []
    return page(
        request,
        me,
        "accounts.html",
        code="C9-15",
        status=422 if problems else 200,
        accounts=staff.accounts(),
        form=form,
        problems=problems,
        password=password,
    )
