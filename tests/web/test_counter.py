"""The counter workstation: from the scan to the slip, to the card in hand."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.authority import Role
from onecard.domain.hr_function import HrState
from onecard.domain.production import ProductionState
from onecard.domain.stock import BlankState
from onecard.records.models import Application, AuditRow, BlankCard, Card, Draft, Outlet, Person
from tests import cast, staff
from tests.actions.application import people

pytestmark = pytest.mark.django_db
ADULT = {"kind": "resident_id", "number": cast.ADULT, "name": ""}
PAPERS = {
    "applied_by": "holder",
    "kind": "resident_id",
    "number": cast.ADULT,
    "valid_to": "20360101",
    "original": "on",
    "phone": "13800138000",
    "address": "江苏省常州市天宁区延陵西路1号",
    "occupation": "23",
    "nationality": "CHN",
    "bank": "icbc",
    "making_mode": "factory",
    "collection": "outlet",
    "agent_kind": "resident_id",
    "guardian_kind": "resident_id",
}


@pytest.fixture
def clerk(city: SimulatedPartners) -> Client:  # noqa: ARG001
    """A clerk at the desk of the outlet in Tianning."""
    return staff.at_the_desk(Role.OUTLET_CLERK)


def text_of(answer: Any) -> str:
    """What a person reads on the page."""
    return unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))


def found(clerk: Client, **scanned: str) -> str:
    """Scan a document; gives the person's ref."""
    answer = clerk.post("/counter/find", {**ADULT, **scanned})
    assert answer.status_code == 302, text_of(answer)
    return str(answer["Location"]).rpartition("/")[2]


def begun(clerk: Client, person: str, kind: str = "first") -> None:
    clerk.post(f"/counter/person/{person}/begin", {"kind": kind})


def accepted(clerk: Client, **different: str) -> Application:
    """A whole application over the counter."""
    person = found(clerk, number=different.get("number", cast.ADULT))
    begun(clerk, person)
    kept = clerk.post(f"/counter/person/{person}/case", {**PAPERS, **different})
    assert kept.status_code == 302, text_of(kept)
    check = f"/counter/person/{person}/case/check"
    token = re.search(r'name="once" value="([^"]+)"', clerk.get(check).content.decode())
    assert token is not None
    done = clerk.post(check, {"once": token[1]})
    assert done.status_code == 302, text_of(done)
    return Application.objects.get(ref=done["Location"].rpartition("/")[2])


def test_the_scan_field_has_the_focus_and_the_work_lies_below(clerk: Client) -> None:
    page = clerk.get("/counter/").content.decode()
    assert re.search(r'<input[^>]*name="number"[^>]*autofocus', page)
    assert "等待领取的卡" in page


def test_an_identity_number_is_never_part_of_an_address(clerk: Client) -> None:
    """证件号码不得出现在网址中。"""
    answer = clerk.post("/counter/find", ADULT)
    assert cast.ADULT not in answer["Location"]


def test_a_person_is_shown_masked_with_what_can_be_done(clerk: Client) -> None:
    page = text_of(clerk.get(f"/counter/person/{found(clerk)}"))
    assert "王*" in page
    assert "3****************4" in page
    assert cast.ADULT not in page
    assert "王芳" not in page
    assert "首次申请" in page


def test_what_cannot_be_done_is_shown_with_its_reason(clerk: Client) -> None:
    """不能办的业务显示原因,不隐藏。"""
    page = text_of(clerk.get(f"/counter/person/{found(clerk, number='320499198503030012')}"))
    assert "您已持有江苏省社会保障卡,不能再办首次申请".replace(",", "，") in page
    assert "第二代卡自愿换领" in page


def test_a_value_is_shown_in_full_for_a_reason_only_and_noted(clerk: Client) -> None:
    """查看完整信息须有原因并留痕。"""
    person = found(clerk)
    address = f"/counter/person/{person}/unmask"
    assert cast.ADULT not in text_of(clerk.post(address, {"field": "identity_number"}, follow=True))
    shown = clerk.post(address, {"field": "identity_number", "reason": "verify"})
    assert cast.ADULT in text_of(shown)
    noted = AuditRow.objects.get(act="person.unmask", concerning=person)
    assert noted.facts == {"field": "identity_number", "reason": "verify"}


