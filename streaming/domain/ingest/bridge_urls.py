"""From a WebRTC publisher to the RTMP ingest, and from there to WebRTC viewers: the addresses, which stay inside.

A bridge publishes with the class's key like any encoder, so it meets the same door, states, packager and recording.
"""

from django.conf import settings
from django.db import transaction

from accounts.models import User
from media_worker.models import TranscodeRun
from streaming.domain.ingest import keys
from streaming.models import Stream, StreamKey


def push_url(stream: Stream, *, publisher: User) -> str:
    """Where the bridge publishes in her name: holds the key, and never leaves our processes. Not on record.

    A class that was given to another instructor gets a new key here, as when she looks at it. The caller checks
    access.may_see_key.
    """
    with transaction.atomic():
        key = StreamKey.objects.select_for_update().get(stream=stream)
        plain = keys.rotate(stream, actor=publisher) if key.holder_id != publisher.pk else keys.read(key)
    return f"{settings.RTMP_PULL_URL}/{plain}?bridged=1"


def pull_url(stream: Stream) -> str:
    """Where an encoder's signal may be pulled from; empty when none is connected."""
    if not stream.ingest_client_id or stream.ingest_bridged:
        return ""
    return f"{settings.RTMP_PULL_URL}/{stream.ingest_name}"


def may_copy(stream: Stream) -> bool | None:
    """Whether WebRTC takes the encoder's picture as it is: H.264 without B-frames. None: not known yet."""
    run = (
        TranscodeRun.objects.filter(ref=stream.room_id, client_id=stream.ingest_client_id)
        .order_by("-pk")
        .only("b_frames", "video_codec")
        .first()
    )
    if run is None or not run.video_codec:
        return None
    if run.video_codec.upper() != "H264":
        return False
    return None if run.b_frames is None else not run.b_frames
