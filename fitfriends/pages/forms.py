"""What people type into the site's own forms; the domain decides what becomes of it."""

import zoneinfo
from collections.abc import Iterable

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from accounts.enums import Scope
from clubs.defaults import DESCRIPTION_LENGTH, NAME_LENGTH
from clubs.enums import JoinPolicy
from clubs.models import Club
from fitfriends.core import errors
from media_worker import ladder
from notifications.domain.preferences import Wish
from streaming.enums import Mode, Quality

_SCOPE_WORDS = {
    Scope.READ: "Look: clubs, classes, notifications",
    Scope.WATCH: "Watch: join classes and talk",
    Scope.BROADCAST: "Broadcast: set up, start and end streams, see keys",
    Scope.MANAGE: "Manage: clubs, members, classes, profile",
}


def _zones() -> list[tuple[str, str]]:
    names = sorted(name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/"))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


def add_faults(form: forms.Form, error: errors.DomainError) -> None:
    """The domain's refusal beside the fields it names, otherwise above them all."""
    for name, words in error.fields.items() or [("", [error.message])]:
        form.add_error(name if name in form.fields else None, words)


class Profile(forms.Form):
    display_name = forms.CharField(
        max_length=60,
        label="Your name",
        help_text="What others in your clubs see.",
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "dir": "auto"}),
    )
    time_zone = forms.ChoiceField(
        choices=_zones, label="Time zone", help_text="Every time on this site is shown in it."
    )


class MailWishes(forms.Form):
    """A tick for each kind of mail."""

    def __init__(self, wishes: Iterable[Wish], data: QueryDict | None = None) -> None:
        super().__init__(data)
        for wish in wishes:
            self.fields[wish.kind.value] = forms.BooleanField(
                required=False, label=wish.kind.label, initial=wish.email
            )


class NewToken(forms.Form):
    name = forms.CharField(
        max_length=80,
        label="What is it for?",
        help_text="For instance: OBS script, my phone.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    scopes = forms.MultipleChoiceField(
        choices=[(scope.value, _SCOPE_WORDS[scope]) for scope in Scope],
        widget=forms.CheckboxSelectMultiple,
        label="What may it do?",
        initial=[Scope.READ.value],
        error_messages={"required": "Tick at least one thing that it may do."},
    )


class ClubFace(forms.Form):
    """What a club says about itself, when it is founded and later: by the names that clubs.found and change take."""

    name = forms.CharField(
        max_length=NAME_LENGTH, label="Name", widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"})
    )
    description = forms.CharField(
        max_length=DESCRIPTION_LENGTH,
        required=False,
        label="Who you are",
        help_text="What you train, for whom, and what people should know first.",
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )
    join_policy = forms.ChoiceField(
        choices=[
            (JoinPolicy.OPEN, "Anyone may join at once"),
            (JoinPolicy.REQUEST, "People ask, you decide"),
            (JoinPolicy.INVITATION, "By invitation only; nobody else finds the club"),
        ],
        initial=JoinPolicy.REQUEST,
        label="Who may join",
    )
    time_zone = forms.ChoiceField(choices=_zones, label="Where the club is")


class NewClass(forms.Form):
    """`clubs`: where the person may teach."""

    club = forms.ModelChoiceField(Club.objects.none(), label="Club", empty_label=None)
    title = forms.CharField(
        max_length=120, label="Title", widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"})
    )
    starts_at = forms.DateTimeField(
        label="Starts",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    duration_minutes = forms.IntegerField(min_value=5, max_value=480, initial=45, label="Minutes")
    capacity = forms.IntegerField(
        min_value=1, max_value=100_000, required=False, label="Seats to save", help_text="Empty: no limit."
    )
    description = forms.CharField(
        max_length=4000,
        required=False,
        label="What to expect, what to bring",
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )

    def __init__(
        self, clubs: QuerySet[Club], data: QueryDict | None = None, initial: dict[str, object] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        field = self.fields["club"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- narrows for the type checker
        field.queryset = clubs


class NewStream(forms.Form):
    stream_title = forms.CharField(
        max_length=120, label="Title", widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"})
    )
    stream_description = forms.CharField(
        max_length=4000,
        required=False,
        label="Description",
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    max_viewers = forms.IntegerField(
        min_value=1,
        max_value=100_000,
        initial=50,
        label="Seats",
        help_text="Never more people than this, counted by person.",
    )
    stream_quality = forms.ChoiceField(
        choices=[
            (Quality.AUTO, "Auto: as good as your camera sends"),
            (Quality.UHD, f"4K: up to {ladder.UHD.size}"),
            (Quality.HD, f"HD: up to {ladder.HD.size}"),
            (Quality.SD, f"SD: up to {ladder.SD.size}"),
        ],
        initial=Quality.AUTO,
        label="Best quality",
        help_text="The smaller ones always come along, for slower lines.",
    )
    mode = forms.ChoiceField(
        choices=[
            (Mode.BROADCAST, "Broadcast: everybody about a second behind you"),
            (Mode.INTERACTIVE, "Interactive: half a second, for those whose line carries it"),
        ],
        initial=Mode.BROADCAST,
        label="How members watch",
        help_text="You can change it during the class.",
    )


class StreamMode(forms.Form):
    mode = forms.ChoiceField(choices=Mode.choices)
