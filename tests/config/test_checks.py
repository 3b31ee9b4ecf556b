"""What must hold before the house may open: each demand is broken once and found."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import CheckMessage, run_checks
from django.db import connection
from pytest_django import Settings

from onecard.adapters.hsm import hsm, in_hsm
from onecard.adapters.hsm.software import SoftwareHsm
from onecard.adapters.http_partners import http_partners
from onecard.adapters.partners import Partners, in_partners
from onecard.adapters.purse_keys import KeysUnavailable, in_purse_keys, purse_keys
from onecard.adapters.purse_keys.key_desk import in_key_desk
from onecard.adapters.purse_keys.software import SoftwarePurseKeys
from onecard.config import environment, keys
from onecard.config.environment import KeyToken
from onecard.seams import failpoint
from onecard.seams.clock import SystemClock
from onecard.seams.custody import KeyRing, SoftwareCustody, WrappedCustody
from onecard.seams.rng import SystemRng
from onecard.seams.transport import HttpTransport
from onecard.seams.world import World, in_world


def found() -> set[str]:
    """The numbers of all demands that do not hold."""
    return {str(message.id) for message in _messages() if message.id}


def _messages() -> list[CheckMessage]:
    return run_checks(tags=["house"])


class Elsewhere:
    """Keys that are kept by a machine made for it."""

    def __init__(self, software: object) -> None:
        self._software = software

    def __getattr__(self, name: str) -> Any:
        return getattr(self._software, name)


class Reachable:
    """A token that answers."""

    def has(self, *_: object) -> bool:
        """Whether it keeps a key."""
        return True


class Dumb:
    """A token that does not."""

    def has(self, *_: object) -> bool:
        """No answer."""
        raise KeysUnavailable("TokenNotPresent")


def _token(home: Path, tac: str = "imported") -> KeyToken:
    return KeyToken(Path("/usr/lib/libtoken.so"), "onecard", home / "pkcs11.pin", tac)


def _real_partners(world: World) -> Partners:
    return http_partners("https://gateway.example", now=world.clock.now)


@pytest.fixture
def production(
    settings: Settings, tmp_path: Path, a_world: World, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    """A house that is fit for production in every place."""
    monkeypatch.setenv("ONECARD_PHOTO_ENGINE", "auto")
    settings.ENVIRONMENT = replace(
        settings.ENVIRONMENT,
        home=tmp_path,
        production=True,
        demo=False,
        partners_url="https://gateway.example",
        public_url="https://card.example",
        keys=_token(tmp_path),
    )
    keys = tmp_path / "bank.keys"
    (tmp_path / "payment.keys").write_text(f"gateway:{bytes(32).hex()}\n")
    (tmp_path / "payment.keys").chmod(0o400)
    keys.write_text(f"icbc:2026-1:{'0b' * 32}\n")
    keys.chmod(0o400)
    settings.ALLOWED_HOSTS = ["card.example"]
    for name in ("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"):
        setattr(settings, name, True)
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    assert isinstance(a_world.custody, SoftwareCustody)
    real = replace(
        a_world,
        clock=SystemClock(),
        rng=SystemRng(),
        transport=HttpTransport(),
        custody=Elsewhere(a_world.custody),
    )
    apart: Any = Elsewhere(hsm())
    purse: Any = Elsewhere(purse_keys())
    desk: Any = Reachable()
    with ExitStack() as parts:
        for part in (
            in_world(real),
            in_partners(_real_partners(real)),
            in_hsm(apart),
            in_purse_keys(purse),
            in_key_desk(desk),
        ):
            parts.enter_context(part)
        yield real


def test_sm2_computed_in_python_is_found(production: World) -> None:
    """生产环境国密签名须由密码设备完成。"""
    del production
    with in_hsm(SoftwareHsm()):
        assert "onecard.E068" in found()


def test_purse_keys_in_memory_are_found(production: World, settings: Settings) -> None:
    """生产环境:交通密钥须在密码设备中。"""
    del production
    with in_purse_keys(SoftwarePurseKeys(production=False)):
        assert found() == {"onecard.E070"}
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, keys=None)
    assert found() == {"onecard.E070"}


def test_a_tac_key_that_leaves_the_token_is_found(
    production: World, settings: Settings, tmp_path: Path
) -> None:
    """生产环境:TAC 密钥不得出设备。"""
    del production
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, keys=_token(tmp_path, "on_host"))
    assert found() == {"onecard.E071"}


def test_a_token_that_does_not_answer_is_found(production: World) -> None:
    """生产环境:密码设备须能应答。"""
    del production
    dumb: Any = Dumb()
    with in_key_desk(dumb):
        assert found() == {"onecard.E072"}


def test_a_pin_that_others_can_read_is_found(production: World, tmp_path: Path) -> None:
    """设备口令文件只许本人读取。"""
    del production
    pin = tmp_path / "pkcs11.pin"
    pin.write_text("only-for-tests")
    pin.chmod(0o644)
    assert found() == {"onecard.E041"}


def test_wrapped_data_keys_are_fit_once_the_plain_file_is_away(
    production: World, tmp_path: Path
) -> None:
    """生产环境:数据密钥由设备包裹,明文文件须移走。"""
    custody = WrappedCustody(KeyRing({1: bytes(32)}, 1), SystemRng())
    plain = tmp_path / "data.key"
    plain.write_text("1:00")
    plain.chmod(0o400)
    with in_world(replace(production, custody=custody)):
        assert found() == {"onecard.E057"}
        plain.unlink()
        assert found() == set()


def test_a_way_of_tacs_that_there_is_not_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONECARD_PKCS11_LIBRARY", "/usr/lib/libtoken.so")
    monkeypatch.setenv("ONECARD_PKCS11_TAC", "somehow")
    with pytest.raises(ValueError, match="imported or on_host"):
        environment.read()


def test_a_wrapped_file_without_its_token_makes_no_fresh_keys(tmp_path: Path) -> None:
    """有包裹文件而无设备时,不得另生新钥。"""
    (tmp_path / "data.key.wrapped").write_text("00")
    here = replace(environment.read(), home=tmp_path, keys=None)
    with pytest.raises(RuntimeError, match="ONECARD_PKCS11_LIBRARY"):
        keys.data_custody(here, SystemRng())
    assert not (tmp_path / "data.key").exists()


def test_the_house_as_it_ships_is_safe_to_try() -> None:
    """出厂设置在非生产环境下无一不合。"""
    assert found() == set()


def test_a_house_with_real_parts_may_open(production: World) -> None:
    """全部真实部件时,可以开门。"""
    del production
    assert found() == set()


BROKEN_SETTINGS = [
    ("E001", {"DEBUG": True}),
    ("E002", {"ALLOWED_HOSTS": ["*"]}),
    ("E002", {"ALLOWED_HOSTS": []}),
    ("E003", {"SESSION_COOKIE_AGE": 1801}),
    ("E004", {"CSRF_COOKIE_HTTPONLY": False}),
    ("E005", {"SESSION_COOKIE_SAMESITE": "None"}),
    ("E006", {"SECURE_REFERRER_POLICY": "no-referrer"}),
    ("E007", {"X_FRAME_OPTIONS": "SAMEORIGIN"}),
    ("E008", {"CONTENT_SECURITY_POLICY": {"DIRECTIVES": {"default-src": ["'self'"]}}}),
    ("E009", {"SECURE_CONTENT_TYPE_NOSNIFF": False}),
    ("E010", {"DATA_UPLOAD_MAX_MEMORY_SIZE": None}),
    ("E013", {"PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"]}),
    ("E021", {"SECURE_SSL_REDIRECT": False}),
    ("E022", {"SECURE_HSTS_SECONDS": 3600}),
    ("E023", {"SESSION_COOKIE_SECURE": False}),
]


@pytest.mark.rule("guarantees 16")
@pytest.mark.parametrize(("number", "changed"), BROKEN_SETTINGS, ids=str)
def test_each_setting_that_is_loosened_is_found(
    production: World, settings: Settings, number: str, changed: dict[str, Any]
) -> None:
    """任何一项安全设置放松,都会被指出。"""
    del production
    for name, value in changed.items():
        setattr(settings, name, value)
    assert found() == {f"onecard.{number}"}


def test_an_inline_script_source_is_found(settings: Settings) -> None:
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    loose = {**policy, "script-src": ["'self'", "'unsafe-inline'"]}
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": loose}
    assert found() == {"onecard.E008"}


@pytest.mark.parametrize(
    ("numbers", "changed"),
    [
        ({"E051"}, {"partners_url": "https://127.0.0.1:8100"}),
        ({"E052"}, {"partners_url": "http://gateway.example"}),
        ({"E058"}, {"demo": True}),
        ({"E059"}, {"public_url": "http://card.example"}),
    ],
    ids=str,
)
def test_each_address_that_does_not_fit_production_is_found(
    production: World, settings: Settings, numbers: set[str], changed: dict[str, Any]
) -> None:
    """生产环境:合作系统走HTTPS,不指向本机,不开演示。"""
    del production
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, **changed)
    assert found() == {f"onecard.{number}" for number in numbers}


@pytest.mark.parametrize(
    ("number", "part"),
    [("E054", "clock"), ("E055", "rng"), ("E056", "transport"), ("E057", "custody")],
)
def test_each_part_that_is_replaced_is_found(
    production: World, a_world: World, number: str, part: str
) -> None:
    """生产环境:时钟、随机数、网络、密钥都须是真的。"""
    with in_world(replace(production, **{part: getattr(a_world, part)})):
        assert found() == {f"onecard.{number}"}


def test_signing_keys_that_everybody_knows_are_found(production: World, tmp_path: Path) -> None:
    """生产环境:银行回执用各行自己的密钥验签,不用模拟密钥。"""
    del production
    (tmp_path / "bank.keys").unlink()
    assert found() == {"onecard.E060"}
    (tmp_path / "payment.keys").unlink()
    assert found() == {"onecard.E060", "onecard.E075"}


def test_simulated_partners_are_found(production: World) -> None:
    """生产环境拒绝模拟的合作系统。"""
    from onecard.adapters.simulation import simulated_partners

    simulated = simulated_partners(state_folder=None, now=production.clock.now, seed=7)
    with in_partners(simulated):
        assert found() == {"onecard.E051"}


def test_eyes_that_see_a_face_in_everything_are_found(
    production: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """生产环境:照片须真的检查人像。"""
    del production
    monkeypatch.setenv("ONECARD_PHOTO_ENGINE", "drawn")
    assert found() == {"onecard.E069"}


def test_an_armed_failpoint_is_found(production: World) -> None:
    """生产环境拒绝已布防的故障点。"""
    del production
    with ExitStack() as stack:
        stack.enter_context(failpoint.armed(failpoint.register("checks.example")))
        assert found() == {"onecard.E053"}


def test_a_key_file_that_others_can_read_is_found(settings: Settings, tmp_path: Path) -> None:
    """密钥文件只许本人读取。"""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=tmp_path)
    key = tmp_path / "data.key"
    key.write_text("1:00")
    key.chmod(0o644)
    assert found() == {"onecard.E041"}
    key.chmod(0o400)
    assert found() == set()


@pytest.mark.django_db
def test_the_embedded_database_keeps_what_it_acknowledged() -> None:
    """内嵌库:IMMEDIATE、FULL、外键。"""
    if connection.vendor != "sqlite":
        pytest.skip("the embedded database only")
    assert run_checks(tags=["database"], databases=["default"]) == []
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone() == (2,)


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_server_without_a_standby_may_not_open_in_production(
    settings: Settings,
) -> None:
    """生产环境的PostgreSQL须有同步备机。"""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, production=True)
    numbers = {message.id for message in run_checks(tags=["database"], databases=["default"])}
    assert "onecard.E064" in numbers
