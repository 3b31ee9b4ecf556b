"""A SoftHSM token for the length of a measurement, with the public test keys inside."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from onecard.adapters.purse_keys import PurseKeys
from onecard.adapters.purse_keys.pkcs11 import Pkcs11PurseKeys, TokenDesk, TokenPlace, module
from onecard.adapters.purse_keys.tac_file import TacKey, check_value
from onecard.chip.purse_arithmetic import Arithmetic
from onecard.chip.purse_profile import PurseKey
from onecard.chip.purse_vectors import CARD, KEY_VERSION, MASTERS, TRIPLE_DES
from onecard.chip.software_ciphers import SoftwareCiphers

LIBRARY = Path("/usr/lib/softhsm/libsofthsm2.so")
_LABEL, _PIN, _SO_PIN = "onecard-measured", "only-to-measure", "only-to-measure-so"
_CONF = "SOFTHSM2_CONF"
_HALF = 8


@contextmanager
def scratch_token() -> Iterator[PurseKeys]:
    """The custody over a fresh token, in the way of production (imported TAC keys)."""
    with tempfile.TemporaryDirectory(prefix="onecard-token-") as name, _told(Path(name)):
        words = ["--init-token", "--free", "--label", _LABEL, "--pin", _PIN, "--so-pin", _SO_PIN]
        subprocess.run(["softhsm2-util", *words], check=True, stdout=subprocess.DEVNULL)
        pin_file = Path(name) / "token.pin"
        pin_file.write_text(_PIN)
        place = TokenPlace(LIBRARY, _LABEL, pin_file)
        _fill(place)
        yield Pkcs11PurseKeys(place, production=False)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """SoftHSM reads its tokens from this folder; it is told by an environment variable only."""
    before = os.environ.get(_CONF)
    os.environ[_CONF] = str(_configured(folder))
    module.forget()
    try:
        yield
    finally:
        module.forget()
        os.environ.pop(_CONF)
        if before is not None:
            os.environ[_CONF] = before


def _configured(folder: Path) -> Path:
    tokens, conf = folder / "tokens", folder / "softhsm2.conf"
    tokens.mkdir()
    conf.write_text(
        f"directories.tokendir = {tokens}\n"
        "objectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n"
    )
    return conf


def _fill(place: TokenPlace) -> None:
    """The two keys a load needs, and the TAC key of the test card."""
    desk, arithmetic = TokenDesk.at(place), Arithmetic(TRIPLE_DES.profile, SoftwareCiphers())
    for kind in (PurseKey.LOAD, PurseKey.TAC):
        key = MASTERS[kind]
        kcv = arithmetic.key_check_value(key).hex().upper()
        desk.put_together(kind, KEY_VERSION, key, bytes(len(key)), kcv=kcv)
    dtk = TRIPLE_DES.card_keys[PurseKey.TAC]
    half = bytes(a ^ b for a, b in zip(dtk[:_HALF], dtk[_HALF:], strict=True))
    desk.put_tac_keys([TacKey(CARD, KEY_VERSION, check_value(half), half)])
