"""The ffmpeg command lines of both bridges. Pure: a job in, a list out."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from media_worker import ladder
from media_worker.sfu.janus.videoroom import FeedStream
from media_worker.sfu.rtp.payloads import VideoFormat
from media_worker.sfu.rtp.sockets import HOST

# Nothing larger is encoded anew: it would cost the host more than a core.
_LARGEST = ladder.LARGEST_ENCODE
_KEEP_ASPECT = ":force_original_aspect_ratio=decrease:force_divisible_by=2"
_SLATE = "color=c=0x0f172a:s=640x360:r=15"
_SDP_MAPS = {
    "opus": "opus/48000/2",
    "h264": "H264/90000",
    "vp8": "VP8/90000",
}


@dataclass(frozen=True, slots=True)
class PushJob:
    """From RTP ports to the RTMP address `url`.

    `ports` are by kind, each with its RTCP port next to it. Without "video" a still picture is sent. `copy` passes
    H.264 on as it is; otherwise the video is encoded at a fixed size.
    """

    ffmpeg: str
    streams: Sequence[FeedStream]
    ports: Mapping[str, int]
    video_format: VideoFormat | None
    copy: bool
    url: str


@dataclass(frozen=True, slots=True)
class PullJob:
    """From the RTMP address `url` to RTP ports of the loopback interface, with these payload types."""

    ffmpeg: str
    url: str
    audio_port: int
    video_port: int
    audio_type: int
    video_type: int
    copy: bool


def push(job: PushJob) -> list[str]:
    return [
        *_quiet(job.ffmpeg),
        *_rtp_input(job),
        *([] if "video" in job.ports else _slate_input()),
        *_video(job),
        *_audio(job),
        # Sound or picture that stays away must not hold the other back for the default ten seconds.
        *("-max_interleave_delta", "500000", "-flush_packets", "1"),
        *("-flvflags", "no_duration_filesize", "-f", "flv", job.url),
    ]


def describe(job: PushJob) -> str:
    """The session description (RFC 8866) that ffmpeg receives by, with the picture's parameter sets."""
    lines = ["v=0", "o=- 0 0 IN IP4 127.0.0.1", "s=-", f"c=IN IP4 {HOST}", "t=0 0"]
    for stream in job.streams:
        if stream.kind not in job.ports:
            continue
        lines.append(f"m={stream.kind} {job.ports[stream.kind]} RTP/AVP {stream.pt}")
        lines.append(f"a=rtpmap:{stream.pt} {_SDP_MAPS[stream.codec]}")
        if stream.codec == "h264" and job.video_format:
            sets = ",".join(base64.b64encode(unit).decode() for unit in (job.video_format.sps, job.video_format.pps))
            level = job.video_format.sps[1:4].hex()
            words = f"packetization-mode=1;profile-level-id={level};sprop-parameter-sets={sets}"
            lines.append(f"a=fmtp:{stream.pt} {words}")
        elif stream.codec == "opus":
            lines.append(f"a=fmtp:{stream.pt} sprop-stereo=1")
    return "\r\n".join([*lines, ""])


def pull(job: PullJob) -> list[str]:
    return [
        *_quiet(job.ffmpeg),
        # Never add nobuffer: it throws the first keyframe away.
        *("-fflags", "+genpts", "-flags", "low_delay", "-probesize", "1000000", "-analyzeduration", "1000000"),
        # The frame rate is nobody's business here; guessing it holds frames back.
        *("-fpsprobesize", "0"),
        *("-rtmp_buffer", "100", "-tcp_nodelay", "1", "-rtmp_live", "live", "-threads", "1", "-i", job.url),
        *("-map", "0:v:0", *(_copied_rtp() if job.copy else _encoded_rtp())),
        *_rtp_output(job.video_port, job.video_type),
        *("-map", "0:a:0?", "-c:a", "libopus", "-b:a", "96k", "-ar", "48000", "-ac", "2"),
        # No look ahead, and frames as browsers send them.
        *("-application", "lowdelay", "-frame_duration", "20"),
        *_rtp_output(job.audio_port, job.audio_type),
    ]


