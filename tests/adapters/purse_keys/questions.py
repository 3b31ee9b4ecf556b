"""What every purse key custody is asked: known answers and known mistakes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from onecard.adapters.purse_keys import BadMac1, PurseKeys, UnknownKeyVersion
from onecard.adapters.purse_keys.software import TEST_MASTERS
from onecard.adapters.purse_keys.uses import gathering
from onecard.chip.purse_facts import ProvenCounter
from onecard.chip.purse_files import CardIdentity
from onecard.chip.purse_profile import Factor, Mac
from onecard.chip.purse_vectors import CARD, KEY_VERSION, KnownLoad, VectorSet
from onecard.chip.software_ciphers import SoftwareCiphers
from onecard.chip.software_keys import SoftwareKeys
from onecard.seams.holding import HoldsRows, holding

Case = Callable[["Asked"], None]
CASES: list[Case] = []


def case(function: Case) -> Case:
    """One question that every custody is asked."""
    CASES.append(function)
    return function


@dataclass(frozen=True)
class Asked:
    """A custody, and the card family it is asked about."""

    keys: PurseKeys
    vectors: VectorSet

    def order(self, known: KnownLoad) -> dict[str, Any]:
        """What the host decided about a load or unload."""
        attempt = known.attempt
        return {
            "amount_fen": attempt.amount_fen,
            "terminal": attempt.terminal,
            "at": attempt.at,
        }

    def drain(self, **changed: Any) -> bytes:
        """MAC1 of the purchase that empties the purse."""
        load, purchase = self.vectors.load, self.vectors.purchase
        facts = {
            "load_amount_fen": load.attempt.amount_fen,
            "load_terminal": load.attempt.terminal,
            "terminal": purchase.purchase.terminal,
            "terminal_counter": purchase.purchase.terminal_counter,
            "at": purchase.purchase.at,
        }
        init = changed.pop("load_init", load.init)
        return self.keys.authorise_drain(
            CARD, self.vectors.profile, init, purchase.init, **facts | changed
        )


@case
def mac2_of_a_load_is_the_known_one(asked: Asked) -> None:
    known = asked.vectors.load
    mac2 = asked.keys.authorise_load(CARD, asked.vectors.profile, known.init, **asked.order(known))
    assert mac2 == known.values[Mac.LOAD_MAC2]


@case
def mac2_of_an_unload_is_the_known_one(asked: Asked) -> None:
    known = asked.vectors.unload
    mac2 = asked.keys.authorise_unload(
        CARD, asked.vectors.profile, known.init, **asked.order(known)
    )
    assert mac2 == known.values[Mac.UNLOAD_MAC2]


@case
def no_mac2_without_the_cards_mac1(asked: Asked) -> None:
    for known, verb in (
        (asked.vectors.load, asked.keys.authorise_load),
        (asked.vectors.unload, asked.keys.authorise_unload),
    ):
        for changed in (
            {"mac1": bytes(4)},
            {"mac1": bytes.fromhex("167AE4E8")},
            {"random": bytes(4)},
            {"counter": known.init.counter + 1},
            {"old_balance": 0},
        ):
            forged = replace(known.init, **changed)  # type: ignore[arg-type]
            with pytest.raises(BadMac1):
                verb(CARD, asked.vectors.profile, forged, **asked.order(known))


@case
def mac1_covers_amount_terminal_and_card(asked: Asked) -> None:
    known = asked.vectors.load
    stranger = CardIdentity(CARD.issuer, CARD.serial[:-1] + b"\x46")
    for card, changed in (
        (CARD, {"amount_fen": 1}),
        (CARD, {"terminal": bytes(6)}),
        (stranger, {}),
    ):
        with pytest.raises(BadMac1):
            asked.keys.authorise_load(
                card, asked.vectors.profile, known.init, **asked.order(known) | changed
            )


@case
def swapped_levels_are_another_card(asked: Asked) -> None:
    known = asked.vectors.load
    swapped = replace(asked.vectors.profile, levels=(Factor.SERIAL, Factor.ISSUER))
    with pytest.raises(BadMac1):
        asked.keys.authorise_load(CARD, swapped, known.init, **asked.order(known))


@case
def a_fresh_answer_proves_balance_and_counter(asked: Asked) -> None:
    known = asked.vectors.load
    order = asked.order(known)
    del order["at"]
    proven = asked.keys.prove_counter(CARD, asked.vectors.profile, known.init, **order)
    assert proven == ProvenCounter(5000, 0x2A)
    with pytest.raises(BadMac1):
        asked.keys.prove_counter(
            CARD, asked.vectors.profile, replace(known.init, mac1=bytes(4)), **order
        )


@case
def an_unload_answer_proves_them_too(asked: Asked) -> None:
    known = asked.vectors.unload
    order = asked.order(known) | {"type_": known.attempt.type}
    del order["at"]
    proven = asked.keys.prove_counter(CARD, asked.vectors.profile, known.init, **order)
    assert proven == ProvenCounter(15000, 0x2B)


@case
def a_load_is_proven_by_its_tac_alone(asked: Asked) -> None:
    known, check = asked.vectors.load, asked.keys.check_load_tac
    right = known.values[Mac.LOAD_TAC]
    assert check(CARD, asked.vectors.profile, known.attempt, right)
    mistakes = ("7B94E7B9", "5EEE2742", "1A04ADA3", "8F1D0ABF", "0F43B76A", "00000000", "")
    for wrong in map(bytes.fromhex, mistakes):
        assert not check(CARD, asked.vectors.profile, known.attempt, wrong)
    for changed in ({"counter": 0x2B}, {"amount_fen": 1}, {"old_balance": 0}):
        other = replace(known.attempt, **changed)
        assert not check(CARD, asked.vectors.profile, other, right)


@case
def the_tac_of_an_unload_is_over_the_same_as_its_mac3(asked: Asked) -> None:
    known, profile = asked.vectors.unload, asked.vectors.profile
    mac3 = known.values[Mac.UNLOAD_MAC3]
    assert asked.keys.check_unload_mac3(CARD, profile, known.attempt, mac3)
    assert not asked.keys.check_unload_mac3(CARD, profile, known.attempt, bytes(4))
    assert not asked.keys.check_unload_tac(CARD, profile, known.attempt, mac3)


@case
def a_purchase_is_proven_by_its_tac(asked: Asked) -> None:
    known, profile = asked.vectors.purchase, asked.vectors.profile
    tac, generation = known.values[Mac.PURCHASE_TAC], {"key_version": KEY_VERSION}
    check = asked.keys.check_purchase_tac
    assert check(CARD, profile, known.purchase, tac, **generation)
    assert not check(CARD, profile, known.purchase, bytes(4), **generation)
    dearer = replace(known.purchase, amount_fen=201)
    assert not check(CARD, profile, dearer, tac, **generation)


@case
def a_drain_takes_exactly_the_proven_balance(asked: Asked) -> None:
    """The known purchase takes 2.00 yuan; the proven balance is 50.00: another MAC1."""
    made = asked.drain()
    assert len(made) == 4
    assert made != asked.vectors.purchase.values[Mac.PURCHASE_MAC1]
    known = asked.vectors.purchase
    whole = replace(known.purchase, amount_fen=asked.vectors.load.init.balance_fen)
    gate = SoftwareKeys(TEST_MASTERS, SoftwareCiphers())
    assert made == gate.sign_purchase(CARD, asked.vectors.profile, known.init, whole)
    with pytest.raises(BadMac1):
        asked.drain(load_init=replace(asked.vectors.load.init, mac1=bytes(4)))


@case
def a_generation_nobody_imported_is_an_unknown_one(asked: Asked) -> None:
    known = asked.vectors.load
    later = replace(known.init, key_version=9)
    with pytest.raises(UnknownKeyVersion):
        asked.keys.authorise_load(CARD, asked.vectors.profile, later, **asked.order(known))
    with pytest.raises(UnknownKeyVersion):
        asked.keys.check_load_tac(
            CARD, asked.vectors.profile, replace(known.attempt, key_version=9), bytes(4)
        )


@case
def it_is_never_asked_while_rows_are_held(asked: Asked) -> None:
    known = asked.vectors.load
    with holding("some.act"), pytest.raises(HoldsRows):
        asked.keys.authorise_load(CARD, asked.vectors.profile, known.init, **asked.order(known))


@case
def every_use_is_told_with_verdict_and_generation_and_without_a_mac(asked: Asked) -> None:
    known, profile = asked.vectors.load, asked.vectors.profile
    with gathering() as uses:
        mac2 = asked.keys.authorise_load(CARD, profile, known.init, **asked.order(known))
        asked.keys.check_load_tac(CARD, profile, known.attempt, bytes(4))
        with pytest.raises(BadMac1):
            asked.drain(load_init=replace(known.init, mac1=bytes(4)))
    assert [str(use) for use in uses] == [
        "authorise_load signed v1",
        "check_load_tac fits_not v1",
        "authorise_drain bad_mac1 v1",
    ]
    told = repr(uses).upper()
    secrets = (mac2, known.init.mac1, CARD.serial)
    assert not any(
        secret.hex().upper() in told or str(secret).upper() in told for secret in secrets
    )
