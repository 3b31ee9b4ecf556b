"""Processes that end together, and a port that is ours alone.

`onecard run` is several processes. Whatever ends the first one, even `kill -9`, ends the others:
none goes on serving yesterday's code beside a new house on the same port.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys

_TELL_ME_WHEN_MY_PARENT_DIES = 1


def end_with(parent: int) -> None:
    """Let this process be terminated as soon as its parent, process `parent`, is gone.

    Linux tells a process so (PR_SET_PDEATHSIG); other systems have no such word.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_TELL_ME_WHEN_MY_PARENT_DIES, signal.SIGTERM)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)


def is_taken(host: str, port: int) -> bool:
    """Whether somebody listens there already, also somebody who would share the port."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, kind, protocol, _, address = found[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError:
            return True
    return False