def test_a_slip_of_the_hand_in_a_number_is_said_beside_it(clerk: Client) -> None:
    answer = clerk.post("/counter/find", {**ADULT, "number": "320499199001010017"})
    assert answer.status_code == 422
    assert "校验" in text_of(answer)
    assert 'value="320499199001010017"' in answer.content.decode()


def test_somebody_nobody_knows_is_entered_by_the_document(clerk: Client) -> None:
    """省库无信息的,窗口按证件录入。"""
    unknown = {"kind": "resident_id", "number": "32049920100301001X", "name": ""}
    asked = clerk.post("/counter/find", unknown)
    assert "没有查到这个人" in text_of(asked)
    entered = clerk.post("/counter/stranger", {**unknown, "name": "𠮷永"})
    assert entered.status_code == 302
    assert Person.objects.get().name == "𠮷永"


def test_a_whole_application_is_taken_and_its_slip_printed(clerk: Client) -> None:
    """本人申请:核对证件、填关键信息、核对、受理、打印回执。"""
    row = accepted(clerk)
    assert row.state is ProductionState.ACCEPTED
    assert row.bank == "icbc"
    page = clerk.get(f"/counter/application/{row.ref}")
    assert f"{row.number[:6]} {row.number[6:10]}" in text_of(page)
    for copy in range(2):
        slip = clerk.post(f"/counter/application/{row.ref}/slip")
        assert slip.content.startswith(b"%PDF-")
        assert slip["Content-Disposition"].startswith("inline")
        noted = AuditRow.objects.filter(act="slip.note_acceptance_print").latest("id")
        assert noted.facts == {"copy": copy}


def test_accepting_twice_takes_one_application(clerk: Client) -> None:
    """重复提交只受理一件。"""
    person = found(clerk)
    begun(clerk, person)
    clerk.post(f"/counter/person/{person}/case", PAPERS)
    check = f"/counter/person/{person}/case/check"
    form = {"once": re.search(r'name="once" value="([^"]+)"', clerk.get(check).content.decode())[1]}  # type: ignore[index]
    first = clerk.post(check, form)
    Draft.objects.update(submitted="")
    second = clerk.post(check, form)
    assert first["Location"] == second["Location"]
    assert Application.objects.count() == 1


def test_what_was_typed_is_kept_right_or_wrong(clerk: Client) -> None:
    person = found(clerk)
    begun(clerk, person)
    wrong = clerk.post(f"/counter/person/{person}/case", {**PAPERS, "phone": "12", "valid_to": "x"})
    assert wrong.status_code == 422
    again = clerk.get(f"/counter/person/{person}/case").content.decode()
    assert 'value="江苏省常州市天宁区延陵西路1号"' in again
    assert 'value="x"' in again


def test_the_scanned_document_is_not_asked_for_again(clerk: Client) -> None:
    person = found(clerk)
    begun(clerk, person)
    assert f'value="{cast.ADULT}"' in clerk.get(f"/counter/person/{person}/case").content.decode()


@pytest.mark.parametrize(
    ("different", "sentence"),
    [
        ({"original": ""}, "须出示原件"),
        ({"valid_to": "20260301"}, "到期"),
        (
            {
                "applied_by": "agent",
                "agent_name": "李强",
                "agent_number": cast.ADULT_MAN,
                "agent_valid_to": "20360101",
            },
            "缺代办人",
        ),
        (
            {
                "applied_by": "agent",
                "agent_name": "李强",
                "agent_number": cast.ADULT_MAN,
                "agent_valid_to": "20360101",
                "agent_original": "on",
                "original": "",
            },
            "缺持卡人的原件",
        ),
    ],
)
def test_a_missing_paper_is_refused_by_its_words_and_nothing_is_lost(
    clerk: Client, different: dict[str, str], sentence: str
) -> None:
    """材料不齐一次性告知,填写的内容不丢。"""
    person = found(clerk)
    begun(clerk, person)
    case = {name: value for name, value in {**PAPERS, **different}.items() if value}
    assert clerk.post(f"/counter/person/{person}/case", case).status_code == 302
    refused = clerk.post(f"/counter/person/{person}/case/check", {"once": "t"})
    assert refused.status_code == 422
    assert sentence in text_of(refused)
    assert Application.objects.count() == 0
    assert clerk.get(f"/counter/person/{person}/case/check").status_code == 200


