"""The office: the factory run by hand, failures mended, queues retried, accounts, the record."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.authority import Role
from onecard.domain.production import ProductionState
from onecard.records.models import Application, AuditRow, Batch, Discrepancy, OutboxRow, Staff
from onecard.seams.world import world
from tests import cast, staff
from tests.actions.application import people

pytestmark = pytest.mark.django_db
OPERATORS_PAGES = (
    "/office/",
    "/office/batches",
    "/office/failures",
    "/office/due",
    "/office/outbox",
    "/office/discrepancies",
    "/office/held",
)


@pytest.fixture
def operator(city: SimulatedPartners) -> Client:  # noqa: ARG001
    """An operator at the desk."""
    return staff.at_the_desk(Role.PLATFORM_OPERATOR)


def text_of(answer: Any) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.mark.parametrize("address", OPERATORS_PAGES)
def test_an_empty_house_is_shown_calmly(operator: Client, address: str) -> None:
    assert operator.get(address).status_code == 200


def test_a_batch_is_made_sent_answered_and_distributed(operator: Client) -> None:
    """编批、报银行、报卡商、回盘、分发。"""
    people.accepted_at_counter(people.WOMAN)
    assert "工商银行" in text_of(operator.get("/office/batches"))
    operator.post("/office/batches/make", {"bank": "icbc"})
    batch = Batch.objects.get()
    address = f"/office/batch/{batch.ref}"
    assert "报银行文件" in text_of(operator.get(address))
    operator.post(f"{address}/step", {"bank_file": "1"})
    operator.post("/office/batches/send")
    operator.post(f"{address}/step", {"vendor_file": "1"})
    operator.post("/office/batches/send")
    operator.post(f"{address}/step", {"distribute": "1"})
    assert Application.objects.get().state is ProductionState.AT_BRANCH


def test_a_damaged_file_is_refused_whole_with_its_line(operator: Client) -> None:
    name = "icbc-account_return-20260302-000001.csv"
    answer = operator.post("/office/batches/take-in", {"file": SimpleUploadedFile(name, b"x,y\n1")})
    assert answer.status_code == 422
    assert name in text_of(answer)


def test_an_exported_file_is_noted(operator: Client) -> None:
    """导出文件留痕。"""
    people.accepted_at_counter(people.WOMAN)
    operator.post("/office/batches/make")
    operator.post(f"/office/batch/{Batch.objects.get().ref}/step", {"bank_file": "1"})
    out = re.search(r"/office/file/(\w+)", operator.get("/office/batches").content.decode())
    assert out is not None
    answer = operator.post(out[0])
    assert answer["Content-Disposition"].startswith("attachment")
    assert AuditRow.objects.filter(act="production.export_file", about=out[1]).exists()


def test_a_failure_at_the_bank_is_mended_by_correcting(operator: Client) -> None:
    """银行开户失败,更正后重新受理。"""
    receipt = people.accepted_at_counter(people.WOMAN)
    row = Application.objects.get(ref=receipt.application)
    row.state, row.failure = ProductionState.BANK_FAILED, "手机号核验未通过"
    row.save(update_fields=["state", "failure"])
    assert "手机号核验未通过" in text_of(operator.get("/office/failures"))
    address = f"/office/application/{row.ref}"
    wrong = operator.post(address, {"phone": "12"})
    assert wrong.status_code == 422
    right = operator.post(address, {"phone": "13900139000"})
    assert right.status_code == 302, text_of(right)
    row.refresh_from_db()
    assert row.key_information["phone"] == "13900139000"
    assert row.state is not ProductionState.BANK_FAILED


def test_a_message_that_was_given_up_is_shown_with_its_reason_and_sent_again(
    operator: Client,
) -> None:
    """停发的消息可见、有原因、可重发。"""
    row = OutboxRow.objects.create(
        ref="evt_1",
        event="card.produced",
        party="sms",
        subject="crd_1",
        sequence=1,
        created_at=cast.MONDAY_9AM,
        due_at=cast.MONDAY_9AM,
        attempts=9,
        gave_up_at=cast.MONDAY_9AM,
        last_error="号码不存在",
    )
    page = text_of(operator.get("/office/outbox"))
    assert "card.produced" in page
    assert "再发一次" in page
    operator.post(f"/office/outbox/{row.ref}/retry")
    row.refresh_from_db()
    assert row.gave_up_at is None


def test_a_discrepancy_is_settled_in_words_only(operator: Client) -> None:
    row = Discrepancy.objects.create(
        ref="dis_1",
        kind="file_refused",
        about="x",
        partner="bank:icbc",
        detail={"name": "some-file.csv"},
        found_at=cast.MONDAY_9AM,
    )
    assert "some-file.csv" in text_of(operator.get("/office/discrepancies"))
    empty = operator.post(f"/office/discrepancies/{row.ref}", {"settlement": " "})
    assert empty.status_code == 422
    operator.post(f"/office/discrepancies/{row.ref}", {"settlement": "已请工行重发"})
    assert "已请工行重发" in text_of(operator.get("/office/discrepancies"))


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.PLATFORM_OPERATOR, OPERATORS_PAGES),
        (Role.SECURITY_ADMIN, ("/office/accounts",)),
        (Role.AUDITOR, ("/office/audit",)),
        (Role.OUTLET_CLERK, ()),
        (Role.EMPLOYER_AGENT, ()),
        (Role.BANK_CLERK, ()),
    ],
)
def test_the_three_administrators_open_only_their_own_desk(
    city: SimulatedPartners,  # noqa: ARG001
    role: Role,
    allowed: tuple[str, ...],
) -> None:
    """三员分立,最小权限。"""
    desk = staff.at_the_desk(role)
    for address in (*OPERATORS_PAGES, "/office/accounts", "/office/audit"):
        answer = desk.get(address)
        assert answer.status_code == (200 if address in allowed else 403), address
        if answer.status_code == 403:
            assert "可以使用的角色" in text_of(answer)


def test_an_account_is_asked_for_shown_once_and_approved_by_another() -> None:
    """账号须两人开通,首次密码只显示一次。"""
    staff.an_outlet()
    first = staff.at_the_desk(Role.SECURITY_ADMIN, username="one")
    asked = {"username": "wang.xi", "display_name": "王曦", "role": "outlet_clerk"}
    missing = first.post("/office/accounts", asked)
    assert missing.status_code == 422
    assert "要写明所在网点" in text_of(missing)
    made = first.post("/office/accounts", {**asked, "outlet": "out_tianning"})
    password = re.search(r"\b(?:[a-z2-9]{5}-){3}[a-z2-9]{5}\b", text_of(made))
    assert password is not None
    assert password[0] not in text_of(first.get("/office/accounts"))
    row = Staff.objects.get(username="wang.xi")
    first.post(f"/office/accounts/{row.ref}", {"approve": "1"})
    row.refresh_from_db()
    assert not row.is_active
    second = staff.at_the_desk(Role.SECURITY_ADMIN, username="two")
    second.post(f"/office/accounts/{row.ref}", {"approve": "1"})
    row.refresh_from_db()
    assert row.is_active
    second.post(f"/office/accounts/{row.ref}", {"end": "1"})
    row.refresh_from_db()
    assert not row.is_active


@pytest.mark.parametrize("name", ["ab", "Große", "王曦", "a b", "-x1", "x" * 41])
def test_a_sign_in_name_is_plain(name: str) -> None:
    desk = staff.at_the_desk(Role.SECURITY_ADMIN, username="one")
    asked = {"username": name, "display_name": "x", "role": "auditor"}
    assert desk.post("/office/accounts", asked).status_code == 422


def test_the_record_is_searched_and_the_search_is_recorded(city: SimulatedPartners) -> None:  # noqa: ARG001
    """审计查询只读,查询本身留痕。"""
    receipt = people.accepted_at_counter(people.WOMAN)
    desk = staff.at_the_desk(Role.AUDITOR)
    before = AuditRow.objects.count()
    found = desk.post("/office/audit", {"whom": cast.ADULT})
    assert "application.take_at_counter" in text_of(found)
    assert cast.ADULT not in text_of(found).replace(f'value="{cast.ADULT}"', "")
    read = AuditRow.objects.latest("id")
    assert AuditRow.objects.count() == before + 1
    assert (read.act, read.concerning) == ("audit.note_read", receipt.person)
    assert cast.ADULT not in f"{read.facts}"
    by_number = desk.post(
        "/office/audit", {"whom": receipt.number, "act": "application.take_at_counter"}
    )
    assert by_number.status_code == 200
    nothing = desk.post("/office/audit", {"whom": "nobody"})
    assert "没有符合条件的记录" in text_of(nothing)


def test_the_record_is_read_page_by_page() -> None:
    desk = staff.at_the_desk(Role.AUDITOR)
    for number in range(60):
        AuditRow.objects.create(
            act="x.y",
            result="done",
            about=f"thing_{number}",
            actor_role="system",
            actor_ref="-",
            channel="timer",
            policy_version="-",
            at=world().clock.now(),
            mac="-",
        )
    first = desk.post("/office/audit", {"act": "x.y"})
    assert "thing_59" in text_of(first)
    assert "thing_9 " not in text_of(first)
    older = re.search(r'name="before" value="(\d+)"', first.content.decode())
    assert older is not None
    assert "thing_9" in text_of(desk.post("/office/audit", {"act": "x.y", "before": older[1]}))


def test_banks_are_offered_in_the_readers_language() -> None:
    """英文界面里，银行用英文名。"""
    security = staff.at_the_desk(Role.SECURITY_ADMIN)
    security.cookies["language"] = "en"
    page = text_of(security.get("/office/accounts"))
    assert "Industrial and Commercial Bank of China" in page
    assert "中国工商银行" not in page
