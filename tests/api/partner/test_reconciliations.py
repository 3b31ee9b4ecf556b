"""A partner reads how the comparison with its own book went, and what differs (D2, B14)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from onecard.actions import reconciliation
from onecard.adapters.partners import in_partners
from onecard.adapters.simulation import SimulatedPartners, simulated_partners
from onecard.domain.authority import THE_CLOCK
from onecard.domain.financial_function import FinancialState
from onecard.domain.partner_scope import PartnerKind
from onecard.seams.world import World, world
from tests import many_cards
from tests.api.partner.calling import a_bank, a_partner

pytestmark = pytest.mark.django_db


@pytest.fixture
def partners(a_world: World) -> Iterator[SimulatedPartners]:
    played = simulated_partners(state_folder=None, now=a_world.clock.now, seed=7)
    with in_partners(played):
        yield played


def test_a_bank_reads_its_own_comparison_and_its_differences(partners: SimulatedPartners) -> None:
    """银行可查自己的对账结果和差异,看不到别家的。"""
    one, other = many_cards.cards(2, bank="icbc")
    many_cards.known_to(partners, [one, other])
    many_cards.change_account(partners, one, state=FinancialState.CLOSED)
    reconciliation.run(party="bank:icbc", actor=THE_CLOCK, at=world().clock.now())
    bank = a_bank()
    (run,) = bank.get("/v1/reconciliations").json()["data"]
    assert (run["equal"], run["our_count"], run["found"]) == (False, 2, {"closed_differs": 1})
    assert run["our_digest"] != run["their_digest"]
    assert bank.get(f"/v1/reconciliations/{run['id']}").json() == run
    (line,) = bank.get("/v1/discrepancies").json()["data"]
    assert (line["card_id"], line["kind"], line["state"]) == (one.ref, "closed_differs", "open")
    assert (line["ours"], line["theirs"]) == ("activated", "closed")
    assert bank.get(f"/v1/discrepancies?card_id={other.ref}").json()["data"] == []
    for stranger in (a_bank("abc"), a_partner(PartnerKind.HR)):
        assert stranger.get("/v1/reconciliations").json()["data"] == []
        assert stranger.get("/v1/discrepancies").json()["data"] == []
        assert stranger.get(f"/v1/reconciliations/{run['id']}").status_code == 404
    assert (
        a_partner(PartnerKind.HOSPITAL).with_token().get("/v1/reconciliations").status_code == 403
    )
