"""What sign-up asks for beyond e-mail and password."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts.domain import profile
from accounts.models import User, validate_time_zone
from fitfriends.core import errors
from fitfriends.core.text import required_line


class SignupDetails(forms.Form):
    display_name = forms.CharField(
        max_length=profile.NAME_LENGTH, label="Your name", help_text="What others in your clubs see.", strip=True
    )
    time_zone = forms.CharField(
        max_length=64, required=False, widget=forms.HiddenInput, validators=[validate_time_zone]
    )

    def clean_display_name(self) -> str:
        try:
            return required_line(self.cleaned_data["display_name"], profile.NAME_LENGTH, field="display_name")
        except errors.Invalid as error:
            raise ValidationError("Please use a name that people can read.") from error

    def signup(self, request: HttpRequest, user: User) -> None:  # noqa: ARG002 -- allauth's signature
        profile.change(
            user,
            display_name=self.cleaned_data["display_name"],
            time_zone=self.cleaned_data["time_zone"] or "UTC",
        )
