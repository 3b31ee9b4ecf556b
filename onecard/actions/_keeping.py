"""What every act shares: its transaction, its failpoints, its audit, its outbox, its stored answer.

`@act("room.name")` runs the function in one durable transaction, refuses actors the authority table
does not name, runs it again after a lost race, stores the receipt under the caller's key, and
writes a refusal to the audit after everything else was rolled back.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, ParamSpec, TypeVar, get_type_hints

from django.db import OperationalError, transaction

from onecard import policy
from onecard.actions import _committing, _events, _fair_queue
from onecard.actions._remembering import Request, recall, remember
from onecard.domain import authority
from onecard.domain.authority import Actor
from onecard.domain.refusal import Fact, Refused, require
from onecard.records.models import AuditRow, OutboxRow
from onecard.seams import holding
from onecard.seams.failpoint import failpoint, register
from onecard.seams.world import world

P = ParamSpec("P")
R = TypeVar("R")
Committing = Callable[[], AbstractContextManager[None]]

ACTS: dict[str, Callable[..., Any]] = {}
WALKS: dict[str, Callable[..., Any]] = {}
TRIES = 3

_request: ContextVar[Request | None] = ContextVar("request", default=None)
_concerning: ContextVar[list[str]] = ContextVar("concerning")


def act(name: str, *, hurried: bool = True) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function an act. Its parameters are keywords; `actor` and `at` are among them.

    `hurried=False`: its commit need not wait for the disk (`_committing`).
    """
    register(f"{name}.before_commit")
    register(f"{name}.after_commit")
    committing = _committing.at_once if hurried else _committing.unhurried

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def run(*args: P.args, **facts: P.kwargs) -> R:
            actor, at = _who_and_when(facts)
            token = _concerning.set([])
            try:
                receipt = _with_tries(name, committing, function, args, facts)
            except Refused as refused:
                _note_refusal(name, refused, actor, at)
                raise
            finally:
                _concerning.reset(token)
            failpoint(f"{name}.after_commit")
            return receipt

        ACTS[name] = run
        return run

    return decorate


