"""C1-31 and C1-32: take back a formal report online: the HR side alone, proven once more."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from onecard.actions import loss as acts
from onecard.actions._keeping import once
from onecard.domain.refusal import Refused
from onecard.domain.step_up import Purpose
from onecard.queries import loss
from onecard.queries.loss import LossBoard
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.portal import proof
from onecard.web.portal.citizens import actor_of, person_of, signed_in
from onecard.web.portal.loss.report import Offered


class LiftForm(proof.CodeForm):
    """The code, and the report that is meant."""

    version = forms.IntegerField(widget=forms.HiddenInput)


@signed_in
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, card: str) -> HttpResponse:
    """What is lifted, what stays lost, and the button that sends a code."""
    seen = _open(request, card)
    back_to = f"/cards/{card}/loss"
    asked = proof.sign_in_first(request, code="C1-31", back_to=f"{back_to}/withdraw")
    if asked is not None:
        return asked
    if request.method == "POST":
        proof.send(request, purpose=Purpose.WITHDRAW_LOSS, about=card)
        return HttpResponseRedirect(f"{back_to}/withdraw/code")
    return pages.show(
        request,
        "portal/loss/withdraw.html",
        code="C1-31",
        back=back_to,
        place="cards",
        board=seen,
        help_bank=seen.bank,
    )


@signed_in
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest, card: str) -> HttpResponse:
    """The code, and the act."""
    seen, here = _open(request, card), f"/cards/{card}/loss"
    sent = proof.waiting(request, purpose=Purpose.WITHDRAW_LOSS, about=card)
    if not sent:
        return HttpResponseRedirect(f"{here}/withdraw")
    data = request.POST if request.method == "POST" else None
    language = pages.reader_in(request).language
    form = LiftForm(data, language=language, initial={"version": seen.version})
    if form.is_bound and form.is_valid() and proof.is_right(request, form, sent):
        return _lift(request, card, form.cleaned_data["version"], sent)
    problems = form.problems() if form.is_bound else []
    return pages.show(
        request,
        "portal/loss/code.html",
        code="C1-32",
        status=pages.REFUSED if problems else 200,
        back=f"{here}/withdraw",
        place="cards",
        board=seen,
        form=form,
        problems=problems,
        phone=sent["phone"],
        once_token=request.POST.get("once") or pages.new_token(),
        help_bank=seen.bank,
    )


def _lift(request: HttpRequest, card: str, version: int, sent: dict[str, str]) -> HttpResponse:
    token = request.POST.get("once") or pages.new_token()
    with once(person_of(request), token, f"{card}|{version}"):
        receipt = acts.withdraw_formally_online(
            card=card,
            version=version,
            step_up=sent["step_up"],
            signed_in_at=proof.signed_in_at(request),
            actor=actor_of(request),
            at=world().clock.now(),
        )
    proof.done(request)
    still = "loss_pages.withdraw.done_bank_stays" if receipt.elsewhere else ""
    pages.tell_next_page(request, pages.say(request, still or "loss_pages.withdraw.done"))
    return HttpResponseRedirect(f"/cards/{card}/loss")


def _open(request: HttpRequest, card: str) -> LossBoard:
    """The board of a card whose report may be taken back here. Raises `Refused`, `NotFound`."""
    seen = loss.board(card=card, as_seen_by=actor_of(request), at=world().clock.now())
    offer = Offered.of(seen).withdraw
    if offer is not None and offer.refusal is not None:
        raise Refused(offer.refusal)
    return seen