def test_an_agent_brings_both_originals(clerk: Client) -> None:
    """代办须双方证件原件。"""
    row = accepted(
        clerk,
        applied_by="agent",
        agent_name="李强",
        agent_number=cast.ADULT_MAN,
        agent_valid_to="0",
        agent_original="on",
    )
    assert row.agent_name == "李强"


def test_a_child_comes_with_a_guardian_and_a_portrait(clerk: Client) -> None:
    """未满16周岁由监护人办理,满7周岁须有照片。"""
    person = found(clerk, number=cast.CHILD_BORN_2018_06_22, kind="household_register")
    begun(clerk, person)
    page = text_of(clerk.get(f"/counter/person/{person}/case"))
    assert "监护人姓名" in page
    case = {
        **PAPERS,
        "applied_by": "guardian",
        "kind": "household_register",
        "number": cast.CHILD_BORN_2018_06_22,
        "valid_to": "0",
        "guardian_name": "王芳",
        "guardian_relation": "mother",
        "guardian_number": cast.ADULT,
        "guardian_valid_to": "20360101",
        "guardian_original": "on",
        "occupation": "91",
    }
    assert clerk.post(f"/counter/person/{person}/case", case).status_code == 302
    done = clerk.post(f"/counter/person/{person}/case/check", {"once": "child"})
    assert done.status_code == 302, text_of(done)


def test_a_second_generation_card_is_upgraded_with_the_old_card_shown(clerk: Client) -> None:
    """二代卡自愿换领须出示旧卡。"""
    number = people.HOLDER.person.identity_number
    person = found(clerk, number=number)
    begun(clerk, person, "upgrade")
    case = {**PAPERS, "number": number}
    clerk.post(f"/counter/person/{person}/case", case)
    check = f"/counter/person/{person}/case/check"
    assert "换卡须带旧卡" in text_of(clerk.post(check, {"once": "one"}))
    clerk.post(f"/counter/person/{person}/case", {**case, "old_card_shown": "on"})
    assert clerk.post(check, {"once": "two"}).status_code == 302


def test_a_portrait_is_checked_on_the_spot(clerk: Client) -> None:
    """窗口上传照片当场质检。"""
    person = found(clerk)
    begun(clerk, person)
    address = f"/counter/person/{person}/case/photo"
    bad = clerk.post(address, {"file": SimpleUploadedFile("me.jpg", b"no picture at all")})
    assert bad.status_code == 422
    assert "JPG" in text_of(bad)


def blanks(count: int = 3, bank: str = "icbc") -> None:
    for number in range(1, count + 1):
        BlankCard.objects.create(
            ref=f"blk_{number}", serial=f"KB{number:06d}", bank=bank, outlet_id="out_tianning"
        )


def test_a_card_is_made_handed_over_and_enabled_at_once(clerk: Client) -> None:
    """立等可取:当场制卡、交卡、启用。"""
    staff.an_outlet()
    Outlet.objects.update(instant_issue=True)
    blanks()
    row = accepted(clerk, making_mode="instant")
    made = clerk.post(f"/counter/application/{row.ref}/issue", {"serial": "kb000002"}, follow=True)
    row.refresh_from_db()
    assert row.state is ProductionState.INSTANT_MADE, text_of(made)
    assert BlankCard.objects.get(serial="KB000002").state is BlankState.ISSUED
    card = Card.objects.get(application=row)
    page = f"/counter/person/{row.person_id}/card/{row.ref}"
    assert clerk.get(page).status_code == 200
    papers = {
        name: PAPERS[name] for name in ("kind", "number", "valid_to", "original", "agent_kind")
    }
    wrong = clerk.post(page, {**papers, "who": "holder", "card": "Z00000009", "once": "a"})
    assert wrong.status_code == 422
    right = clerk.post(page, {**papers, "who": "holder", "card": card.card_number, "once": "b"})
    assert right.status_code == 302, text_of(right)
    card.refresh_from_db()
    assert card.hr_state is HrState.NORMAL


def test_a_foreign_outlet_prints_no_slip(clerk: Client) -> None:
    row = accepted(clerk)
    other = staff.at_the_desk(
        Role.OUTLET_CLERK, username="other", outlet=Outlet.objects.get(ref="out_zhonglou")
    )
    assert other.post(f"/counter/application/{row.ref}/slip").status_code == 404


