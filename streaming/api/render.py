"""Rows and values as the API's JSON."""

from fitfriends.core.frames import plain
from streaming.domain import addresses
from streaming.domain.queries import VisibleStream
from streaming.domain.signal.health import Health
from streaming.domain.signal.timeline import Moment
from streaming.domain.snapshot import state_of

type Json = dict[str, object]


def info(visible: VisibleStream, *, viewer_count: int) -> Json:
    stream = visible.stream
    state = state_of(stream, runs=visible.class_role.runs)
    return {**plain(state), "viewer_count": viewer_count, "max_viewers": stream.max_viewers}


def stream(visible: VisibleStream, *, viewer_count: int, key: str | None = None) -> Json:
    row = visible.stream
    return info(visible, viewer_count=viewer_count) | {
        "group_session_id": row.group_session_id,
        "club_id": row.group_session.club_id,
        "stream_title": row.title,
        "stream_description": row.description,
        "stream_quality": row.quality,
        "created_at": row.created_at.isoformat(),
        "may_run": visible.class_role.runs,
        "stream_key": key,
    }


def keyed(visible: VisibleStream, key: str | None) -> Json:
    return {"id": visible.stream.pk, "stream_key": key, "room_id": visible.stream.room_id}


def config(visible: VisibleStream, key: str | None) -> Json:
    room_id = visible.stream.room_id
    return {
        "rtmp_url": addresses.rtmp(key) if key else None,
        "webrtc_url": addresses.webrtc(room_id),
        "whip_url": addresses.whip(room_id),
        "hls_url": addresses.hls(room_id),
    }


def urls(room_id: str, *, playback: str, room: str) -> Json:
    return {
        "hls_url": addresses.hls(room_id, playback),
        "webrtc_url": addresses.webrtc(room_id, room),
        "chat_url": addresses.chat(room_id, room),
    }


def signal(health: Health) -> Json:
    run, ingest = health.run, health.ingest
    facts = run and {
        "width": run.width,
        "height": run.height,
        "fps": run.fps,
        "bitrate": run.bitrate,
        "video_codec": run.video_codec,
        "audio_codec": run.audio_codec,
        "keyframe_gap": run.keyframe_gap,
        "speed": run.speed,
        "renditions": run.renditions,
        "at": run.facts_at.isoformat() if run.facts_at else None,
    }
    return {
        "connected": health.connected,
        "picture": health.picture,
        "words": health.words,
        "facts": facts if run and run.facts_at else None,
        "ingest": ingest
        and {
            "bits_per_second": ingest.rates.total,
            "connected_seconds": ingest.connected_seconds,
            "dropped": ingest.dropped,
        },
    }


def moment(one: Moment) -> dict[str, object]:
    return {"at": one.at.isoformat(), "kind": one.kind, "words": one.words}
