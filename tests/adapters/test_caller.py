"""The real client's manners: tries, pauses, statuses, and never trusting what comes back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onecard.adapters.caller import NOTHING_DONE, Caller, Line, Patience
from onecard.adapters.hr_database import BasePerson
from onecard.adapters.hr_database.messages import (
    CODEC,
    FIND_PERSON,
    AboutPerson,
    CardsFound,
    PersonFound,
)
from onecard.adapters.outcomes import PartnerDown, PartnerSilent, PartnerUnsure
from onecard.adapters.wire import Done, Malformed, Verb, read, structure
from onecard.seams.transport import Answered, NeverLeft, Outcome, OutcomeUnknown, Request
from onecard.seams.world import in_world
from tests import cast

PERSON = {
    "AAC002": cast.ADULT,
    "BAZ805": "321",
    "AAC003": "王芳",
    "AAC004": "2",
    "AAC006": "1990-01-01",
    "applicant_class": "1",
    "AAC161": "CHN",
    "id_card_issued": True,
    "AAC059": None,
    "deceased": False,
}
FOUND = Answered(200, json.dumps({"person": PERSON}).encode())
ONCE = Verb("once", AboutPerson, Done, repeatable=False)


@dataclass
class Script:
    """A wire on which everything was decided beforehand."""

    outcomes: list[Outcome]
    sent: list[Request] = field(default_factory=list)

    def send(self, request: Request, *, timeout_seconds: float) -> Outcome:
        """The next outcome."""
        assert timeout_seconds == 1.5
        self.sent.append(request)
        return self.outcomes.pop(0)


@contextmanager
def played(*outcomes: Outcome) -> Iterator[tuple[Caller, Script, list[float]]]:
    """A caller before a scripted wire, and the pauses it makes."""
    pauses: list[float] = []
    patience = Patience(timeout_seconds=1.5, tries=3, first_pause_seconds=1.0)
    line = Line("hr_database", "https://province.invalid/hr", "secret", patience, pauses.append)
    script = Script(list(outcomes))
    with in_world(replace(cast.a_world(), transport=script)):
        yield Caller(line, CODEC), script, pauses


def ask(caller: Caller) -> BasePerson | None:
    return caller.call(FIND_PERSON, AboutPerson(cast.ADULT)).person


def test_personal_data_travel_in_the_body_never_in_the_address() -> None:
    """号码只在报文体里,不在地址里。"""
    with played(FOUND) as (caller, script, _):
        assert ask(caller) is not None
    (request,) = script.sent
    assert (request.method, request.url) == ("POST", "https://province.invalid/hr/find-person")
    assert json.loads(request.body) == {"AAC002": cast.ADULT}
    assert request.headers["Authorization"] == "Bearer secret"


@pytest.mark.parametrize(
    "first",
    [NeverLeft("refused"), OutcomeUnknown("timeout"), Answered(503, b""), Answered(502, b"")],
    ids=["never left", "unknown", "503", "502"],
)
def test_what_may_be_repeated_is_repeated_after_a_pause(first: Outcome) -> None:
    """可重复的请求,稍候再试。"""
    with played(first, first, FOUND) as (caller, script, pauses):
        assert ask(caller) is not None
    assert len(script.sent) == 3
    assert 0.5 <= pauses[0] <= 1.0 <= pauses[1] <= 2.0


def test_tries_are_bounded() -> None:
    """重试有上限。"""
    refused = [NeverLeft("refused")] * 3
    with (
        played(*refused) as (caller, script, pauses),
        pytest.raises(PartnerDown, match="refused"),
    ):
        ask(caller)
    assert (len(script.sent), len(pauses)) == (3, 2)


@pytest.mark.parametrize("outcome", [OutcomeUnknown("timeout"), Answered(500, b"")])
def test_what_must_not_be_repeated_is_asked_once_when_it_may_have_been_done(
    outcome: Outcome,
) -> None:
    """可能已办、又不可重复的,只问一次。"""
    with played(outcome) as (caller, script, _), pytest.raises(PartnerUnsure):
        caller.call(ONCE, AboutPerson(cast.ADULT))
    assert len(script.sent) == 1


@pytest.mark.parametrize("outcome", [NeverLeft("refused"), Answered(503, b"")])
def test_what_surely_was_not_done_is_asked_again_even_so(outcome: Outcome) -> None:
    with played(outcome, Answered(200, b"{}")) as (caller, _, _):
        assert caller.call(ONCE, AboutPerson(cast.ADULT)) == Done()


@pytest.mark.parametrize("status", [200, 201, 204, 301, 302, 400, 401, 404, 418, 429, 500, 503])
def test_every_status_but_200_is_silence_and_says_whether_it_was_done(status: int) -> None:
    """只有200是答复;其余分为「肯定没办」和「不知道」。"""
    with played(*[Answered(status, FOUND.body)] * 3) as (caller, _, _):
        if status == 200:
            assert ask(caller) is not None
            return
        expected = PartnerDown if status in NOTHING_DONE else PartnerUnsure
        with pytest.raises(expected, match=str(status)):
            ask(caller)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"<html>",
        b"\xff\xfe",
        b'{"person": 7}',
        b'{"person": {}}',
        b"[" * 100_000,
        b'{"person": ' + b"9" * 10_000 + b"}",
        *(
            json.dumps({"person": {**PERSON, **changed}}).encode()
            for changed in (
                {"AAC002": 7},
                {"AAC003": "x" * 2001},
                {"AAC003": "a\0b"},
                {"AAC004": "3"},
                {"AAC004": 2},
                {"AAC006": "1990-02-30"},
                {"AAC006": 19900101},
                {"deceased": "false"},
                {"deceased": 0},
                {"id_card_issued": None},
                {"applicant_class": ["1"]},
            )
        ),
    ],
)
def test_an_answer_that_does_not_fit_is_silence_never_a_crash(body: bytes) -> None:
    """答复不合约定,按没有答复处理。"""
    with played(Answered(200, body)) as (caller, _, _), pytest.raises(PartnerUnsure) as silent:
        ask(caller)
    assert cast.ADULT not in str(silent.value)


CARD = {
    "AAZ500": "A12345678",
    "generation": 3,
    "AAE008": "95588",
    "AAB301": "320400",
    "AAZ502": "1",
    "AAZ503": "2026-03-02",
    "valid_to": "2036-03-02",
}


def test_codes_become_our_words_and_codes_we_do_not_know_stay() -> None:
    """代码译成我们的说法;不认识的银行和城市原样保留。"""
    cards = [CARD, {**CARD, "AAE008": "95577", "AAB301": "110000"}]
    ours, foreign = structure(CODEC, {"cards": cards}, CardsFound).cards
    assert (ours.bank, ours.city) == ("icbc", "changzhou")
    assert (foreign.bank, foreign.city) == ("95577", "110000")


@pytest.mark.parametrize("generation", [True, "3", 3.0, None])
def test_a_number_is_a_whole_number_and_nothing_like_it(generation: object) -> None:
    with pytest.raises(Malformed):
        structure(CODEC, {"cards": [{**CARD, "generation": generation}]}, CardsFound)


SCALAR = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
ANYTHING = SCALAR | st.lists(SCALAR, max_size=2) | st.dictionaries(st.text(), SCALAR, max_size=2)


@settings(max_examples=200, deadline=None)
@given(ANYTHING | st.fixed_dictionaries(dict.fromkeys(PERSON, ANYTHING)))
def test_whatever_arrives_is_either_a_person_or_malformed(value: object) -> None:
    try:
        found = structure(CODEC, {"person": value}, PersonFound)
    except Malformed:
        return
    assert found.person is None or isinstance(found.person, BasePerson)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_malformed(body: bytes) -> None:
    with suppress(Malformed):
        read(CODEC, body, PersonFound)


def test_silence_names_the_partner() -> None:
    late = [OutcomeUnknown("ReadTimeout")] * 3
    with played(*late) as (caller, _, _), pytest.raises(PartnerSilent) as silent:
        ask(caller)
    assert (silent.value.partner, silent.value.reason) == ("hr_database", "ReadTimeout")
