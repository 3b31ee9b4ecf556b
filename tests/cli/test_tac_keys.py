"""TAC keys of cards come into the token by file, by two custodians; then proofs are believed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("pkcs11")

from click.testing import Result

from onecard.adapters.purse_keys.components import check_value_of
from onecard.adapters.purse_keys.key_desk import in_key_desk
from onecard.adapters.purse_keys.pkcs11 import Pkcs11PurseKeys, TacWay, TokenDesk, TokenPlace
from onecard.adapters.purse_keys.pkcs11.vault import TacKeyMissing
from onecard.adapters.purse_keys.tac_file import HEADER, check_value
from onecard.chip.purse_arithmetic import Cipher
from onecard.chip.purse_files import CardIdentity
from onecard.chip.purse_profile import Mac, PurseKey
from onecard.chip.purse_vectors import CARD, MASTERS, TRIPLE_DES
from onecard.chip.software_ciphers import SoftwareCiphers
from onecard.domain.authority import Role
from onecard.records.models import AuditRow
from tests import staff
from tests.adapters.purse_keys.a_token import LIBRARY, MASK, a_place
from tests.cli.test_keys import PASSWORD, run

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not LIBRARY.exists(), reason="SoftHSM is missing"),
    pytest.mark.xdist_group("softhsm"),
    pytest.mark.rule("card reference 14.2; guarantees 12, key custodian A / B"),
]
TRANSPORT = bytes.fromhex("89ABCDEF012345671032547698BADCFE")
OTHER = bytes(a ^ b for a, b in zip(TRANSPORT, MASK, strict=True))
KCV = check_value_of(TRANSPORT)
HALF = bytes.fromhex("9E1D7DFBCBDDEE53")
STRANGER = CardIdentity(CARD.issuer, CARD.serial[:-1] + b"\x46")


@pytest.fixture(autouse=True)
def place(tmp_path: Path) -> Iterator[TokenPlace]:
    """Custodians wu and deng, and a token with the TAC master key alone."""
    for name in ("wu", "deng"):
        staff.a_member(Role.SECURITY_ADMIN, username=name, password=PASSWORD)
    with a_place(tmp_path, TacWay.IMPORTED) as made, in_key_desk(TokenDesk.at(made)):
        master = MASTERS[PurseKey.TAC]
        kcv = check_value_of(master)
        TokenDesk.at(made).put_together(PurseKey.TAC, 1, master, bytes(16), kcv=kcv)
        yield made


def line(card: CardIdentity = CARD, half: bytes = HALF, version: str = "1", kcv: str = "") -> str:
    """A card's key as its issuer hands it over."""
    cryptogram = SoftwareCiphers().ecb(Cipher.TRIPLE_DES, TRANSPORT, half)
    names = (card.issuer.hex(), card.serial.hex(), version, cryptogram.hex())
    return ",".join((*names, kcv or check_value(half))).upper()


@pytest.fixture
def bring(tmp_path: Path) -> Callable[..., Result]:
    """Both custodians take a file of these lines."""

    def brought(*lines: str, kcv: str = KCV, names: tuple[str, str] = ("wu", "deng")) -> Result:
        file = tmp_path / "tac.csv"
        file.write_text("\n".join((HEADER, *lines)) + "\n")
        argv = ("import-tac", str(file), "--kcv", kcv, "--as", names[0], "--with", names[1])
        return run(*argv, who=names, typed=(MASK.hex(), "y", OTHER.hex(), "y"))

    return brought


def believed(place: TokenPlace, card: CardIdentity = CARD) -> bool:
    """Whether the known TAC is believed of a card."""
    load = TRIPLE_DES.load
    keys = Pkcs11PurseKeys(place, production=True)
    return keys.check_load_tac(card, TRIPLE_DES.profile, load.attempt, load.values[Mac.LOAD_TAC])


def test_a_file_of_the_issuer_makes_the_cards_proofs_checkable(
    place: TokenPlace, bring: Callable[..., Result]
) -> None:
    """按文件导入 TAC 密钥后，卡的 TAC 可验。"""
    with pytest.raises(TacKeyMissing):
        believed(place)
    done = bring(line(), line(STRANGER, bytes(range(8))))
    assert done.exit_code == 0, done.output
    assert "2 cards, 2 new" in done.output
    assert believed(place)
    assert not believed(place, STRANGER)


def test_a_file_may_be_taken_again_and_brings_only_what_is_new(
    bring: Callable[..., Result],
) -> None:
    """中断后可重新导入同一文件。"""
    assert bring(line()).exit_code == 0
    assert "2 cards, 1 new" in bring(line(), line(STRANGER)).output


def test_a_key_that_is_there_is_not_replaced_by_another(
    place: TokenPlace, bring: Callable[..., Result]
) -> None:
    """同一张卡、同一版，密钥不可换。"""
    assert bring(line()).exit_code == 0
    done = bring(line(STRANGER), line(half=bytes(range(8))))
    assert done.exit_code == 1
    assert check_value(HALF) in done.output
    assert believed(place)
    with pytest.raises(TacKeyMissing):
        believed(place, STRANGER)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (line(STRANGER, kcv="00000000"), "check value does not fit"),
        (line(STRANGER)[:-1], "agreed form"),
        (line(STRANGER, version="256"), "agreed form"),
        (line(), "same card"),
    ],
)
def test_one_bad_line_and_no_card_is_taken(
    place: TokenPlace, bring: Callable[..., Result], bad: str, said: str
) -> None:
    """有一行不符，一张也不写入。"""
    done = bring(line(), bad)
    assert done.exit_code == 1
    assert "Line 3" in done.output
    assert said in done.output
    with pytest.raises(TacKeyMissing):
        believed(place)


def test_another_transport_key_opens_nothing(
    place: TokenPlace, bring: Callable[..., Result]
) -> None:
    """传输密钥校验值不符，不导入。"""
    done = bring(line(), kcv="00000000")
    assert done.exit_code == 1
    assert KCV in done.output
    with pytest.raises(TacKeyMissing):
        believed(place)


def test_nobody_brings_both_halves(place: TokenPlace, bring: Callable[..., Result]) -> None:
    """一人不得输两个分量。"""
    assert bring(line(), names=("wu", "wu")).exit_code == 1
    with pytest.raises(TacKeyMissing):
        believed(place)


def test_the_audit_names_both_custodians_and_no_key(
    bring: Callable[..., Result],
) -> None:
    """留痕：谁、多少张、哪个文件；不含密钥。"""
    done = bring(line())
    row = AuditRow.objects.get(act="key_custody.keep_tac_keys")
    assert row.facts["cards"] == row.facts["added"] == 1
    assert row.facts["other"]
    assert row.facts["kcv"] == KCV
    kept = done.output.lower() + str(list(AuditRow.objects.values())).lower()
    for secret in (HALF, TRANSPORT, MASK, OTHER):
        assert secret.hex() not in kept


def test_without_a_token_nothing_is_brought(
    place: TokenPlace, bring: Callable[..., Result]
) -> None:
    """设备断开：可重办。"""
    gone = replace(place, label="another")
    with in_key_desk(TokenDesk.at(gone)):
        assert bring(line()).exit_code == 1
    assert bring(line()).exit_code == 0
