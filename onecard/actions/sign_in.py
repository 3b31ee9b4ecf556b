"""实名认证: a citizen comes back from the province's real-name service; the session is the door's.

The service proves a name and a number. Who that is here is found by the number, or written down
for the first time from the province's base data, or from the number itself.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass, replace
from datetime import datetime

from onecard import policy
from onecard.actions import _people, _province
from onecard.actions._keeping import act, concerning, note, walk
from onecard.actions._people import Particulars
from onecard.actions._province import Province
from onecard.actions._register import keep_cards
from onecard.adapters.outcomes import PartnerSilent
from onecard.adapters.partners import partners
from onecard.adapters.real_name import NotProven, ProvenPerson
from onecard.domain import identity
from onecard.domain.application import ApplicationPolicy
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.documents import must_agree_on_name
from onecard.domain.masking import mask_name
from onecard.domain.refusal import Fix, FixKind, Refusal, Refused, require
from onecard.seams.clock import local_day
from onecard.seams.world import world

STRANGER = Actor(Role.CITIZEN, "stranger", Channel.PORTAL)
"""Who acts before anybody has signed in."""

_SECRET_BYTES = 32


@dataclass(frozen=True)
class SignInStart:
    """Where to send the browser; the other three the door keeps for the way back (PKCE)."""

    url: str
    state: str
    nonce: str
    code_verifier: str


@dataclass(frozen=True)
class SignedIn:
    """Whom the session belongs to from now on. The name is masked."""

    person: str
    name: str


@walk("sign_in.begin")
def begin(*, redirect_uri: str) -> SignInStart:
    """The address of the real-name service, with fresh secrets for this one attempt."""
    state, nonce, verifier = _secret(), _secret(), _secret()
    url = partners().real_name.authorize_url(
        state=state, nonce=nonce, code_challenge=_challenge(verifier), redirect_uri=redirect_uri
    )
    return SignInStart(url, state, nonce, verifier)


@walk("sign_in.prove_citizen")
def prove_citizen(
    *,
    code: str,
    code_verifier: str,
    redirect_uri: str,
    nonce: str,
    actor: Actor,
    at: datetime,
) -> SignedIn:
    """Exchange the code that came back, ask the province who that is, then meet the person.

    Raises `Refused` with `partner.silent`, `application.identity_not_proven`,
    `application.base_data_not_found` or `documents.conflict`.
    """
    proven: ProvenPerson | NotProven | None
    try:
        proven = partners().real_name.exchange(
            code=code, code_verifier=code_verifier, redirect_uri=redirect_uri, nonce=nonce
        )
    except PartnerSilent:
        proven = None
    province = _province.SILENT
    if isinstance(proven, ProvenPerson):
        province = _province.ask(identity.canonical(proven.identity_number))
    return meet(proven=proven, province=province, actor=actor, at=at)


@act("sign_in.meet")
def meet(
    *, proven: ProvenPerson | NotProven | None, province: Province, actor: Actor, at: datetime
) -> SignedIn:
    """Find the proven person, or write them down. Two sign-ins at once make one person."""
    require(_province.must_answer(answered=proven is not None, partner="real_name"))
    who = _must_be_proven(proven, at)
    known = _known(who, province, at)
    person = _people.keep(known, at=at)
    concerning(person.ref)
    require(must_agree_on_name(known_name=person.name, given_name=who.name))
    by = replace(actor, ref=person.ref)
    keep_cards(person, province.cards, by=by, at=at)
    note(
        about=person.ref,
        by=by,
        at=at,
        ground="rule book 8.1",
        real_person=who.real_person,
        known_to_province=province.person is not None,
    )
    return SignedIn(person.ref, mask_name(person.name))


def _must_be_proven(proven: ProvenPerson | NotProven | None, at: datetime) -> ProvenPerson:
    figures = policy.in_force("application", ApplicationPolicy, on=local_day(at))
    wants_face = figures.online_real_person_required
    if isinstance(proven, ProvenPerson) and (proven.real_person or not wants_face):
        return proven
    reason = proven.reason if isinstance(proven, NotProven) else "real_person"
    raise Refused(
        Refusal(
            "application.identity_not_proven",
            {"reason": reason},
            fix=Fix(FixKind.DO_FIRST, {"act": "sign_in"}),
        )
    )


def _known(who: ProvenPerson, province: Province, at: datetime) -> Particulars:
    """Base data first, else what the number itself tells, else the person goes to an outlet."""
    if province.person is not None:
        return Particulars.of(province.person)
    number = identity.check(who.identity_number, on=local_day(at))
    known = _people.by_number(number, who.name) if number.valid else None
    if known is None:
        require(_province.must_answer(answered=province.answered))
        fix = Fix(FixKind.USE_CHANNEL, {"channel": Channel.SERVICE_OUTLET.value})
        raise Refused(Refusal("application.base_data_not_found", fix=fix))
    return known


def _secret() -> str:
    return _base64(world().rng.bytes(_SECRET_BYTES))


def _challenge(verifier: str) -> str:
    """S256 of RFC 7636."""
    return _base64(hashlib.sha256(verifier.encode("ascii")).digest())


def _base64(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode("ascii")
