"""What people type into the forms around reports."""

from django import forms

from chat.enums import MINUTES
from chat.moderation.enums import COMPLAINT_CHARACTERS, NOTE_CHARACTERS, Verdict, Why


class Outcome(forms.Form):
    outcome = forms.ChoiceField(choices=Verdict.choices)
    minutes = forms.ChoiceField(choices=[(number, number) for number in MINUTES], required=False)
    words = forms.CharField(max_length=NOTE_CHARACTERS, required=False)


class Complaint(forms.Form):
    """`about`: `message:<id>` or `person:<id>` of those that the page offers."""

    about = forms.ChoiceField(
        widget=forms.RadioSelect,
        label="What is it about?",
        error_messages={"required": "Choose a message or a person.", "invalid_choice": "Choose one of these."},
    )
    why = forms.ChoiceField(choices=[("", "Choose"), *Why.choices], label="What is wrong?")
    words = forms.CharField(
        max_length=COMPLAINT_CHARACTERS,
        required=False,
        label="Tell us more",
        help_text="Those who keep order in the club read it. The person is not told who reported.",
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )

    def __init__(self, choices: list[tuple[str, str]], *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]  # the data of the request, if any
        field = self.fields["about"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- narrows for the type checker
        field.choices = choices
