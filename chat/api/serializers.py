"""Shapes of the chat API, one per direction."""

from typing import Any

from rest_framework import serializers


class HistoryQuery(serializers.Serializer[Any]):
    before = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        help_text="Only messages with a lower number; take `next_before` of the last page.",
    )
    limit = serializers.IntegerField(required=False, default=50, min_value=1, max_value=200)


class MessageOut(serializers.Serializer[Any]):
    """The same frame that the socket sends; a deleted message has no words."""

    type = serializers.CharField(help_text="Always chat_message.")
    id = serializers.IntegerField()
    seq = serializers.IntegerField(help_text="Its place in the room.")
    user_id = serializers.IntegerField(allow_null=True, help_text="Null when the account is gone.")
    username = serializers.CharField()
    role = serializers.CharField()
    message = serializers.CharField(allow_blank=True)
    timestamp = serializers.IntegerField(help_text="Milliseconds since 1970.")
    client_id = serializers.CharField(allow_null=True)
    deleted = serializers.BooleanField()
