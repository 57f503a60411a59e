"""Where things are, as the brief spells it."""

from django.conf import settings


def rtmp(key: str) -> str:
    return f"{settings.RTMP_PUBLIC_URL}/{key}"


def hls(room_id: str, token: str = "") -> str:
    return _with_token(f"{settings.STREAMING_CDN_URL}/hls/{room_id}/playlist.m3u8", token)


def webrtc(room_id: str, token: str = "") -> str:
    return _with_token(f"{settings.SIGNALLING_URL}/webrtc/{room_id}", token)


def chat(room_id: str, token: str) -> str:
    return _with_token(f"{settings.CHAT_SERVER_URL}/room/{room_id}", token)


def _with_token(address: str, token: str) -> str:
    """Tokens are spelled for URLs already."""
    return f"{address}?token={token}" if token else address
