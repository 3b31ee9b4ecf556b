"""Page codes: which page of the citizen's stands behind a code, and what it says first (B23)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CodedPage:
    """One page: the words of its title and first sentence, where it is, whether it is personal.

    `lead` may be empty. A personal page opens for its own citizen only.
    """

    code: str
    title: str
    path: str
    lead: str = ""
    personal: bool = True


def _open(code: str, title: str, path: str, lead: str = "") -> CodedPage:
    return CodedPage(code, title, path, lead, personal=False)


PAGES = {
    page.code: page
    for page in (
        _open("C1-01", "portal.start.title", "/", "portal.start.lead"),
        _open("C1-02", "portal.held.title", "/apply"),
        _open("C1-03", "portal.start.door.check.name", "/check", "portal.start.door.check.hint"),
        CodedPage("C1-04", "portal.known.title", "/apply/known", "portal.known.lead"),
        CodedPage("C1-05", "portal.ask.details.title", "/apply/details"),
        CodedPage(
            "C1-06", "portal.check_answers.title", "/apply/check", "portal.check_answers.lead"
        ),
        CodedPage("C1-07", "portal.receipt.title", "/applications"),
        CodedPage("C1-08", "portal.progress.title", "/applications"),
        CodedPage("C1-09", "portal.cards.title", "/cards"),
        _open("C1-10", "portal.lost.title", "/lost", "portal.lost.lead"),
        _open("C1-13", "portal.sign_in.title", "/real-name", "portal.sign_in.why"),
        CodedPage("C1-15", "portal.ask.bank.title", "/apply/bank"),
        CodedPage("C1-16", "portal.ask.delivery.title", "/apply/delivery"),
        _open("C1-17", "portal.help.title", "/help"),
        _open("C1-18", "portal.accessibility.title", "/accessibility"),
        _open("C1-19", "portal.privacy.title", "/privacy"),
        CodedPage("C1-20", "portal.ask.nationality.title", "/apply/nationality"),
        CodedPage("C1-21", "portal.code.title", "/apply/code", "portal.code.lead"),
        CodedPage("C1-22", "portal.parcel.title", "/applications"),
        CodedPage("C1-23", "portal.enable.title", "/cards", "portal.enable.lead"),
        CodedPage("C1-24", "portal.messages.title", "/messages"),
        CodedPage("C1-25", "portal.history.title", "/history", "portal.history.lead"),
        _open("C1-26", "portal.photo.title", "/photo", "portal.photo.lead"),
        CodedPage("C1-27", "portal.correct.title", "/applications", "portal.correct.lead"),
        CodedPage("C1-30", "loss_pages.board.title", "/cards"),
        CodedPage("C1-31", "loss_pages.withdraw.title", "/cards", "loss_pages.withdraw.in_hand"),
        CodedPage("C1-32", "loss_pages.withdraw.check", "/cards"),
        CodedPage("C1-33", "my_data.e_card.title", "/e-card", "my_data.e_card.own_pin"),
        CodedPage("C1-34", "my_data.e_card.consent_title", "/e-card"),
        CodedPage("C1-36", "plan_pages.title", "/plan", "plan_pages.lead"),
        CodedPage("C1-37", "lifeline.title", "/timeline", "lifeline.lead"),
        CodedPage("C1-38", "my_data.looks.title", "/looks", "my_data.looks.lead"),
        CodedPage("C1-39", "my_data.object.title", "/looks", "my_data.object.says"),
        CodedPage("C1-40", "portal.known.title", "/replace/known", "portal.known.lead"),
        CodedPage("C1-41", "portal.ask.notices.title", "/replace/notices"),
        CodedPage("C1-42", "portal.ask.details.title", "/replace/details"),
        CodedPage("C1-43", "portal.ask.nationality.title", "/replace/nationality"),
        CodedPage("C1-44", "portal.ask.delivery.title", "/replace/delivery"),
        CodedPage("C1-45", "replace_pages.check.title", "/replace/check"),
        CodedPage("C1-50", "purse_pages.mine.title", "/purse"),
        CodedPage("C1-51", "purse_pages.orders.title", "/purse/orders"),
        CodedPage("C1-52", "purse_pages.order.title", "/purse/orders"),
        CodedPage("C1-53", "purse_pages.phone.title", "/purse/phone", "purse_pages.phone.lead"),
        CodedPage("C1-54", "purse_pages.amount.title", "/purse/phone"),
        _open("C1-55", "purse_pages.cashier.title", "/purse"),
        _open("C1-46", "my_data.pin.title", "/pin", "my_data.pin.three"),
        _open("C1-47", "my_data.exchange.title", "/exchange", "my_data.exchange.lead"),
    )
}


def page_of(code: str) -> CodedPage | None:
    """The page behind a code, None for a code that nobody uses."""
    return PAGES.get(code)
