"""Failed sign-ins, counted by name and by address. django-axes keeps them; the figures decide.

A lock answers exactly like a wrong password: same page, same status, same time. A device on which
the person has once given a one-time code passes the lock on the *name*, so that nobody can lock a
colleague out on purpose (threat 17); the lock on the address still holds. Names are kept as blind
indexes only, for people type their identity number into the wrong box.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from axes.backends import AxesStandaloneBackend
from axes.exceptions import AxesBackendPermissionDenied
from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core import signing
from django.db.models import Max, QuerySet, Sum
from django.http import HttpRequest, HttpResponse

from onecard.queries import staff
from onecard.seams.world import world

DEVICE_COOKIE = "known_device"
_SALT = "onecard.known_device"


class SignInBackend(AxesStandaloneBackend):  # type: ignore[misc]
    """Refuses locked names and addresses, after the time a password check would have taken."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Raises `PermissionDenied` while locked; lets the next backend decide otherwise."""
        try:
            super().authenticate(request, **credentials)
        except AxesBackendPermissionDenied:
            make_password(credentials.get("password") or "")
            raise


class SignInHandler(AxesDatabaseHandler):  # type: ignore[misc]
    """Counts by name and by address separately, on the clock of the house."""

    def is_locked(self, request: HttpRequest, credentials: Any = None) -> bool:
        """Whether the address is locked, or the name is and the device is not known."""
        at = world().clock.now()
        address = AccessAttempt.objects.filter(ip_address=request.axes_ip_address)  # type: ignore[attr-defined]
        if _is_locked(address, at, by_name=False):
            return True
        name = get_client_username(request, credentials)
        named = AccessAttempt.objects.filter(username=name)
        return _is_locked(named, at, by_name=True) and known_device(request) != name

    def user_login_failed(
        self, sender: Any, credentials: Any, request: HttpRequest | None = None, **more: Any
    ) -> None:
        """Keep the failure under our clock; what is locked already is not counted again."""
        asked: Any = request
        asked.axes_attempt_time = world().clock.now()
        counts = not asked.axes_locked_out
        super().user_login_failed(sender, credentials, request, **more)
        if counts:
            AccessAttempt.objects.filter(
                username=get_client_username(asked, credentials),
                ip_address=asked.axes_ip_address,
                user_agent=asked.axes_user_agent,
            ).update(attempt_time=asked.axes_attempt_time)

    def reset_user_attempts(self, request: HttpRequest, credentials: Any = None) -> int:
        """Forget the failures under this name; a success says nothing about the address."""
        attempts = AccessAttempt.objects.filter(username=get_client_username(request, credentials))
        return int(attempts.delete()[0])


def cool_off(request: HttpRequest | None) -> Any:
    """How long failures are remembered: as long as the longest lock. For AXES_COOLOFF_TIME."""
    del request
    return staff.longest_lock(at=world().clock.now())


def name_of(request: HttpRequest, credentials: Any) -> str:
    """The blind index of the name somebody tries. For AXES_USERNAME_CALLABLE."""
    typed = (credentials or {}).get("username") or request.POST.get("username", "")
    return name_index(str(typed))


def name_index(username: str) -> str:
    """What stands for a sign-in name wherever failures are counted."""
    return world().custody.blind_index("username", username)


def address_of(request: HttpRequest) -> str | None:
    """The asker's address; the last one a named proxy wrote down, when it stands behind one."""
    address = request.META.get("REMOTE_ADDR") or None
    if address in settings.TRUSTED_PROXIES:
        forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        return forwarded or address
    return address


def same_answer(
    request: HttpRequest, original: HttpResponse | None, credentials: Any
) -> HttpResponse:
    """A lock is answered by the page for a wrong password. For AXES_LOCKOUT_CALLABLE."""
    del request, credentials
    return original or HttpResponse(status=422)


def known_device(request: HttpRequest) -> str:
    """The name index of whoever gave a one-time code on this device; empty if nobody did."""
    days = staff.sign_in_figures(at=world().clock.now()).known_device_days
    try:
        return str(
            signing.loads(
                request.COOKIES.get(DEVICE_COOKIE, ""), salt=_SALT, max_age=days * 24 * 3600
            )
        )
    except signing.BadSignature:
        return ""


def remember_device(response: HttpResponse, username: str) -> None:
    """Let this device pass a lock on the name of its owner from now on."""
    days = staff.sign_in_figures(at=world().clock.now()).known_device_days
    response.set_cookie(
        DEVICE_COOKIE,
        signing.dumps(name_index(username), salt=_SALT),
        max_age=days * 24 * 3600,
        path="/sign-in",
        httponly=True,
        samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _is_locked(attempts: QuerySet[AccessAttempt], at: datetime, *, by_name: bool) -> bool:
    counted = attempts.aggregate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
    return staff.is_locked(
        by_name=by_name, failures=counted["failures"] or 0, last_failure=counted["last"], at=at
    )
