"""Where things are, as the brief spells it."""

from django.conf import settings


def rtmp(key: str) -> str:
    return f"{settings.RTMP_PUBLIC_URL}/{key}"


def hls(room_id: str, token: str = "") -> str:
    return _with_token(f"{settings.STREAMING_CDN_URL}/hls/{room_id}/playlist.m3u8", token)


def webrtc(room_id: str, token: str = "") -> str:
    return _with_token(f"{settings.SIGNALLING_URL}/webrtc/{room_id}", token)


def whip(room_id: str) -> str:
    """For encoders that speak WHIP; the token goes into their own field."""
    return f"{_http(settings.SIGNALLING_URL)}/whip/{room_id}"


def chat(room_id: str, token: str) -> str:
    return _with_token(f"{settings.CHAT_SERVER_URL}/room/{room_id}", token)


def _http(address: str) -> str:
    """The same place by http, or https for wss."""
    return f"http{address.removeprefix('ws')}"


def _with_token(address: str, token: str) -> str:
    """Tokens are spelled for URLs already."""
    return f"{address}?token={token}" if token else address
