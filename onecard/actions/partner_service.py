"""模拟合作系统: the simulations as a local service, and the switches with which they fail.

For whoever tries the real clients over a wire, and for showing what a dead partner does to a
citizen. Nothing of ours is written, so these are not acts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from onecard.adapters.bank.codes import BANK
from onecard.adapters.bank.habits import HABITS
from onecard.adapters.bank.voice import Voice, credentials_in
from onecard.adapters.faults import Fault, Faults
from onecard.adapters.http_partners import token_in
from onecard.adapters.pace import AT_ONCE, OF_A_DEMO
from onecard.adapters.payment.simulated import NoticeHabit, RefundHabit
from onecard.adapters.payment.teller import Teller
from onecard.adapters.service.application import PartnerService
from onecard.adapters.service.server import bind
from onecard.adapters.simulation import FAULTS, SEED, Simulation, simulate, state_in
from onecard.adapters.store import Store
from onecard.domain import partner as known
from onecard.domain.refusal import Fix, FixKind, Refusal, Refused, require
from onecard.seams.world import world

FAULT_NAMES = tuple(fault.value for fault in Fault)
NOTICE_NAMES = tuple(habit.value for habit in NoticeHabit)
REFUND_NAMES = tuple(habit.value for habit in RefundHabit)


def serve(
    *,
    home: Path,
    port: int,
    quick: bool,
    started: Callable[[str], None],
    only: str = "",
    with_habits: bool = False,
    tell: str = "",
) -> None:
    """Serve until interrupted; `started` is told the address. Loopback only.

    The state lies below `home`, where a platform with simulated partners keeps it too; `quick`
    partners do in seconds what takes days. `only` serves one partner alone; `with_habits` lets
    each bank behave in its own way; `tell` is the address of a platform whose partner API hears
    the news of banks with a key below `home`. Raises `partner.port_in_use`, `partner.unknown`.
    """
    require(_must_be_known(only) if only else None)
    made: list[Simulation] = []

    def application(address: str) -> PartnerService:
        simulation = simulate(
            state_folder=state_in(home),
            now=world().clock.now,
            seed=SEED,
            pace=OF_A_DEMO if quick else AT_ONCE,
            issuer=f"{address}/{known.path_of(known.REAL_NAME)}",
            pay_page=f"{address}/{known.path_of(known.PAYMENT)}/pay",
            habits=HABITS if with_habits else None,
        )
        made.append(simulation)
        return PartnerService(simulation, token=token_in(home), only=only)

    try:
        server, address = bind(port, application)
    except OSError as taken:
        raise Refused(_port_in_use(port)) from taken
    with server, _telling(made[0], tell, home, only):
        started(address)
        server.serve_forever()


def _port_in_use(port: int) -> Refusal:
    fix = Fix(FixKind.CHANGE_INPUT, {"field": "port"})
    return Refusal("partner.port_in_use", {"port": port}, field="port", fix=fix)


@contextmanager
def _telling(simulation: Simulation, root: str, home: Path, only: str) -> Iterator[None]:
    """Meanwhile each bank that has a key tells us its news, and the payment channel its own."""
    stopped, threads = Event(), []
    if root and only in ("", known.PAYMENT):
        teller = Teller(root)
        told = (simulation.payment, stopped)
        threads.append(Thread(target=teller.keep_telling, args=told, daemon=True))
    for key, bank in simulation.banks.items():
        credentials = credentials_in(home, key) if root else None
        if credentials is not None and only in ("", known.bank(key)):
            voice = Voice(root, credentials, now=world().clock.now, seed=SEED)
            facts = (bank.newsroom, stopped)
            threads.append(Thread(target=voice.keep_telling, args=facts, daemon=True))
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopped.set()
        for thread in threads:
            thread.join()


def spoil_payments(*, home: Path, notices: str, refunds: str) -> None:
    """Let the simulated payment channel tell and pay back in another way.

    Raises `Refused("partner.no_such_fault")`.
    """
    require(
        _must_be_one_of(notices, NOTICE_NAMES, "notices"),
        _must_be_one_of(refunds, REFUND_NAMES, "refunds"),
    )
    simulation = simulate(state_folder=state_in(home), now=world().clock.now, seed=SEED)
    simulation.payment.misbehave(notices=NoticeHabit(notices), refunds=RefundHabit(refunds))
    simulation.close()


def set_fault(*, home: Path, partner: str, fault: str, times: int | None) -> None:
    """Let a simulated partner fail. Raises `Refused("partner.unknown")` or `…no_such_fault`."""
    require(_must_be_known(partner), _must_be_a_fault(fault))
    _faults(home).set(partner, Fault(fault), times=times)


def heal(*, home: Path, partner: str) -> None:
    """Let a simulated partner work again. Raises `Refused("partner.unknown")`."""
    require(_must_be_known(partner))
    _faults(home).heal(partner)


def standing_faults(*, home: Path) -> dict[str, str]:
    """Every simulated partner and the fault that is set for it, or an empty string."""
    faults = {partner: fault.value for partner, fault in _faults(home).standing().items()}
    return {partner: faults.get(partner, "") for partner in known.every_partner(BANK)}


def _faults(home: Path) -> Faults:
    return Faults(Store(state_in(home) / f"{FAULTS}.sqlite3"))


def _must_be_known(partner: str) -> Refusal | None:
    everybody = known.every_partner(BANK)
    if partner in everybody:
        return None
    fix = Fix(FixKind.CHANGE_INPUT, {"field": "partner"})
    return Refusal("partner.unknown", allowed={"partners": everybody}, field="partner", fix=fix)


def _must_be_a_fault(fault: str) -> Refusal | None:
    return _must_be_one_of(fault, FAULT_NAMES, "fault")


def _must_be_one_of(given: str, known: tuple[str, ...], field: str) -> Refusal | None:
    if given in known:
        return None
    fix = Fix(FixKind.CHANGE_INPUT, {"field": field})
    return Refusal("partner.no_such_fault", allowed={"faults": known}, field=field, fix=fix)
