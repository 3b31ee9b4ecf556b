"""One line of a return file: judged against what was ordered, then recorded or set aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from onecard import policy
from onecard.actions import hold
from onecard.actions._keeping import concerning, note, tell
from onecard.actions._stepping import LONGEST_REASON, step
from onecard.actions.production import _cards, _discrepancies, _orders
from onecard.domain.authority import Actor
from onecard.domain.card import CardPolicy
from onecard.domain.exchange import AccountReturn, CardReturn, Row
from onecard.domain.production import (
    InUse,
    LineVerdict,
    Misfit,
    Ordered,
    ProductionEvent,
    ProductionState,
    event_of_account,
    event_of_card,
    misfits_of_account,
    misfits_of_card,
)
from onecard.records.models import Application, Batch, ExchangeFile, Person, ReturnLine
from onecard.seams.clock import local_day
from onecard.seams.world import world

_FINAL = (LineVerdict.RECORDED.value, LineVerdict.FAILED.value)
_TOLD = {
    ProductionEvent.BANK_FAIL: "production.bank_failed",
    ProductionEvent.VENDOR_FAIL: "production.making_failed",
}


@dataclass(frozen=True)
class Here:
    """Which file is being recorded, by whom, when."""

    file: ExchangeFile
    by: Actor
    at: datetime


def record(
    file: ExchangeFile, rows: Sequence[Row], *, first: int, by: Actor, at: datetime
) -> list[LineVerdict]:
    """What became of each row, the first of which is row `first` of the file; part of an act.

    People are held before applications, each in key order, so that two imports never deadlock.
    """
    here = Here(file, by, at)
    known = _held_applications({row.application_number for row in rows})
    verdicts = [
        _record(row, known.get(row.application_number), place, here)
        for place, row in enumerate(rows, first + 1)
        if isinstance(row, (AccountReturn, CardReturn))
    ]
    _close_batches({one.batch_id for one in known.values() if one.batch_id}, at)
    return verdicts


def _close_batches(batches: set[str], at: datetime) -> None:
    """Close those batches in which nobody is waiting for the bank or the vendor any more."""
    waiting = (
        ProductionState.BATCHED,
        ProductionState.AT_BANK,
        ProductionState.ACCOUNT_OPENED,
        ProductionState.AT_VENDOR,
    )
    for batch in hold.many(Batch.objects.filter(ref__in=batches, closed_at=None)):
        if not Application.objects.filter(batch=batch, state__in=waiting).exists():
            batch.closed_at = at
            batch.save(update_fields=["closed_at"])


def _held_applications(numbers: set[str]) -> dict[str, Application]:
    found = Application.objects.filter(number__in=numbers).select_related("person")
    hold.many(Person.objects.filter(ref__in=found.values("person_id")))
    return {application.number: application for application in hold.many(found)}


def _record(
    line: AccountReturn | CardReturn, application: Application | None, place: int, here: Here
) -> LineVerdict:
    content = world().custody.blind_index("return_line", repr(line))
    if application is None:
        about, unknown = line.application_number, (Misfit.UNKNOWN_APPLICATION,)
        return _discrepancies.of_line(about, unknown, content, place, here.file, here.at)
    concerning(application.person_id)
    final = _final_line(application, line, here.file)
    if final is not None and final.content_index == content:
        return LineVerdict.ALREADY
    misfits = (Misfit.CONTRADICTS,) if final else _misfits(line, application, here)
    if misfits:
        about = application.ref
        return _discrepancies.of_line(about, misfits, content, place, here.file, here.at)
    verdict = _apply(line, application, here)
    _keep_line(line, application, content, verdict, here)
    return verdict


def _final_line(
    application: Application, line: AccountReturn | CardReturn, file: ExchangeFile
) -> ReturnLine | None:
    """What was recorded for this attempt before."""
    return ReturnLine.objects.filter(
        application=application, kind=file.kind, attempt=line.attempt, verdict__in=_FINAL
    ).first()


def _misfits(
    line: AccountReturn | CardReturn, application: Application, here: Here
) -> tuple[Misfit, ...]:
    today = local_day(here.at)
    if isinstance(line, AccountReturn):
        return misfits_of_account(
            line=line,
            ordered=_ordered(application, ProductionState.AT_BANK, _orders.TO_BANK),
            in_use=InUse(bank_card_number=_cards.is_bank_card_used(application, line)),
            partner=here.file.partner,
            on=today,
        )
    return misfits_of_card(
        line=line,
        ordered=_ordered(application, ProductionState.AT_VENDOR, _orders.TO_VENDOR),
        in_use=_cards.in_use(application, line),
        on=today,
        figures=policy.in_force("card", CardPolicy, on=today),
    )


def _ordered(
    application: Application, waiting: ProductionState, events: tuple[ProductionEvent, ...]
) -> Ordered:
    person = application.person
    return Ordered(
        waiting=application.state is waiting,
        attempt=_orders.attempts(application, events),
        identity_number=person.identity_number,
        name=person.name,
        bank=application.bank,
        account_number=application.account_number,
        bank_card_number=application.bank_card_number,
    )


def _apply(line: AccountReturn | CardReturn, application: Application, here: Here) -> LineVerdict:
    if isinstance(line, AccountReturn):
        event = event_of_account(line)
        columns = _cards.account_columns(line) if line.opened else {}
        step(application, event, by=here.by, at=here.at, reason=line.reason, **columns)
    else:
        event = event_of_card(line)
        step(application, event, by=here.by, at=here.at, reason=line.reason)
        if line.failed_link is None:
            _cards.make(application, line, by=here.by, at=here.at)
    note(about=application.ref, by=here.by, at=here.at, ground="rule book 9.3", file=here.file.name)
    if event in _TOLD:
        about, parties = application.ref, ("sms",)
        tell(_TOLD[event], about=about, at=here.at, parties=parties, reason=application.failure)
        return LineVerdict.FAILED
    return LineVerdict.RECORDED


def _keep_line(
    line: AccountReturn | CardReturn,
    application: Application,
    content: str,
    verdict: LineVerdict,
    here: Here,
) -> None:
    ReturnLine.objects.create(
        file=here.file,
        application=application,
        attempt=line.attempt,
        kind=here.file.kind,
        content_index=content,
        verdict=verdict.value,
        reason=line.reason[:LONGEST_REASON],
        at=here.at,
    )
