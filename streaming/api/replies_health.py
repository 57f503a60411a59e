"""What the health of a signal looks like, for the schema; render_health.py writes the same keys."""

from typing import Any

from rest_framework import serializers

from fitfriends.core.schema import envelope
from streaming.domain.signal.diagnosis import Severity


def _bits(words: str = "") -> serializers.IntegerField:
    return serializers.IntegerField(help_text=f"Bits per second. {words}".strip())


def _dbfs(words: str) -> serializers.FloatField:
    return serializers.FloatField(allow_null=True, help_text=f"{words}, dBFS; null while unknown.")


class FindingOut(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="Stable, for programs: `frames:dropped`, `sound:silent`, ...")
    severity = serializers.ChoiceField(choices=[severity.value for severity in Severity])
    message = serializers.CharField()
    cure = serializers.CharField(allow_blank=True, help_text="What to do about it.")


class HealthNowOut(serializers.Serializer[Any]):
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    fps = serializers.FloatField(help_text="Measured.")
    video_codec = serializers.CharField(allow_blank=True)
    profile = serializers.CharField(allow_blank=True, help_text="Profile and level: `High 3.1`.")
    interlaced = serializers.BooleanField(allow_null=True)
    b_frames = serializers.BooleanField(allow_null=True, help_text="Null until enough was seen.")
    bitrate = _bits("Of the picture.")
    bitrate_low = _bits("The least of the last half minute.")
    bitrate_high = _bits("The most of the last half minute.")
    ingest_bitrate = _bits("Everything, as the ingest counts it over ten seconds.")
    keyframe_gap = serializers.FloatField(help_text="Seconds between the last two keyframes.")
    keyframe_longest = serializers.FloatField(help_text="The longest of the last minute.")
    lost = serializers.IntegerField(help_text="Frames that the source left out since this run began.")
    missing = serializers.FloatField(help_text="Share of such frames in the last minute.")
    uneven = serializers.FloatField(help_text="Share of frames that come unevenly.")
    duplicated = serializers.IntegerField(help_text="Frames that we showed twice.")
    dropped = serializers.IntegerField(help_text="Frames that we left out.")
    stutter = serializers.FloatField(help_text="Seconds that the picture fell behind within half a minute.")
    speed = serializers.FloatField(help_text="1 is real time; 0 while unknown.")
    audio_codec = serializers.CharField(allow_blank=True)
    audio_bitrate = _bits()
    audio_channels = serializers.IntegerField()
    audio_rate = serializers.IntegerField(help_text="Samples per second.")
    level = _dbfs("Mean of the last second")
    peak = _dbfs("Highest of the last second")
    silent = serializers.FloatField(help_text="Seconds without any sound.")
    clipped = serializers.IntegerField(help_text="Of the last 30 seconds, those that were too loud.")
    passed_through = serializers.BooleanField(help_text="The top quality is the source's own picture.")
    renditions = serializers.ListField(child=serializers.DictField())
    at = serializers.DateTimeField()


class PointOut(serializers.Serializer[Any]):
    at = serializers.DateTimeField(help_text="Where the step begins.")
    seconds = serializers.FloatField(help_text="How much of it was measured.")
    bitrate = _bits()
    bitrate_low = _bits()
    bitrate_high = _bits()
    audio_bitrate = _bits()
    fps = serializers.FloatField()
    fps_low = serializers.FloatField()
    keyframe_gap = serializers.FloatField(help_text="The longest.")
    speed = serializers.FloatField(help_text="The slowest.")
    stutter = serializers.FloatField()
    lost = serializers.IntegerField()
    duplicated = serializers.IntegerField()
    dropped = serializers.IntegerField()
    jumps = serializers.IntegerField(help_text="How often the source's clock jumped.")
    level = _dbfs("Mean")
    peak = _dbfs("Highest")


class SeriesOut(serializers.Serializer[Any]):
    since = serializers.DateTimeField()
    step = serializers.IntegerField(help_text="Seconds; more than asked for where there would be too many points.")
    points = PointOut(many=True)


class HealthOut(serializers.Serializer[Any]):
    connected = serializers.BooleanField()
    connected_since = serializers.DateTimeField(allow_null=True)
    picture = serializers.BooleanField()
    words = FindingOut(many=True)
    now = HealthNowOut(allow_null=True)
    series = SeriesOut(allow_null=True)


HEALTH = envelope("StreamHealth", health=HealthOut())
