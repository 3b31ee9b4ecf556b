"""A token whose device starts anew forgets who we are: silent for a moment, never "no such key"."""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("pkcs11")

from onecard.adapters.purse_keys import KeysUnavailable
from onecard.adapters.purse_keys.pkcs11 import (
    Pkcs11PurseKeys,
    TokenDesk,
    TokenPlace,
    module,
)
from onecard.chip.purse_profile import Mac, PurseKey
from onecard.chip.purse_vectors import CARD, KEY_VERSION, TRIPLE_DES
from tests.adapters.purse_keys.a_token import LIBRARY, a_place, fill
from tests.adapters.purse_keys.questions import Asked

pytestmark = [
    pytest.mark.skipif(not LIBRARY.exists(), reason="SoftHSM is missing"),
    pytest.mark.xdist_group("softhsm"),
    pytest.mark.rule("card reference 11, fault 25"),
]
KNOWN = TRIPLE_DES.load.values[Mac.LOAD_MAC2]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[TokenPlace]:
    """A token with the test keys in it."""
    with a_place(tmp_path) as made:
        fill(made)
        yield made


def _starts_anew(place: TokenPlace) -> None:
    """Every session and the login are gone, as after a device's restart."""
    slot = module.library(LIBRARY).get_token(token_label=place.label).slot.slot_id
    assert not ctypes.CDLL(str(LIBRARY)).C_CloseAllSessions(ctypes.c_ulong(slot))


def _load(keys: Pkcs11PurseKeys) -> bytes:
    known = TRIPLE_DES.load
    order = Asked(keys, TRIPLE_DES).order(known)
    return keys.authorise_load(CARD, TRIPLE_DES.profile, known.init, **order)


def test_a_key_that_cannot_be_seen_is_not_a_key_that_nobody_has(place: TokenPlace) -> None:
    """设备重启后先报暂不可用,绝不误判为他人的卡。"""
    keys = Pkcs11PurseKeys(place, production=False)
    assert _load(keys) == KNOWN
    at_work = keys._vault._token._take()  # type: ignore[attr-defined]
    _starts_anew(place)
    assert at_work
    with pytest.raises(KeysUnavailable, match="UserNotLoggedIn"):
        _load(keys)
    assert _load(keys) == KNOWN


def test_a_crowd_after_each_restart_is_signed_right_or_not_at_all(place: TokenPlace) -> None:
    """每次重启后的并发请求:要么正确,要么暂不可用。"""
    keys = Pkcs11PurseKeys(replace(place, sessions=4), production=False)

    def ask(_: int) -> str:
        try:
            return "known" if _load(keys) == KNOWN else "wrong"
        except KeysUnavailable:
            return "silent"

    heard: Counter[str] = Counter()
    with ThreadPoolExecutor(8) as crowd:
        for _ in range(20):
            heard.update(crowd.map(ask, range(40)))
            _starts_anew(place)
    assert set(heard) == {"known", "silent"}
    assert heard["known"] > heard["silent"]


def test_a_ceremony_does_not_take_an_unseen_key_for_an_ended_one(place: TokenPlace) -> None:
    """看不见的密钥不当作已停用。"""
    desk = TokenDesk.at(place)
    assert desk.has(PurseKey.LOAD, KEY_VERSION)
    at_work = desk.token._take()
    _starts_anew(place)
    assert at_work
    with pytest.raises(KeysUnavailable):
        desk.destroy(PurseKey.LOAD, KEY_VERSION)
    assert desk.destroy(PurseKey.LOAD, KEY_VERSION)


def test_custodies_may_be_opened_side_by_side(place: TokenPlace) -> None:
    """多处同时首次接通设备。"""
    module.forget()
    with ThreadPoolExecutor(8) as crowd:
        made = crowd.map(lambda _: _load(Pkcs11PurseKeys(place, production=False)), range(8))
        assert set(made) == {KNOWN}
