"""The exact strings and their vectors (platform D5, D6)."""

from __future__ import annotations

import base64
import hashlib

import pytest

from onecard.adapters.hsm import software
from onecard.adapters.hsm.software import SoftwareHsm, public_of, signed, sm3
from onecard.domain import signature, webhook
from tests import cast

KEY = bytes(range(32))
PRIVATE = int("0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20", 16)
K = int("2122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f40", 16)
PUBLIC = (
    "0446d1086f6e5c938447f05280db707c279a7b459c38f19e4d9a30ad2dadf9f28a"
    "f45fc1dc5b377736b57e97e7e0563ccca24c97f440e1d137e5941d84d2eb43c9"
)
NONCE = "593BEC0C930BF1AFEB40B4A08C8FB242"
BODY = b'{"card_id":"card_01JGFJJZ000000000000000CA1","kind":"formal","reason":"lost"}'
S1 = signature.request_string(
    method="POST", url="/v1/losses", timestamp="1767225600", nonce=NONCE, body=BODY
)
S2 = signature.request_string(
    method="GET",
    url="/v1/cards?limit=50&after=b3BhcXVl",
    timestamp="1767225600",
    nonce=NONCE,
    body=b"",
)
R1 = signature.reply_string(
    timestamp="1767225601",
    nonce="7C2A9D0E4F1B4C3E9A8D5B6F0E1C2D3A",
    body=b'{"id":"loss_01JGFJJZ000000000000000KA1","state":"formal_loss"}',
)
DER = {
    S1: "MEQCIFA9mk2KVlvO0Z1g+FvoWDRlmopHyK3j5qtGC4l"
    "1mPOEAiAWjnsxWrD/0NhePb1IvHzWlOTceJJ38V7OgLozeFTpsw==",
    S2: "MEQCIGMc8Wz3V5uVYVRjtPCLmkJK3LtQ9HIac7SZE2a"
    "vgGdoAiAZyGQ5RD0R8ytaLxDmmQfPlWhoxXtEHCfc4psNRuI1eg==",
    R1: "MEUCIGPNdNuceDha8PDR/lFc5WWNQoDD+VI7rLHQq8T"
    "U4JnVAiEAtCyf56n1VbFc2mk0t2knXEJ6BHOVTkKoknC73EikxiE=",
}
HMAC = {
    S1: "GfImU7uzV16SnQnpA+y8/PtJLFayojQzPFpc86fvG+M=",
    S2: "lJehx8MTkxh8qUE8SuZ2VA8wlQHmPriRnujxU8Ee2CM=",
    R1: "N1TbHFIa+AoT2KRiLFh96e69CCAvLOXa8ic9LXKtE4s=",
}


@pytest.mark.rule("platform D5")
def test_the_string_to_sign_is_the_one_of_the_vectors() -> None:
    """五行,每行以换行结尾,最后一行也是。"""
    assert (len(S1), len(S2), len(R1)) == (138, 83, 107)
    assert hashlib.sha256(S1).hexdigest().startswith("80ac2b0d2100f985")
    assert hashlib.sha256(S2).hexdigest().startswith("48ac6c66905ce38d")
    assert sm3(S1).hex() == "7242d88aa02667f34ae908f02c2b3a0b1070111e8a0474ae3d43e6f351ac26e7"
    assert base64.b64encode(sm3(BODY)).decode() == "KSrcq/pRxq0/5SJgZhlPG9H89H1Ravx5VmiOzkt/3Ys="


@pytest.mark.rule("platform D5")
@pytest.mark.parametrize("message", [S1, S2, R1])
def test_the_hmac_profile_signs_as_in_the_vectors(message: bytes) -> None:
    assert signature.hmac_signature(message, key=KEY) == HMAC[message]
    assert signature.is_hmac_of(HMAC[message], message, key=KEY)
    assert not signature.is_hmac_of(HMAC[message], message + b" ", key=KEY)


@pytest.mark.rule("platform D5")
@pytest.mark.parametrize("message", [S1, S2, R1])
def test_the_sm2_profile_signs_and_verifies_as_in_the_vectors(message: bytes) -> None:
    """国密签名以SM3为摘要,用户标识取标准默认值。"""
    made = signed(message, private=PRIVATE, k=K)
    assert base64.b64encode(made).decode() == DER[message]
    assert SoftwareHsm().verify(PUBLIC, message, made)
    assert not SoftwareHsm().verify(PUBLIC, message[:-1], made)


def test_the_public_key_and_z_are_those_of_the_vectors() -> None:
    z = "e8cefdf4937b24acd6f27417393a1d8f0854fbad2cbe6fb5fb7c6bed859f8774"
    assert public_of(PRIVATE) == PUBLIC
    assert software._z(PUBLIC).hex() == z


