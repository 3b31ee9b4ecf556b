"""「我能办吗」 and the photo doctor: open to everybody, keeping nothing."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from onecard.records.models import AuditRow, Photo
from tests import pictures
from tests.web.citizen import Page, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]


def way(**answers: str) -> str:
    return text_of(Client().get("/check", answers))


def test_one_question_per_page_and_the_answers_stand_in_the_address() -> None:
    """一页一问,答案在网址里,可以转发。"""
    client = Client()
    assert "您以前领过" in Page(client.get("/check")).title
    assert "今年多大" in Page(client.get("/check", {"held": "none"})).title
    page = client.get("/check", {"held": "none", "age": "35"})
    assert "哪种有效证件" in Page(page).title
    assert 'name="age" value="35"' in page.content.decode()
    assert 'href="/check?held=none"' in page.content.decode()


def test_an_adult_without_a_card_may_apply_here() -> None:
    said = way(held="none", age="35", document="resident_id")
    assert "可以在线上首次申请" in said
    assert "现在申请" in said


@pytest.mark.rule("SEED, FAQ 6")
def test_a_child_goes_to_an_outlet_with_its_guardian() -> None:
    said = way(held="none", age="6", document="household_register", issued="no")
    assert "线上不能申请" in said
    assert "监护人" in said


@pytest.mark.rule("SEED, FAQ 4")
def test_the_household_register_ends_with_the_sixteenth_birthday() -> None:
    """满16周岁不能用户口簿。"""
    said = way(held="none", age="16", document="household_register", issued="no")
    assert "不能使用户口簿" in said


def test_only_register_holders_are_asked_about_the_identity_card() -> None:
    page = Client().get("/check", {"held": "none", "age": "10", "document": "household_register"})
    assert "办过居民身份证吗" in Page(page).title


@pytest.mark.parametrize("age", ["", "old", "-1", "131", "3.5", "９９９９９９９９９９"])
def test_an_age_that_is_none_is_asked_again_with_a_reason(age: str) -> None:
    page = Client().get("/check", {"held": "none", "age": age})
    assert Page(page).title.startswith("错误：")
    assert "年龄" in text_of(page)


def test_a_full_width_age_is_an_age() -> None:
    assert "哪种有效证件" in Page(Client().get("/check", {"held": "none", "age": "３５"})).title


@pytest.mark.parametrize("held", ["older", "one_card", "lost"])
def test_holders_are_sent_the_right_way(held: str) -> None:
    answer = Client().get("/check", {"held": held})
    assert answer["Location"] == f"/apply/held/{held}"


def test_asking_writes_nothing_down() -> None:
    way(held="none", age="35", document="resident_id")
    assert not AuditRow.objects.exists()


def upload(content: bytes, name: str = "photo.jpg") -> object:
    return Client().post("/photo", {"photo": SimpleUploadedFile(name, content, "image/jpeg")})


def test_a_good_photo_is_told_so_and_kept_nowhere() -> None:
    """合格照片直接告知,不保存。"""
    answer = upload(pictures.jpeg())
    assert "照片合格" in text_of(answer)
    assert not Photo.objects.exists()


def test_a_photo_of_the_wrong_size_is_measured_and_mended() -> None:
    """列出实测与要求,能改的改好,给前后对比。"""
    answer = upload(pictures.jpeg(pictures.upright((716, 882)), dpi=(72, 72)))
    said = text_of(answer)
    assert "716×882" in said
    assert "358" in said
    assert "照片改好了" in said
    page = answer.content.decode()
    assert page.count("data:image/jpeg;base64,") >= 2
    assert 'download="' in page


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\xff\xd8\xff" + b"\0" * 50, b"<svg/>"])
def test_a_file_that_is_no_photo_is_answered_calmly(content: bytes) -> None:
    answer = upload(content)
    assert answer.status_code in {200, 422}
    assert "Traceback" not in answer.content.decode()


def test_no_file_is_an_error_with_a_remedy() -> None:
    answer = Client().post("/photo", {})
    assert answer.status_code == 422
    assert "选择一个照片文件" in text_of(answer)
