"""Shapes of the notifications API, one per direction."""

from typing import Any

from rest_framework import serializers

from notifications.enums import Channel, Kind
from notifications.models import Notification


class NotificationOut(serializers.ModelSerializer[Notification]):
    kind = serializers.ChoiceField(choices=Kind.choices)

    class Meta:
        model = Notification
        fields = ["id", "kind", "title", "body", "url", "created_at", "read_at"]
        read_only_fields = fields


class WishOut(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=Kind.choices)
    name = serializers.CharField(source="kind.label", help_text="The kind in words.")
    in_app = serializers.BooleanField()
    email = serializers.BooleanField()


class WishIn(serializers.Serializer[Any]):
    """One opinion; what is not mentioned stays."""

    kind = serializers.ChoiceField(choices=Kind.choices)
    channel = serializers.ChoiceField(choices=Channel.choices)
    enabled = serializers.BooleanField()


class WishesIn(serializers.Serializer[Any]):
    preferences = serializers.ListField(child=WishIn(), allow_empty=False, max_length=20)
