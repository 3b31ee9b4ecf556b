"""数据密钥入设备保护: two custodians have the data keys wrapped under a key of the token."""

from __future__ import annotations

from datetime import datetime

from onecard.actions._keeping import act, note, walk
from onecard.actions.key_custody.custodian import is_same_person
from onecard.actions.key_custody.proposing import GROUND
from onecard.adapters.purse_keys import KeysUnavailable
from onecard.adapters.purse_keys.data_keys import key_wrap
from onecard.adapters.purse_keys.key_desk import NoToken
from onecard.domain import key_custody as rules
from onecard.domain.authority import Actor
from onecard.domain.refusal import Refusal, Refused, require


@walk("key_custody.wrap_data_keys")
def wrap_data_keys(*, plain: bytes, other: Actor, actor: Actor, at: datetime) -> bytes:
    """The data keys wrapped, and opened once to prove that they can be.

    Raises `Refused`: `key_custody.second_person`, `.no_token`, `.token_unavailable`.
    """
    same = is_same_person(actor.ref, other.ref)
    require(
        rules.must_be_second_custodian(
            proposed_by=actor.ref, approver=other.ref, is_same_person=same
        )
    )
    try:
        wrapped = key_wrap().wrap(plain)
        opened = key_wrap().unwrap(wrapped)
    except NoToken as none:
        raise Refused(Refusal("key_custody.no_token")) from none
    except KeysUnavailable as silence:
        raise Refused(Refusal("key_custody.token_unavailable", {"said": str(silence)})) from silence
    if opened != plain:
        raise Refused(Refusal("key_custody.token_unavailable", {"said": "unwrap"}))
    keep_wrapped(other=other.ref, actor=actor, at=at)
    return wrapped


@act("key_custody.keep_wrapped")
def keep_wrapped(*, other: str, actor: Actor, at: datetime) -> str:
    """Keep that two custodians wrapped the data keys."""
    note(about=actor.ref, by=actor, at=at, ground=GROUND, other=other)
    return actor.ref
