"""Which partners this installation speaks to: software ones by default, real ones by address."""

from __future__ import annotations

from datetime import datetime

from onecard.actions import partner_health
from onecard.adapters.bank.acknowledging import keys_in
from onecard.adapters.bank.codes import BANK
from onecard.adapters.http_partners import http_partners, token_in
from onecard.adapters.pace import AT_ONCE, OF_A_DEMO
from onecard.adapters.partners import Partners
from onecard.adapters.payment import notices
from onecard.adapters.real_name.simulated import LOOPBACK
from onecard.adapters.simulation import SEED, simulated_partners, state_in
from onecard.config.environment import Environment
from onecard.seams.world import world


def chosen(environment: Environment) -> Partners:
    """The real clients when `ONECARD_PARTNERS_URL` names a gateway, else the simulations."""
    if environment.partners_url:
        return http_partners(
            environment.partners_url,
            now=_now,
            token=token_in(environment.home),
            report=partner_health.report,
            bank_keys=keys_in(environment.home, tuple(BANK)),
            payment_keys=notices.keys_in(environment.home),
            elsewhere=environment.partners_elsewhere,
        )
    return simulated_partners(
        state_folder=state_in(environment.home),
        now=_now,
        seed=SEED,
        pace=OF_A_DEMO if environment.demo else AT_ONCE,
        report=partner_health.report,
        redirect_hosts=LOOPBACK | {host.strip("[]") for host in environment.allowed_hosts},
    )


def _now() -> datetime:
    return world().clock.now()
