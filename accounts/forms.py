"""What sign-up asks for beyond e-mail and password."""

from django import forms
from django.http import HttpRequest

from accounts.models import User, validate_time_zone


class SignupDetails(forms.Form):
    display_name = forms.CharField(
        max_length=60, label="Your name", help_text="What others in your clubs see.", strip=True
    )
    time_zone = forms.CharField(
        max_length=64, required=False, widget=forms.HiddenInput, validators=[validate_time_zone]
    )

    def signup(self, request: HttpRequest, user: User) -> None:  # noqa: ARG002 -- allauth's signature
        user.display_name = self.cleaned_data["display_name"]
        user.time_zone = self.cleaned_data["time_zone"] or "UTC"
        user.save(update_fields=["display_name", "time_zone"])
