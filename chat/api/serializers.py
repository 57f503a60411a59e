"""Shapes of the chat API, one per direction."""

from typing import Any

from rest_framework import serializers

from chat.enums import MINUTES, ON_PEOPLE
from chat.limits import BIGGEST_ID, HISTORY, LONGEST_DAYS, LONGEST_DELAY, REASON_CHARACTERS, SLOWEST_SECONDS
from chat.models import Action


class HistoryQuery(serializers.Serializer[Any]):
    before = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=BIGGEST_ID,
        help_text="Only messages with a lower number; take `next_before` of the last page.",
    )
    after = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=BIGGEST_ID,
        help_text="Only messages with a higher number; take `next_after` of the last page. Not with `before`.",
    )
    limit = serializers.IntegerField(required=False, default=HISTORY, min_value=1, max_value=200)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "before" in attrs and "after" in attrs:
            raise serializers.ValidationError({"after": ["Give before or after, not both."]})
        return attrs


class MessageOut(serializers.Serializer[Any]):
    """The same frame that the socket sends; a deleted message has no words."""

    type = serializers.CharField(help_text="Always chat_message.")
    id = serializers.IntegerField()
    seq = serializers.IntegerField(help_text="Its number in the room.")
    user_id = serializers.IntegerField(allow_null=True, help_text="Null when the account is gone.")
    username = serializers.CharField()
    role = serializers.CharField()
    message = serializers.CharField(allow_blank=True)
    timestamp = serializers.IntegerField(help_text="Milliseconds since 1970.")
    media_time = serializers.IntegerField(
        allow_null=True, help_text="The picture its sender was seeing, by PROGRAM-DATE-TIME: milliseconds since 1970."
    )
    client_id = serializers.CharField(allow_null=True)
    deleted = serializers.BooleanField()


class ActionIn(serializers.Serializer[Any]):
    """One act on a person; undoing it is another."""

    action = serializers.ChoiceField(choices=[(act.value, act.label) for act in ON_PEOPLE])
    user_id = serializers.IntegerField(min_value=1, max_value=BIGGEST_ID)
    minutes = serializers.ChoiceField(choices=MINUTES, required=False, allow_null=True, help_text="For a time_out.")
    reason = serializers.CharField(required=False, allow_blank=True, max_length=REASON_CHARACTERS, default="")


class ActionOut(serializers.ModelSerializer[Action]):
    """A row of the audit log: who, to whom, what, why, when, where. Names as they were then."""

    class Meta:
        model = Action
        fields = [
            "id",
            "at",
            "act",
            "stream_id",
            "class_title",
            "actor_id",
            "actor_name",
            "target_id",
            "target_name",
            "message_id",
            "reason",
            "details",
        ]
        read_only_fields = fields


class SettingsIn(serializers.Serializer[Any]):
    """What is not sent stays as it is."""

    slow_seconds = serializers.IntegerField(required=False, min_value=0, max_value=SLOWEST_SECONDS)
    established_days = serializers.IntegerField(required=False, min_value=0, max_value=LONGEST_DAYS)
    links = serializers.BooleanField(required=False)
    emoji_only = serializers.BooleanField(required=False)
    frozen = serializers.BooleanField(required=False)
    delay_seconds = serializers.IntegerField(required=False, min_value=0, max_value=LONGEST_DELAY)


class SettingsOut(serializers.Serializer[Any]):
    slow_seconds = serializers.IntegerField(help_text="Seconds between two messages of one member; 0 is off.")
    established_days = serializers.IntegerField(help_text="Days in the club before one may write; 0 is off.")
    links = serializers.BooleanField(help_text="Links may be sent.")
    emoji_only = serializers.BooleanField()
    frozen = serializers.BooleanField(help_text="Only moderators write.")
    delay_seconds = serializers.IntegerField(help_text="Seconds that a member's message waits first; 0 is off.")
