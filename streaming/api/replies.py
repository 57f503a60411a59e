"""What the streaming API answers, for the schema; render.py writes the same keys."""

from typing import Any

from rest_framework import serializers

from fitfriends.core.schema import envelope
from streaming.enums import EndReason, Mode, Quality, Role, State


class StreamStateOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    room_id = serializers.CharField()
    state = serializers.ChoiceField(choices=State.values)
    title = serializers.CharField()
    mode = serializers.ChoiceField(
        choices=Mode.values,
        help_text="Interactive: members may watch by WebRTC, half a second behind, while there are slots.",
    )
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    reconnect_until = serializers.DateTimeField(allow_null=True)
    picture = serializers.BooleanField(help_text="A playable playlist exists now.")
    end_reason = serializers.ChoiceField(choices=EndReason.values, allow_null=True)


class StreamInfoOut(StreamStateOut):
    viewer_count = serializers.IntegerField()
    max_viewers = serializers.IntegerField()


class StreamOut(StreamInfoOut):
    group_session_id = serializers.IntegerField()
    club_id = serializers.IntegerField()
    stream_title = serializers.CharField()
    stream_description = serializers.CharField(allow_blank=True)
    stream_quality = serializers.ChoiceField(choices=Quality.values)
    created_at = serializers.DateTimeField()
    may_run = serializers.BooleanField(help_text="You may start, end and change it.")
    stream_key = serializers.CharField(
        allow_null=True, help_text="For the class's instructor only, with the scope `broadcast`; else null."
    )


class KeyedOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    stream_key = serializers.CharField(allow_null=True, help_text="Null unless you are the class's instructor.")
    room_id = serializers.CharField()


class ConfigOut(serializers.Serializer[Any]):
    rtmp_url = serializers.CharField(allow_null=True, help_text="Holds the key; null where the key is.")
    webrtc_url = serializers.CharField()
    whip_url = serializers.CharField(help_text="For encoders that speak WHIP; a publisher's room token goes with it.")
    hls_url = serializers.CharField()


class UrlsOut(serializers.Serializer[Any]):
    hls_url = serializers.CharField(help_text="Playable as it is: the token is in it.")
    webrtc_url = serializers.CharField()
    chat_url = serializers.CharField()


class RunFactsOut(serializers.Serializer[Any]):
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    fps = serializers.FloatField()
    bitrate = serializers.IntegerField(help_text="Bits per second.")
    video_codec = serializers.CharField(allow_blank=True)
    audio_codec = serializers.CharField(allow_blank=True)
    keyframe_gap = serializers.FloatField(help_text="Seconds.")
    speed = serializers.FloatField(help_text="1 is real time.")
    renditions = serializers.ListField(child=serializers.DictField())
    at = serializers.DateTimeField()


class IngestOut(serializers.Serializer[Any]):
    bits_per_second = serializers.IntegerField()
    connected_seconds = serializers.IntegerField()
    dropped = serializers.IntegerField(help_text="Frames that the ingest had to drop.")


class SignalOut(serializers.Serializer[Any]):
    connected = serializers.BooleanField()
    picture = serializers.BooleanField()
    words = serializers.ListField(child=serializers.CharField(), help_text="For the instructor, to read.")
    facts = RunFactsOut(allow_null=True)
    ingest = IngestOut(allow_null=True)


class MomentOut(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    kind = serializers.CharField(help_text="Stable; `words` are for people.")
    words = serializers.CharField()


CREATED = envelope("StreamCreated", streaming_session=KeyedOut(), stream_config=ConfigOut())
DETAIL = envelope("StreamReply", streaming_session=StreamOut(), stream_config=ConfigOut())
JOINED = envelope(
    "StreamJoined",
    stream_urls=UrlsOut(),
    stream_info=StreamInfoOut(),
    expires_at=serializers.DateTimeField(help_text="Renew before."),
)
LEFT = envelope("StreamLeft")
STATE = envelope("StreamStateReply", stream=StreamStateOut(), viewer_count=serializers.IntegerField())
SIGNAL = envelope("StreamSignal", signal=SignalOut())
TAKEOVER = envelope("StreamTakeOver", until=serializers.DateTimeField(help_text="For one connection."))
EVENTS = envelope("StreamEvents", events=MomentOut(many=True))
TOKEN = envelope(
    "StreamToken",
    token=serializers.CharField(),
    role=serializers.ChoiceField(choices=Role.values),
    room_id=serializers.CharField(),
    expires_at=serializers.DateTimeField(),
    chat_url=serializers.CharField(),
    webrtc_url=serializers.CharField(),
)
