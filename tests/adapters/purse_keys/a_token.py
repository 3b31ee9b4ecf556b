"""A SoftHSM token of the tests' own, in a folder of its own, with the test keys inside."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from onecard.adapters.purse_keys.components import check_value_of
from onecard.adapters.purse_keys.pkcs11 import TacWay, TokenDesk, TokenPlace, module
from onecard.adapters.purse_keys.tac_file import TacKey, check_value
from onecard.chip.purse_profile import PurseKey
from onecard.chip.purse_vectors import CARD, KEY_VERSION, MASTERS, TRIPLE_DES

LIBRARY = Path("/usr/lib/softhsm/libsofthsm2.so")
LABEL, PIN, SO_PIN = "onecard-test", "only-for-tests", "12345678"
MASK = bytes.fromhex("A5" * 16)


@contextmanager
def a_place(folder: Path, tac: TacWay = TacWay.ON_HOST) -> Iterator[TokenPlace]:
    """An empty token."""
    (folder / "tokens").mkdir()
    conf = folder / "softhsm2.conf"
    conf.write_text(
        f"directories.tokendir = {folder / 'tokens'}\n"
        "objectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n"
    )
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(conf)
    words = ["--init-token", "--free", "--label", LABEL, "--pin", PIN, "--so-pin", SO_PIN]
    subprocess.run(["softhsm2-util", *words], check=True, stdout=subprocess.DEVNULL)
    pin_file = folder / "pkcs11.pin"
    pin_file.write_text(PIN + "\n")
    pin_file.chmod(0o400)
    module.forget()
    try:
        yield TokenPlace(LIBRARY, LABEL, pin_file, tac)
    finally:
        module.forget()
        os.environ.pop("SOFTHSM2_CONF")
        if before is not None:
            os.environ["SOFTHSM2_CONF"] = before


def fill(place: TokenPlace, version: int = KEY_VERSION) -> None:
    """Put the test keys into it, by components, and the XORed TAC key of the test card."""
    desk = TokenDesk.at(place)
    for kind, master in MASTERS.items():
        other = bytes(a ^ b for a, b in zip(master, MASK, strict=True))
        desk.put_together(kind, version, MASK, other, kcv=check_value_of(master))
    dtk = TRIPLE_DES.card_keys[PurseKey.TAC]
    half = bytes(a ^ b for a, b in zip(dtk[:8], dtk[8:], strict=True))
    desk.put_tac_keys([TacKey(CARD, version, check_value(half), half)])
