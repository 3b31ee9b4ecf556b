"""Who is let in: signatures, nonces, tokens, keys that end, limits (platform D5)."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from onecard.actions import api_client, partner
from onecard.adapters.hsm.software import SoftwareHsm
from onecard.domain import signature
from onecard.domain.authority import THE_CLOCK
from onecard.domain.partner_scope import PartnerKind
from onecard.domain.signature import HEADERS, Profile
from onecard.records.models import AuditRow, PartnerNonce
from onecard.seams.world import world
from tests import made_card
from tests.api.partner import stage
from tests.api.partner.calling import Partner, a_bank, a_partner

pytestmark = pytest.mark.django_db
CARDS = "/v1/cards"


def code(answer: Any) -> str:
    """The code of a problem."""
    assert answer["Content-Type"] == "application/problem+json", answer.content
    return str(answer.json()["code"])


def send(bank: Partner, headers: dict[str, str], url: str = CARDS) -> Any:
    return bank.http.get(url, headers=headers)


@pytest.mark.parametrize("profile", [Profile.HMAC, Profile.SM2])
def test_a_signed_request_is_let_in_and_its_reply_is_signed(profile: Profile) -> None:
    """请求和应答都签名,两种算法同一串文字。"""
    bank = a_bank(profile=profile)
    answer = bank.get(f"{CARDS}?limit=5")
    assert answer.status_code == 200, answer.content
    message = signature.reply_string(
        timestamp=answer[HEADERS["timestamp"]], nonce=answer[HEADERS["nonce"]], body=answer.content
    )
    made = answer[HEADERS["signature"]]
    if profile is Profile.HMAC:
        assert signature.is_hmac_of(made, message, key=bank.key)
    else:
        ours = Client().get("/v1/keys").json()[0]
        assert answer[HEADERS["serial"]] == ours["serial"]
        assert SoftwareHsm().verify(ours["public_key"], message, base64.b64decode(made))


def test_a_problem_is_signed_too() -> None:
    answer = a_bank().get("/v1/cards/crd_none")
    assert answer.status_code == 404
    assert answer[HEADERS["signature"]]


def test_a_wechat_style_authorization_header_is_let_in() -> None:
    bank = a_bank(profile=Profile.SM2)
    shown = replace(bank.sign("GET", CARDS, b""), partner=bank.client)
    answer = send(bank, {"Authorization": signature.authorization(shown)})
    assert answer.status_code == 200
    other = replace(bank.sign("GET", CARDS, b""), partner="cli_another")
    assert send(bank, {"Authorization": signature.authorization(other)}).status_code == 401


@pytest.mark.rule("guarantees 8, threat 11")
def test_the_same_request_sent_again_is_refused_and_noted() -> None:
    """同一条报文重放,一律拒绝并记录。"""
    bank = a_bank()
    headers = bank.headers("GET", CARDS, b"")
    assert send(bank, headers).status_code == 200
    again = send(bank, headers)
    assert (again.status_code, code(again)) == (401, "signature.nonce")
    kept = AuditRow.objects.get(act="partner.admit")
    assert (kept.result, kept.code, kept.actor_ref) == ("refused", "signature.nonce", bank.client)


def test_a_wrong_signature_uses_up_no_nonce() -> None:
    bank = a_bank()
    headers = bank.headers("GET", CARDS, b"")
    wrong = send(bank, headers | {HEADERS["signature"]: "AAAA"})
    assert (wrong.status_code, code(wrong)) == (401, "signature.invalid")
    assert send(bank, headers).status_code == 200


@pytest.mark.parametrize("part", sorted(HEADERS))
def test_every_part_of_a_signature_counts(part: str) -> None:
    bank = a_bank()
    headers = bank.headers("GET", CARDS, b"")
    for wrong in ("", "x" * 20, headers[HEADERS[part]] + "A"):
        answer = send(bank, headers | {HEADERS[part]: wrong})
        assert answer.status_code == 401
        assert code(answer) in {"signature.invalid", "signature.time"}


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_clock_that_is_wrong_is_told_so(seconds: int) -> None:
    bank = a_bank()
    at = str(int(world().clock.now().timestamp()) + seconds)
    shown = bank.sign("GET", CARDS, b"", timestamp=at)
    answer = send(bank, {HEADERS[name]: getattr(shown, name) for name in HEADERS})
    assert (answer.status_code, code(answer)) == (401, "signature.time")
    assert answer.json()["measured"]["now"] == int(world().clock.now().timestamp())


def test_a_body_that_was_written_anew_does_not_fit_its_signature() -> None:
    """报文原文一字不能动。"""
    bank = a_bank()
    signed, sent = b'{"a":1}', b'{"a": 1}'
    answer = bank.http.post(
        "/v1/losses",
        data=sent,
        content_type="application/json",
        headers=bank.headers("POST", "/v1/losses", signed) | {"Idempotency-Key": "k"},
    )
    assert (answer.status_code, code(answer)) == (401, "signature.invalid")


def test_the_signature_is_verified_before_the_body_is_read() -> None:
    answer = a_bank().http.post(
        "/v1/losses",
        data=b'{"a": {{{',
        content_type="application/json",
        headers={HEADERS["serial"]: "khm_none", "Idempotency-Key": "k"},
    )
    assert (answer.status_code, code(answer)) == (401, "signature.invalid")


def test_the_query_is_part_of_what_is_signed() -> None:
    bank = a_bank()
    headers = bank.headers("GET", f"{CARDS}?limit=5", b"")
    assert send(bank, headers, f"{CARDS}?limit=6").status_code == 401
    assert send(bank, headers, f"{CARDS}?limit=5").status_code == 200


def test_old_and_new_key_overlap_until_the_old_one_ends() -> None:
    """换钥有并用期,到期旧钥失效。"""
    bank = a_bank()
    now = world().clock.now()
    new = partner.add_key(client=bank.client, profile=Profile.HMAC, actor=THE_CLOCK, at=now)
    renewed = replace(bank, serial=new.serial, key=base64.b64decode(new.secret))
    assert bank.get(CARDS).status_code == renewed.get(CARDS).status_code == 200
    made_card.clock().advance(timedelta(days=30))
    assert bank.get(CARDS).status_code == 401
    assert renewed.get(CARDS).status_code == 200


def test_a_key_or_client_that_is_taken_away_ends_at_once() -> None:
    """吊销立即生效。"""
    bank, other = a_bank(), a_bank("abc")
    now = world().clock.now()
    partner.revoke_key(serial=bank.serial, actor=THE_CLOCK, at=now)
    api_client.revoke(client=other.client, actor=THE_CLOCK, at=now)
    assert bank.get(CARDS).status_code == other.get(CARDS).status_code == 401


def test_a_token_is_enough_for_a_hospital_and_never_for_a_bank() -> None:
    """银行每条报文都要签名,医院可用短时凭据。"""
    hospital = a_partner(PartnerKind.HOSPITAL).with_token()
    assert hospital.get(CARDS).status_code == 200
    answer = a_bank().with_token().get(CARDS)
    assert (answer.status_code, code(answer)) == (401, "signature.missing")


def test_token_and_signature_together_must_be_of_one_client() -> None:
    bank, other = a_bank(), a_bank("abc")
    for who, status in ((bank, 200), (other, 401)):
        headers = bank.headers("GET", CARDS, b"") | who.with_token().headers("GET", "", b"")
        assert send(bank, headers).status_code == status
    junk = bank.headers("GET", CARDS, b"") | {"Authorization": "Bearer oat.x.1.y.z"}
    assert send(bank, junk).status_code == 401


def test_a_token_narrows_scopes_and_ends_after_minutes() -> None:
    hospital = a_partner(PartnerKind.HOSPITAL)
    narrow = hospital.with_token("event:event.read")
    assert narrow.get("/v1/events").status_code == 200
    assert (narrow.get(CARDS).status_code, code(narrow.get(CARDS))) == (
        403,
        "request.scope_missing",
    )
    made_card.clock().advance(timedelta(seconds=600))
    assert narrow.get("/v1/events").status_code == 401


@pytest.mark.parametrize(
    "token", ["", "x", "oat", "oat.", "oat.a.b.c.d", "oat.cli_x.9999999999.card:card.read.00"]
)
def test_what_is_no_token_lets_nobody_in(token: str) -> None:
    answer = Client().get(CARDS, headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, code(answer)) == (401, "request.not_signed_in")


def test_the_client_secret_itself_opens_nothing() -> None:
    hospital = a_partner(PartnerKind.HOSPITAL)
    for path in (CARDS, "/api/v1/applications"):
        answer = Client().get(path, headers={"Authorization": f"Bearer {hospital.secret}"})
        assert answer.status_code == 401


def test_a_token_is_given_by_form_or_by_basic_and_refused_as_the_standard_says() -> None:
    hospital = a_partner(PartnerKind.HOSPITAL)
    basic = base64.b64encode(f"{hospital.client}:{hospital.secret}".encode()).decode()
    form = {"grant_type": "client_credentials"}

    def ask(body: dict[str, str], authorization: str = "") -> tuple[int, str]:
        headers = {"Authorization": authorization} if authorization else {}
        answer = Client().post("/v1/oauth/token", body, headers=headers)
        return answer.status_code, answer.json().get("error", "")

    assert ask(form, f"Basic {basic}") == (200, "")
    assert ask(form, "Basic %%%") == (401, "invalid_client")
    assert ask(form) == (401, "invalid_client")
    assert ask({"grant_type": "password"}) == (400, "unsupported_grant_type")
    assert ask(form | {"scope": "card:loss.write"}, f"Basic {basic}") == (400, "invalid_scope")


@pytest.mark.parametrize("field", ["client_id", "client_secret", "scope"])
def test_a_credential_with_a_character_that_no_database_keeps_is_refused(field: str) -> None:
    """凭据里有不可见字符,按标准拒绝,不出5xx。"""
    hospital = a_partner(PartnerKind.HOSPITAL)
    right = {"client_id": hospital.client, "client_secret": hospital.secret}
    form = {"grant_type": "client_credentials"} | right | {field: "a\0b"}
    answer = Client().post("/v1/oauth/token", form)
    assert answer.status_code == (400 if field == "scope" else 401), answer.content


def test_an_address_with_nul_in_it_leads_nowhere() -> None:
    for path in ("/v1/cards/%00", "/v1/losses/a%00b"):
        assert a_bank().get(path).status_code in {401, 404}
    token = a_partner(PartnerKind.HOSPITAL).with_token()
    assert token.get("/v1/cards/%00").status_code == 404


def test_limits_are_said_and_kept_for_each_purpose() -> None:
    """频次按合作方和用途计,不按地址计。"""
    hospital, other = (a_partner(PartnerKind.HOSPITAL).with_token() for _ in range(2))
    body = {"card_number": "B00000000", "identity_number": "x"}
    first = hospital.get(CARDS)
    assert first["RateLimit-Policy"] == '"read";q=600;w=60'
    assert first["RateLimit"] == '"read";r=599;t=1'
    from onecard.records.models import PartnerBucket

    PartnerBucket.objects.filter(client=hospital.client).update(tokens=0)
    full = hospital.get(CARDS)
    assert (full.status_code, code(full), full["Retry-After"]) == (429, "request.too_many", "1")
    assert other.get(CARDS).status_code == 200
    assert hospital.post("/v1/persons/search", body, key="-").status_code == 200
    made_card.clock().advance(timedelta(seconds=1))
    assert hospital.get(CARDS).status_code == 200


@pytest.mark.rule("guarantees 8, threat 9")
def test_whoever_walks_the_numbers_is_stopped_for_the_day() -> None:
    """连号试探到上限即停止。"""
    stage.a_card()
    hospital = a_partner(PartnerKind.HOSPITAL).with_token()
    pair = {"card_number": "B12345678", "identity_number": "320499199001010016"}
    answers = {hospital.post("/v1/persons/search", pair, key="-").content for _ in range(50)}
    assert answers == {b'{"match": false, "card_id": "", "pseudonym": ""}'}
    right = pair | {"identity_number": "320499199001010024"}
    stopped = hospital.post("/v1/persons/search", right, key="-")
    assert (stopped.status_code, code(stopped)) == (429, "partner.too_many_misses")
    made_card.clock().advance(timedelta(days=1))
    again = replace(hospital, token="").with_token()  # the token of yesterday is over
    assert again.post("/v1/persons/search", right, key="-").json()["match"] is True


def test_nonces_are_kept_longer_than_a_signature_counts() -> None:
    bank = a_bank()
    bank.get(CARDS)
    later = world().clock.now() + timedelta(minutes=14)
    partner.forget_nonces(actor=THE_CLOCK, at=later)
    assert PartnerNonce.objects.count() == 1
    partner.forget_nonces(actor=THE_CLOCK, at=later + timedelta(minutes=2))
    assert PartnerNonce.objects.count() == 0


def test_a_body_too_large_is_refused_unread() -> None:
    answer = a_bank().post("/v1/losses", b"x" * ((1 << 20) + 1))
    assert (answer.status_code, code(answer)) == (413, "request.body_size")


def test_two_partners_get_different_names_for_one_person() -> None:
    stage.a_card()
    pair = {"card_number": "B12345678", "identity_number": "320499199001010024"}
    told = [
        a_partner(PartnerKind.HOSPITAL).with_token().post("/v1/persons/search", pair).json()
        for _ in range(2)
    ]
    assert [one["match"] for one in told] == [True, True]
    assert len({one["pseudonym"] for one in told}) == 2
    assert json.dumps(told).find("320499") == -1
