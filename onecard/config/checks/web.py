"""The settings on which the safety of a browser session rests (guarantees 16)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from csp.constants import NONE, SELF
from django.conf import settings
from django.core import checks

IDLE_SECONDS = 1800
YEAR_SECONDS = 31_536_000
_UPLOADS = (2_621_440, 1000, 100)


class Demand(NamedTuple):
    """One thing that must hold of the settings."""

    number: int
    says: str
    holds: Callable[[Any], bool]


EVERYWHERE = (
    Demand(1, "DEBUG is off", lambda s: s.DEBUG is False),
    Demand(
        2,
        "ALLOWED_HOSTS names hosts and no wildcard",
        lambda s: bool(s.ALLOWED_HOSTS) and not any("*" in host for host in s.ALLOWED_HOSTS),
    ),
    Demand(
        3,
        "a session ends after 30 idle minutes",
        lambda s: 0 < s.SESSION_COOKIE_AGE <= IDLE_SECONDS,
    ),
    Demand(
        4,
        "session and form cookies are out of reach of scripts",
        lambda s: s.SESSION_COOKIE_HTTPONLY and s.CSRF_COOKIE_HTTPONLY,
    ),
    Demand(
        5,
        "cookies stay on this site",
        lambda s: (
            s.SESSION_COOKIE_SAMESITE in {"Lax", "Strict"} and s.CSRF_COOKIE_SAMESITE == "Strict"
        ),
    ),
    Demand(
        6,
        "SECURE_REFERRER_POLICY is same-origin: no-referrer breaks every form",
        lambda s: s.SECURE_REFERRER_POLICY == "same-origin",
    ),
    Demand(7, "no page may be framed", lambda s: s.X_FRAME_OPTIONS == "DENY"),
    Demand(
        8,
        "the content security policy allows our own origin only, and nothing inline",
        lambda s: _is_strict(s.CONTENT_SECURITY_POLICY["DIRECTIVES"]),
    ),
    Demand(
        9,
        "other origins are kept at a distance and types are not guessed",
        lambda s: (
            s.SECURE_CROSS_ORIGIN_OPENER_POLICY == "same-origin" and s.SECURE_CONTENT_TYPE_NOSNIFF
        ),
    ),
    Demand(
        10,
        "uploads are limited in bytes, fields and files",
        lambda s: all(0 < have <= most for have, most in zip(_uploads(s), _UPLOADS, strict=True)),
    ),
    Demand(
        11,
        "Django's admin is not mounted: it writes past the acts",
        lambda s: "django.contrib.admin" not in s.INSTALLED_APPS,
    ),
    Demand(
        12,
        "acts own their transactions (ATOMIC_REQUESTS is off)",
        lambda s: not s.DATABASES["default"].get("ATOMIC_REQUESTS", False),
    ),
    Demand(
        13,
        "passwords are hashed by our Argon2id",
        lambda s: s.PASSWORD_HASHERS == ["onecard.config.hashers.StaffPasswordHasher"],
    ),
)

BEHIND_TLS = (
    Demand(
        21,
        "plain HTTP is sent to HTTPS",
        lambda s: s.SECURE_SSL_REDIRECT,
    ),
    Demand(
        22,
        "HSTS holds for a year, for every subdomain, and may be preloaded",
        lambda s: (
            s.SECURE_HSTS_SECONDS >= YEAR_SECONDS
            and s.SECURE_HSTS_INCLUDE_SUBDOMAINS
            and s.SECURE_HSTS_PRELOAD
        ),
    ),
    Demand(
        23,
        "cookies travel over HTTPS only",
        lambda s: s.SESSION_COOKIE_SECURE and s.CSRF_COOKIE_SECURE,
    ),
)


@checks.register("house")
def settings_are_safe(**_: object) -> list[checks.CheckMessage]:
    """Every demand that does not hold, as an error `onecard.E001` and so on."""
    demands = EVERYWHERE + (BEHIND_TLS if settings.ENVIRONMENT.production else ())
    return [broken(d.number, d.says) for d in demands if not d.holds(settings)]


def broken(number: int, says: str) -> checks.CheckMessage:
    """The message for a demand that does not hold."""
    return checks.Error(f"must hold: {says}", id=f"onecard.E{number:03d}")


def _uploads(s: Any) -> tuple[int, int, int]:
    return (
        s.DATA_UPLOAD_MAX_MEMORY_SIZE or 0,
        s.DATA_UPLOAD_MAX_NUMBER_FIELDS or 0,
        s.DATA_UPLOAD_MAX_NUMBER_FILES or 0,
    )


def _is_strict(policy: dict[str, list[Any]]) -> bool:
    no_inline = not any(
        "unsafe" in str(source) for sources in policy.values() for source in sources
    )
    closed = all(
        policy.get(name) == [NONE] for name in ("object-src", "base-uri", "frame-ancestors")
    )
    return no_inline and closed and policy.get("default-src") == [SELF]
