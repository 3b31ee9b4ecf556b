"""Real-name sign-in, in process and over a wire: codes that work once, tokens that are proven."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from onecard.adapters.hr_database import magic
from onecard.adapters.hr_database.magic import Resident
from onecard.adapters.real_name import NotProven, ProvenPerson
from onecard.adapters.real_name.openid import CLIENT_ID, Denied, Granted, OpenIdRealName
from onecard.adapters.real_name.simulated import BadAuthorizeRequest
from tests import cast
from tests.adapters.stage import Stage

NUMBER = magic.ALL_WELL.person.identity_number
VERIFIER = "a-verifier-that-only-the-application-knows-0123456789"
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
)
BACK_AT = "http://127.0.0.1:8000/real-name/callback"


def test_the_chosen_person_comes_back_proven(stage: Stage) -> None:
    """实名认证通过后,得到本人姓名和号码。"""
    assert _exchange(stage, _code(stage)) == ProvenPerson("吴常顺", NUMBER, real_person=True)


def test_the_address_says_nothing_about_the_person(stage: Stage) -> None:
    """地址里没有个人信息。"""
    url = _authorize_url(stage)
    assert set(_query(url)) == {
        "response_type",
        "client_id",
        "scope",
        "redirect_uri",
        "state",
        "nonce",
        "code_challenge",
        "code_challenge_method",
    }
    assert urlsplit(url).path.endswith("real-name/authorize")


def test_the_state_comes_back_with_the_code(stage: Stage) -> None:
    back = stage.inside.real_name.approve(_query(_authorize_url(stage)), NUMBER)
    assert back.startswith(BACK_AT + "?")
    assert _query(back)["state"] == "the state"


def test_a_code_works_once(stage: Stage) -> None:
    """授权码只能用一次。"""
    code = _code(stage)
    _exchange(stage, code)
    assert _exchange(stage, code) == NotProven("invalid_grant")


def test_a_failed_try_uses_the_code_up(stage: Stage) -> None:
    """试错一次,授权码即作废。"""
    code = _code(stage)
    assert _exchange(stage, code, code_verifier="guessed") == NotProven("invalid_grant")
    assert _exchange(stage, code) == NotProven("invalid_grant")


def test_a_code_lives_for_five_minutes(stage: Stage) -> None:
    code = _code(stage)
    stage.clock.advance(timedelta(minutes=5))
    assert _exchange(stage, code) == NotProven("invalid_grant")


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "guessed"},
        {"code": ""},
        {"code_verifier": VERIFIER + "x"},
        {"code_verifier": ""},
        {"redirect_uri": BACK_AT + "/elsewhere"},
    ],
    ids=["other code", "no code", "other verifier", "no verifier", "other page"],
)
def test_nothing_is_proven_when_anything_does_not_fit(stage: Stage, wrong: dict[str, str]) -> None:
    """授权码、验证串、返回地址,缺一不可。"""
    code = wrong.get("code", _code(stage))
    facts = {key: value for key, value in wrong.items() if key != "code"}
    assert _exchange(stage, code, **facts) == NotProven("invalid_grant")


def test_a_token_for_another_sign_in_is_not_believed(stage: Stage) -> None:
    """Nonce 不符,不采信。"""
    assert _exchange(stage, _code(stage), nonce="another") == NotProven("bad_token")


def test_somebody_who_says_no_comes_back_without_a_code(stage: Stage) -> None:
    back = stage.inside.real_name.deny(_query(_authorize_url(stage)))
    assert _query(back) == {"error": "access_denied", "state": "the state"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"redirect_uri": "https://elsewhere.invalid/"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": "http://[broken"},
        {"client_id": "another"},
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
        {"response_type": "token"},
        {"nonce": ""},
        {"state": ""},
    ],
    ids="-".join,
)
def test_a_request_no_application_of_ours_makes_gets_no_code(
    stage: Stage, wrong: dict[str, str]
) -> None:
    """只把授权码交给本平台的地址。"""
    query = {**_query(_authorize_url(stage)), **wrong}
    with pytest.raises(BadAuthorizeRequest):
        stage.inside.real_name.approve(query, NUMBER)


def test_nobody_signs_in_as_somebody_unknown(stage: Stage) -> None:
    with pytest.raises(BadAuthorizeRequest):
        stage.inside.real_name.approve(_query(_authorize_url(stage)), cast.ADULT)


def test_seeded_people_can_sign_in_and_are_found_by_the_province(stage: Stage) -> None:
    """演示人员既能登录,省库也查得到。"""
    person = replace(magic.ALL_WELL.person, identity_number=cast.ADULT, name="阿依·古丽")
    stage.inside.seed([Resident(person)])
    proven = _exchange(stage, _code(stage, cast.ADULT))
    assert proven == ProvenPerson("阿依·古丽", cast.ADULT, real_person=True)
    assert stage.partners.hr_database.find_person(cast.ADULT) == person


@pytest.mark.parametrize(
    ("name", "number", "together"),
    [
        ("吴常顺", NUMBER, True),
        ("吴常", NUMBER, False),
        ("吴常顺", cast.ADULT, False),
        ("", NUMBER, False),
    ],
)
def test_a_clerk_hears_whether_name_and_number_belong_together(
    stage: Stage,
    name: str,
    number: str,
    together: bool,  # noqa: FBT001 - parametrized
) -> None:
    """姓名与号码是否一致。"""
    assert stage.partners.real_name.matches(name=name, identity_number=number) is together


def test_dots_and_width_make_no_other_name(stage: Stage) -> None:
    """间隔号写法不同,仍是同一姓名。"""
    person = replace(magic.ALL_WELL.person, identity_number=cast.ADULT, name="阿依·古丽")
    stage.inside.seed([Resident(person)])
    assert stage.partners.real_name.matches(name="阿依•古丽", identity_number=cast.ADULT)


class Forger:
    """A provider whose tokens are wrong in one place."""

    def __init__(self, now: datetime, key: Any = None, **changed: Any) -> None:
        self._key = OKPKey.generate_key("Ed25519")
        self._signing = key or self._key
        claims = {
            "iss": "urn:right",
            "aud": CLIENT_ID,
            "iat": int(now.timestamp()),
            "exp": int(now.timestamp()) + 300,
            "nonce": "the nonce",
            "name": "王芳",
            "identity_number": cast.ADULT,
            "real_person": True,
        }
        self._claims = {key: value for key, value in (claims | changed).items() if value != "gone"}

    def issuer(self) -> str:
        """The issuer that was agreed."""
        return "urn:right"

    def keys(self) -> Mapping[str, Any]:
        """The public key that was agreed."""
        return {"keys": [self._key.as_dict(private=False)]}

    def token(self, form: Mapping[str, str]) -> Granted | Denied:
        """A token with the claims as changed."""
        del form
        algorithm = "HS256" if isinstance(self._signing, OctKey) else "Ed25519"
        header = {"alg": algorithm}
        return Granted(jwt.encode(header, self._claims, self._signing, [algorithm]))

    def matches(self, *, name: str, identity_number: str) -> bool:
        """Everybody is who they say."""
        return bool(name and identity_number)


NOW = cast.MONDAY_9AM


def _believed(forger: Forger) -> ProvenPerson | NotProven:
    sign_in = OpenIdRealName(forger, page="/", now=lambda: NOW)
    return sign_in.exchange(code="c", code_verifier="v", redirect_uri=BACK_AT, nonce="the nonce")


def test_a_token_that_is_right_in_every_place_is_believed() -> None:
    assert _believed(Forger(NOW)) == ProvenPerson("王芳", cast.ADULT, real_person=True)


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "urn:wrong"},
        {"aud": "another"},
        {"exp": int(NOW.timestamp()) - 61},
        {"iat": int(NOW.timestamp()) + 3600},
        {"nonce": "another"},
        {"iss": "gone"},
        {"aud": "gone"},
        {"exp": "gone"},
        {"nonce": "gone"},
        {"name": 7},
        {"identity_number": "gone"},
        {"real_person": "yes"},
    ],
    ids=str,
)
def test_a_token_that_is_wrong_in_one_place_is_not_believed(changed: dict[str, Any]) -> None:
    """签发者、受众、时效、nonce、字段,错一处即不采信。"""
    assert _believed(Forger(NOW, **changed)) == NotProven("bad_token")


def test_a_token_signed_by_another_key_is_not_believed() -> None:
    """签名不对,不采信。"""
    assert _believed(Forger(NOW, key=OKPKey.generate_key("Ed25519"))) == NotProven("bad_token")


def test_a_token_signed_with_the_public_key_as_a_secret_is_not_believed() -> None:
    """算法混淆攻击无效。"""
    secret = OctKey.import_key(b"k" * 32)
    assert _believed(Forger(NOW, key=secret)) == NotProven("bad_token")


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "\ud800"])
def test_what_is_no_token_is_not_believed(token: str) -> None:
    forger = Forger(NOW)
    forger.token = lambda form: Granted(token)  # type: ignore[method-assign,assignment] # noqa: ARG005
    assert _believed(forger) == NotProven("bad_token")


def test_keys_that_are_no_keys_prove_nobody() -> None:
    forger = Forger(NOW)
    odd: tuple[dict[str, Any], ...] = (
        {},
        {"keys": 7},
        {"keys": []},
        {"keys": ["x"]},
        {"keys": [{"kty": "odd"}]},
    )
    for keys in odd:
        forger.keys = lambda keys=keys: keys  # type: ignore[method-assign,misc]
        assert _believed(forger) == NotProven("bad_token")


def _authorize_url(stage: Stage) -> str:
    return stage.partners.real_name.authorize_url(
        state="the state", nonce="the nonce", code_challenge=CHALLENGE, redirect_uri=BACK_AT
    )


def _code(stage: Stage, number: str = NUMBER) -> str:
    query = _query(_authorize_url(stage))
    return _query(stage.inside.real_name.approve(query, number))["code"]


def _exchange(stage: Stage, code: str, **wrong: str) -> ProvenPerson | NotProven:
    facts = {"code_verifier": VERIFIER, "redirect_uri": BACK_AT, "nonce": "the nonce", **wrong}
    return stage.partners.real_name.exchange(code=code, **facts)


def _query(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))
