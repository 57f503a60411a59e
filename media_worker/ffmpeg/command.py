"""The ffmpeg command line of a run. Pure: a job in, a list out."""

from collections.abc import Mapping
from dataclasses import dataclass

from media_worker.ladder import Ladder, Rendition

# All outputs start at this second, so that AAC priming before zero does not make each shift by itself.
TIME_OFFSET = 10
# The question mark: a source without sound is fine.
_AUDIO_MAP = ("-map", "0:a:0?")


@dataclass(frozen=True, slots=True)
class Job:
    """What to run. `pipes` maps a rendition's name to the file descriptor of its fragments."""

    ffmpeg: str
    source_url: str
    ladder: Ladder
    pipes: Mapping[str, int]
    source_pipe: int
    progress_pipe: int
    copy_audio: bool
    decode_threads: int = 1
    # Takes the loudness once a second. Only for a source that has audio: ffmpeg refuses it otherwise.
    loudness_pipe: int | None = None


def build(job: Job) -> list[str]:
    return [
        job.ffmpeg,
        *_quiet(job),
        *_input(job.source_url, job.decode_threads),
        *_filters(job.ladder),
        *(word for index, item in enumerate(job.ladder.renditions) for word in _output(job, index, item)),
        *_source_copy(job),
        *_loudness(job),
    ]


def _quiet(job: Job) -> list[str]:
    return [
        *("-hide_banner", "-nostdin"),
        # Warnings are kept in a ring: they are the only witness when something breaks.
        *("-loglevel", "warning"),
        *("-nostats", "-stats_period", "1"),
        *("-progress", f"pipe:{job.progress_pipe}"),
    ]


def _input(url: str, threads: int) -> list[str]:
    return [
        # Timestamps that a source leaves out are filled in. Never add nobuffer: it throws the first keyframe away.
        *("-fflags", "+genpts"),
        *("-flags", "low_delay"),
        # Returns as soon as both streams are seen; a source that declares sound and sends none costs this second.
        *("-probesize", "1000000", "-analyzeduration", "1000000"),
        # The frame rate is declared by us; without this ffmpeg holds frames back to guess it.
        *("-fpsprobesize", "0"),
        *_transport(url),
        # Frame-threaded decoding holds frames back: more than one only for a picture that one cannot decode in time.
        *("-threads", str(threads)),
        *("-i", url),
    ]


def _transport(url: str) -> list[str]:
    """Options that only the RTMP reader knows; on another input ffmpeg refuses them."""
    if not url.startswith(("rtmp://", "rtmps://")):
        return ["-re"]
    return [
        # The server's answer in milliseconds; the default asks for three seconds of buffer.
        *("-rtmp_buffer", "100"),
        # The handshake is a dozen small packets: without this it costs 150 ms more.
        *("-tcp_nodelay", "1"),
        *("-rtmp_live", "live"),
    ]


def _filters(ladder: Ladder) -> list[str]:
    """One decode, then a branch per encoded rendition: frame n is the same moment in all of them."""
    encoded = [(index, item) for index, item in enumerate(ladder.renditions) if not item.copied]
    if not encoded:
        return []
    # Beside a copy every frame of the source keeps its place; otherwise one constant rate is made for all.
    rate = "" if ladder.copied else f"fps={_ratio(ladder)},"
    graph = [f"[0:v:0]{rate}split={len(encoded)}" + "".join(f"[s{index}]" for index, _ in encoded)]
    for index, item in encoded:
        # Scaled even at the source's own size: a source that changes its size must not change the output's.
        graph.append(f"[s{index}]scale={item.width}:{item.height}:flags=bilinear,setsar=1[o{index}]")
    return ["-filter_complex", ";".join(graph)]


def _ratio(ladder: Ladder) -> str:
    return f"{ladder.fps.numerator}/{ladder.fps.denominator}"


def _output(job: Job, index: int, item: Rendition) -> list[str]:
    return [
        *(_copied_video() if item.copied else _encoded_video(job.ladder, index, item)),
        *_audio(job),
        *_fragments(fragment_microseconds(job.ladder)),
        f"pipe:{job.pipes[item.name]}",
    ]


