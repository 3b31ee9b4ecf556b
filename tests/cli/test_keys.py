"""Key ceremonies at the command line, over a real token: two people, and no key on any screen."""

from __future__ import annotations

from base64 import b32decode
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django_otp.oath import TOTP
from pytest_django import Settings
from typer.testing import CliRunner, Result

pytest.importorskip("pkcs11")

from onecard.adapters import purse_keys as purse_keys_port
from onecard.adapters.purse_keys import KeysUnavailable, data_keys, key_desk
from onecard.adapters.purse_keys.components import check_value_of
from onecard.adapters.purse_keys.data_keys import in_key_wrap
from onecard.adapters.purse_keys.key_desk import in_key_desk
from onecard.adapters.purse_keys.pkcs11 import (
    Pkcs11PurseKeys,
    TokenDesk,
    TokenPlace,
    TokenWrap,
    module,
)
from onecard.chip.purse_profile import Mac, PurseKey
from onecard.chip.purse_vectors import MASTERS, TRIPLE_DES
from onecard.cli.keys import app
from onecard.config import keys
from onecard.config.environment import KeyToken
from onecard.domain.authority import Role
from onecard.records.models import AuditRow, KeyProposal, Person, Staff
from onecard.seams.custody import WrappedCustody
from onecard.seams.world import world
from tests import staff
from tests.adapters.purse_keys.a_token import LIBRARY, MASK, PIN, SO_PIN, a_place
from tests.adapters.purse_keys.questions import Asked
from tests.made_card import clock
from tests.production import a_person

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not LIBRARY.exists(), reason="SoftHSM is missing"),
    pytest.mark.xdist_group("softhsm"),
]
MASTER = MASTERS[PurseKey.LOAD]
OTHER = bytes(a ^ b for a, b in zip(MASTER, MASK, strict=True))
KCV = check_value_of(MASTER)
PASSWORD = "long-enough-1"


@pytest.fixture(autouse=True)
def place(tmp_path: Path) -> Iterator[TokenPlace]:
    """Custodians wu and deng, and an empty token."""
    for name in ("wu", "deng", "gu"):
        staff.a_member(Role.SECURITY_ADMIN, username=name, password=PASSWORD)
    with a_place(tmp_path) as made, in_key_desk(TokenDesk.at(made)):
        yield made


def run(*argv: str, who: tuple[str, ...] = ("wu",), typed: tuple[str, ...] = ()) -> Result:
    """A command, with everybody's password and a fresh one-time code typed in."""
    clock().advance(timedelta(seconds=31))
    totp = TOTP(b32decode(staff.SECRET))
    totp.time = world().clock.now().timestamp()
    code = f"{totp.token():06d}"
    lines = [word for _ in who for word in (PASSWORD, code)] + list(typed)
    return CliRunner().invoke(app, list(argv), input="\n".join(lines) + "\n")


def proposed(*argv: str) -> str:
    """A proposal of wu's."""
    done = run("propose", *argv, "--reason", "first keys", "--as", "wu")
    assert done.exit_code == 0, done.output
    return str(KeyProposal.objects.latest("proposed_at").ref)


def approved(*argv: str) -> str:
    """A proposal of wu's that deng agreed to."""
    ref = proposed(*argv)
    done = run("approve", ref, "--as", "deng", who=("deng",))
    assert done.exit_code == 0, done.output
    return ref


def together(ref: str, one: bytes = MASK, other: bytes = OTHER, *names: str) -> Result:
    """Both type their component."""
    me, two = names or ("wu", "deng")
    typed = (one.hex(), "y", other.hex(), "y")
    argv = ("carry-out", ref, "--as", me, "--with", two)
    return run(*argv, who=(me, two), typed=typed)


IMPORT = ("import", "--kind", "dlk", "--kcv", KCV)


@pytest.mark.rule("guarantees 12, key custodian A / B; card reference 14.1")
def test_two_custodians_bring_a_key_in_and_it_serves(place: TokenPlace) -> None:
    """两人各输分量,校验值相符,密钥入设备。"""
    done = together(approved(*IMPORT))
    assert done.exit_code == 0, done.output
    assert KCV in done.output
    assert check_value_of(MASK) in done.output
    keys = Pkcs11PurseKeys(place, production=False)
    asked, known = Asked(keys, TRIPLE_DES), TRIPLE_DES.load
    made = keys.authorise_load(
        known.attempt.card, TRIPLE_DES.profile, known.init, **asked.order(known)
    )
    assert made == known.values[Mac.LOAD_MAC2]
    listed = CliRunner().invoke(app, ["list"], env={"COLUMNS": "200"}).output
    assert KCV in listed
    assert "✓" in listed


