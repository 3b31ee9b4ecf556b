"""What simulated partners remember: across restarts, across processes, all or nothing."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from onecard.adapters.simulation import simulated_partners
from onecard.adapters.store import Store
from tests import cast
from tests.adapters import test_bank, test_courier

_MANY_TURNS = """
import sys
from contextlib import suppress
from pathlib import Path
from onecard.adapters.store import Store
store = Store(Path(sys.argv[1]))
for _ in range(100):
    with store.turn() as shelf:
        entry = shelf.get("count", "all")
        if entry is None:
            shelf.add("count", "all", {"n": 1})
        else:
            shelf.change("count", "all", {"n": entry.body["n"] + 1})
"""


def test_processes_take_turns_and_lose_nothing(tmp_path: Path) -> None:
    """多个进程共用一个文件,不丢一次更新。"""
    file = tmp_path / "shared.sqlite3"
    runs = [subprocess.Popen([sys.executable, "-c", _MANY_TURNS, str(file)]) for _ in range(3)]
    assert [run.wait(timeout=60) for run in runs] == [0, 0, 0]
    with Store(file).turn() as shelf:
        entry = shelf.get("count", "all")
    assert entry is not None
    assert entry.body["n"] == 300


def test_a_turn_that_fails_leaves_nothing() -> None:
    """要么全办,要么全不办。"""
    store = Store()
    with suppress(RuntimeError), store.turn() as shelf:
        shelf.add("kind", "key", {})
        raise RuntimeError
    with store.turn() as shelf:
        assert shelf.get("kind", "key") is None


def test_a_key_is_taken_once() -> None:
    with Store().turn() as shelf:
        assert shelf.add("kind", "key", {"first": True})
        assert not shelf.add("kind", "key", {"first": False})
        entry = shelf.get("kind", "key")
    assert entry is not None
    assert entry.body == {"first": True}


def test_partners_with_a_folder_survive_a_restart(tmp_path: Path) -> None:
    """重启后,办过的还在。"""
    clock = cast.a_world().clock
    before = simulated_partners(state_folder=tmp_path, now=clock.now, seed=7)
    opened = before.banks["icbc"].open_account(test_bank.ORDER)
    number = before.courier.hand_over(test_courier._parcel())
    before.sms.send(message_id="evt_1", phone="13900000001", text="你好")
    before.simulation.close()
    after = simulated_partners(state_folder=tmp_path, now=clock.now, seed=7)
    assert after.banks["icbc"].open_account(test_bank.ORDER) == opened
    assert after.courier.hand_over(test_courier._parcel()) == number
    assert len(after.simulation.sms.sent()) == 1
    after.simulation.close()


def test_server_and_worker_see_the_same_partners(tmp_path: Path) -> None:
    """服务进程和后台进程看到同一批合作系统。"""
    clock = cast.a_world().clock
    server = simulated_partners(state_folder=tmp_path, now=clock.now, seed=7)
    worker = simulated_partners(state_folder=tmp_path, now=clock.now, seed=7)
    server.sms.send(message_id="evt_1", phone="13900000001", text="你好")
    worker.sms.send(message_id="evt_1", phone="13900000001", text="你好")
    assert len(worker.simulation.sms.sent()) == len(server.simulation.sms.sent()) == 1
    server.simulation.close()
    worker.simulation.close()


def test_the_same_message_from_many_threads_has_one_effect(tmp_path: Path) -> None:
    """并发重复的开户请求,只开一户,答复相同。"""
    clock = cast.a_world().clock
    partners = simulated_partners(state_folder=tmp_path, now=clock.now, seed=7)
    bank = partners.simulation.banks["icbc"]
    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(lambda _: bank.open_account(test_bank.ORDER), range(40)))
    assert len(answers) == 1
    with bank._store.turn() as shelf:
        assert len(shelf.every("account")) == 1
    partners.simulation.close()


def test_a_seed_decides_every_number() -> None:
    """同一种子,同样的号码;不同种子,不同的号码。"""

    def numbers(seed: int) -> tuple[object, object]:
        clock = cast.a_world().clock
        partners = simulated_partners(state_folder=None, now=clock.now, seed=seed)
        return (
            partners.banks["icbc"].open_account(test_bank.ORDER),
            partners.courier.hand_over(test_courier._parcel()),
        )

    assert numbers(7) == numbers(7)
    assert numbers(7) != numbers(8)
