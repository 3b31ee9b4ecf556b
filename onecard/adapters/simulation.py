"""A set of partners made of software, ready for use: for `make run`, tests and the simulator.

They take the time of day from whoever makes them and chance from a seed, and know nothing of our
tables. With a folder they keep their state in one small file each, shared by all processes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from onecard.adapters.bank.codes import BANK
from onecard.adapters.bank.habits import WELL_BEHAVED, BankHabit
from onecard.adapters.bank.simulated import SimulatedBank
from onecard.adapters.card_vendor.simulated import SimulatedCardVendor
from onecard.adapters.courier.simulated import SimulatedCourier
from onecard.adapters.faults import Fault, Faults
from onecard.adapters.guard import Guarded
from onecard.adapters.hr_database.magic import Resident
from onecard.adapters.hr_database.simulated import SimulatedHrDatabase
from onecard.adapters.pace import AT_ONCE, Pace
from onecard.adapters.partners import Partners
from onecard.adapters.payment.simulated import SimulatedPaymentGateway
from onecard.adapters.real_name import ProvenPerson
from onecard.adapters.real_name.openid import OpenIdRealName
from onecard.adapters.real_name.simulated import ISSUER, LOOPBACK, SimulatedProvider
from onecard.adapters.sightings import Lookout, Report, tell_nobody
from onecard.adapters.sms.simulated import SimulatedSms
from onecard.adapters.store import Store
from onecard.domain import partner as known

SEED = 20210622
"""The day the first One Card was issued: every installation simulates the same partners."""
FAULTS = "faults"
"""The file of the fault switches."""
OUR_PAGE = "/simulated/real-name/authorize"
"""Where our own web door shows the page of the simulated real-name service."""
OUR_PAY_PAGE = "/simulated/payment/pay"
"""Where our own web door shows the page of the simulated payment channel."""


@dataclass(frozen=True)
class Simulation:
    """The partners from the inside, for whoever plays them; no guard, no faults."""

    hr_database: SimulatedHrDatabase
    real_name: SimulatedProvider
    banks: Mapping[str, SimulatedBank]
    card_vendor: SimulatedCardVendor
    courier: SimulatedCourier
    sms: SimulatedSms
    payment: SimulatedPaymentGateway
    faults: Faults
    stores: tuple[Store, ...]

    def seed(self, residents: Iterable[Resident]) -> None:
        """Make people known to the province and to the real-name service."""
        known = tuple(residents)
        self.hr_database.seed(known)
        self.real_name.seed(
            ProvenPerson(who.person.name, who.person.identity_number, real_person=True)
            for who in known
        )

    def strike(self, partner: str) -> Fault | None:
        """What befalls the call now beginning: a switch thrown by hand, else the bank's habit."""
        bank = self.banks.get(known.bank_of(partner))
        return self.faults.strike(partner) or (bank.temper.strike() if bank else None)

    def seconds(self, partner: str) -> float:
        """How long a partner takes to answer."""
        bank = self.banks.get(known.bank_of(partner))
        return bank.temper.seconds() if bank else 0.0

    def close(self) -> None:
        """Let go of every file."""
        for store in self.stores:
            store.close()


@dataclass(frozen=True)
class SimulatedPartners(Partners):
    """Partners like any others, and the simulation behind them."""

    simulation: Simulation


def simulated_partners(
    *,
    state_folder: Path | None,
    now: Callable[[], datetime],
    seed: int,
    pace: Pace = AT_ONCE,
    report: Report = tell_nobody,
    redirect_hosts: frozenset[str] = LOOPBACK,
    habits: Mapping[str, BankHabit] | None = None,
) -> SimulatedPartners:
    """Partners whose state lies in `state_folder`, or in memory only (None).

    `report` hears how partners answer; `redirect_hosts` are the hosts the sign-in page returns to;
    `habits` of the banks, who are well behaved without.
    """
    simulation = simulate(
        state_folder=state_folder,
        now=now,
        seed=seed,
        pace=pace,
        redirect_hosts=redirect_hosts,
        habits=habits,
    )
    lookout = Lookout(now, report)
    sign_in = OpenIdRealName(simulation.real_name, page=OUR_PAGE, now=now)

    def guarded(partner: str, inner: object) -> Any:
        return Guarded(partner, inner, lookout, simulation.strike)

    return SimulatedPartners(
        hr_database=guarded(known.HR_DATABASE, simulation.hr_database),
        real_name=guarded(known.REAL_NAME, sign_in),
        banks={key: guarded(known.bank(key), bank) for key, bank in simulation.banks.items()},
        card_vendor=guarded(known.CARD_VENDOR, simulation.card_vendor),
        courier=guarded(known.COURIER, simulation.courier),
        sms=guarded(known.SMS, simulation.sms),
        payment=guarded(known.PAYMENT, simulation.payment),
        simulation=simulation,
    )


class _Cupboard:
    """Opens the stores of one set of partners, and remembers them."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self.stores: list[Store] = []

    def store(self, name: str) -> Store:
        """A new store under a name."""
        self.stores.append(Store(self._folder / f"{name}.sqlite3" if self._folder else None))
        return self.stores[-1]


def simulate(
    *,
    state_folder: Path | None,
    now: Callable[[], datetime],
    seed: int,
    pace: Pace = AT_ONCE,
    issuer: str = ISSUER,
    pay_page: str = OUR_PAY_PAGE,
    redirect_hosts: frozenset[str] = LOOPBACK,
    habits: Mapping[str, BankHabit] | None = None,
) -> Simulation:
    """The partners from the inside. `issuer` is how the real-name service signs.

    `pay_page` is where the payment channel sends payers.
    """
    cupboard = _Cupboard(state_folder)
    store = cupboard.store
    by: dict[str, Any] = {"now": now, "seed": seed, "pace": pace}
    provider = SimulatedProvider(
        store=store(known.REAL_NAME),
        now=now,
        seed=seed,
        issuer=issuer,
        redirect_hosts=redirect_hosts,
    )
    return Simulation(
        hr_database=SimulatedHrDatabase(store=store(known.HR_DATABASE), now=now, seed=seed),
        real_name=provider,
        banks=_banks(store, habits or {}, **by),
        card_vendor=SimulatedCardVendor(store=store(known.CARD_VENDOR), **by),
        courier=SimulatedCourier(store=store(known.COURIER), **by),
        sms=SimulatedSms(store=store(known.SMS), now=now),
        payment=SimulatedPaymentGateway(
            store=store(known.PAYMENT), now=now, seed=seed, page=pay_page
        ),
        faults=Faults(store(FAULTS)),
        stores=tuple(cupboard.stores),
    )


def _banks(
    store: Callable[[str], Store], habits: Mapping[str, BankHabit], **by: Any
) -> dict[str, SimulatedBank]:
    """Every bank, each with a store and a habit of its own."""
    return {
        key: SimulatedBank(
            key=key, store=store(f"bank-{key}"), habit=habits.get(key, WELL_BEHAVED), **by
        )
        for key in BANK
    }


def state_in(home: Path) -> Path:
    """Where an installation keeps the state of its simulated partners."""
    return home / "partners"