def test_no_component_and_no_key_is_shown_or_kept() -> None:
    """分量和密钥不显示、不留存。"""
    done = together(approved(*IMPORT))
    kept = (
        done.output + str(list(AuditRow.objects.values())) + str(list(KeyProposal.objects.values()))
    )
    for secret in (MASK, OTHER, MASTER):
        assert secret.hex() not in kept.lower()
        assert str(secret) not in kept
    row = AuditRow.objects.get(act="key_custody.keep_carried_out")
    assert row.facts["kcv"] == KCV


def test_nobody_approves_an_own_proposal() -> None:
    """自己不能复核自己。"""
    ref = proposed(*IMPORT)
    done = run("approve", ref, "--as", "wu")
    assert done.exit_code == 1
    assert "另一位" in done.output
    assert AuditRow.objects.filter(act="key_custody.approve", result="refused").exists()


def test_a_second_sign_in_of_the_same_person_is_not_a_second_person() -> None:
    person: Person = a_person()
    Staff.objects.filter(username__in=("wu", "deng")).update(person=person)
    done = run("approve", proposed(*IMPORT), "--as", "deng", who=("deng",))
    assert done.exit_code == 1


def test_nothing_happens_before_the_approval(place: TokenPlace) -> None:
    """未复核,不执行。"""
    assert together(proposed(*IMPORT)).exit_code == 1
    assert not TokenDesk.at(place).has(PurseKey.LOAD, 1)


@pytest.mark.parametrize("names", [("wu", "gu"), ("gu", "deng"), ("wu", "wu")])
def test_only_the_two_who_agreed_type_components(place: TokenPlace, names: tuple[str, str]) -> None:
    ref = approved(*IMPORT)
    assert together(ref, MASK, OTHER, *names).exit_code == 1
    assert not TokenDesk.at(place).has(PurseKey.LOAD, 1)


def test_components_of_another_key_are_refused_and_may_be_typed_again(place: TokenPlace) -> None:
    """校验值不符,不写入,可重输。"""
    ref = approved(*IMPORT)
    done = together(ref, MASK, bytes(16))
    assert done.exit_code == 1
    assert KCV in done.output
    assert not TokenDesk.at(place).has(PurseKey.LOAD, 1)
    assert together(ref).exit_code == 0


def test_a_component_of_another_length_is_asked_for_again() -> None:
    ref = approved(*IMPORT)
    typed = ("a5", MASK.hex(), "n", MASK.hex(), "y", OTHER.hex(), "y")
    argv = ("carry-out", ref, "--as", "wu", "--with", "deng")
    done = run(*argv, who=("wu", "deng"), typed=typed)
    assert done.exit_code == 0, done.output
    assert "32 hex digits are needed" in done.output


def test_a_rotation_makes_the_next_generation_and_the_old_one_may_end(place: TokenPlace) -> None:
    """轮换后,旧版可停用,最新版不可。"""
    assert together(approved(*IMPORT)).exit_code == 0
    assert run("rotate", "--kind", "dlk", "--as", "wu", "--reason", "yearly").exit_code == 0
    ref = KeyProposal.objects.latest("proposed_at").ref
    assert run("approve", ref, "--as", "deng", who=("deng",)).exit_code == 0
    assert run("carry-out", ref, "--as", "wu").exit_code == 0
    desk = TokenDesk.at(place)
    assert desk.has(PurseKey.LOAD, 1)
    assert desk.has(PurseKey.LOAD, 2)
    argv = ("retire", "--kind", "dlk", "--reason", "no card left", "--as", "wu")
    assert run("propose", *argv, "--version", "2").exit_code == 1
    assert run("propose", *argv, "--version", "1").exit_code == 0
    ref = KeyProposal.objects.latest("proposed_at").ref
    assert run("approve", ref, "--as", "deng", who=("deng",)).exit_code == 0
    assert run("carry-out", ref, "--as", "deng", who=("deng",)).exit_code == 0
    assert not desk.has(PurseKey.LOAD, 1)
    assert desk.has(PurseKey.LOAD, 2)


def test_a_wrong_password_or_code_opens_nothing() -> None:
    """密码、验证码缺一不可。"""
    argv = ["propose", "generate", "--kind", "dlk", "--reason", "x", "--as", "wu"]
    for typed in ("wrong\n123456\n", f"{PASSWORD}\n000000\n"):
        done = CliRunner().invoke(app, argv, input=typed)
        assert done.exit_code == 1
    assert not KeyProposal.objects.exists()


def test_a_clerk_is_no_custodian() -> None:
    staff.a_member(Role.OUTLET_CLERK, username="lu", password=PASSWORD)
    argv = ("propose", "generate", "--kind", "dlk", "--reason", "x", "--as", "lu")
    assert run(*argv, who=("lu",)).exit_code == 1


def test_a_ceremony_may_be_called_off_and_its_generation_is_free_again() -> None:
    ref = approved(*IMPORT)
    assert run("decline", ref, "--as", "deng", who=("deng",)).exit_code == 0
    assert together(ref).exit_code == 1
    proposed(*IMPORT)


