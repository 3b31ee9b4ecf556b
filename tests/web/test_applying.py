"""The first application online, page by page, without JavaScript."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from onecard.adapters.faults import Fault
from onecard.adapters.simulation import SimulatedPartners
from onecard.records.models import Application, AuditRow, Draft
from tests.web import citizen
from tests.web.citizen import BANK, DELIVERY, DETAILS, Page, fill_in, hidden, sign_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]


@pytest.fixture
def client() -> Client:
    """Somebody to whom nobody can say no, signed in."""
    browser = Client()
    sign_in(browser)
    return browser


def form_of(page: Any) -> dict[str, str]:
    """The hidden fields of the check page, as a browser sends them."""
    return {name: hidden(page, name) for name in ("once", "seen")}


def send(client: Client) -> Any:
    return client.post("/apply/check", form_of(client.get("/apply/check")))


@pytest.mark.rule("SEED, FAQ 6")
def test_from_the_first_question_to_the_receipt_in_seven_pages(client: Client) -> None:
    """首次网上申领:不超过7页。"""
    walked = [client.get("/apply"), client.get("/apply/known")]
    assert "没领过" in text_of(walked[0])
    assert "吴*" in text_of(walked[1])
    for name, answers in (("details", DETAILS), ("bank", BANK), ("delivery", DELIVERY)):
        walked.append(client.get(f"/apply/{name}"))
        answer = client.post(f"/apply/{name}", answers)
        assert answer.status_code == 302, text_of(answer)
    assert answer["Location"] == "/apply/check"
    walked.append(client.get("/apply/check"))
    answer = send(client)
    assert re.fullmatch(r"/applications/\d{15}/receipt", answer["Location"])
    receipt = client.get(answer["Location"])
    assert all(page.status_code == 200 for page in walked)
    assert len(walked) + 1 <= 7
    row = Application.objects.get()
    assert row.key_information["phone"] == "13800138000"
    assert row.bank == "icbc"
    shown = " ".join([row.number[:6], row.number[6:10], row.number[10:14], row.number[14]])
    assert shown in text_of(receipt)
    assert "<svg" in receipt.content.decode().split('class="qr"')[1]


def test_the_same_form_twice_is_one_application_and_one_receipt(client: Client) -> None:
    """重复点击、重发表单,只有一份申请。"""
    fill_in(client)
    form = form_of(client.get("/apply/check"))
    first, again = (client.post("/apply/check", form) for _ in range(2))
    assert first["Location"] == again["Location"]
    assert "申请已提交" in text_of(client.get(again["Location"]))
    assert Application.objects.count() == 1


def test_only_what_was_shown_can_be_sent(client: Client) -> None:
    """核对页之后内容变了,先再核对,不会提交没看过的内容。"""
    fill_in(client)
    form = form_of(client.get("/apply/check"))
    client.post("/apply/bank", {"bank": "boc"})
    answer = client.post("/apply/check", form, follow=True)
    assert "内容在别处改过了" in text_of(answer)
    assert not Application.objects.exists()


def test_after_sending_back_shows_progress_and_sends_nothing(client: Client) -> None:
    """提交后按返回:看到进度,不会再办一次。"""
    fill_in(client)
    send(client)
    answer = client.get("/apply/check")
    assert answer["Location"] == "/apply/known"
    page = client.get("/apply/known")
    assert page.status_code == 422
    assert "您的卡已在制作中" in text_of(page)
    assert 'href="/applications"' in page.content.decode()
    assert Application.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (citizen.HOLDS_OLD_CARD, "您已持有江苏省社会保障卡"),
        (citizen.NO_BASE_DATA, "系统未能获取您的基础信息"),
        (citizen.NO_PHOTO, "系统未能获取您的照片"),
        (citizen.IN_PRODUCTION, "您的卡已在制作中"),
        ("王小明", "线上不能申请"),
    ],
)
@pytest.mark.rule("SEED, FAQ 6; rule book 8.2")
def test_whoever_cannot_go_on_online_is_told_before_any_question(name: str, said: str) -> None:
    """不能网上办的,第一页就说明,并指到网点、列明材料。"""
    client = Client()
    page = sign_in(client, name, then="/apply/known")
    assert page.status_code == 422
    assert said in text_of(page)
    assert "怎样才能办" in text_of(page)
    assert client.get("/apply/details")["Location"] == "/apply/known"
    assert not Application.objects.exists()


def test_the_page_that_says_no_has_its_seven_parts_in_order(city: SimulatedPartners) -> None:  # noqa: ARG001
    """拒绝页七部分,次序固定。"""
    said = text_of(sign_in(Client(), citizen.HOLDS_OLD_CARD, then="/apply/known"))
    parts = (
        "您已持有江苏省社会保障卡，不能再办首次申请",
        "为什么",
        "常见问题 第6问",
        "怎样才能办",
        "到哪里办",
        "打印这一页",
        "认为这个结果不对",
        "application.already_has_card",
        "changzhou-",
    )
    body = said[said.index("办理记录") :]
    places = [body.index(part) for part in parts]
    assert places == sorted(places)


def test_existing_holders_are_stopped_on_the_first_page_without_signing_in() -> None:
    """已有卡的,第一页就给出正确的办法。"""
    client = Client()
    first = client.get("/apply")
    assert 'href="/apply/held/older"' in first.content.decode()
    page = client.get("/apply/held/older")
    assert "服务网点" in text_of(page)
    assert client.get("/apply/held/none").status_code == 404


def test_an_empty_page_comes_back_with_every_error_at_once(client: Client) -> None:
    """一次指出所有错误,标题有前缀,摘要链接到字段。"""
    fill_in(client, until="details")
    page = client.post("/apply/details", {"phone": "", "address": "", "occupation": ""})
    assert page.status_code == 422
    assert Page(page).title.startswith("错误：")
    html = page.content.decode()
    assert [html.count(f'href="#{f}"') for f in ("phone", "address", "occupation")] == [1, 1, 1]
    assert 'class="problems" role="alert"' in html


def test_what_was_typed_stays_right_and_wrong(client: Client) -> None:
    fill_in(client, until="details")
    page = client.post("/apply/details", {**DETAILS, "phone": "12345"})
    assert page.status_code == 422
    assert "这不是手机号" in text_of(page)
    assert 'value="12345"' in page.content.decode()
    assert DETAILS["address"] in page.content.decode()
    assert "phone" not in Draft.objects.get().answers


def test_switching_the_language_keeps_what_was_typed(client: Client) -> None:
    """换语言、换字号,填的内容都在。"""
    fill_in(client, until="details")
    page = client.post("/apply/details", {**DETAILS, "phone": "12", "show": "language:en"})
    assert page.status_code == 200
    assert "How can we reach you?" in text_of(page)
    assert 'value="12"' in page.content.decode()
    assert "There is a problem" not in text_of(page)
    assert "field--wrong" not in page.content.decode()
    larger = client.post("/apply/details", {**DETAILS, "show": "size:26"})
    assert 'data-size="26"' in larger.content.decode()


def test_leaving_saves_and_another_day_goes_on_from_there(client: Client) -> None:
    """保存离开,以后接着填;登录过期也不丢。"""
    fill_in(client, until="bank")
    answer = client.post("/apply/bank", {"leave": "1"}, follow=True)
    assert "已保存，随时可以继续" in text_of(answer)
    client.post("/sign-out")
    again = Client()
    assert "接着填" in text_of(sign_in(again))
    assert DETAILS["address"] in again.get("/apply/details").content.decode()
    assert 'href="/apply/bank#bank"' in again.get("/apply/check").content.decode()


def test_a_sign_in_that_ended_meanwhile_loses_nothing_saved(client: Client) -> None:
    fill_in(client, until="bank")
    client.cookies.clear()
    answer = client.post("/apply/bank", BANK, follow=True)
    assert "登录已过期" in text_of(answer)
    again = Client()
    page = sign_in(again, then="/apply/bank")
    assert "选哪家银行" in text_of(page)


def test_change_comes_back_to_the_check_page(client: Client) -> None:
    """更改一项,回到核对页。"""
    fill_in(client)
    page = client.get("/apply/check")
    assert 'href="/apply/bank#bank"' in page.content.decode()
    assert client.post("/apply/bank", {"bank": "boc"})["Location"] == "/apply/check"
    assert "中国银行" in text_of(client.get("/apply/check"))


def test_what_the_province_said_is_not_asked(client: Client) -> None:
    """已获取的信息不再问:证件有效期、国籍。"""
    fill_in(client, until="details")
    page = client.get("/apply/details").content.decode()
    assert "document_valid_to" not in page
    client.post("/apply/details", DETAILS)
    assert "nationality" not in client.post("/apply/details", DETAILS)["Location"]


def test_an_incomplete_case_cannot_be_sent(client: Client) -> None:
    fill_in(client, until="delivery")
    page = client.get("/apply/check")
    assert "补填收件地址" in text_of(page)
    assert "提交首次申领" not in text_of(page)
    answer = client.post("/apply/check", form_of(page))
    assert answer.status_code == 422
    assert "请填写收件地址" in text_of(answer)
    assert not Application.objects.exists()


def test_postage_must_be_understood(client: Client) -> None:
    """邮费到付须勾选知晓。"""
    fill_in(client, until="delivery")
    page = client.post("/apply/delivery", {"post_to": DELIVERY["post_to"]})
    assert page.status_code == 422
    assert "勾选知道邮费到付" in text_of(page)


def test_the_bank_is_one_of_the_eight(client: Client) -> None:
    fill_in(client, until="bank")
    page = client.get("/apply/bank")
    assert page.content.decode().count('type="radio"') == 8
    assert client.post("/apply/bank", {"bank": "hsbc"}).status_code == 422


def test_the_case_code_is_shown_once(client: Client) -> None:
    """接续办理码只显示一次。"""
    fill_in(client, until="bank")
    answer = client.post("/apply/code/make", follow=True)
    code = re.search(r"big-number\">(\d{6})<", answer.content.decode())
    assert code
    assert code.group(1) not in client.get("/apply/code").content.decode()


def test_a_silent_province_at_the_first_page_can_be_tried_again(city: SimulatedPartners) -> None:
    browser = Client()
    sign_in(browser)
    city.simulation.faults.set("hr_database", Fault.DOWN, times=1)
    assert browser.get("/apply/known").status_code == 422
    assert browser.get("/apply/known").status_code == 200


def test_nothing_personal_stands_in_an_address_or_a_log(client: Client) -> None:
    """网址里没有个人信息。"""
    fill_in(client)
    answer = send(client)
    pages = [client.get(answer["Location"]), client.get("/applications"), client.get("/me")]
    for page in pages:
        assert "320499199001019002" not in page.content.decode()
        assert "13800138000" not in page.content.decode()


def test_a_refusal_is_found_in_the_history_with_its_reason() -> None:
    """没有办成的,记录里写明原因。"""
    client = Client()
    sign_in(client, citizen.HOLDS_OLD_CARD, then="/apply/known")
    said = text_of(client.get("/history"))
    assert "没有办成" in said
    assert "您已持有江苏省社会保障卡" in said
    assert AuditRow.objects.filter(result="refused").exists()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_whole_way_speaks_one_language(client: Client, language: str) -> None:
    """英文界面完整,没有漏译。"""
    client.cookies["language"] = language
    fill_in(client)
    paths = ["/apply/known", "/apply/details", "/apply/bank", "/apply/delivery", "/apply/check"]
    chinese = re.compile("[\u4e00-\u9fff]")
    for path in paths:
        page = client.get(path).content.decode()
        page = re.sub(r'<(span|button)[^>]* lang="zh-CN"[^>]*>.*?</\1>', "", page, flags=re.DOTALL)
        for answer in (*DELIVERY.values(), *DETAILS.values()):
            page = page.replace(answer, "")
        found = chinese.findall(re.sub(r"<[^>]+>", "", page))
        assert bool(found) is (language == "zh"), (path, "".join(found)[:40])
