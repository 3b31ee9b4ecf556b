"""Everything a clerk takes down for one application, on one page: papers, then key information."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from onecard import words
from onecard.actions.application import AgentShown, CounterCase
from onecard.domain.application import (
    Answers,
    ApplicationKind,
    AppliedBy,
    Collection,
    Guardian,
    MakingMode,
)
from onecard.domain.documents import DocumentKind
from onecard.domain.replacement import Confirmation, ExchangeReason, Replacing
from onecard.queries import contacts, figures, key_information, replacement
from onecard.queries.person import CounterPerson
from onecard.queries.staff import Me
from onecard.seams.clock import local_day
from onecard.seams.world import world
from onecard.web.counter.case.kept import Kept
from onecard.web.counter.fields import (
    CounterForm,
    ExpiryField,
    kind_field,
    text_field,
    without_gaps,
)

RELATIONS = ("father", "mother", "grandparent", "other")
WHO = (AppliedBy.HOLDER, AppliedBy.GUARDIAN, AppliedBy.AGENT)
AGENTS = ("agent_name", "agent_kind", "agent_number", "agent_valid_to")
REASONS = tuple(one for one in ExchangeReason if one is not ExchangeReason.UPGRADE)
OLD_CARD = (ApplicationKind.UPGRADE, ApplicationKind.EXCHANGE)
"""Kinds for which the old card lies on the desk."""

ANSWERED = ("bank", "phone", "address", "occupation", "nationality", "post_to")


class CaseForm(CounterForm):
    """Who stands here with which papers, and what the bank and the post need to know."""

    stem = "counter.case"
    applied_by = forms.ChoiceField(
        choices=[(who.value, "") for who in WHO], widget=forms.RadioSelect
    )
    reason = forms.ChoiceField(
        choices=[(reason.value, "") for reason in REASONS], widget=forms.RadioSelect
    )
    account_settled = forms.BooleanField(required=False)
    confirmed = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    base_data_right = forms.BooleanField(required=False)
    kind = kind_field()
    number = text_field(most=32)
    valid_to = ExpiryField()
    original = forms.BooleanField(required=False)
    id_card_issued = forms.BooleanField(required=False)
    old_card_shown = forms.BooleanField(required=False)
    guardian_name = text_field()
    guardian_relation = forms.ChoiceField(choices=[(relation, "") for relation in RELATIONS])
    guardian_kind = kind_field()
    guardian_number = text_field(most=32)
    guardian_valid_to = ExpiryField()
    guardian_original = forms.BooleanField(required=False)
    guardianship_proof = forms.BooleanField(required=False)
    agent_name = text_field()
    agent_kind = kind_field()
    agent_number = text_field(most=32)
    agent_valid_to = ExpiryField()
    agent_original = forms.BooleanField(required=False)
    agent_letter = forms.BooleanField(required=False)
    phone = text_field(most=20, inputmode="tel", size=14)
    address = text_field(most=200)
    occupation = forms.ChoiceField()
    nationality = text_field(most=3, size=4)
    bank = forms.ChoiceField(widget=forms.RadioSelect)
    making_mode = forms.ChoiceField(
        choices=[(mode.value, "") for mode in MakingMode], widget=forms.RadioSelect
    )
    collection = forms.ChoiceField(
        choices=[(way.value, "") for way in (Collection.OUTLET, Collection.POST)],
        widget=forms.RadioSelect,
    )
    post_to = text_field(most=200)
    postage_understood = forms.BooleanField()

    def __init__(self, *args: Any, seen: CounterPerson, me: Me, kept: Kept, **named: Any) -> None:
        given = {"initial": _initial(seen, me, kept), **named}
        super().__init__(*args, **given)
        self.seen, self.me, self.kept, self.at = seen, me, kept, world().clock.now()
        self._offer_choices()
        for name in self._not_asked():
            del self.fields[name]
        self.only_if("applied_by", AppliedBy.AGENT.value, *AGENTS)
        self.only_if("applied_by", AppliedBy.GUARDIAN.value, "guardian_valid_to")
        self.only_if("collection", Collection.POST.value, "post_to", "postage_understood")

    def clean_number(self) -> str:
        """Narrow digits, without gaps."""
        return without_gaps(self.cleaned_data["number"])

    def clean_guardian_number(self) -> str:
        """Narrow digits, without gaps."""
        return without_gaps(self.cleaned_data["guardian_number"])

    def clean_agent_number(self) -> str:
        """Narrow digits, without gaps."""
        return without_gaps(self.cleaned_data["agent_number"])

    def clean_phone(self) -> str:
        """Digits as meant."""
        return without_gaps(self.cleaned_data["phone"]).replace("-", "")

    def clean_nationality(self) -> str:
        """Three capital letters."""
        return without_gaps(self.cleaned_data["nationality"]).upper()

    def clean(self) -> dict[str, Any]:
        """What else is needed by what was answered; numbers and answers judged by the rules."""
        super().clean()
        self.must_be_number("kind", "number")
        self.must_be_number("guardian_kind", "guardian_number")
        if self._stands_here(AppliedBy.AGENT):
            self.must_be_number("agent_kind", "agent_number")
        for refusal in key_information.judge(answers=self.answers(), at=self.at):
            if refusal.field in self.fields and refusal.field not in self.errors:
                self.say_no(refusal)
        return self.cleaned_data

    def answers(self) -> Answers:
        """The key information that was given so far."""
        told = self.cleaned_data
        valid_to = told.get("valid_to")
        return Answers(
            **{name: told.get(name) or "" for name in ANSWERED},
            document_valid_to=None if valid_to == date.max else valid_to,
            document_without_end=valid_to == date.max,
            postage_understood=bool(told.get("postage_understood")),
        )

    def case(self) -> CounterCase:
        """The whole case, for the act. Only after the form was found right."""
        told = self.cleaned_data
        return CounterCase(
            person=self.seen.person,
            applied_by=AppliedBy(told["applied_by"]),
            answers=self.answers(),
            document=self.shown(),
            kind=self.kept.kind,
            agent=self._agent(),
            guardian=self._guardian(),
            guardianship_proof=bool(told.get("guardianship_proof")),
            making_mode=MakingMode(told.get("making_mode") or MakingMode.FACTORY.value),
            collection=Collection(told["collection"]),
            photo=self.kept.photo,
            id_card_issued=bool(told.get("id_card_issued")),
            old_card_shown=bool(told.get("old_card_shown")),
            replacing=self._replacing(),
            draft=self.kept.draft,
        )

    def _replacing(self) -> Replacing:
        """What was said about the old card."""
        told = self.cleaned_data
        return Replacing(
            reason=ExchangeReason(told["reason"]) if told.get("reason") else None,
            confirmed=tuple(Confirmation(one) for one in told.get("confirmed") or ()),
            base_data_right=bool(told.get("base_data_right")),
            account_settled=bool(told.get("account_settled")),
        )

    def _agent(self) -> AgentShown | None:
        """Who stands here in the holder's place: the agent, or the guardian as one."""
        told = self.cleaned_data
        if self._stands_here(AppliedBy.AGENT):
            letter = bool(told.get("agent_letter"))
            return AgentShown(told["agent_name"], self.shown("agent_"), letter)
        if self._stands_here(AppliedBy.GUARDIAN) and "guardian_name" in self.fields:
            return AgentShown(told["guardian_name"], self.shown("guardian_"))
        return None

    def _guardian(self) -> Guardian | None:
        if "guardian_name" not in self.fields:
            return None
        told = self.cleaned_data
        return Guardian(
            name=told["guardian_name"],
            document_kind=DocumentKind(told["guardian_kind"]),
            document_number=told["guardian_number"],
            relation=told["guardian_relation"],
        )

    def _stands_here(self, who: AppliedBy) -> bool:
        return bool(self.cleaned_data.get("applied_by") == who.value)

    def _offer_choices(self) -> None:
        named = "zh" if self.language == "zh" else "en"
        banks = contacts.on(local_day(self.at)).banks
        self.offer("bank", [(bank.key, getattr(bank, named)) for bank in banks])
        codes = key_information.occupations(self.at)
        said = [
            (code, words.text(f"application.occupation.{code}", self.language)) for code in codes
        ]
        self.offer("occupation", [("", words.text("counter.case.choose", self.language)), *said])
        self._offer_about_old_card()
        who = [one for one in WHO if one is not AppliedBy.GUARDIAN or self.seen.guardian_needed]
        self.offer("applied_by", [(one.value, "") for one in who])

    def _offer_about_old_card(self) -> None:
        said = [
            (one.value, words.text(f"replacement.reason.{one.value}", self.language))
            for one in REASONS
        ]
        self.offer("reason", said)
        told = (
            replacement.notices(
                person=self.seen.person,
                kind=self.kept.kind,
                as_seen_by=self.me.actor,
                at=self.at,
            )
            if self.kept.kind is ApplicationKind.REPLACEMENT
            else ()
        )
        read_out = [
            (one.confirmation.value, words.text(one.word, self.language, **one.facts))
            for one in told
        ]
        self.offer("confirmed", read_out)

    def _not_asked(self) -> list[str]:
        """The questions that have no meaning for this person, this outlet or this city."""
        left_out = []
        if not self.seen.guardian_needed:
            left_out += [name for name in self.fields if name.startswith("guardian")]
        elif not self._figure("guardian_proof_required"):
            left_out.append("guardianship_proof")
        if not self._figure("agent_letter_required"):
            left_out.append("agent_letter")
        if not self.me.instant_issue:
            left_out.append("making_mode")
        if self.kept.kind not in OLD_CARD:
            left_out.append("old_card_shown")
        return left_out + self._not_asked_about_old_card()

    def _not_asked_about_old_card(self) -> list[str]:
        kind = self.kept.kind
        if kind is ApplicationKind.EXCHANGE:
            return ["confirmed"]
        if kind is ApplicationKind.REPLACEMENT:
            return ["reason", "account_settled"]
        return ["reason", "account_settled", "confirmed", "base_data_right"]

    def _figure(self, key: str) -> bool:
        return bool(figures.value("application", key, on=local_day(self.at)))


def _initial(seen: CounterPerson, me: Me, kept: Kept) -> dict[str, Any]:
    """What is known or usual: the scanned document, the outlet's bank, the usual way."""
    who = AppliedBy.GUARDIAN if seen.guardian_needed else AppliedBy.HOLDER
    return {
        "applied_by": who.value,
        "kind": kept.scanned.get("kind", DocumentKind.RESIDENT_ID.value),
        "number": kept.scanned.get("number", ""),
        "occupation": seen.occupation,
        "nationality": seen.nationality,
        "bank": _bank(seen, me, kept),
        "making_mode": MakingMode.FACTORY.value,
        "collection": Collection.OUTLET.value,
        **kept.form,
    }


def _bank(seen: CounterPerson, me: Me, kept: Kept) -> str:
    """The outlet's own bank; where a card is replaced, the bank of that card stays."""
    held = [card.bank for card in seen.cards if not card.hr_state.endswith(".cancelled")]
    replaces = kept.kind in (ApplicationKind.EXCHANGE, ApplicationKind.REPLACEMENT)
    return held[0] if replaces and held else me.bank
