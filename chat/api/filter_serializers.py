"""Shapes of the chat filter's API, one per direction."""

from typing import Any

from rest_framework import serializers

from chat.domain import club_filter
from chat.enums import MASKABLE, UNMASKED, Outcome, Review, Rule
from chat.filter import lists
from chat.filter.entries import MAX_LETTERS
from chat.models import ClubFilter, HeldMessage

_ENTRY = 2 * MAX_LETTERS


def _limit(name: str) -> serializers.IntegerField:
    least, most = club_filter.LIMITS[name]
    return serializers.IntegerField(min_value=least, max_value=most, required=False)


def _outcome(rule: Rule) -> serializers.ChoiceField:
    choices = Outcome.choices if rule in MASKABLE else UNMASKED
    return serializers.ChoiceField(choices=choices, required=False, help_text=rule.label)


def _words(words: str) -> serializers.ListField:
    entry = serializers.CharField(max_length=_ENTRY)
    return serializers.ListField(child=entry, max_length=club_filter.MAX_WORDS, required=False, help_text=words)


class ChatRulesChange(serializers.Serializer[Any]):
    """Only what changes."""

    languages = serializers.ListField(
        child=serializers.ChoiceField(choices=[(name, name) for name in lists.LANGUAGES]),
        max_length=20,
        required=False,
        help_text="The word lists that count.",
    )
    words = _words("The club's own words: `word`, `word*`, `*word` or `*word*`. Never a pattern language.")
    allowed = _words("Words that are never a find, nor any find within them.")
    on_insult = _outcome(Rule.INSULT)
    on_slur = _outcome(Rule.SLUR)
    on_sexual = _outcome(Rule.SEXUAL)
    on_words = _outcome(Rule.WORDS)
    on_links = _outcome(Rule.LINKS)
    on_repeats = _outcome(Rule.REPEATS)
    on_shouting = _outcome(Rule.SHOUTING)
    on_emoji = _outcome(Rule.EMOJI)
    on_mentions = _outcome(Rule.MENTIONS)
    repeat_seconds = _limit("repeat_seconds")
    emoji_limit = _limit("emoji_limit")
    mention_limit = _limit("mention_limit")


class ChatRulesOut(ChatRulesChange):
    """All of them; `updated_at` is null while the club has the defaults."""

    updated_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, instance: ClubFilter) -> dict[str, Any]:
        rows: dict[str, Any] = {name: getattr(instance, name) for name in self.get_fields()}
        rows |= {name: getattr(instance, name).splitlines() for name in club_filter.LISTS}
        rows["updated_at"] = self.fields["updated_at"].to_representation(instance.updated_at) if instance.pk else None
        return rows


class HeldOut(serializers.ModelSerializer[HeldMessage]):
    user_id = serializers.IntegerField(source="author_id")
    username = serializers.CharField(source="author_name")
    role = serializers.CharField(source="author_role")
    message = serializers.CharField(source="text")
    reasons = serializers.SerializerMethodField()
    review = serializers.ChoiceField(choices=Review.choices)
    message_id = serializers.IntegerField(allow_null=True, help_text="The message it became.")

    class Meta:
        model = HeldMessage
        fields = [
            "id",
            "user_id",
            "username",
            "role",
            "message",
            "reasons",
            "client_id",
            "held_at",
            "due_at",
            "review",
            "decided_at",
            "message_id",
        ]
        read_only_fields = fields

    def get_reasons(self, held: HeldMessage) -> list[str]:
        return held.reasons.split()