def walk(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function a walk: acts and calls to the outside in turn, no transaction of its own."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def run(*args: P.args, **facts: P.kwargs) -> R:
            holding.must_hold_no_rows()
            return function(*args, **facts)

        WALKS[name] = run
        return run

    return decorate


@contextmanager
def once(client: str, key: str, body: str = "") -> Iterator[Request]:
    """Acts inside this block have their effect once for `key`, and give the stored receipt after.

    `body` is what was asked, in one canonical form. The same key with another body raises
    `Refused("request.key_reused")`.
    """
    request = Request(client, key, world().custody.sign("request", body.encode()))
    token = _request.set(request)
    try:
        yield request
    finally:
        _request.reset(token)


@contextmanager
def each(part: str) -> Iterator[None]:
    """One of several acts of the same name under one key: each part has its effect once.

    A walk over a list opens it for every row; without a key around it, it does nothing.
    """
    whole = _request.get()
    if whole is None:
        yield
        return
    key = world().custody.sign("request part", f"{whole.key}|{part}".encode())
    one = Request(whole.client, key, whole.fingerprint)
    token = _request.set(one)
    try:
        yield
    finally:
        _request.reset(token)
        whole.replayed = one.replayed


def concerning(person_ref: str) -> None:
    """Say whom the act is about, so that even a refusal is found in that person's history."""
    _concerning.get()[:] = [person_ref]


def note(*, about: str, by: Actor, at: datetime, ground: str, **facts: Fact) -> None:
    """The audit row of the act in progress, in its transaction. Facts hold no personal value."""
    _write_audit(holding.act_in_progress(), "done", about, by, at, {"ground": ground}, facts)


@contextmanager
def apart() -> Iterator[None]:
    """Acts inside this block belong to no caller's key: they go on by themselves when repeated."""
    token = _request.set(None)
    try:
        yield
    finally:
        _request.reset(token)


def tell(
    event: str, *, about: str, at: datetime, parties: tuple[str, ...], **payload: Fact
) -> dict[str, str]:
    """One outbox row for each party, numbered without a gap; the row `about` is held.

    Returns the message of each party. What partners may hear becomes an event beside them.
    """
    _events.happened(_events.Happened(event, about, at, payload))
    messages = {}
    for party in parties:
        before = OutboxRow.objects.filter(subject=about, party=party).order_by("-sequence").first()
        row = OutboxRow.objects.create(
            ref=world().ids.new("evt"),
            event=event,
            party=party,
            subject=about,
            sequence=before.sequence + 1 if before else 1,
            payload=payload,
            created_at=at,
            due_at=at,
        )
        messages[party] = row.ref
    return messages


def policy_version() -> str:
    """The pack and version under which an act decides, as it is stored with the act."""
    pack = policy.find_pack(policy.pack_name())
    return f"{pack.name}-{pack.version}"


def _who_and_when(facts: dict[str, Any]) -> tuple[Actor, datetime]:
    actor, at = facts.get("actor"), facts.get("at")
    if not isinstance(actor, Actor) or not isinstance(at, datetime):
        message = "an act takes actor= and at="
        raise TypeError(message)
    return actor, at


def _with_tries(
    name: str, committing: Committing, function: Callable[..., R], args: Any, facts: Any
) -> R:
    """Run again after a lost race: an act may, because it makes no outside call."""
    for tries_left in reversed(range(TRIES)):
        try:
            return _in_transaction(name, committing, function, args, facts)
        except OperationalError:
            if not tries_left or transaction.get_connection().in_atomic_block:
                raise
    raise AssertionError(name)


def _in_transaction(
    name: str, committing: Committing, function: Callable[..., R], args: Any, facts: Any
) -> R:
    request = _request.get()
    with holding.holding(name), _fair_queue.place(), committing():
        require(authority.may_act(act=name, actor=facts["actor"]))
        if request is not None:
            earlier = recall(request, name, facts["at"], _receipt_type(function))
            if earlier is not None:
                return earlier  # type: ignore[no-any-return]
        with _events.gathering():
            receipt = function(*args, **facts)
        if request is not None:
            remember(request, name, receipt)
        failpoint(f"{name}.before_commit")
        return receipt


@functools.cache
def _receipt_type(function: Callable[..., Any]) -> Any:
    return get_type_hints(inspect.unwrap(function))["return"]


def _note_refusal(name: str, refused: Refused, actor: Actor, at: datetime) -> None:
    """One line in its own short transaction: who was refused what, and why."""
    refusal = refused.refusal
    facts = {key: _plain(fact) for key, fact in refusal.all_facts().items()}
    codes = {"codes": [other.code for other in refused.refusals]}
    with _fair_queue.place(), transaction.atomic(durable=True):
        _write_audit(name, "refused", "", actor, at, {"code": refusal.code}, facts | codes)


def _write_audit(
    name: str, result: str, about: str, by: Actor, at: datetime, more: dict[str, str], facts: Any
) -> None:
    row = AuditRow(
        act=name,
        result=result,
        about=about,
        concerning=next(iter(_concerning.get([])), ""),
        actor_role=by.role.value,
        actor_ref=by.ref,
        channel=by.channel.value,
        outlet=by.outlet or by.employer,
        facts={key: _plain(fact) for key, fact in facts.items()},
        policy_version=policy_version(),
        at=at,
        **more,
    )
    row.mac = world().custody.sign("audit-row", _canonical(row).encode())
    row.save(force_insert=True)


def _canonical(row: AuditRow) -> str:
    names = "act result code about concerning actor_role actor_ref channel ground at facts"
    return "|".join(f"{getattr(row, name)}" for name in names.split())


def _plain(fact: Any) -> Any:
    """A fact as JSON keeps it."""
    if isinstance(fact, tuple):
        return list(fact)
    return fact if fact is None or isinstance(fact, (str, int, float, list)) else str(fact)
