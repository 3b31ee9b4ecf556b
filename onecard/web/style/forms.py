"""A form with every kind of question, for the style page."""

from __future__ import annotations

from django import forms

from onecard.web.forms import DayField, WordedForm


class EveryKind(WordedForm):
    """One field of each kind."""

    stem = "style.sample"

    name = forms.CharField(max_length=20)
    phone = forms.CharField(widget=forms.TextInput(attrs={"inputmode": "tel"}))
    address = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))
    expiry = DayField()
    bank = forms.ChoiceField(
        choices=[(value, "") for value in ("one", "two", "three")], widget=forms.RadioSelect
    )
    papers = forms.MultipleChoiceField(
        choices=[(value, "") for value in ("certificate", "letter")],
        widget=forms.CheckboxSelectMultiple,
    )
    outlet = forms.ChoiceField(choices=[("north", ""), ("south", "")])
    photo = forms.FileField()
    agree = forms.BooleanField()


WRONG = {
    "name": "阿卜杜热依木·麦麦提吐尔逊·阿卜杜热合曼·阿不都克里木",
    "expiry_year": "2026",
    "expiry_month": "2",
    "expiry_day": "30",
}
"""Answers with something wrong in every field."""