def _quiet(ffmpeg: str) -> list[str]:
    return [
        *(ffmpeg, "-hide_banner", "-nostdin"),
        # Warnings are kept in a ring: they are the only witness when something breaks.
        *("-loglevel", "warning", "-nostats", "-stats_period", "0.5", "-progress", "pipe:1"),
    ]


def _rtp_input(job: PushJob) -> list[str]:
    description = base64.b64encode(describe(job).encode()).decode()
    return [
        *("-protocol_whitelist", "data,rtp,udp", "-f", "sdp"),
        # On this machine only, and in a socket that holds a keyframe.
        *("-localaddr", HOST, "-buffer_size", "4194304"),
        # What Janus asks the publisher to send again comes late; after 0.2 s it is lost.
        *("-reorder_queue_size", "500", "-max_delay", "200000"),
        *("-fflags", "+genpts", "-probesize", "1000000", "-analyzeduration", "2000000", "-fpsprobesize", "0"),
        *("-threads", "1", "-i", f"data:application/sdp;base64,{description}"),
    ]


def _slate_input() -> list[str]:
    return ["-re", "-f", "lavfi", "-i", _SLATE]


def _video(job: PushJob) -> list[str]:
    if "video" not in job.ports:
        still = ("-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p")
        return ["-map", "1:v:0", *still, "-g", str(15 * ladder.SEGMENT_SECONDS), "-b:v", "100k"]
    if job.copy:
        return ["-map", "0:v:0", "-c:v", "copy"]
    width, height = fitted(job.video_format)
    return [
        *("-map", "0:v:0"),
        # The encoder keeps its size whatever comes: a browser sends fewer pixels over a poor line.
        *("-vf", f"scale={width}:{height}:force_original_aspect_ratio=decrease,pad={width}:{height}:-1:-1,setsar=1"),
        *_encoder(),
    ]


def _encoder() -> list[str]:
    return [
        *("-c:v", "libx264", "-preset", "superfast", "-tune", "zerolatency", "-pix_fmt", "yuv420p"),
        *("-b:v", "2500k", "-maxrate", "2500k", "-bufsize", "2500k"),
        # By time, not by frames: browsers send as many frames as they can.
        *("-g", "600", "-sc_threshold", "0", "-force_key_frames", f"expr:gte(t,n_forced*{ladder.SEGMENT_SECONDS})"),
        # Two frames of one moment are one frame: the source's clock, nothing invented.
        *("-fps_mode", "passthrough"),
    ]


def fitted(video_format: VideoFormat | None) -> tuple[int, int]:
    """The size to encode at: even, within the largest live encode or that turned, 640x360 where it is unknown."""
    if video_format is None or not video_format.width or not video_format.height:
        return 640, 360
    widest, highest = _LARGEST.long_side, _LARGEST.short_side
    if video_format.width < video_format.height:
        widest, highest = highest, widest
    share = min(1.0, widest / video_format.width, highest / video_format.height)
    return max(2, round(video_format.width * share / 2) * 2), max(2, round(video_format.height * share / 2) * 2)


def _audio(job: PushJob) -> list[str]:
    if "audio" not in job.ports:
        return []
    return [
        *("-map", "0:a:0", "-c:a", "aac", "-b:a", "128k", "-ar", "48000", "-ac", "2"),
        # What was lost is filled with silence: else all sound after it would come early.
        *("-af", "aresample=async=1:first_pts=0"),
    ]


def _copied_rtp() -> list[str]:
    # Parameter sets before each keyframe: a viewer comes at any time.
    return ["-c:v", "copy", "-bsf:v", "h264_mp4toannexb"]


def _encoded_rtp() -> list[str]:
    return [
        *(
            "-vf",
            f"scale='min({_LARGEST.long_side},iw)':'min({_LARGEST.short_side},ih)'" + _KEEP_ASPECT,
        ),
        *_encoder(),
        *("-profile:v", "baseline", "-bf", "0", "-bsf:v", "dump_extra=freq=keyframe"),
    ]


def _rtp_output(port: int, payload_type: int) -> list[str]:
    return ["-f", "rtp", "-payload_type", str(payload_type), f"rtp://{HOST}:{port}?rtcpport={port}&pkt_size=1200"]
