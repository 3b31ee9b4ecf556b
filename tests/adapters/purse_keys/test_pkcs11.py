"""Purse keys in a real SoftHSM token: known answers, nothing readable, nothing left behind."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pkcs11 = pytest.importorskip("pkcs11")

from pkcs11 import Attribute, MechanismFlag, ObjectClass  # noqa: E402

from onecard.adapters.purse_keys import (  # noqa: E402
    KeysUnavailable,
    ProfileNotAllowed,
    UnknownKeyVersion,
)
from onecard.adapters.purse_keys.components import check_value_of  # noqa: E402
from onecard.adapters.purse_keys.key_desk import KeyExists, WrongCheckValue  # noqa: E402
from onecard.adapters.purse_keys.pkcs11 import (  # noqa: E402
    Pkcs11PurseKeys,
    TacWay,
    TokenDesk,
    TokenPlace,
    keys,
    module,
)
from onecard.adapters.purse_keys.pkcs11.token import Token  # noqa: E402
from onecard.adapters.purse_keys.pkcs11.vault import (  # noqa: E402
    TacKeyMissing,
    TacOnHostInProduction,
)
from onecard.adapters.purse_keys.software import SoftwarePurseKeys  # noqa: E402
from onecard.chip.purse_arithmetic import level_data  # noqa: E402
from onecard.chip.purse_files import CardIdentity  # noqa: E402
from onecard.chip.purse_profile import Mac, PurseKey  # noqa: E402
from onecard.chip.purse_vectors import CARD, MASTERS, SM4, TRIPLE_DES  # noqa: E402
from tests.adapters.purse_keys.a_token import LIBRARY, MASK, a_place, fill  # noqa: E402
from tests.adapters.purse_keys.questions import CASES, Asked, Case  # noqa: E402

pytestmark = [
    pytest.mark.skipif(not LIBRARY.exists(), reason="SoftHSM is missing"),
    pytest.mark.xdist_group("softhsm"),
]
PROFILE, LOAD = TRIPLE_DES.profile, TRIPLE_DES.load


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TokenPlace]:
    """A token with the test keys in it."""
    with a_place(tmp_path_factory.mktemp("token")) as made:
        fill(made)
        yield made


@pytest.fixture
def custody(place: TokenPlace) -> Asked:
    """The custody over it."""
    return Asked(Pkcs11PurseKeys(place, production=False), TRIPLE_DES)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[TokenPlace]:
    """A token with nothing in it; the other one is out of reach meanwhile."""
    with a_place(tmp_path) as made:
        yield made


def load(asked: Asked, **changed: Any) -> bytes:
    """MAC2 of the known load."""
    init = replace(LOAD.init, **changed)
    return asked.keys.authorise_load(CARD, PROFILE, init, **asked.order(LOAD))


def tac_fits(asked: Asked, card: CardIdentity = CARD) -> bool:
    """Whether the known TAC fits a card."""
    return asked.keys.check_load_tac(card, PROFILE, LOAD.attempt, LOAD.values[Mac.LOAD_TAC])


@pytest.mark.rule("card reference 4.3, 4.4, 14.1, 14.2")
@pytest.mark.parametrize("way", TacWay, ids=lambda way: str(way.value))
@pytest.mark.parametrize("question", CASES, ids=lambda case: str(case.__name__))
def test_a_token_answers_as_every_custody_must(
    question: Case, way: TacWay, place: TokenPlace
) -> None:
    """密码设备:已知答案与常见错误。"""
    question(Asked(Pkcs11PurseKeys(replace(place, tac=way), production=False), TRIPLE_DES))


def test_a_token_and_memory_agree_on_a_drain(custody: Asked) -> None:
    software = Asked(SoftwarePurseKeys(production=False), TRIPLE_DES)
    assert custody.drain() == software.drain()


@pytest.mark.rule("card reference 14.2, secrecy check")
def test_no_key_can_be_read_and_a_master_key_encrypts_nothing(place: TokenPlace) -> None:
    """主密钥不可导出,且只能分散。"""
    derive = MechanismFlag.DERIVE
    with Token(place).session() as opened:
        for kind in PurseKey:
            master = opened.key(keys.label_of(kind, 1))
            with keys.derived(master, level_data(PROFILE, CARD)[0], derive) as level:
                for handle in (master, level):
                    assert not handle[Attribute.ENCRYPT]
                    assert not handle[Attribute.EXTRACTABLE]
                    with pytest.raises(pkcs11.exceptions.AttributeSensitive):
                        handle[Attribute.VALUE]


def test_a_master_key_gets_no_further_right_not_even_as_a_copy(empty: TokenPlace) -> None:
    """主密钥用途不可放宽,复制件也不行。"""
    fill(empty)
    TokenDesk.at(empty).generate(PurseKey.LOAD, 2)
    with Token(empty).writing() as session:
        for version in (1, 2):
            master = keys.found(session, keys.label_of(PurseKey.LOAD, version))
            assert not master[Attribute.MODIFIABLE]
            with pytest.raises(pkcs11.exceptions.PKCS11Error):
                master[Attribute.ENCRYPT] = True
            with pytest.raises(pkcs11.exceptions.PKCS11Error):
                master.copy({Attribute.ENCRYPT: True, Attribute.TOKEN: False})


@pytest.mark.parametrize("way", TacWay, ids=lambda way: str(way.value))
def test_no_handle_is_left_when_a_verb_is_done(place: TokenPlace, way: TacWay) -> None:
    """派生句柄用完即毁。"""
    asked = Asked(Pkcs11PurseKeys(replace(place, tac=way), production=False), TRIPLE_DES)
    load(asked)
    tac_fits(asked)
    with pytest.raises(Exception, match="mac1"):
        load(asked, mac1=bytes(4))
    with Token(place).session() as opened:
        left = {Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.TOKEN: False}
        assert list(opened.session.get_objects(left)) == []


def test_many_threads_share_the_sessions(custody: Asked) -> None:
    """并发调用互不相扰。"""
    known = LOAD.values[Mac.LOAD_MAC2]
    with ThreadPoolExecutor(16) as crowd:
        made = [crowd.submit(load, custody) for _ in range(320)]
        assert {one.result() for one in made} == {known}


def test_a_profile_that_the_token_cannot_compute_is_refused(custody: Asked) -> None:
    """设备不支持 SM4 时明确拒绝。"""
    with pytest.raises(ProfileNotAllowed):
        custody.keys.check_load_tac(
            CARD, SM4.profile, SM4.load.attempt, SM4.load.values[Mac.LOAD_TAC]
        )


def test_the_way_of_tests_does_not_start_in_production(place: TokenPlace) -> None:
    """TAC 密钥出设备的做法仅限测试。"""
    with pytest.raises(TacOnHostInProduction):
        Pkcs11PurseKeys(place, production=True)
    strict = replace(place, tac=TacWay.IMPORTED)
    assert tac_fits(Asked(Pkcs11PurseKeys(strict, production=True), TRIPLE_DES))


def test_a_card_whose_tac_key_nobody_imported_is_neither_believed_nor_denied(
    place: TokenPlace,
) -> None:
    strict = replace(place, tac=TacWay.IMPORTED)
    asked = Asked(Pkcs11PurseKeys(strict, production=False), TRIPLE_DES)
    stranger = CardIdentity(CARD.issuer, CARD.serial[:-1] + b"\x46")
    with pytest.raises(TacKeyMissing):
        tac_fits(asked, stranger)


def test_a_new_generation_stands_beside_the_old_one(empty: TokenPlace) -> None:
    """轮换:INIT 的密钥版本选代,旧代仍可验。"""
    fill(empty)
    asked = Asked(Pkcs11PurseKeys(empty, production=False), TRIPLE_DES)
    with pytest.raises(UnknownKeyVersion):
        load(asked, key_version=2)
    fill(empty, version=2)
    assert load(asked, key_version=2) == load(asked, key_version=1)
    assert TokenDesk.at(empty).destroy(PurseKey.LOAD, 1)
    with pytest.raises(KeysUnavailable):
        load(asked, key_version=1)
    with pytest.raises(UnknownKeyVersion):
        load(asked, key_version=1)
    assert load(asked, key_version=2)


def test_a_key_that_the_token_makes_is_seen_by_nobody(empty: TokenPlace) -> None:
    desk = TokenDesk.at(empty)
    one, other = desk.generate(PurseKey.LOAD, 1), desk.generate(PurseKey.LOAD, 2)
    assert len({one, other}) == 2
    assert desk.has(PurseKey.LOAD, 1)
    with pytest.raises(KeyExists):
        desk.generate(PurseKey.LOAD, 1)
    with Token(empty).session() as opened:
        made = opened.key(keys.label_of(PurseKey.LOAD, 1))
        assert not made[Attribute.ENCRYPT]
        with pytest.raises(pkcs11.exceptions.AttributeSensitive):
            made[Attribute.VALUE]


def test_components_that_make_another_key_change_nothing(empty: TokenPlace) -> None:
    """校验值不符,不导入。"""
    desk = TokenDesk.at(empty)
    kcv = check_value_of(MASTERS[PurseKey.LOAD])
    with pytest.raises(WrongCheckValue):
        desk.put_together(PurseKey.LOAD, 1, MASK, bytes(16), kcv=kcv)
    assert not desk.has(PurseKey.LOAD, 1)


def test_a_component_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        check_value_of(bytes(8))


def _without_library(place: TokenPlace) -> TokenPlace:
    return replace(place, library=Path("/usr/lib/softhsm/none.so"))


def _without_token(place: TokenPlace) -> TokenPlace:
    return replace(place, label="another")


def _without_pin(place: TokenPlace) -> TokenPlace:
    return replace(place, pin_file=place.pin_file.with_name("none"))


@pytest.mark.rule("card reference 11, fault 25")
@pytest.mark.parametrize("broken", [_without_library, _without_token, _without_pin])
def test_a_token_out_of_reach_is_custody_unavailable(place: TokenPlace, broken: Any) -> None:
    """密码设备不可用:不签发,可重试。"""
    module.forget()
    with pytest.raises(KeysUnavailable):
        load(Asked(Pkcs11PurseKeys(broken(place), production=False), TRIPLE_DES))


def test_a_token_that_breaks_and_comes_back_serves_again(empty: TokenPlace) -> None:
    """设备断开后恢复,无须重启。"""
    fill(empty)
    asked = Asked(Pkcs11PurseKeys(empty, production=False), TRIPLE_DES)
    known = load(asked)
    module.forget()
    away = empty.pin_file.parent / "away"
    shutil.move(empty.pin_file.parent / "tokens", away)
    with pytest.raises(KeysUnavailable):
        load(asked)
    shutil.move(away, empty.pin_file.parent / "tokens")
    module.forget()
    assert load(asked) == known


def test_a_refused_pin_is_tried_once_in_a_process(empty: TokenPlace) -> None:
    """口令错误只试一次,以免锁死设备。"""
    fill(empty)
    module.forget()
    wrong = empty.pin_file.with_name("wrong.pin")
    wrong.write_text("not-this-one")
    asked = Asked(Pkcs11PurseKeys(replace(empty, pin_file=wrong), production=False), TRIPLE_DES)
    with pytest.raises(KeysUnavailable):
        load(asked)
    for _ in range(12):
        with pytest.raises(KeysUnavailable, match="not tried again"):
            load(asked)
    assert load(Asked(Pkcs11PurseKeys(empty, production=False), TRIPLE_DES))
