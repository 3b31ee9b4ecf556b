"""What is asked at the staff door."""

from __future__ import annotations

from django import forms

from onecard.web.forms import WordedForm


class NameAndPassword(WordedForm):
    """The first factor."""

    stem = "sign_in.ask"
    username = forms.CharField(
        max_length=40, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class OneTimeCode(WordedForm):
    """The second factor."""

    stem = "sign_in.ask"
    code = forms.CharField(
        max_length=12,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "width-11"}
        ),
    )


class NewPassword(WordedForm):
    """A change of password: the old one, and the new one once, for it can be shown."""

    stem = "sign_in.ask"
    old = forms.CharField(
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> None:
        """Both new ones are the same."""
        super().clean()
        if self.cleaned_data.get("new") != self.cleaned_data.get("again"):
            self.add_error("again", forms.ValidationError("differ", code="differ"))
