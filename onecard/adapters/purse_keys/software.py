"""Purse keys in memory, for development and tests. Refuses to start in production.

Its master keys stand in the card reference, where anybody can read them: they protect nothing.
"""

from __future__ import annotations

from onecard.adapters.purse_keys.verbs import CustodyVerbs
from onecard.chip.purse_vectors import KEY_VERSION, MASTERS
from onecard.chip.software_ciphers import SoftwareCiphers
from onecard.chip.software_keys import Masters, SoftwareVault

TEST_MASTERS: Masters = {(kind, KEY_VERSION): key for kind, key in MASTERS.items()}


class SoftwareInProduction(RuntimeError):
    """Somebody starts keys in memory in a production house."""

    def __init__(self) -> None:
        super().__init__(
            "purse keys in memory must not start with ONECARD_PRODUCTION=1: "
            "name a token (ONECARD_PKCS11_LIBRARY, _TOKEN, _PIN_FILE)"
        )


class SoftwarePurseKeys(CustodyVerbs):
    """Answers as `PurseKeys` says, for both profiles."""

    def __init__(self, masters: Masters = TEST_MASTERS, *, production: bool) -> None:
        if production:
            raise SoftwareInProduction
        super().__init__(SoftwareVault(masters, SoftwareCiphers()), production=False)
