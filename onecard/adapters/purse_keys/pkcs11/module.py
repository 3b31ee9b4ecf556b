"""The vendor's library, loaded once and told that threads share it.

The wrapper initialises a library without saying so, and SoftHSM then works without any lock while
the wrapper lets other threads run. So it is closed and initialised again by its own functions.
"""

from __future__ import annotations

import ctypes
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import pkcs11

_OS_LOCKING_OK = 2
_OK = 0
_USER_STATES = frozenset({1, 3})
"""CKS_RO_USER_FUNCTIONS and CKS_RW_USER_FUNCTIONS: a session in which the user is logged in."""

_opening = Lock()


class _Arguments(ctypes.Structure):
    """CK_C_INITIALIZE_ARGS: four functions of ours (none), flags, a reserved word."""

    _fields_ = [
        ("create", ctypes.c_void_p),
        ("destroy", ctypes.c_void_p),
        ("lock", ctypes.c_void_p),
        ("unlock", ctypes.c_void_p),
        ("flags", ctypes.c_ulong),
        ("reserved", ctypes.c_void_p),
    ]


class _SessionInfo(ctypes.Structure):
    """CK_SESSION_INFO: slot, state, flags, an error of the device."""

    _fields_ = [(name, ctypes.c_ulong) for name in ("slot", "state", "flags", "error")]


def library(path: Path) -> Any:
    """The library. Raises `OSError` or `pkcs11.PKCS11Error` where it cannot be had."""
    with _opening:
        return _opened(path)


def must_be_logged_in(path: Path, session: Any) -> None:
    """Raises `UserNotLoggedIn` where a device that started anew forgot who we are.

    Such a session finds no private key and says nothing about it: a key that is there would look
    like one that nobody put in. The wrapper does not know this call.
    """
    info = _SessionInfo()
    said = ctypes.CDLL(str(path)).C_GetSessionInfo(
        ctypes.c_ulong(session.handle), ctypes.byref(info)
    )
    if said != _OK or info.state not in _USER_STATES:
        raise pkcs11.exceptions.UserNotLoggedIn


@lru_cache(maxsize=4)
def _opened(path: Path) -> Any:
    native = ctypes.CDLL(str(path))
    wrapped = pkcs11.lib(str(path))
    native.C_Finalize(None)
    shared = _Arguments(flags=_OS_LOCKING_OK)
    if native.C_Initialize(ctypes.byref(shared)) != _OK:
        raise pkcs11.exceptions.GeneralError
    return wrapped


def forget() -> None:
    """Close every library, so that the next use finds tokens as they are now."""
    for path, wrapped in list(pkcs11._loaded.items()):
        ctypes.CDLL(path).C_Finalize(None)
        del pkcs11._loaded[path]
        wrapped.unload()
    _opened.cache_clear()
