"""The child that opens foreign files: what it may not do, and that its death is only an answer."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest

from onecard.adapters import portrait
from onecard.adapters.portrait import DidNotSurvive, Limits, darkroom, line
from onecard.domain.photo import Caps, PhotoFile
from onecard.seams.holding import HoldsRows, holding
from tests import pictures

ENVIRONMENT = {
    b"PATH",
    b"LD_LIBRARY_PATH",
    b"LC_CTYPE",
    b"OPENBLAS_NUM_THREADS",
    b"OMP_NUM_THREADS",
    b"ONECARD_PHOTO_ENGINE",
    b"ONECARD_PHOTO_MODELS",
}
NO_CAPS = Caps(1 << 40, 1 << 40, 1 << 40, 1 << 40, 1 << 40)
CAPS = Caps(25_000_000, 4_000_000, 4_000_000, 100, 1 << 20)


def lives() -> bool:
    """Whether the darkroom still opens the next file."""
    return portrait.measure(pictures.jpeg(), CAPS).complete


def test_a_picture_that_needs_too_much_memory_ends_its_child_and_nothing_else() -> None:
    """内存超限:子进程结束,服务照常。"""
    little = Limits(address_bytes=200 << 20)
    assert portrait.measure(pictures.jpeg(), NO_CAPS, little).complete
    with pytest.raises(DidNotSurvive):
        portrait.measure(pictures.blank_png(9_000, 9_000), NO_CAPS, little)
    assert lives()


def test_a_picture_that_needs_too_much_time_ends_its_child_and_nothing_else() -> None:
    """处理时间超限:子进程结束,服务照常。"""
    costly = pictures.many_scans(3_000, (1_400, 1_400))
    begun = monotonic()
    with pytest.raises(DidNotSurvive, match="killed"):
        portrait.measure(costly, NO_CAPS, Limits(cpu_seconds=1, wall_seconds=60))
    assert monotonic() - begun < 30
    assert lives()


def test_a_child_that_is_late_is_not_waited_for() -> None:
    """墙钟超限:不再等待。"""
    costly = pictures.many_scans(3_000, (1_400, 1_400))
    with pytest.raises(DidNotSurvive, match="late"):
        portrait.measure(costly, NO_CAPS, Limits(wall_seconds=0.5))
    assert lives()
    deadline = monotonic() + 5
    while _children() and monotonic() < deadline:
        threading.Event().wait(0.02)
    assert not _children(), "a child that is not waited for is killed"


def _children() -> str:
    pid = line._process[0]._running.pid
    return Path(f"/proc/{pid}/task/{pid}/children").read_text()


def test_an_answer_longer_than_allowed_is_not_read() -> None:
    with pytest.raises(DidNotSurvive):
        portrait.measure(pictures.jpeg(), CAPS, Limits(answer_bytes=20))
    assert lives()


def test_when_the_process_itself_was_killed_the_next_file_opens_a_new_one() -> None:
    assert lives()
    before = line._process[0]._running
    before.kill()
    before.wait()
    assert lives()
    assert line._process[0]._running.pid != before.pid


def test_files_of_several_people_are_opened_side_by_side() -> None:
    contents = [pictures.jpeg(quality=quality) for quality in range(60, 92)]
    found: dict[int, PhotoFile] = {}

    def open_one(place: int) -> None:
        found[place] = portrait.measure(contents[place], CAPS)

    threads = [threading.Thread(target=open_one, args=(n,)) for n in range(len(contents))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[n].byte_count for n in range(len(contents))] == [len(c) for c in contents]


def test_no_file_is_opened_while_rows_are_held() -> None:
    with holding("some.act"), pytest.raises(HoldsRows):
        portrait.measure(pictures.jpeg(), CAPS)


@pytest.mark.parametrize(
    "lie",
    [
        {"byte_count": 1},
        {"width": -1},
        {"width": 0},
        {"orientation": 9},
        {"dpi": (float("inf"), 350.0)},
        {"dpi": (0.0, 350.0)},
        {"quality": 101},
        {"scans": -1},
    ],
)
def test_measures_that_cannot_be_are_not_believed(lie: dict[str, object]) -> None:
    """子进程不可信:父进程复核每个值。"""
    content = pictures.jpeg()
    honest = portrait.measure(content, CAPS)
    assert darkroom._can_be_believed(honest, content)
    assert not darkroom._can_be_believed(replace(honest, **lie), content)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b'{"file": {}',
        b"not json",
        b"[]",
        b'{"fault": "MemoryError"}',
    ],
)
def test_half_an_answer_is_none(answer: bytes) -> None:
    with pytest.raises(DidNotSurvive):
        line.said(answer)


PROBE = """
import json, os, resource, socket, sys
from onecard.adapters.portrait.child import _confine
born_with = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
_confine({"address_bytes": 512 << 20, "cpu_seconds": 10})
refused = []
for name, attempt in (
    ("read a file", lambda: open("/etc/hostname")),
    ("write a file", lambda: open("/dev/shm/onecard-probe", "w")),
    ("open a socket", lambda: socket.socket()),
    ("open a socket in a freed place", lambda: (os.close(0), socket.socket())),
    ("take a gigabyte", lambda: bytearray(1 << 30)),
):
    try:
        attempt()
    except (OSError, MemoryError):
        refused.append(name)
