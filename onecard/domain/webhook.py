"""推送: how an event is signed, how patiently it is brought, and where it may go (D6; threat 13).

Headers and signed string are those of Standard Webhooks 1.0.0; `sm2` is our private scheme over
the same string, which other verifiers skip.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from onecard.domain.refusal import Fix, FixKind, Refusal

SECRET_MARK, PUBLIC_MARK = "whsec_", "whpk_"
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
MOST_SIGNATURES = 10
SCHEMES = ("v1", "v1a", "sm2")
_HOST = re.compile(
    r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])"
)
_LONGEST_URL = 500
_LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
_OURS_TO_KNOW = (".local", ".internal", ".localhost", ".localdomain", ".lan", ".home", ".test")
_HTTPS_PORT = 443
_LEAST_PORT = 1024
_OLD_WORLD = ipaddress.ip_network("64:ff9b::/32")


@dataclass(frozen=True)
class WebhookPolicy:
    """The figures of `webhook.toml`: pauses before each try, and the limits of one try."""

    retry_seconds: tuple[int, ...]
    jitter_percent: int
    timeout_seconds: int
    longest_retry_after_seconds: int
    secret_overlap_hours: int
    endpoints_per_client: int


def signed_string(*, message: str, timestamp: str, body: bytes) -> bytes:
    """`{webhook-id}.{webhook-timestamp}.{raw body}`."""
    return f"{message}.{timestamp}.".encode() + body


def shown_secret(key: bytes) -> str:
    """A secret as it is shown to its owner, once."""
    return SECRET_MARK + base64.b64encode(key).decode()


def v1(string: bytes, *, key: bytes) -> str:
    """HMAC-SHA-256, as every library of Standard Webhooks verifies it."""
    return "v1," + base64.b64encode(hmac.new(key, string, hashlib.sha256).digest()).decode()


def is_signed(signatures: str, string: bytes, *, keys: Iterable[bytes]) -> bool:
    """Whether one of the first few `v1` signatures was made with one of the keys, constant time.

    Unknown versions are skipped, what is no Base64 counts as wrong.
    """
    expected = [v1(string, key=key).encode() for key in keys]
    looked_at = [part for part in signatures.split(" ") if part.startswith("v1,")]
    right = False
    for shown in looked_at[:MOST_SIGNATURES]:
        for own in expected:
            right |= hmac.compare_digest(shown.encode("utf-8", "replace"), own)
    return right


def is_standard_base64(text: str) -> bool:
    """Whether a text is strict Base64."""
    try:
        return bool(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        return False


def wait_before(
    *, tried: int, figures: WebhookPolicy, jitter_percent: int, asked_seconds: int = 0
) -> timedelta | None:
    """The pause after so many tries; None when it was the last one.

    What the receiver asked for (`Retry-After`) is honoured up to a limit.
    """
    if tried >= len(figures.retry_seconds):
        return None
    own = figures.retry_seconds[tried] * (100 + jitter_percent) / 100
    asked = min(asked_seconds, figures.longest_retry_after_seconds)
    return timedelta(seconds=max(own, asked))


def asked_to_wait(headers: Mapping[str, str]) -> int:
    """The seconds of a `Retry-After`, 0 where there is none; a date is not honoured."""
    text = next((v for name, v in headers.items() if name.lower() == "retry-after"), "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 12 else 0  # noqa: PLR2004


def may_push_to(*, url: str, hosts: Iterable[str], local: bool) -> Refusal | None:
    """Whether events may go to an address: https, a name on the partner's list, nothing inside.

    `local` is the sandbox, where this machine itself may listen.
    """
    allowed = tuple(sorted(hosts))
    if _is_local(url) and local:
        return None
    if _is_public_https(url) and (urlsplit(url).hostname or "") in allowed:
        return None
    return Refusal(
        "webhook.address",
        allowed={"hosts": allowed},
        field="url",
        fix=Fix(FixKind.ASK_PERSON, {"who": "platform_operator"}),
    )


def must_be_host(host: str) -> Refusal | None:
    """A name that can stand on a partner's list: a public DNS name, no number."""
    if _HOST.fullmatch(host) and not host.endswith(_OURS_TO_KNOW):
        return None
    return Refusal(
        "webhook.host",
        field="webhook_host",
        fix=Fix(FixKind.CHANGE_INPUT, {"field": "webhook_host"}),
    )


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet: none of ours, none in disguise."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and (
        ip.ipv4_mapped or ip.sixtofour or ip.teredo or ip in _OLD_WORLD or ip.scope_id
    ):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def is_loopback(address: str) -> bool:
    """Whether an IP address is this machine."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _is_local(url: str) -> bool:
    parts = _parts(url)
    return parts is not None and parts[0] in {"http", "https"} and parts[1] in _LOCAL_NAMES


def _is_public_https(url: str) -> bool:
    parts = _parts(url)
    if parts is None or parts[0] != "https" or must_be_host(parts[1]):
        return False
    return parts[2] == _HTTPS_PORT or parts[2] >= _LEAST_PORT


def _parts(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port, or None for an address that two readers could read differently."""
    if (
        not url.isascii()
        or not 0 < len(url) <= _LONGEST_URL
        or re.search(r"[\s\\@#\x00-\x1f]", url)
    ):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port or _HTTPS_PORT
    except ValueError:
        return None
    if url[: len(parts.scheme) + 3].lower() != f"{parts.scheme}://" or not parts.hostname:
        return None
    host = parts.netloc.rpartition(":")[0] if parts.port else parts.netloc
    return (parts.scheme, host.strip("[]"), port) if host == host.lower() else None