@pytest.mark.parametrize(
    "role", [Role.EMPLOYER_AGENT, Role.PLATFORM_OPERATOR, Role.AUDITOR, Role.SECURITY_ADMIN]
)
def test_other_roles_are_told_who_may_sit_here(city: SimulatedPartners, role: Role) -> None:  # noqa: ARG001
    """最小权限:其他角色看到谁可以使用。"""
    for address in ("/counter/", "/counter/stock", "/counter/employers", "/counter/stock/count"):
        answer = staff.at_the_desk(role, username=f"{role.value}{len(address)}").get(address)
        assert answer.status_code == 403
        assert "服务网点主管" in text_of(answer)


def test_without_sign_in_every_page_leads_to_the_door() -> None:
    for address in ("/counter/", "/counter/person/per_x", "/counter/application/app_x"):
        answer = Client().get(address)
        assert answer.status_code == 303
        assert answer["Location"].startswith("/sign-in/?next=%2Fcounter")


def test_no_counter_page_may_be_kept_by_a_browser(clerk: Client) -> None:
    assert clerk.get("/counter/")["Cache-Control"] == "no-store"


def test_an_employer_list_is_accepted_with_the_papers(clerk: Client) -> None:
    """单位经办:信用代码证或授权委托书,加经办人证件原件。"""
    receipts = [people.prepared(people.WOMAN), people.prepared(people.MAN)]
    at = clerk.post("/counter/employers", {"credit_code": "91320499ma1xx0000n"})["Location"]
    page = clerk.get(at)
    assert receipts[0].number[:6] in text_of(page)
    papers = {
        "application": [receipt.application for receipt in receipts],
        "agent_name": "李强",
        "kind": "resident_id",
        "number": cast.ADULT_MAN,
        "valid_to": "20360101",
        "original": "on",
        "accept": "1",
    }
    left = text_of(clerk.post(at, papers))
    assert "缺单位证明材料" in left
    done = clerk.post(at, {**papers, "paper": "authorisation_letter", "paper_original": "on"})
    assert done.status_code == 200
    states = set(Application.objects.values_list("state", flat=True))
    assert states == {ProductionState.ACCEPTED}


def test_an_unknown_employer_is_written_down_by_name(clerk: Client) -> None:
    asked = clerk.post("/counter/employers", {"credit_code": "91320499MA1XX00030"})
    assert "系统里还没有这个单位" in text_of(asked)
    named = {"credit_code": "91320499MA1XX00030", "name": "常州新单位有限公司"}
    assert clerk.post("/counter/employers", named).status_code == 302
    wrong = clerk.post("/counter/employers", {**named, "credit_code": "91320499MA1XX00031"})
    assert wrong.status_code == 422


def test_a_spoiled_blank_needs_a_second_person_and_the_day_waits_for_it(clerk: Client) -> None:
    """废卡须原因和第二人;有一张说不清不能关账。"""
    blanks()
    clerk.post(
        "/counter/stock/spoil", {"spoil-serial": "kb000001", "spoil-reason": "damaged", "once": "s"}
    )
    assert BlankCard.objects.get(serial="KB000001").state is BlankState.SPOIL_REPORTED
    early = clerk.post("/counter/stock/count", {"icbc": "2"})
    assert early.status_code == 422
    assert clerk.post("/counter/stock/spoiled/KB000001").status_code == 403
    supervisor = staff.at_the_desk(Role.OUTLET_SUPERVISOR)
    supervisor.post("/counter/stock/spoiled/KB000001")
    assert BlankCard.objects.get(serial="KB000001").state is BlankState.SPOILED
    wrong = clerk.post("/counter/stock/count", {"icbc": "3"})
    assert wrong.status_code == 422
    right = clerk.post("/counter/stock/count", {"icbc": "2"})
    assert right.status_code == 302
    assert "今天已经清点关账" in text_of(clerk.get("/counter/stock/count"))


def test_a_supervisor_takes_a_delivery_in(clerk: Client) -> None:
    supervisor = staff.at_the_desk(Role.OUTLET_SUPERVISOR)
    delivery = {
        "receive-bank": "icbc",
        "receive-first": "kb000001",
        "receive-last": "KB000010",
        "once": "r",
    }
    assert supervisor.post("/counter/stock/receive", delivery).status_code == 302
    assert BlankCard.objects.count() == 10
    again = supervisor.post("/counter/stock/receive", {**delivery, "once": "again"})
    assert again.status_code == 422
    assert "KB000001" in text_of(clerk.get("/counter/stock"))