def _copied_video() -> list[str]:
    return [*("-map", "0:v:0"), *_AUDIO_MAP, *("-c:v", "copy")]


def _encoded_video(ladder: Ladder, index: int, item: Rendition) -> list[str]:
    return [
        *("-map", f"[o{index}]"),
        *_AUDIO_MAP,
        *("-c:v", "libx264", "-preset", "superfast"),
        # No lookahead and no B-frames: each would hold frames back.
        *("-tune", "zerolatency"),
        *("-profile:v", "high", "-pix_fmt", "yuv420p"),
        *("-b:v", str(item.bitrate), "-maxrate", str(item.maxrate), "-bufsize", str(item.bufsize)),
        *(_source_keyframes(ladder) if ladder.copied else _own_keyframes(ladder)),
        # The rate is constant, or the source's; anything else here could drop a frame in one rendition only.
        *("-fps_mode", "passthrough"),
    ]


def _own_keyframes(ladder: Ladder) -> list[str]:
    return [
        # Keyframes at fixed places and nowhere else: segments of all renditions are cut at the same frames.
        *("-g", str(ladder.gop_frames), "-keyint_min", str(ladder.gop_frames), "-sc_threshold", "0"),
        # One more after the first second; the distance counts anew from there.
        *("-force_key_frames", f"expr:eq(n,{ladder.first_frames})"),
    ]


def _source_keyframes(ladder: Ladder) -> list[str]:
    return [
        # Where the copied rendition has its keyframes, and nowhere else.
        *("-force_key_frames", "source", "-g", "600", "-keyint_min", "600", "-sc_threshold", "0"),
        # The source's own clock, to the tick: the same frame has the same time in every rendition.
        *("-enc_time_base", "-1"),
        # That clock says nothing about the frame rate, which the encoder's rate control needs.
        *("-x264-params", f"fps={_ratio(ladder)}"),
    ]


def _audio(job: Job) -> list[str]:
    if job.copy_audio:
        return ["-c:a", "copy"]
    # What is not AAC-LC plays nowhere or costs the browser a decoder.
    return ["-c:a", "aac", "-b:a", "128k", "-ac", "2", "-ar", "48000"]


def fragment_microseconds(ladder: Ladder) -> int:
    """Just below a whole number of frames, so that a picture flushes the fragment before a sound does."""
    return int(ladder.fragment_frames * 1_000_000 / ladder.fps) - 2000


def _fragments(microseconds: int) -> list[str]:
    return [
        *("-f", "mp4"),
        # Fragments begin at keyframes, need no seeking, and carry their own offsets. frag_discont keeps each track's
        # true start: without it both begin at zero, and sound that began earlier stays early for ever.
        *("-movflags", "+frag_keyframe+empty_moov+default_base_moof+frag_discont+skip_trailer"),
        *("-frag_duration", str(microseconds)),
        # An edit list would shift one rendition against another.
        *("-use_editlist", "0"),
        *("-output_ts_offset", str(TIME_OFFSET), "-avoid_negative_ts", "disabled"),
        # A fragment leaves at once.
        *("-flush_packets", "1", "-muxdelay", "0"),
        # A source whose sound stops must not hold the picture back for the default ten seconds.
        *("-max_interleave_delta", "500000"),
    ]


def _source_copy(job: Job) -> list[str]:
    """The source's own video, untouched, for the signal facts: bit rate, frame rate, keyframe distance."""
    return [
        *("-map", "0:v:0", "-c:v", "copy"),
        *_fragments(500_000),
        f"pipe:{job.source_pipe}",
    ]


def _loudness(job: Job) -> list[str]:
    """Decodes the audio and discards it; astats reports once a second how loud it was."""
    if job.loudness_pipe is None:
        return []
    chain = (
        # In frames of 1024 samples, counting costs three times as much.
        "asetnsamples=n=48000:p=0",
        "astats=metadata=1:reset=1:measure_perchannel=none:measure_overall=RMS_level+Peak_level",
        # Without `direct` a line would wait for 32 kB of others, which is minutes.
        rf"ametadata=mode=print:file=pipe\\:{job.loudness_pipe}:direct=1",
    )
    return ["-map", "0:a:0", "-af", ",".join(chain), "-f", "null", "-"]
