"""What key custody says about a card's answers, asked before anything is held (card reference 10).

Nothing else in the house turns a card's bytes into facts. A failed check teaches nothing; it is
counted per card.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from onecard.actions._attempts import TYPES, online, purchase, same_counter
from onecard.adapters.purse_keys import purse_keys
from onecard.chip.challenge import STRONG, Challenge, Probe
from onecard.chip.fault import CryptoMismatch
from onecard.chip.purse_answers import LoadInitialized, TransactionProof
from onecard.chip.purse_files import CardIdentity
from onecard.chip.purse_profile import PurseProfile
from onecard.domain.topup import AttemptKind, Fresh
from onecard.records.models import LoadAttempt


@dataclass(frozen=True)
class Proved:
    """Which attempt of the card a TAC is about; empty where it fits none."""

    attempt: str = ""
    tac: bytes = b""
    failures: int = 0


NOT_ASKED = Proved()


def proved_by_tac(
    purse: str,
    card: CardIdentity,
    profile: PurseProfile,
    kind: AttemptKind,
    counter: int,
    proof: TransactionProof | None,
) -> Proved:
    """Compare the TAC of `80 5A` with ALL attempts at this counter, dead ones included."""
    if proof is None:
        return NOT_ASKED
    for row in same_counter(purse, kind, counter):
        if tac_fits(row, card, profile, proof.tac):
            return Proved(row.ref, proof.tac)
    return Proved(failures=1)


def tac_fits(row: LoadAttempt, card: CardIdentity, profile: PurseProfile, tac: bytes) -> bool:
    """Whether a TAC proves this very attempt, as it was saved."""
    if row.kind is AttemptKind.DRAIN:
        return purse_keys().check_purchase_tac(
            card, profile, purchase(row), tac, key_version=row.key_version
        )
    loads = row.kind is AttemptKind.LOAD
    check = purse_keys().check_load_tac if loads else purse_keys().check_unload_tac
    return check(card, profile, online(row, card), tac)


def fresh_counter(
    card: CardIdentity,
    profile: PurseProfile,
    init: LoadInitialized,
    *,
    amount_fen: int,
    terminal: bytes,
    strong: bool,
    kind: AttemptKind = AttemptKind.LOAD,
) -> Fresh | None:
    """Balance and counter under MAC1; None if it does not verify."""
    try:
        proven = purse_keys().prove_counter(
            card, profile, init, amount_fen=amount_fen, terminal=terminal, type_=TYPES[kind]
        )
    except CryptoMismatch:
        return None
    return Fresh(proven.balance_fen, proven.counter, strong)


def challenge_kept(challenge: Challenge) -> dict[str, Any]:
    """A challenge as a plan keeps it."""
    return {"terminal": challenge.terminal.hex(), "possibilities": str(challenge.possibilities)}


def challenge_of(kept: Mapping[str, Any]) -> Challenge:
    """The challenge that was drawn for this step."""
    return Challenge(bytes.fromhex(kept["terminal"]), int(kept["possibilities"]))


def probe_kept(probe: Probe) -> dict[str, Any]:
    """A probe as a plan keeps it."""
    amounts = {"amount_fen": probe.amount_fen, "amounts": probe.amounts}
    return challenge_kept(probe.challenge) | amounts


def probe_of(kept: Mapping[str, Any]) -> Probe:
    """The probe that was drawn for this step."""
    return Probe(challenge_of(kept), kept["amount_fen"], kept["amounts"])


def is_strong(possibilities: int, *, in_our_hand: bool) -> bool:
    """Whether an answer may justify a payment refund: enough chance, or our own reader."""
    return in_our_hand or possibilities >= STRONG
