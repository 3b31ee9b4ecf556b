"""One person of an employer: who they are, and what bank and province need to know."""

from __future__ import annotations

from typing import Any

from django import forms

from onecard import words
from onecard.actions.application import CounterLook, PreparedPerson
from onecard.domain.application import Answers, Collection, Guardian
from onecard.domain.documents import DocumentKind
from onecard.domain.person import Sex
from onecard.domain.refusal import Refusal
from onecard.queries import contacts, key_information, place
from onecard.seams.clock import local_day
from onecard.seams.world import world
from onecard.web.counter.case.forms import RELATIONS
from onecard.web.counter.fields import (
    CounterForm,
    ExpiryField,
    QuickDayField,
    kind_field,
    text_field,
    without_gaps,
)

WAYS = (Collection.EMPLOYER, Collection.OUTLET)
AT = {
    "own_original": "number",
    "documents": "number",
    "guardian": "guardian_name",
    "document_valid_to": "valid_to",
}


class PersonForm(CounterForm):
    """A person for the employer's list."""

    stem = "unit.person"
    kind = kind_field()
    number = text_field(most=32)
    name = text_field()
    born_on = QuickDayField(required=False)
    sex = forms.ChoiceField(
        choices=[("", ""), *((sex.value, "") for sex in Sex)], required=False, widget=forms.Select
    )
    nationality = text_field(most=3, size=4)
    valid_to = ExpiryField()
    phone = text_field(most=20, inputmode="tel", size=14)
    address = text_field(most=200)
    occupation = forms.ChoiceField()
    bank = forms.ChoiceField(widget=forms.RadioSelect)
    collection = forms.ChoiceField(
        choices=[(way.value, "") for way in WAYS], widget=forms.RadioSelect
    )
    collect_at = forms.ChoiceField()
    guardian_name = text_field(required=False)
    guardian_relation = forms.ChoiceField(
        choices=[("", ""), *((relation, "") for relation in RELATIONS)],
        required=False,
        widget=forms.Select,
    )
    guardian_kind = kind_field()
    guardian_number = text_field(required=False, most=32)
    photo = forms.FileField(
        required=False, widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"})
    )

    def __init__(self, *args: Any, **named: Any) -> None:
        usual = {
            "kind": "resident_id",
            "nationality": "CHN",
            "collection": Collection.EMPLOYER.value,
        }
        super().__init__(*args, **{"initial": usual, **named})
        self.at = world().clock.now()
        named_in = "zh" if self.language == "zh" else "en"
        banks = contacts.on(local_day(self.at)).banks
        self.offer("bank", [(bank.key, getattr(bank, named_in)) for bank in banks])
        codes = key_information.occupations(self.at)
        said = [
            (code, words.text(f"application.occupation.{code}", self.language)) for code in codes
        ]
        self.offer("occupation", [("", words.text("unit.person.choose", self.language)), *said])
        self.offer("collect_at", [(one.ref, one.name) for one in place.serving_people()])

    def clean_number(self) -> str:
        """Narrow digits, without gaps."""
        return without_gaps(self.cleaned_data["number"])

    def clean_guardian_number(self) -> str:
        """Narrow digits, without gaps."""
        return without_gaps(self.cleaned_data["guardian_number"])

    def clean_phone(self) -> str:
        """Digits as meant."""
        return without_gaps(self.cleaned_data["phone"]).replace("-", "")

    def clean_nationality(self) -> str:
        """Three capital letters."""
        return without_gaps(self.cleaned_data["nationality"]).upper()

    def clean(self) -> None:
        """Numbers and answers are judged by the rules; a guardian is told whole or not at all."""
        super().clean()
        self.must_be_number("kind", "number")
        if self.cleaned_data.get("guardian_name"):
            self._need("guardian_relation", "guardian_number")
            self.must_be_number("guardian_kind", "guardian_number")
        for refusal in key_information.judge(answers=self.answers(), at=self.at):
            if refusal.field in self.fields and refusal.field not in self.errors:
                self.say_no(refusal)

    def answers(self) -> Answers:
        """The key information that was given so far."""
        told, shown = self.cleaned_data, self.cleaned_data.get("valid_to")
        without_end = shown is not None and shown == shown.max
        return Answers(
            bank=told.get("bank") or "",
            document_valid_to=None if without_end else shown,
            document_without_end=without_end,
            phone=told.get("phone") or "",
            address=told.get("address") or "",
            occupation=told.get("occupation") or "",
            nationality=told.get("nationality") or "",
        )

    def prepared(self, photo: str) -> PreparedPerson:
        """The person for the act. Only after the form was found right."""
        told = self.cleaned_data
        return PreparedPerson(
            look=CounterLook(
                document_kind=DocumentKind(told["kind"]),
                number=told["number"],
                name=told["name"],
                born_on=told["born_on"],
                sex=Sex(told["sex"]) if told["sex"] else None,
                nationality=told["nationality"],
            ),
            answers=self.answers(),
            guardian=self._guardian(),
            photo=photo,
            collection=Collection(told["collection"]),
            collect_at=told["collect_at"],
        )

    def can_say(self, refusal: Refusal) -> str:
        """The field of this form that a rule's no is about; empty if it is about none."""
        field = AT.get(refusal.field, refusal.field)
        return field if field in self.fields else ""

    def _need(self, *names: str) -> None:
        for name in names:
            if name not in self.errors and not self.cleaned_data.get(name):
                self.add_error(name, forms.ValidationError("needed", code="required"))

    def _guardian(self) -> Guardian | None:
        told = self.cleaned_data
        if not told["guardian_name"]:
            return None
        return Guardian(
            name=told["guardian_name"],
            document_kind=DocumentKind(told["guardian_kind"]),
            document_number=told["guardian_number"],
            relation=told["guardian_relation"],
        )
