"""The questions of a first application, as forms. Only what is not known yet is asked."""

from __future__ import annotations

from typing import Any

from django import forms

from onecard import words
from onecard.domain.application import Answers, ApplicationKind
from onecard.domain.authority import Actor
from onecard.queries import contacts, key_information, replacement
from onecard.seams.clock import local_day
from onecard.seams.world import world
from onecard.web.forms import DayField, WordedForm, folded
from onecard.web.portal.apply.case import Case


class CaseForm(WordedForm):
    """A question about a case: knows what was answered before."""

    stem = "portal.ask"

    def __init__(self, *args: Any, case: Case, asker: Actor, **named: Any) -> None:
        super().__init__(*args, **named)
        self.case, self.asker = case, asker
        self.at = world().clock.now()
        self.arrange()

    def arrange(self) -> None:
        """Leave out what is known, offer what there is to choose from."""

    def clean(self) -> dict[str, Any]:
        """Let the rules judge what was given; their no stands beside the field it is about."""
        given = {name: value for name, value in self.cleaned_data.items() if value is not None}
        known = {name: given[name] for name in Answers.__dataclass_fields__ if name in given}
        for refusal in key_information.judge(answers=Answers(**known), at=self.at):
            if refusal.field in self.fields and refusal.field not in self.errors:
                self.say_no(refusal)
        return self.cleaned_data


class NoticesForm(CaseForm):
    """What holds from the moment a replacement is applied for: each is read and confirmed."""

    base_data_right = forms.BooleanField()
    confirmed = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)

    def arrange(self) -> None:
        """Say each notice with the facts of this person: the bank, the purse, what is paid when."""
        told = replacement.notices(
            person=self.asker.ref,
            kind=ApplicationKind.REPLACEMENT,
            as_seen_by=self.asker,
            at=self.at,
        )
        said = [
            (one.confirmation.value, words.text(one.word, self.language, **one.facts))
            for one in told
        ]
        self.offer("confirmed", said)

    def clean_confirmed(self) -> list[str]:
        """Every one of them."""
        given: list[str] = self.cleaned_data["confirmed"]
        field = self.fields["confirmed"]
        if len(given) < len(field.choices):  # type: ignore[attr-defined]
            raise forms.ValidationError("some are open", code="not_all")
        return given


class DetailsForm(CaseForm):
    """Telephone, address, occupation; the document's last day if the province did not say it."""

    depends = ("document_valid_to", "document_without_end")

    phone = forms.CharField(
        widget=forms.TextInput(
            attrs={"inputmode": "tel", "autocomplete": "tel", "size": "14"},
        )
    )
    address = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "street-address"})
    )
    occupation = forms.ChoiceField()
    document_valid_to = DayField(required=False)
    document_without_end = forms.BooleanField(required=False)

    def arrange(self) -> None:
        """Offer the occupations; ask for the document's last day only if it is not known."""
        codes = key_information.occupations(self.at)
        named = [
            (code, words.text(f"application.occupation.{code}", self.language)) for code in codes
        ]
        self.offer("occupation", [("", words.text("portal.ask.choose", self.language)), *named])
        if self.case.day_is_known:
            del self.fields["document_valid_to"], self.fields["document_without_end"]

    def clean_phone(self) -> str:
        """Full-width digits, spaces and hyphens are read as meant."""
        return folded(self.cleaned_data["phone"]).replace(" ", "").replace("-", "")

    def clean(self) -> dict[str, Any]:
        """A document has a last day, or it has none and says so."""
        given = super().clean()
        asked = "document_valid_to" in self.fields and "document_valid_to" not in self.errors
        if asked and not given.get("document_valid_to") and not given["document_without_end"]:
            self.add_error("document_valid_to", forms.ValidationError("empty", code="required"))
        return given


class NationalityForm(CaseForm):
    """Nationality, asked of those for whom the province does not say it."""

    nationality = forms.CharField(max_length=3, min_length=3)

    def clean_nationality(self) -> str:
        """Three letters, however they were typed."""
        return folded(self.cleaned_data["nationality"]).upper()


class BankForm(CaseForm):
    """The bank whose name stands on the card."""

    bank = forms.ChoiceField(widget=forms.RadioSelect)

    def arrange(self) -> None:
        """Offer the co-operating banks of the day."""
        own = "zh" if self.language == "zh" else "en"
        banks = contacts.on(local_day(self.at)).banks
        self.offer("bank", [(bank.key, getattr(bank, own)) for bank in banks])


class DeliveryForm(CaseForm):
    """Where EMS brings the card, and that the addressee pays."""

    post_to = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "shipping street-address"})
    )
    postage_understood = forms.BooleanField()
