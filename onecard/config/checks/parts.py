"""The parts this installation runs on: none of them simulated in production."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks

from onecard import policy
from onecard.adapters.hsm import hsm
from onecard.adapters.hsm.software import SoftwareHsm
from onecard.adapters.partners import partners
from onecard.adapters.portrait.eyes.engines import is_drawn
from onecard.adapters.purse_keys import KeysUnavailable, purse_keys
from onecard.adapters.purse_keys.key_desk import NoToken, key_desk
from onecard.adapters.purse_keys.software import SoftwarePurseKeys
from onecard.adapters.simulation import SimulatedPartners
from onecard.chip.purse_profile import PurseKey
from onecard.config.checks.web import broken
from onecard.config.environment import IN_TOKEN, Environment
from onecard.seams.clock import SystemClock, local_day
from onecard.seams.custody import Custody, SoftwareCustody, WrappedCustody
from onecard.seams.failpoint import any_armed
from onecard.seams.rng import SystemRng
from onecard.seams.transport import HttpTransport
from onecard.seams.world import world

KEY_FILES = (
    "data.key",
    "data.key.wrapped",
    "session.key",
    "partners.token",
    "bank.keys",
    "payment.keys",
)
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1", ""})
_READ_BY_OTHERS = 0o077


@dataclass(frozen=True)
class LogRetention:
    """How long logs are kept, and the least the law allows."""

    log_retention_days: int
    log_retention_days_min: int


@checks.register("house")
def keys_and_logs_are_kept(**_: object) -> list[checks.CheckMessage]:
    """Everywhere: nobody else reads our key files, and logs are kept as long as the law says."""
    environment: Environment = settings.ENVIRONMENT
    files = [environment.home / name for name in KEY_FILES]
    files += [environment.keys.pin_file] if environment.keys else []
    found = [
        broken(41, f"{file.name} can be read by its owner only") for file in files if _is_open(file)
    ]
    kept = policy.in_force("security", LogRetention, on=local_day(world().clock.now()))
    if kept.log_retention_days < kept.log_retention_days_min:
        found.append(broken(42, f"logs are kept at least {kept.log_retention_days_min} days"))
    return found


@checks.register("house")
def parts_are_real(**_: object) -> list[checks.CheckMessage]:
    """In production: every simulated, armed or replaced part is an error."""
    environment: Environment = settings.ENVIRONMENT
    if not environment.production:
        return []
    return [broken(number, says) for number, says, holds in _demands(environment) if not holds]


def _demands(environment: Environment) -> tuple[tuple[int, str, bool], ...]:
    return (
        *_of_partners(environment),
        *_of_seams(),
        *_of_purse_keys(environment),
        *_of_the_house(environment),
    )


def _of_partners(environment: Environment) -> tuple[tuple[int, str, bool], ...]:
    address = urlsplit(environment.partners_url)
    apart = [urlsplit(url) for url in environment.partners_elsewhere.values()]
    far = not {one.hostname for one in (address, *apart)} & (_LOOPBACK | {None})
    return (
        (
            51,
            "partners are real: ONECARD_PARTNERS_URL names their gateway",
            not isinstance(partners(), SimulatedPartners) and far,
        ),
        (
            52,
            "partners are reached over HTTPS",
            {one.scheme for one in (address, *apart)} == {"https"},
        ),
        (
            60,
            "banks sign with keys of their own: bank.keys holds them",
            (environment.home / "bank.keys").exists(),
        ),
        (
            75,
            "the payment channel signs with keys of its own: payment.keys holds them",
            (environment.home / "payment.keys").exists(),
        ),
    )


def _of_seams() -> tuple[tuple[int, str, bool], ...]:
    here = world()
    return (
        (53, "no failpoint is armed", not any_armed()),
        (54, "the clock is the machine's own", isinstance(here.clock, SystemClock)),
        (55, "chance is the operating system's", isinstance(here.rng, SystemRng)),
        (56, "the wire is connected", isinstance(here.transport, HttpTransport)),
        (
            57,
            "data keys are wrapped by the token (onecard keys wrap-data) and data.key is away",
            _are_wrapped(here.custody),
        ),
        (
            68,
            "SM2 is computed by a cryptographic module or OpenSSL, not in Python",
            not isinstance(hsm(), SoftwareHsm),
        ),
    )


def _of_purse_keys(environment: Environment) -> tuple[tuple[int, str, bool], ...]:
    token = environment.keys
    return (
        (
            70,
            "purse keys are in a token, not in memory (ONECARD_PKCS11_LIBRARY, _TOKEN, _PIN_FILE)",
            token is not None and not _are_in_memory(),
        ),
        (
            71,
            "no TAC key comes out of the token (ONECARD_PKCS11_TAC=imported)",
            token is None or token.tac == IN_TOKEN,
        ),
        (72, "the token answers", token is None or _answers()),
    )


def _are_in_memory() -> bool:
    try:
        return isinstance(purse_keys(), SoftwarePurseKeys)
    except KeysUnavailable:
        return False


def _answers() -> bool:
    try:
        key_desk().has(PurseKey.LOAD, 1)
    except (KeysUnavailable, NoToken):
        return False
    return True


def _are_wrapped(custody: Custody) -> bool:
    """Whether no plain file of data keys is used, nor lies beside the wrapped one."""
    if isinstance(custody, WrappedCustody):
        return not (settings.ENVIRONMENT.home / "data.key").exists()
    return not isinstance(custody, SoftwareCustody)


def _of_the_house(environment: Environment) -> tuple[tuple[int, str, bool], ...]:
    return (
        (58, "no demo city and no demo sign-ins (ONECARD_DEMO)", not environment.demo),
        (
            59,
            "ONECARD_PUBLIC_URL is an https address",
            urlsplit(environment.public_url).scheme == "https",
        ),
        (69, "photos are really looked at (ONECARD_PHOTO_ENGINE)", not is_drawn()),
        (67, "this is no API sandbox (ONECARD_SANDBOX)", not environment.sandbox),
    )


def _is_open(file: Path) -> bool:
    return file.exists() and bool(file.stat().st_mode & _READ_BY_OTHERS)
