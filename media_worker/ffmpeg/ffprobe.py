"""Asks ffprobe what a source is, where no statistics page says it."""

import json

from media_worker.source import H264, Source, fraction, whole


def command(ffprobe: str, url: str) -> list[str]:
    """For sources without a statistics page. Waits for a keyframe."""
    return [
        *(ffprobe, "-v", "error"),
        *("-probesize", "1000000", "-analyzeduration", "3000000", "-fpsprobesize", "0"),
        *("-show_entries", "stream=codec_type,codec_name,profile,width,height,avg_frame_rate,channels,sample_rate"),
        *("-of", "json", url),
    ]


def parse(output: bytes) -> Source | None:
    try:
        streams = json.loads(output)["streams"]
        nothing: dict[str, object] = {}
        video = next((item for item in streams if item["codec_type"] == "video"), nothing)
        audio = next((item for item in streams if item["codec_type"] == "audio"), nothing)
        codec = str(video.get("codec_name", ""))
        return Source(
            video_codec=H264 if codec == "h264" else codec,
            width=whole(str(video.get("width", ""))),
            height=whole(str(video.get("height", ""))),
            fps=fraction(str(video.get("avg_frame_rate", ""))),
            audio_codec=str(audio.get("codec_name", "")).upper(),
            audio_profile=str(audio.get("profile", "")),
            audio_channels=whole(str(audio.get("channels", ""))),
            audio_rate=whole(str(audio.get("sample_rate", "")), digits=6),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
