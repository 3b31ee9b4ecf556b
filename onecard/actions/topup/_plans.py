"""What a tap is begun with: a challenge nobody could predict, and what is still open on the card.

Everything a MAC will be about stands in the plan before the step leaves; nothing of it is ever
taken from a post.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from onecard.actions._attempts import TYPES, given_up, open_attempt, proof_counter
from onecard.actions._proving import challenge_kept, challenge_of, probe_kept, probe_of
from onecard.actions._purses import failures_today, figures_on, identity_of, profile_of
from onecard.actions._tapping import Plan
from onecard.chip import transit_purse
from onecard.chip.challenge import PROBE_ENTROPY_BYTES, TERMINAL_BYTES, Challenge, Probe
from onecard.chip.dialogue import Dialogue
from onecard.chip.purse_answers import Loaded, TransactionProof
from onecard.chip.purse_files import CardIdentity, TransactionType
from onecard.chip.purse_profile import PurseProfile
from onecard.chip.tap import OpenAttempt, Tapped, Wish, tap
from onecard.domain.refusal import require
from onecard.domain.topup import may_tap_again
from onecard.records.models import (
    ChipDialogue,
    LoadAttempt,
    PurseAccount,
    PurseChallenge,
    TopUpOrder,
)
from onecard.seams.clock import LOCAL, local_day
from onecard.seams.world import world

ASKING_FEN = 1
"""The amount of an INITIALIZE that only asks: nothing is waiting to be written."""


def plan_tap(purse: PurseAccount, order: TopUpOrder | None, *, at: datetime) -> dict[str, Any]:
    """The plan of one tap; the purse is held. Raises `Refused` where the day's limits are reached.

    What was given up without a strong proof is asked for once more at every tap.

    A probe is drawn only where the terminal number alone is not unpredictable enough, and only
    while an attempt is open (card reference 10.2).
    """
    still_open, profile = open_attempt(purse.ref), profile_of(purse)
    figures = figures_on(local_day(at))
    asked = _asked_today(still_open, at)
    failures = failures_today(purse, at)
    require(may_tap_again(challenges=asked, failures=failures, figures=figures))
    challenge = _draw(profile)
    probe = None
    if still_open is not None and not challenge.is_strong:
        probe = _draw_probe(profile, figures.probe_amounts_fen)
    card, asked_of = identity_of(purse), still_open or given_up(purse.ref)
    return {
        "issuer": card.issuer.hex(),
        "serial": card.serial.hex(),
        "amount_fen": order.amount_fen if order else ASKING_FEN,
        "challenge": challenge_kept(challenge),
        "probe": probe_kept(probe) if probe else None,
        "open": still_open.ref if still_open else "",
        "kind": asked_of.kind.value if asked_of else "",
        "type": TYPES[asked_of.kind].value if asked_of else 0,
        "proof_counter": proof_counter(asked_of) if asked_of else 0,
        "on": "" if still_open else local_day(at).isoformat(),
    }


def draw_again(plan: Plan, profile: PurseProfile, *, amount_fen: int) -> dict[str, Any]:
    """The plan of a further part of the same tap, with a challenge of its own."""
    kept = {"issuer": plan["issuer"], "serial": plan["serial"], "probe": None, "open": ""}
    return kept | {"amount_fen": amount_fen, "challenge": challenge_kept(_draw(profile))}


def keep_challenges(row: ChipDialogue, purse: PurseAccount, plan: Plan, *, at: datetime) -> None:
    """Write down what was drawn, so that it is never used again with this card."""
    drawn = [(plan["challenge"], plan["amount_fen"], False)]
    if plan["probe"]:
        drawn.append((plan["probe"], plan["probe"]["amount_fen"], True))
    for kept, amount_fen, probe in drawn:
        PurseChallenge.objects.create(
            ref=world().ids.new("chl"),
            purse=purse,
            tap=row,
            terminal=kept["terminal"].upper(),
            amount_fen=amount_fen,
            probe=probe,
            about=plan["open"],
            drawn_at=at,
        )


def tap_dialogue(plan: Plan, profile: PurseProfile) -> Dialogue[Tapped]:
    """The talk of one tap, from its plan."""
    open_ = None
    if plan["kind"]:
        probe = probe_of(plan["probe"]) if plan["probe"] else None
        open_ = OpenAttempt(TransactionType(plan["type"]), plan["proof_counter"], probe)
    wish = Wish(
        amount_fen=plan["amount_fen"],
        challenge=challenge_of(plan["challenge"]),
        card=card_of(plan),
        on=date.fromisoformat(plan["on"]) if plan["on"] else None,
        open_attempt=open_,
    )
    return tap(profile, wish)


def credit_dialogue(plan: Plan, profile: PurseProfile) -> Dialogue[Loaded]:  # noqa: ARG001
    """CREDIT FOR LOAD alone in its step, with the MAC2 and the moment of the saved attempt."""
    at = datetime.fromisoformat(plan["at"])
    return transit_purse.credit_load(at=at, mac2=bytes.fromhex(plan["mac2"]))


def prove_dialogue(
    plan: Plan,
    profile: PurseProfile,  # noqa: ARG001
) -> Dialogue[TransactionProof | None]:
    """GET TRANSACTION PROVE once more: INITIALIZE showed that the counter moved."""
    return transit_purse.prove(TransactionType(plan["type"]), plan["proof_counter"])


def card_of(plan: Plan) -> CardIdentity:
    """The card a plan is about."""
    return CardIdentity(bytes.fromhex(plan["issuer"]), bytes.fromhex(plan["serial"]))


def _draw(profile: PurseProfile) -> Challenge:
    rule, rng = profile.challenge, world().rng
    ours = bytes(TERMINAL_BYTES - rule.size)
    return Challenge.draw(rule, rng.bytes(rule.entropy_bytes), ours=ours)


def _draw_probe(profile: PurseProfile, amounts_fen: int) -> Probe:
    """A second question, of a random amount: amount and terminal number both count."""
    rule = replace(profile.challenge, probe_amounts_fen=amounts_fen)
    return Probe.draw(rule, _draw(profile), world().rng.bytes(PROBE_ENTROPY_BYTES))


def _asked_today(still_open: LoadAttempt | None, at: datetime) -> int:
    if still_open is None:
        return 0
    midnight = at.astimezone(LOCAL).replace(hour=0, minute=0, second=0, microsecond=0)
    asked = PurseChallenge.objects.filter(about=still_open.ref, drawn_at__gte=midnight)
    return asked.filter(probe=False).count()
