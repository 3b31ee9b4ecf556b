"""C9-09 and C9-10: batches and their files, made, sent, fetched; cards sent to their outlets."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onecard.actions import production as acts
from onecard.domain.refusal import Refused
from onecard.queries import production
from onecard.queries.staff import Me
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.forms import WordedForm
from onecard.web.office.frame import operator, page

FILES_SHOWN = 50


class ReturnFile(WordedForm):
    """A return file somebody brought by hand."""

    stem = "office.return_file"
    file = forms.FileField()


@operator
@require_safe
def batches(request: HttpRequest, me: Me) -> HttpResponse:
    """C9-09: who waits to be batched, the batches, the files."""
    return _batches(request, me, ReturnFile(language=pages.reader_in(request).language))


@operator
@require_safe
def batch(request: HttpRequest, me: Me, ref: str) -> HttpResponse:
    """C9-10: one batch with its people's states and its files."""
    seen = production.batch(batch=ref, as_seen_by=me.actor, at=world().clock.now())
    return page(
        request,
        me,
        "batch.html",
        code="C9-10",
        batch=seen,
        files=production.files(as_seen_by=me.actor, batch=seen.batch),
        back=reverse("office:batches"),
    )


@operator
@require_POST
def make(request: HttpRequest, me: Me) -> HttpResponse:
    """Batch everybody who waits: of one bank, or of all."""
    made = acts.make_batches(
        bank=request.POST.get("bank", ""), actor=me.actor, at=world().clock.now()
    )
    people = sum(receipt.size for receipt in made)
    said = pages.say(request, "office.batches.made", batches=len(made), people=people)
    pages.tell_next_page(request, said)
    return HttpResponseRedirect(reverse("office:batches"))


@operator
@require_POST
def turn(request: HttpRequest, me: Me) -> HttpResponse:
    """What the worker does by itself: take returns in, batch, order, send. Once, now."""
    acts.run_factory(actor=me.actor, at=world().clock.now())
    pages.tell_next_page(request, pages.say(request, "office.batches.turned"))
    return HttpResponseRedirect(reverse("office:batches"))


@operator
@require_POST
def step(request: HttpRequest, me: Me, ref: str) -> HttpResponse:
    """The next step of one batch: write a file, or send its cards to the outlets."""
    steps: dict[str, Callable[..., object]] = {
        "bank_file": acts.write_bank_file,
        "vendor_file": acts.write_vendor_file,
        "finance": acts.ask_finance_loading,
        "loaded": acts.record_finance_loaded,
        "distribute": acts.distribute,
    }
    wanted = next((name for name in steps if name in request.POST), "")
    if wanted:
        steps[wanted](batch=ref, actor=me.actor, at=world().clock.now())
        pages.tell_next_page(request, pages.say(request, f"office.batch.done_{wanted}"))
    return HttpResponseRedirect(reverse("office:batch", args=[ref]))


@operator
@require_POST
def send(request: HttpRequest, me: Me) -> HttpResponse:
    """Hand the files over that lie ready, and take in what the partners have for us."""
    now = world().clock.now()
    sent = acts.send_files(actor=me.actor, at=now)
    fetched = acts.fetch_files(actor=me.actor, at=now)
    said = pages.say(
        request,
        "office.batches.exchanged",
        sent=len(sent.files),
        taken=len(fetched.imported),
        silent=len({*sent.silent, *fetched.silent}),
    )
    pages.tell_next_page(request, said)
    return HttpResponseRedirect(reverse("office:batches"))


@operator
@require_POST
def take_in(request: HttpRequest, me: Me) -> HttpResponse:
    """Import a return file brought by hand; a damaged one is refused whole, naming the line."""
    form = ReturnFile(request.POST, request.FILES, language=pages.reader_in(request).language)
    if not form.is_valid():
        return _batches(request, me, form)
    file = form.cleaned_data["file"]
    try:
        receipt = acts.import_file(
            name=file.name, content=file.read(), actor=me.actor, at=world().clock.now()
        )
    except Refused as refused:
        back = reverse("office:batches")
        again = pages.say(request, "office.nav.batches")
        return pages.refuse(request, refused, code="C9-09", onward=back, onward_name=again)
    said = pages.say(request, "office.return_file.done", name=receipt.name)
    pages.tell_next_page(request, said)
    return HttpResponseRedirect(reverse("office:batches"))


@operator
@require_POST
def export(request: HttpRequest, me: Me, ref: str) -> HttpResponse:
    """A file to be carried by hand: personal data leave the house, so it is noted."""
    del request
    file = acts.export_file(file=ref, actor=me.actor, at=world().clock.now())
    response = HttpResponse(file.content, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


def _batches(request: HttpRequest, me: Me, form: ReturnFile) -> HttpResponse:
    problems = form.problems() if form.is_bound else []
    now = world().clock.now()
    return page(
        request,
        me,
        "batches.html",
        code="C9-09",
        status=422 if problems else 200,
        waiting=production.banks_waiting(as_seen_by=me.actor),
        batches=production.batches(as_seen_by=me.actor, at=now),
        files=production.files(as_seen_by=me.actor, most=FILES_SHOWN),
        ready=production.ready_to_distribute(as_seen_by=me.actor, at=now),
        form=form,
        problems=problems,
    )
