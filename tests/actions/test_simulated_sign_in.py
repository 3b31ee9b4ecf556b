"""The page behind which a demo person is chosen, as our own web door sees it."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest

from onecard.actions import sign_in, simulated_sign_in
from onecard.adapters.http_partners import http_partners
from onecard.adapters.partners import in_partners, partners
from onecard.adapters.real_name import ProvenPerson
from onecard.adapters.simulation import SimulatedPartners, simulated_partners
from onecard.domain.refusal import NotFound, Refused
from onecard.seams.world import world

BACK_AT = "http://localhost/real-name/callback"


@pytest.fixture(autouse=True)
def played() -> Iterator[SimulatedPartners]:
    """Partners of software, in memory."""
    with in_partners(
        simulated_partners(state_folder=None, now=world().clock.now, seed=7)
    ) as chosen:
        assert isinstance(chosen, SimulatedPartners)
        yield chosen


def _query(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def test_the_chosen_demo_person_is_proven() -> None:
    """选择演示人员,带授权码返回,换得其身份。"""
    start = sign_in.begin(redirect_uri=BACK_AT)
    chosen = simulated_sign_in.demo_people()[0]
    back = simulated_sign_in.approve(query=_query(start.url), person=chosen.key)
    assert _query(back)["state"] == start.state
    proven = partners().real_name.exchange(
        code=_query(back)["code"],
        code_verifier=start.code_verifier,
        redirect_uri=BACK_AT,
        nonce=start.nonce,
    )
    assert proven == ProvenPerson("吴常顺", "320499199001019002", real_person=True)


def test_the_list_shows_no_whole_number() -> None:
    """列表中号码打码,表单里也没有号码。"""
    for person in simulated_sign_in.demo_people():
        assert person.masked_number.count("*") == 16
        assert not person.key.startswith("320499")


def test_somebody_who_is_not_in_the_list_cannot_be_chosen() -> None:
    start = sign_in.begin(redirect_uri=BACK_AT)
    with pytest.raises(NotFound):
        simulated_sign_in.approve(query=_query(start.url), person="320499199001019002")


@pytest.mark.parametrize("query", [{}, {"redirect_uri": "https://elsewhere.invalid/"}])
def test_a_request_that_is_not_ours_is_refused_with_words(query: dict[str, str]) -> None:
    """不是从本平台发起的登录请求,说明原因。"""
    key = simulated_sign_in.demo_people()[0].key
    for answer in (
        lambda: simulated_sign_in.approve(query=query, person=key),
        lambda: simulated_sign_in.deny(query=query),
    ):
        with pytest.raises(Refused) as refused:
            answer()
        assert refused.value.refusal.code == "partner.bad_sign_in"


def test_with_a_real_service_there_is_no_such_page() -> None:
    """接入真实服务后,没有这个页面。"""
    real = http_partners("https://gateway.invalid", now=world().clock.now)
    with in_partners(real):
        assert not simulated_sign_in.is_offered()
        with pytest.raises(NotFound):
            simulated_sign_in.demo_people()
