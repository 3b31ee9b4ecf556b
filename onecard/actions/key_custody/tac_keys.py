"""TAC keys of cards go into the token by file: two custodians, each with half of a transport key.

No token makes such a key of a diversified DTK by itself (card reference 14.2), so the issuer does.
A file that was taken halfway may be taken again: a key that is there already must be the same one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from onecard.actions._keeping import act, note, walk
from onecard.actions.key_custody.ceremony import Component, refusal_of
from onecard.actions.key_custody.custodian import is_same_person
from onecard.actions.key_custody.proposing import GROUND
from onecard.adapters.purse_keys import KeysUnavailable
from onecard.adapters.purse_keys.components import check_value_of
from onecard.adapters.purse_keys.key_desk import NoToken, WrongCheckValue, key_desk
from onecard.adapters.purse_keys.tac_file import BadLine, TacKey, read
from onecard.domain import key_custody as rules
from onecard.domain.authority import Actor
from onecard.domain.refusal import Fix, FixKind, Refusal, Refused, require


@dataclass(frozen=True)
class TacReceipt:
    """How many cards the file has, how many of them were new to the token; the file's SHA-256."""

    cards: int
    added: int
    digest: str


@walk("key_custody.import_tac_keys")
def import_tac_keys(
    *, file: bytes, kcv: str, components: tuple[Component, Component], at: datetime
) -> TacReceipt:
    """Put the TAC keys of a file into the token. `kcv` is that of the transport key, as agreed.

    Raises `Refused`: `key_custody.second_person`, `.wrong_kcv`, `.tac_line`, `.tac_differs`,
    `.no_token`, `.token_unavailable`.
    """
    one, other = components
    delivered = _delivered(file, kcv, one, other)
    try:
        added = key_desk().put_tac_keys(delivered)
    except WrongCheckValue as differs:
        raise Refused(
            Refusal("key_custody.tac_differs", measured={"found": differs.found})
        ) from differs
    except (NoToken, KeysUnavailable) as failed:
        raise Refused(refusal_of(None, failed)) from failed
    return keep_tac_keys(
        receipt=TacReceipt(len(delivered), added, hashlib.sha256(file).hexdigest()),
        kcv=kcv.upper(),
        other=other.custodian.ref,
        actor=one.custodian,
        at=at,
    )


@act("key_custody.keep_tac_keys")
def keep_tac_keys(
    *, receipt: TacReceipt, kcv: str, other: str, actor: Actor, at: datetime
) -> TacReceipt:
    """Keep that two custodians put TAC keys of cards into the token."""
    note(
        about=actor.ref,
        by=actor,
        at=at,
        ground=GROUND,
        other=other,
        kcv=kcv,
        cards=receipt.cards,
        added=receipt.added,
        digest=receipt.digest,
    )
    return receipt


def _delivered(file: bytes, kcv: str, one: Component, other: Component) -> tuple[TacKey, ...]:
    """The keys of the file, under the transport key that both components make."""
    me, you = one.custodian.ref, other.custodian.ref
    same = is_same_person(me, you)
    require(rules.must_be_second_custodian(proposed_by=me, approver=you, is_same_person=same))
    transport = bytes(a ^ b for a, b in zip(one.value, other.value, strict=True))
    require(rules.must_have_check_value(found=check_value_of(transport), agreed=kcv.upper()))
    try:
        return read(file.decode("ascii", "replace"), transport)
    except BadLine as bad:
        raise Refused(_bad_line(bad)) from bad


def _bad_line(bad: BadLine) -> Refusal:
    return Refusal(
        "key_custody.tac_line",
        measured={"line": bad.number, "what": f"@key_custody.tac.{bad.what}"},
        field="file",
        fix=Fix(FixKind.CHANGE_INPUT, {"field": "file"}),
    )
