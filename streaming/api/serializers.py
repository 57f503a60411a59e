"""What the streaming API reads."""

from typing import Any

from rest_framework import serializers

from streaming.domain import scheduling
from streaming.domain.signal import trends
from streaming.enums import Mode, Quality, Role

_BIGGEST_ID = 2**63 - 1


class StreamIn(serializers.Serializer[Any]):
    """Create: unknown fields are ignored."""

    group_session_id = serializers.IntegerField(min_value=1, max_value=_BIGGEST_ID)
    stream_title = serializers.CharField(max_length=scheduling.TITLE_LENGTH)
    stream_description = serializers.CharField(max_length=scheduling.DESCRIPTION_LENGTH, allow_blank=True, default="")
    max_viewers = serializers.IntegerField(min_value=1, max_value=100_000, default=scheduling.DEFAULT_MAX_VIEWERS)
    stream_quality = serializers.ChoiceField(choices=Quality.values, default=Quality.AUTO.value)
    mode = serializers.ChoiceField(choices=Mode.values, default=Mode.BROADCAST.value)


class StreamChange(serializers.Serializer[Any]):
    """Change: what is given."""

    stream_title = serializers.CharField(max_length=scheduling.TITLE_LENGTH, required=False)
    stream_description = serializers.CharField(
        max_length=scheduling.DESCRIPTION_LENGTH, allow_blank=True, required=False
    )
    max_viewers = serializers.IntegerField(min_value=1, max_value=100_000, required=False)
    stream_quality = serializers.ChoiceField(choices=Quality.values, required=False)
    mode = serializers.ChoiceField(choices=Mode.values, required=False)


class ModeIn(serializers.Serializer[Any]):
    """Change of the mode alone."""

    mode = serializers.ChoiceField(choices=Mode.values)


class DeviceIn(serializers.Serializer[Any]):
    """Join and renew; the body may be empty."""

    device = serializers.CharField(
        max_length=64,
        allow_blank=True,
        default="",
        help_text="Your own name for this device or tab: the same for the same one. Without it, what signed you in.",
    )


class RoomTokenIn(serializers.Serializer[Any]):
    room_id = serializers.RegexField(r"^room-[a-z0-9]{8,40}$")
    role = serializers.ChoiceField(choices=Role.values, default=Role.VIEWER.value)


class SeriesIn(serializers.Serializer[Any]):
    """Query of a signal's health: either asks for its course."""

    since = serializers.DateTimeField(required=False, help_text="By default ten minutes ago. At most a day is told.")
    step = serializers.IntegerField(
        min_value=trends.LEAST_STEP, max_value=3600, required=False, help_text="Seconds to a point, by default 10."
    )


class StreamFilter(serializers.Serializer[Any]):
    """Query of the list."""

    state = serializers.ChoiceField(
        choices=["open", "ended"], required=False, help_text="Only streams that have ended, or that have not."
    )
    group_session_id = serializers.IntegerField(min_value=1, max_value=_BIGGEST_ID, required=False)
    club_id = serializers.IntegerField(min_value=1, max_value=_BIGGEST_ID, required=False)
