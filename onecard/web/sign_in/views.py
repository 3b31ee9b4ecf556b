"""The pages of the staff door: name and password, one-time code, enrolment, own account.

Unknown name, wrong password and locked are one answer: same page, same status, same time.
"""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onecard import words
from onecard.actions import staff as acts
from onecard.actions.staff import CodeAnswer
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.refusal import Refused
from onecard.queries import staff
from onecard.queries.staff import Me
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.display import safe_next
from onecard.web.sign_in import lockout, session
from onecard.web.sign_in.desk import desk, half_in, home_of, who
from onecard.web.sign_in.enrolment import enrolment_page
from onecard.web.sign_in.forms import NameAndPassword, NewPassword, OneTimeCode

DOORKEEPER = Actor(Role.SYSTEM, "sign_in", Channel.OFFICE)
"""Who notes a failed sign-in, while nobody is signed in."""


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """S-01: name and password."""
    language = pages.reader_in(request).language
    form = NameAndPassword(request.POST or None, language=language)
    if request.method == "POST" and form.is_valid():
        user = auth.authenticate(request, **form.cleaned_data)
        if user is not None:
            session.begin(request, user)
            return _onwards(request)
        username = form.cleaned_data["username"]
        acts.note_failed_sign_in(username=username, actor=DOORKEEPER, at=world().clock.now())
        form.add_error("username", forms.ValidationError("no", code="not_let_in"))
    ended = request.GET.get("ended", "")
    return _ask(request, "sign_in/start.html", "S-01", form, ended=ended)


@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """S-02: the one-time code."""
    me = half_in(request)
    if me is None:
        return session.to_sign_in(request)
    if not me.has_second_factor:
        return _onwards(request)
    form = OneTimeCode(request.POST or None, language=pages.reader_in(request).language)
    now = world().clock.now()
    if request.method == "POST" and form.is_valid():
        answer = acts.verify_code(code=form.cleaned_data["code"], actor=me.actor, at=now)
        if answer.accepted:
            return _let_in(request, me, answer)
        _say_wrong(form, answer, now)
    demo_code = staff.demo_code(username=me.username, at=now)
    return _ask(request, "sign_in/code.html", "S-02", form, me=me, demo_code=demo_code)


@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """S-03: bind an authenticator, by a square code or by hand; its first right code proves it."""
    me = half_in(request)
    if me is None or me.has_second_factor:
        return _onwards(request)
    now, form = world().clock.now(), OneTimeCode(language=pages.reader_in(request).language)
    if "code" in request.POST:
        form = OneTimeCode(request.POST, language=form.language)
        if form.is_valid():
            answer = acts.confirm_second_factor(
                code=form.cleaned_data["code"], actor=me.actor, at=now
            )
            if answer.accepted:
                return _let_in(request, me, answer)
            _say_wrong(form, answer, now)
    shown = acts.begin_second_factor(actor=me.actor, at=now) if request.method == "POST" else None
    return enrolment_page(request, me, form, shown, back_to=_wanted(request))


@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """S-04: choose a new password; every other session of the account ends."""
    me = who(request)
    if me is None:
        return session.to_sign_in(request)
    form = NewPassword(request.POST or None, language=pages.reader_in(request).language)
    if request.method == "POST" and form.is_valid():
        try:
            acts.change_password(
                old=form.cleaned_data["old"],
                new=form.cleaned_data["new"],
                actor=me.actor,
                at=world().clock.now(),
            )
        except Refused as refused:
            _say_refused(form, refused)
        else:
            request.user.refresh_from_db()  # type: ignore[union-attr]
            auth.update_session_auth_hash(request, request.user)  # type: ignore[arg-type]
            pages.tell_next_page(request, pages.say(request, "sign_in.password_kept"))
            return HttpResponseRedirect(home_of(me))
    return _ask(request, "sign_in/password.html", "S-04", form, me=me)


@desk()
def account(request: HttpRequest, me: Me) -> HttpResponse:
    """S-05: who I am here, and how to change my password or leave."""
    return pages.show(request, "sign_in/account.html", code="S-05", me=me, home=home_of(me))


@require_POST
def out(request: HttpRequest) -> HttpResponse:
    """Leave."""
    if request.user.is_authenticated:
        session.sign_out(request, because="asked")
    response = HttpResponseRedirect(f"{reverse('sign_in:start')}?ended=asked")
    response["Clear-Site-Data"] = '"cache"'
    return response


@require_safe
def stay(request: HttpRequest) -> HttpResponse:
    """Go on working: the reminder on the page asks. Gives the seconds left and a form token."""
    if who(request) is None:
        return JsonResponse({}, status=401)
    request.session[session.SEEN_AT] = world().clock.now().isoformat()
    return JsonResponse({"left": session.seconds_left(request), "token": get_token(request)})


def _onwards(request: HttpRequest) -> HttpResponse:
    """To whatever is still missing before the desk, and keep the way back."""
    me = half_in(request)
    if me is None:
        return session.to_sign_in(request)
    wanted = _wanted(request)
    if who(request) is not None:
        return HttpResponseRedirect(wanted or home_of(me))
    step = "sign_in:code" if me.has_second_factor else "sign_in:enrol"
    return HttpResponseRedirect(reverse(step, query={"next": wanted} if wanted else None))


def _let_in(request: HttpRequest, me: Me, answer: CodeAnswer) -> HttpResponse:
    session.let_in(request, answer.device)
    desk_page = reverse("sign_in:password") if me.must_change_password else home_of(me)
    response = HttpResponseRedirect(_wanted(request) or desk_page)
    lockout.remember_device(response, me.username)
    return response


def _wanted(request: HttpRequest) -> str:
    """The page of our own somebody came for; empty if none."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    return safe_next(wanted) if wanted else ""


def _ask(
    request: HttpRequest, template: str, page: str, form: forms.Form, **more: object
) -> HttpResponse:
    """The question again, with what was wrong; nothing typed is lost but the password."""
    problems = form.problems() if form.is_bound else []  # type: ignore[attr-defined]
    return pages.show(
        request,
        template,
        code=page,
        status=422 if problems else 200,
        form=form,
        problems=problems,
        next=_wanted(request),
        **more,
    )


def _say_wrong(form: OneTimeCode, answer: CodeAnswer, now: datetime) -> None:
    seconds = round((answer.wait_until - now).total_seconds()) if answer.wait_until else 0
    wrong = forms.ValidationError("wrong", code="wrong_code", params={"seconds": seconds})
    form.add_error("code", wrong)


def _say_refused(form: NewPassword, refused: Refused) -> None:
    for refusal in refused.refusals:
        said = words.in_one_breath(refusal, form.language)
        form.errors[refusal.field] = form.error_class([said])
