"""What every act promises: all or nothing, told once, remembered, and never while speaking out."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime

import pytest
from django.db import OperationalError, connection

from onecard.actions import hold
from onecard.actions._keeping import ACTS, act, concerning, note, once, tell, walk
from onecard.domain import authority
from onecard.domain.authority import Actor, Role
from onecard.domain.refusal import NotFound, Refusal, Refused, require
from onecard.records.models import AuditRow, Employer, OutboxRow, RequestResult
from onecard.seams import failpoint, holding
from onecard.seams.failpoint import Crash, armed
from onecard.seams.holding import HoldsRows
from onecard.seams.transport import Request as WireRequest
from onecard.seams.world import in_world, world
from tests import cast

CODE = "91320499MA1XX0000N"


@dataclass(frozen=True)
class Receipt:
    """What the example act gives back."""

    ref: str
    at: datetime
    roles: tuple[str, ...]


@act("example.found_employer")
def found_employer(*, name: str, code: str, actor: Actor, at: datetime) -> Receipt:
    """An act like any other: one row, one audit line, one message."""
    concerning("per_someone")
    require(Refusal("example.no_name", measured={"length": 0}) if not name else None)
    row = Employer.objects.create(ref=world().ids.new("emp"), credit_code=code, name=name)
    hold.one(Employer, ref=row.ref)
    note(about=row.ref, by=actor, at=at, ground="rule book 3.2")
    tell("example.founded", about=row.ref, at=at, parties=("sms", "hr_database"))
    return Receipt(row.ref, at, ("a", "b"))


@act("example.speak_out")
def speak_out(*, actor: Actor, at: datetime) -> None:  # noqa: ARG001 - every act takes them
    """An act with bad manners."""
    world().transport.send(WireRequest("GET", "http://127.0.0.1"), timeout_seconds=1)


@pytest.fixture(autouse=True)
def example_authority(monkeypatch: pytest.MonkeyPatch) -> None:
    """The example acts stand in the tables only while these tests run."""
    clerks = frozenset({Role.OUTLET_CLERK})
    names = ("example.found_employer", "example.speak_out")
    monkeypatch.setattr(
        authority, "AUTHORITY", {**authority.AUTHORITY, **dict.fromkeys(names, clerks)}
    )


for _name in ("example.found_employer", "example.speak_out"):
    ACTS.pop(_name)


def found(name: str = "天宁机械", actor: Actor = cast.CLERK) -> Receipt:
    return found_employer(name=name, code=CODE, actor=actor, at=cast.MONDAY_9AM)


@pytest.mark.django_db
def test_an_act_leaves_its_row_one_audit_line_and_one_message_for_each_party() -> None:
    receipt = found()
    audit = AuditRow.objects.get(about=receipt.ref)
    assert (audit.act, audit.result, audit.concerning) == (
        "example.found_employer",
        "done",
        "per_someone",
    )
    assert list(OutboxRow.objects.order_by("party").values_list("party", "sequence")) == [
        ("hr_database", 1),
        ("sms", 1),
    ]


@pytest.mark.django_db
def test_a_refused_act_leaves_nothing_but_its_line_in_the_audit() -> None:
    with pytest.raises(Refused):
        found(name="")
    assert not Employer.objects.exists()
    line = AuditRow.objects.get()
    assert (line.result, line.code, line.concerning) == (
        "refused",
        "example.no_name",
        "per_someone",
    )
    assert line.facts == {"length": 0, "codes": ["example.no_name"]}


@pytest.mark.django_db
def test_a_role_that_the_table_does_not_name_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        found(actor=cast.CITIZEN)
    assert refused.value.refusal.code == "authority.not_yours"
    assert not Employer.objects.exists()


@pytest.mark.django_db
def test_the_same_key_again_gives_the_stored_receipt_and_no_second_effect() -> None:
    """同一请求重复提交,只办一次。"""
    with once("client", "key-1", "body") as first:
        receipt = found()
    with once("client", "key-1", "body") as again:
        assert found() == receipt
    assert (first.replayed, again.replayed) == (False, True)
    assert Employer.objects.count() == 1


@pytest.mark.django_db
def test_the_same_key_with_another_body_is_refused() -> None:
    with once("client", "key-1", "body"):
        found()
    with once("client", "key-1", "other body"), pytest.raises(Refused) as refused:
        found()
    assert refused.value.refusal.code == "request.key_reused"


@pytest.mark.django_db
def test_the_same_key_of_another_client_is_another_key() -> None:
    with once("client", "key-1", "body"):
        found()
    with once("other", "key-1", "other body"), pytest.raises(Exception, match=r"(?i)unique"):
        found()


@pytest.mark.django_db(transaction=True)
def test_a_crash_before_the_commit_leaves_nothing_and_a_retry_completes_the_act() -> None:
    crash = armed("example.found_employer.before_commit")
    with once("client", "key-1"), crash, pytest.raises(Crash):
        found()
    assert not Employer.objects.exists()
    assert not RequestResult.objects.exists()
    with once("client", "key-1"):
        assert found().ref == Employer.objects.get().ref


@pytest.mark.django_db(transaction=True)
def test_a_crash_after_the_commit_leaves_everything_and_a_retry_finds_the_receipt() -> None:
    crash = armed("example.found_employer.after_commit")
    with once("client", "key-1"), crash, pytest.raises(Crash):
        found()
    with once("client", "key-1"):
        assert found().ref == Employer.objects.get().ref


@pytest.mark.django_db(transaction=True)
def test_a_lost_race_is_run_again() -> None:
    losses = iter((OperationalError("deadlock"), OperationalError("deadlock")))

    def lose() -> None:
        error = next(losses, None)
        if error:
            raise error

    with armed("example.found_employer.before_commit", lose):
        found()
    assert Employer.objects.count() == 1


@pytest.mark.django_db
def test_an_act_that_speaks_to_the_outside_is_stopped() -> None:
    with pytest.raises(HoldsRows, match=r"example\.speak_out"):
        speak_out(actor=cast.CLERK, at=cast.MONDAY_9AM)


@pytest.mark.django_db
def test_a_walk_cannot_be_walked_inside_an_act() -> None:
    walked = walk("example.walk")(lambda: "there")
    assert walked() == "there"
    with holding.holding("some.act"), pytest.raises(HoldsRows):
        walked()


def test_rows_are_held_only_inside_an_act() -> None:
    with pytest.raises(RuntimeError, match="inside an act"):
        hold.one(Employer, ref="emp_x")


def test_every_act_has_its_two_failpoints() -> None:
    assert {"example.found_employer.before_commit", "example.found_employer.after_commit"} <= (
        failpoint.KNOWN
    )


def test_nothing_found_and_nothing_allowed_look_alike() -> None:
    assert issubclass(NotFound, LookupError)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_sixteen_threads_with_one_key_have_one_effect() -> None:
    """并发重复提交,只办一次。"""
    receipts: list[Receipt] = []
    errors: list[BaseException] = []
    here = world()

    def ask() -> None:
        try:
            with in_world(here), once("client", "key-1", "body"):
                receipts.append(found())
        except BaseException as error:  # noqa: BLE001 - a thread's failure is the test's finding
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert len(set(receipts)) == 1
    assert Employer.objects.count() == 1
