"""A sign-in that ended in the middle of a form leads back to the page the form stood on."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from onecard import words

pytestmark = pytest.mark.django_db
HERE = "http://testserver"


def way_back(client: Client, address: str, referer: str) -> str:
    answer = client.post(address, headers={"Referer": referer} if referer else {})
    assert answer.status_code in {302, 303}
    return parse_qs(urlsplit(answer["Location"]).query)["next"][0]


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/counter/find", "/counter/"),
        ("/counter/application/app_x/retract", "/counter/application/app_x"),
        ("/counter/person/per_x/unmask", "/counter/person/per_x"),
        ("/office/batches/make", "/office/batches"),
        ("/applications/260302/retract", "/applications/260302"),
    ],
)
def test_the_way_back_is_the_page_not_the_address_that_only_takes_forms(
    client: Client, address: str, page: str
) -> None:
    """登录到期后重新登录，回到原来的页面，不是空白页。"""
    assert way_back(client, address, f"{HERE}{page}") == page


@pytest.mark.parametrize("referer", ["", "https://evil.example/counter/", "https://evil.example"])
def test_a_foreign_page_is_no_way_back(client: Client, referer: str) -> None:
    """别处来的地址不作为返回地址。"""
    assert way_back(client, "/counter/find", referer) == "/counter/find"


@pytest.mark.parametrize("address", ["/sign-out", "/sign-in/out"])
def test_an_address_that_only_takes_forms_is_no_blank_page(client: Client, address: str) -> None:
    """只接收提交的网址，直接打开时也有说明。"""
    answer = client.get(address)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert words.text("common.failure.absent.headline") in answer.content.decode()
