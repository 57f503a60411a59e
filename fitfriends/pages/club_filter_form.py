"""What an owner types into the form of the club's chat rules."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from chat.domain import club_filter
from chat.enums import MASKABLE, UNMASKED, Outcome
from chat.filter import lists
from chat.models import ClubFilter
from clubs.defaults import RULES_CHARACTERS
from clubs.models import Club

_LANGUAGES = {"de": "German", "en": "English", "es": "Spanish", "fr": "French", "it": "Italian", "pt": "Portuguese"}

_LIMITS = {
    "repeat_seconds": "Seconds until the same may be said again",
    "emoji_limit": "Emoji in a message",
    "mention_limit": "Names called in a message",
}


class HouseRulesForm(forms.Form):
    text = forms.CharField(
        max_length=RULES_CHARACTERS,
        required=False,
        label="House rules",
        help_text="Members read them once, before their first words in a talk. Empty: nothing is shown.",
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )
    show_again = forms.BooleanField(required=False, label="Show them to everybody again")


class ClubFilterForm(forms.Form):
    """The columns of ClubFilter; lists are one entry a line."""

    languages = forms.MultipleChoiceField(
        choices=[(name, _LANGUAGES.get(name, name)) for name in lists.LANGUAGES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Word lists",
    )

    def __init__(self, data: QueryDict | None = None, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        for name, rule in club_filter.OUTCOMES.items():
            choices = Outcome.choices if rule in MASKABLE else UNMASKED
            self.fields[name] = forms.ChoiceField(choices=choices, label=rule.label)
        for name, (least, most) in club_filter.LIMITS.items():
            self.fields[name] = forms.IntegerField(min_value=least, max_value=most, label=_LIMITS[name])
        for name, label in (("words", "The club's own words"), ("allowed", "Words that are always fine")):
            self.fields[name] = forms.CharField(
                required=False,
                label=label,
                help_text="One a line. A star at an end stands for more letters.",
                widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
            )

    def given(self) -> dict[str, Any]:
        """As club_filter.change takes it."""
        return self.cleaned_data | {name: self.cleaned_data[name].splitlines() for name in club_filter.LISTS}


def form_of(row: ClubFilter) -> ClubFilterForm:
    names = [*club_filter.OUTCOMES, *club_filter.LIMITS, *club_filter.LISTS, "languages"]
    return ClubFilterForm(initial={name: getattr(row, name) for name in names})


def house_rules_of(club: Club) -> HouseRulesForm:
    return HouseRulesForm(initial={"text": club.house_rules})
