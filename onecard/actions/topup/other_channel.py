"""其他渠道的充值: a load that another operator wrote, proven by its TAC (card reference 10.2, N2).

It took the counter at which ours stood, so that ours can never be written any more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from onecard.actions._attempts import Closing, open_attempt, resolve_as
from onecard.actions._keeping import act, note, walk
from onecard.actions._purses import (
    GROUND,
    count_failures,
    find_purse,
    hold_purse,
    identity_of,
    profile_of,
)
from onecard.adapters.purse_keys import purse_keys
from onecard.chip.purse_facts import OnlineAttempt
from onecard.chip.purse_files import CardIdentity, TransactionType
from onecard.domain.authority import Actor
from onecard.domain.refusal import NotFound
from onecard.domain.topup import Evidence
from onecard.records.models import LoadAttempt, PurseAccount


@dataclass(frozen=True)
class OtherLoad:
    """A load as another channel reports it, hex where bytes are meant; `counter` before it."""

    issuer: str
    serial: str
    old_balance: int
    counter: int
    key_version: int
    algorithm: int
    random: str
    amount_fen: int
    terminal: str
    at: datetime
    tac: str = field(repr=False)


@dataclass(frozen=True)
class MatchReceipt:
    """What it settled: `attempt` is empty where nothing of ours stood at that counter."""

    purse: str
    attempt: str = ""
    verified: bool = True


@walk("topup.match_other")
def match_other_load(*, load: OtherLoad, actor: Actor, at: datetime) -> MatchReceipt:
    """Verify another channel's load and settle what it overtook. Raises `NotFound`."""
    card = CardIdentity(bytes.fromhex(load.issuer), bytes.fromhex(load.serial))
    purse = find_purse(card)
    if purse is None:
        raise NotFound(PurseAccount.__name__)
    verified = not _is_ours(purse, load) and purse_keys().check_load_tac(
        identity_of(purse), profile_of(purse), _told(card, load), bytes.fromhex(load.tac)
    )
    return overtake(purse=purse.ref, counter=load.counter, verified=verified, actor=actor, at=at)


@act("topup.match_other_load")
def overtake(
    *, purse: str, counter: int, verified: bool, actor: Actor, at: datetime
) -> MatchReceipt:
    """What of it happens here; a TAC that does not verify is counted, nothing else."""
    row = hold_purse(purse)
    if not verified:
        count_failures(row, 1, at=at)
        return MatchReceipt(purse, verified=False)
    still_open = open_attempt(purse)
    if still_open is None or still_open.counter != counter:
        return MatchReceipt(purse)
    resolve_as(row, still_open, Closing(Evidence.N2, actor, at))
    note(about=row.ref, by=actor, at=at, ground=GROUND, attempt=still_open.ref)
    return MatchReceipt(purse, still_open.ref)


def _is_ours(purse: PurseAccount, load: OtherLoad) -> bool:
    """Our own load in another's file kills nothing: terminal and moment are those of ours."""
    ours = LoadAttempt.objects.filter(
        purse=purse, counter=load.counter, terminal=load.terminal.upper(), at=load.at
    )
    return ours.exists()


def _told(card: CardIdentity, load: OtherLoad) -> OnlineAttempt:
    return OnlineAttempt(
        card=card,
        type=TransactionType.LOAD,
        old_balance=load.old_balance,
        counter=load.counter,
        key_version=load.key_version,
        algorithm=load.algorithm,
        random=bytes.fromhex(load.random),
        amount_fen=load.amount_fen,
        terminal=bytes.fromhex(load.terminal),
        at=load.at,
    )