limits = {which: resource.getrlimit(getattr(resource, which)) for which in
    ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_CORE", "RLIMIT_NPROC")}
limits["born_with"] = born_with
print(json.dumps([refused, limits]))
"""


def test_the_child_can_open_no_file_and_no_socket_and_has_its_limits() -> None:
    """内存512MiB、处理器10秒、不可写文件、不可开文件或网络、不留内存映像。"""
    run = subprocess.run(
        [sys.executable, "-c", PROBE], capture_output=True, text=True, check=True, timeout=60
    )
    refused, limits = json.loads(run.stdout)
    assert refused == [
        "read a file",
        "write a file",
        "open a socket",
        "open a socket in a freed place",
        "take a gigabyte",
    ]
    born_with, memory = limits.pop("born_with"), limits.pop("RLIMIT_AS")
    assert memory == [born_with + (512 << 20)] * 2
    assert limits == {
        "RLIMIT_CPU": [10, 1000],
        "RLIMIT_FSIZE": [0, 0],
        "RLIMIT_NOFILE": [0, 0],
        "RLIMIT_CORE": [0, 0],
        "RLIMIT_NPROC": [0, 0],
    }


def test_the_limits_are_those_that_were_promised() -> None:
    """可靠性说明 9.1。"""
    assert Limits() == Limits(512 << 20, 10, 15.0, 32 << 20)


def test_the_process_holds_no_secret_and_no_line_of_ours() -> None:
    """子进程不继承环境变量和连接。"""
    assert lives()
    running = line._process[0]._running
    place = Path(f"/proc/{running.pid}")
    told = (place / "environ").read_bytes().split(b"\0")
    names = {line.split(b"=")[0] for line in told if line}
    assert names <= ENVIRONMENT
    links = [str(fd.readlink()) for fd in sorted((place / "fd").iterdir())]
    assert links[0].startswith("socket:")
    assert links[1:] == ["/dev/null", "/dev/null"]


def test_the_process_ends_when_its_owner_does() -> None:
    code = (
        "from onecard.adapters import portrait\n"
        "from onecard.adapters.portrait import line\n"
        "from onecard.domain.photo import Caps\n"
        "portrait.measure(b'', Caps(1, 1, 1, 1, 1))\n"
        "print(line._process[0]._running.pid, flush=True)\n"
        "import os; os.kill(os.getpid(), 9)\n"
    )
    owner = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert owner.returncode == -signal.SIGKILL
    pid = int(owner.stdout)
    deadline = monotonic() + 10
    while _runs(pid) and monotonic() < deadline:
        threading.Event().wait(0.05)
    assert not _runs(pid)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_hundred_files_are_opened_in_a_few_seconds() -> None:
    """一百份照片不超过十秒。"""
    content = pictures.jpeg()
    begun = monotonic()
    for _ in range(100):
        portrait.measure(content, CAPS)
    assert monotonic() - begun < 10


def test_the_line_of_a_file_is_closed_when_it_is_answered() -> None:
    assert lives()
    ours = Path("/proc/self/fd")
    before = len(list(ours.iterdir()))
    for _ in range(20):
        lives()
    assert len(list(ours.iterdir())) == before
