"""A loss reported here is never undone by an older or weaker word of the province's register."""

import pytest

from onecard.actions import loss, outbox
from onecard.adapters.faults import Fault
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.authority import THE_CLOCK
from onecard.domain.collection import CardInHand, Shown
from onecard.domain.hr_function import HrState
from onecard.records.models import Card, Discrepancy, LossSide, Transition
from tests import made_card
from tests.actions.application import people
from tests.actions.application.people import HOLDER, OLDER_CARD, now

pytestmark = pytest.mark.django_db


def report(card: Card) -> loss.LossReceipt:
    """Reported formally by its holder."""
    return loss.report_formally_online(
        card=card.ref, actor=made_card.as_citizen(card.person), at=now()
    )


def says(province: SimulatedPartners, state: HrState, message: str = "elsewhere") -> None:
    """The register is told something by somebody else."""
    province.simulation.hr_database.set_state(
        message_id=message, card_number=OLDER_CARD.card_number, state=state
    )


def kept_card() -> Card:
    """The older card, as the archive keeps it after somebody has been at the desk."""
    people.at_desk(HOLDER)
    return Card.objects.get()


@pytest.mark.rule("guarantees C4; V6: an older message never un-loses")
def test_while_our_word_is_on_its_way_the_register_is_behind(province: SimulatedPartners) -> None:
    """我方挂失尚未送达省库时,省库的“正常”是旧消息,不采信。"""
    card = kept_card()
    province.simulation.faults.set("hr_database", Fault.DOWN)
    report(card)
    outbox.deliver_due(actor=THE_CLOCK, at=now())
    province.simulation.faults.heal("hr_database")
    assert kept_card().hr_state is HrState.FORMAL_LOSS
    assert Transition.objects.filter(reason="register").count() == 0


def test_a_withdrawal_on_its_way_is_not_undone_either(province: SimulatedPartners) -> None:
    """解挂尚未送达省库时,省库的“挂失”是旧消息,不再挂失。"""
    card = kept_card()
    report(card)
    outbox.deliver_due(actor=THE_CLOCK, at=now())
    province.simulation.faults.set("hr_database", Fault.DOWN)
    loss.withdraw_formally(
        card=card.ref,
        version=Card.objects.get().loss_version,
        proof=CardInHand(card_number=OLDER_CARD.card_number),
        shown=Shown(made_card.own_document(HOLDER.person.identity_number, HOLDER.person.name)),
        actor=people.CLERK,
        at=now(),
    )
    outbox.deliver_due(actor=THE_CLOCK, at=now())
    province.simulation.faults.heal("hr_database")
    assert kept_card().hr_state is HrState.NORMAL


def test_a_weaker_word_is_shown_to_somebody_and_not_applied(province: SimulatedPartners) -> None:
    """省库状态弱于本地挂失:列差错,不自动解挂。"""
    card = kept_card()
    report(card)
    outbox.deliver_due(actor=THE_CLOCK, at=now())
    says(province, HrState.NORMAL)
    for _ in range(2):
        assert kept_card().hr_state is HrState.FORMAL_LOSS
    found = Discrepancy.objects.get()
    assert (found.kind, found.about) == ("register_weaker_than_loss", card.ref)
    assert LossSide.objects.get().ended_at is None


def test_a_stronger_word_is_followed_and_ends_the_loss(province: SimulatedPartners) -> None:
    """省库已注销的卡,本地随之注销,挂失同时结束。"""
    card = kept_card()
    report(card)
    outbox.deliver_due(actor=THE_CLOCK, at=now())
    says(province, HrState.CANCELLED)
    assert kept_card().hr_state is HrState.CANCELLED
    assert LossSide.objects.get().ended_how == "register"


def test_a_loss_that_is_over_by_time_lapses_before_the_register_is_heard(
    province: SimulatedPartners,
) -> None:
    """到期的临时挂失先记自动解挂,再看省库。"""
    card = kept_card()
    says(province, HrState.TEMPORARY_LOSS, "lost")
    assert kept_card().hr_state is HrState.TEMPORARY_LOSS
    Card.objects.update(loss_ends_at=now())
    says(province, HrState.NORMAL, "found")
    assert kept_card().hr_state is HrState.NORMAL
    reasons = Transition.objects.filter(card=card).values_list("reason", flat=True)
    assert list(reasons) == ["register", "lapsed"]
