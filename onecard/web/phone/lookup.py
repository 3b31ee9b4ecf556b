"""C6-08: the caller reads a page code; the operator sees which page that is and what it says."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from onecard.queries.staff import Me
from onecard.web import pages
from onecard.web.counter.fields import CounterForm, text_field, without_gaps
from onecard.web.phone.frame import at_phone, page
from onecard.web.portal.codes import page_of


class Code(CounterForm):
    """What stands at the foot of the caller's page."""

    stem = "phone_desk.page"
    code = text_field(most=12, autofocus=True)


@at_phone
@require_safe
def page_code(request: HttpRequest, me: Me) -> HttpResponse:
    """The page behind a code; small letters and gaps are read as meant."""
    data = request.GET if "code" in request.GET else None
    form = Code(data, language=pages.reader_in(request).language)
    asked = without_gaps(request.GET.get("code", "")).upper()
    problems = form.problems() if form.is_bound else []
    return page(
        request,
        me,
        "page.html",
        code="C6-08",
        form=form,
        problems=problems,
        asked=asked,
        found=page_of(asked),
    )
