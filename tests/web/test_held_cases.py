"""Top-ups in doubt at the office: owner, age, one proposes and another one decides."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from onecard.adapters.simulation import SimulatedPartners
from onecard.chip.simulated_card import NINE_TEAR_POINTS
from onecard.domain.authority import Role
from onecard.records.models import Staff, TopUpOrder
from tests import staff, topping_up
from tests.chip.desk import a_card
from tests.web.citizen import text_of

pytestmark = pytest.mark.django_db
HELD = "/office/held"


@pytest.fixture
def in_doubt(city: SimulatedPartners) -> Iterator[str]:  # noqa: ARG001
    """A load whose answer never came."""
    with topping_up.keys():
        card = a_card()
        order = topping_up.paid(topping_up.a_purse(card))
        topping_up.Phone(card).torn(order, NINE_TEAR_POINTS["after_credit"])
        yield order


def operators() -> tuple[Client, Client]:
    """Two of them."""
    return tuple(  # type: ignore[return-value]
        staff.at_the_desk(Role.PLATFORM_OPERATOR, username=name) for name in ("one", "another")
    )


@pytest.mark.rule("rule book 22.4")
def test_two_persons_decide_when_it_is_due(in_doubt: str) -> None:
    """到期前不能裁定;一人提出,另一人裁定,提出的人自己不行。"""
    one, another = operators()
    deed = f"{HELD}/{in_doubt}/decide"
    assert "起可以裁定" in text_of(one.get(HELD))
    assert "platform_operator" not in text_of(one.get(HELD))
    topping_up.later(days=30)
    one, another = (
        staff.signed_in(Staff.objects.get(username=name)) for name in ("one", "another")
    )
    one.post(deed, {"take_over": "1"})
    assert "由我负责" not in text_of(one.get(HELD))
    one.post(deed, {"propose": "1", "decision": "written", "why": "clearing record 0042"})
    assert "须由另一个人裁定" in text_of(one.get(HELD))
    assert one.post(deed, {"decide": "1"}).status_code == 422
    another.post(deed, {"decide": "1"})
    assert topping_up.state(in_doubt) == "loaded"
    assert "没有结果未明的充值" in text_of(another.get(HELD))
    assert "两人裁定" in text_of(another.get(f"{HELD}/{in_doubt}"))


def test_a_proposal_can_be_sent_back(in_doubt: str) -> None:
    operators()
    topping_up.later(days=30)
    one, another = (
        staff.signed_in(Staff.objects.get(username=name)) for name in ("one", "another")
    )
    deed = f"{HELD}/{in_doubt}/decide"
    one.post(deed, {"propose": "1", "decision": "not_written", "why": "no record"})
    another.post(deed, {"decline": "1"})
    assert TopUpOrder.objects.get().proposed == ""


@pytest.mark.parametrize("body", [{}, {"propose": "1", "decision": "maybe"}])
def test_odd_decisions_are_absent(in_doubt: str, body: dict[str, str]) -> None:
    one, _ = operators()
    assert one.post(f"{HELD}/{in_doubt}/decide", body).status_code == 404
