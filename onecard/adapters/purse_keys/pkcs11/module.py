"""The vendor's library, loaded once and told that threads share it.

The wrapper initialises a library without saying so, and SoftHSM then works without any lock while
the wrapper lets other threads run. So it is closed and initialised again by its own functions.
"""

from __future__ import annotations

import ctypes
from functools import lru_cache
from pathlib import Path
from typing import Any

import pkcs11

_OS_LOCKING_OK = 2
_OK = 0


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


@lru_cache(maxsize=4)
def library(path: Path) -> Any:
    """The library. Raises `OSError` or `pkcs11.PKCS11Error` where it cannot be had."""
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
    library.cache_clear()