def test_without_a_token_there_is_no_ceremony() -> None:
    """未配置密码设备,不办仪式。"""
    ref = approved("generate", "--kind", "dlk")
    with in_key_desk(None):  # type: ignore[arg-type]
        assert key_desk._installed == []
        done = run("carry-out", ref, "--as", "wu")
    assert done.exit_code == 1
    assert "ONECARD_PKCS11_LIBRARY" in done.output


def test_a_token_out_of_reach_says_so_and_changes_nothing(place: TokenPlace) -> None:
    """密码设备断开:可重办。"""
    ref = approved("generate", "--kind", "dlk")
    module.forget()
    with in_key_desk(TokenDesk.at(TokenPlace(LIBRARY, "another", place.pin_file))):
        assert run("carry-out", ref, "--as", "wu").exit_code == 1
    assert run("carry-out", ref, "--as", "wu").exit_code == 0


def test_two_custodians_make_a_fresh_token(place: TokenPlace) -> None:
    """设备初始化:两人各设一个口令。"""
    fresh = TokenPlace(LIBRARY, "fresh", place.pin_file, place.tac)
    argv = ("init", "--as", "wu", "--with", "deng")
    typed = ("short", "short", SO_PIN, SO_PIN, PIN, PIN)
    with in_key_desk(TokenDesk.at(fresh)):
        done = run(*argv, who=("wu", "deng"), typed=typed)
        assert done.exit_code == 0, done.output
        assert SO_PIN not in done.output
        again = run(*argv, who=("wu", "deng"), typed=typed[2:])
        assert again.exit_code == 1
        assert TokenDesk.at(fresh).generate(PurseKey.LOAD, 1)
    alone = run("init", "--as", "wu", "--with", "wu", who=("wu", "wu"), typed=typed)
    assert alone.exit_code == 1


def test_data_keys_wrapped_by_two_open_sealed_records_again(
    place: TokenPlace, tmp_path: Path, settings: Settings
) -> None:
    """数据密钥由设备包裹后,旧密文照常可开,改动一字节即不可开。"""
    home = tmp_path / "home"
    home.mkdir()
    token = KeyToken(place.library, place.label, place.pin_file, "imported")
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=home, keys=token)
    before = keys.data_custody(settings.ENVIRONMENT, world().rng)
    sealed = before.seal(b"13800138000", bound_to="person|phone|per_1")
    plain = (home / "data.key").read_text()
    with in_key_wrap(TokenWrap.at(place, world().rng)):
        assert run("wrap-data", "--as", "wu", "--with", "wu", who=("wu", "wu")).exit_code == 1
        done = run("wrap-data", "--as", "wu", "--with", "deng", who=("wu", "deng"))
    assert done.exit_code == 0, done.output
    wrapped = home / "data.key.wrapped"
    assert wrapped.stat().st_mode & 0o077 == 0
    assert plain.split(":")[1].strip() not in wrapped.read_text() + done.output
    (home / "data.key").unlink()
    after = keys.data_custody(settings.ENVIRONMENT, world().rng)
    assert isinstance(after, WrappedCustody)
    assert after.unseal(sealed, bound_to="person|phone|per_1") == b"13800138000"
    assert not (home / "data.key").exists()
    altered = bytearray.fromhex(wrapped.read_text())
    altered[-1] ^= 1
    wrapped.chmod(0o600)
    wrapped.write_text(altered.hex())
    with pytest.raises(KeysUnavailable):
        keys.data_custody(settings.ENVIRONMENT, world().rng)


def test_the_wiring_installs_a_named_token_and_memory_never_in_production(
    place: TokenPlace, settings: Settings
) -> None:
    """生产环境只装入密码设备。"""
    kept = purse_keys_port._installed[:], key_desk._installed[:], data_keys._installed[:]
    here = replace(settings.ENVIRONMENT, production=True, keys=None)
    token = KeyToken(place.library, place.label, place.pin_file, "imported")
    try:
        purse_keys_port._installed.clear()
        keys.install(here, world().rng)
        assert purse_keys_port._installed == []
        keys.install(replace(here, keys=replace(token, tac="on_host")), world().rng)
        assert purse_keys_port._installed == []
        keys.install(replace(here, keys=token), world().rng)
        assert isinstance(purse_keys_port.purse_keys(), Pkcs11PurseKeys)
    finally:
        for port, before in zip((purse_keys_port, key_desk, data_keys), kept, strict=True):
            port._installed[:] = before  # type: ignore[attr-defined]


def test_an_unknown_ceremony_is_named() -> None:
    done = run("approve", "kcp_none", "--as", "wu")
    assert done.exit_code == 1
    assert "no ceremony" in done.output