@pytest.mark.parametrize(
    "made",
    [
        b"",
        b"0",
        b"\x30\x00",
        b"\x30\x06\x02\x01\x00\x02\x01\x01",
        b"\x30\x06\x02\x01\x01\x02\x01\x00",
        signed(S1, private=PRIVATE, k=K) + b"\x00",
    ],
)
def test_what_is_no_signature_is_wrong_and_never_an_error(made: bytes) -> None:
    assert not SoftwareHsm().verify(PUBLIC, S1, made)


@pytest.mark.parametrize(
    "key", ["", "04", "05" + PUBLIC[2:], PUBLIC[:-1] + "8", PUBLIC.upper(), "04" + "0" * 128]
)
def test_what_is_no_point_of_the_curve_verifies_nothing(key: str) -> None:
    assert not SoftwareHsm().verify(key, S1, signed(S1, private=PRIVATE, k=K))


def test_keys_that_begin_with_zeros_and_fours_are_taken_whole() -> None:
    """The library cuts such digits off; one key in sixteen begins with one."""
    hsm = SoftwareHsm()
    begun = set()
    for number in range(60):
        public = hsm.public_key(f"key {number}")
        begun.add(public[2])
        if public[2] in "04":
            message = f"{number}".encode()
            made = hsm.sign(f"key {number}", message)
            assert hsm.verify(public, message, made)
    assert {"0", "4"} & begun


@pytest.mark.rule("platform D6")
def test_webhooks_are_signed_as_in_the_vectors() -> None:
    """推送签名:消息号、时间、报文原文以点相连。"""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    body = (
        b'{"specversion":"1.0","id":"evt_01JGFJJZ000000000000000EV1","type":"loss.formal.created"}'
    )
    string = webhook.signed_string(
        message="evt_01JGFJJZ000000000000000EV1", timestamp="1767225600", body=body
    )
    assert webhook.shown_secret(KEY) == "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    assert webhook.v1(string, key=KEY) == "v1,Iy2PdDWz4vK5vEpXX/f15CsM5R3q4BqIZrRKQLvuHgg="
    v1a = Ed25519PrivateKey.from_private_bytes(KEY).sign(string)
    assert base64.b64encode(v1a).decode().startswith("bkx21y3+qEnHaVNnV2MphK1b1NJzIPzPwY")
    sm2 = base64.b64encode(signed(string, private=PRIVATE, k=K)).decode()
    assert sm2.startswith("MEYCIQCErlzTRA3jg/Rze4JMgY2nsEZ6IQoRWAfpfrNPxC1q/gIhAJ+0z2xfXTUL")


@pytest.mark.parametrize("off", [-301, 301])
def test_a_signature_counts_for_five_minutes_on_both_sides(off: int) -> None:
    """签名时间与平台时钟相差不超过300秒。"""
    now = cast.MONDAY_9AM
    at = int(now.timestamp())
    for seconds, right in ((off, False), (off - off // abs(off), True)):
        refusal = signature.must_be_timely(timestamp=str(at + seconds), at=now, window_seconds=300)
        assert (refusal is None) is right


@pytest.mark.parametrize("timestamp", ["", "1.5", "+1", " 1", "1e9", "١٢٣", "0x10", "-1", "9" * 20])
def test_a_time_that_is_no_whole_number_of_seconds_is_refused(timestamp: str) -> None:
    refusal = signature.must_be_timely(
        timestamp=timestamp, at=cast.MONDAY_9AM, window_seconds=10**12
    )
    assert refusal is not None
    assert refusal.code == "signature.time"


def test_a_wechat_style_header_says_the_same() -> None:
    shown = signature.Shown(
        "ONECARD-SM2-WITH-SM3", "ksm_1", "1767225600", NONCE, DER[S1], partner="cli_1"
    )
    assert signature.shown_in({"Authorization": signature.authorization(shown)}) == shown
    assert signature.shown_in({"Authorization": "Bearer x"}) is None
    assert signature.shown_in({}) is None


def test_of_many_signatures_only_the_first_ten_are_looked_at() -> None:
    """签名最多看十个,不认识的版本跳过。"""
    right = webhook.v1(b"m", key=KEY)
    for before, seen in ((9, True), (10, False)):
        many = " ".join(["v1,AAAA"] * before + ["v9,zz", right])
        assert webhook.is_signed(many, b"m", keys=(KEY,)) is seen
    assert not webhook.is_signed("", b"m", keys=(KEY,))
    assert not webhook.is_signed("v1,%%%", b"m", keys=(KEY,))
