"""The real clients, one line to each partner: `<base_url>/<partner>/<verb>`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from onecard.adapters.bank.acknowledging import Keys, simulated_keys
from onecard.adapters.bank.codes import BANK
from onecard.adapters.bank.http_client import HttpBank
from onecard.adapters.caller import Line, Patience
from onecard.adapters.card_vendor.http_client import HttpCardVendor
from onecard.adapters.courier.http_client import HttpCourier
from onecard.adapters.guard import Guarded
from onecard.adapters.hr_database.http_client import HttpHrDatabase
from onecard.adapters.partners import Partners
from onecard.adapters.payment.http_client import HttpPaymentGateway
from onecard.adapters.payment.notices import Keys as PaymentKeys
from onecard.adapters.payment.notices import simulated_keys as simulated_payment_keys
from onecard.adapters.real_name.http_client import HttpProvider
from onecard.adapters.real_name.openid import OpenIdRealName
from onecard.adapters.sightings import Lookout, Report, tell_nobody
from onecard.adapters.sms.http_client import HttpSms
from onecard.domain import partner as known

AT_A_COUNTER = Patience(timeout_seconds=5.0)
FOR_FILES = Patience(timeout_seconds=30.0)


@dataclass(frozen=True)
class Lines:
    """How each partner is reached: behind the gateway, or `elsewhere` at an address of its own."""

    base_url: str
    elsewhere: Mapping[str, str]
    token: str
    patience: Patience
    patience_with_files: Patience
    pause: Callable[[float], None]

    def to(self, partner: str) -> Line:
        """The line for questions and single acts."""
        root = self.elsewhere.get(partner, self.base_url).rstrip("/")
        url = f"{root}/{known.path_of(partner)}"
        return Line(partner, url, self.token, self.patience, self.pause)

    def for_files(self, partner: str) -> Line:
        """The line for whole files, with more patience."""
        return replace(self.to(partner), patience=self.patience_with_files)


def http_partners(
    base_url: str,
    *,
    now: Callable[[], datetime],
    token: str = "",
    patience: Patience = AT_A_COUNTER,
    patience_with_files: Patience = FOR_FILES,
    pause: Callable[[float], None] = time.sleep,
    report: Report = tell_nobody,
    bank_keys: Mapping[str, Keys] | None = None,
    payment_keys: PaymentKeys | None = None,
    elsewhere: Mapping[str, str] | None = None,
) -> Partners:
    """Partners behind a gateway (or behind `onecard partners serve`).

    `elsewhere` names the addresses of those that are not behind it, by partner key.
    `token` proves who calls; `report` hears how partners answer; `pause` waits between tries.
    `bank_keys` and `payment_keys` are those by which banks and the payment channel sign, the
    simulations' own where none are given.
    """
    lines = Lines(base_url, elsewhere or {}, token, patience, patience_with_files, pause)
    lookout = Lookout(now, report)

    def guarded(partner: str, inner: object) -> Any:
        return Guarded(partner, inner, lookout)

    line, for_files = lines.to, lines.for_files
    provider = HttpProvider(line(known.REAL_NAME))
    sign_in = OpenIdRealName(provider, page=f"{provider.issuer()}/authorize", now=now)
    banks = _banks(lines, bank_keys)
    return Partners(
        hr_database=guarded(known.HR_DATABASE, HttpHrDatabase(line(known.HR_DATABASE))),
        real_name=guarded(known.REAL_NAME, sign_in),
        banks={key: guarded(known.bank(key), bank) for key, bank in banks.items()},
        card_vendor=guarded(known.CARD_VENDOR, HttpCardVendor(for_files(known.CARD_VENDOR))),
        courier=guarded(known.COURIER, HttpCourier(line(known.COURIER))),
        sms=guarded(known.SMS, HttpSms(line(known.SMS))),
        payment=guarded(known.PAYMENT, _gateway(lines, payment_keys)),
    )


def _gateway(lines: Lines, keys: PaymentKeys | None) -> HttpPaymentGateway:
    line, for_files = lines.to(known.PAYMENT), lines.for_files(known.PAYMENT)
    return HttpPaymentGateway(line, for_files, keys or simulated_payment_keys())


def _banks(lines: Lines, keys: Mapping[str, Keys] | None) -> Mapping[str, HttpBank]:
    known_keys = keys or {key: simulated_keys(key) for key in BANK}
    names = {key: known.bank(key) for key in BANK}
    return {
        key: HttpBank(lines.to(name), lines.for_files(name), known_keys.get(key, {}))
        for key, name in names.items()
    }


def token_in(home: Path) -> str:
    """What proves to the far end who calls: the file `partners.token`, if there is one."""
    file = home / "partners.token"
    return file.read_text(encoding="ascii").strip() if file.exists() else ""
