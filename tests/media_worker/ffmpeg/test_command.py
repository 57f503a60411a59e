"""The command line, word by word: a change here changes every stream."""

from dataclasses import replace
from fractions import Fraction

from media_worker import ladder
from media_worker.enums import Quality
from media_worker.ffmpeg import command

HEAD = (
    "ffmpeg -hide_banner -nostdin -loglevel warning -nostats -stats_period 1 -progress pipe:9 "
    "-fflags +genpts -flags low_delay -probesize 1000000 -analyzeduration 1000000 -fpsprobesize 0 "
    "-rtmp_buffer 100 -tcp_nodelay 1 -rtmp_live live -threads 1 -i rtmp://h/live/x"
)
FRAGMENTS = (
    "-f mp4 -movflags +frag_keyframe+empty_moov+default_base_moof+frag_discont+skip_trailer "
    "-frag_duration {duration} -use_editlist 0 -output_ts_offset 10 -avoid_negative_ts disabled "
    "-flush_packets 1 -muxdelay 0 -max_interleave_delta 500000 pipe:{pipe}"
)
VIDEO = (
    "-map [o{index}] -map 0:a:0? -c:v libx264 -preset superfast -tune zerolatency -profile:v high -pix_fmt yuv420p "
    "-b:v {bitrate} -maxrate {maxrate} -bufsize {bitrate} -g {gop} -keyint_min {gop} -sc_threshold 0 "
    "-force_key_frames expr:eq(n,{first}) -fps_mode passthrough {audio} "
)
TAP = "-map 0:v:0 -c:v copy " + FRAGMENTS.format(duration=500000, pipe=8)


def _job(*, width: int, height: int, fps: Fraction, url: str = "rtmp://h/live/x", copy: bool = True) -> command.Job:
    built = ladder.build(Quality.HD, width=width, height=height, fps=fps)
    pipes = {item.name: 5 + index for index, item in enumerate(built.renditions)}
    return command.Job("ffmpeg", url, built, pipes, source_pipe=8, progress_pipe=9, copy_audio=copy)


def test_hd_source_with_aac() -> None:
    argv = command.build(_job(width=1280, height=720, fps=Fraction(30)))

    graph = (
        "[0:v:0]fps=30/1,split=2[s0][s1];[s0]scale=1280:720:flags=bilinear,setsar=1[o0];"
        "[s1]scale=854:480:flags=bilinear,setsar=1[o1]"
    )
    high = VIDEO.format(index=0, bitrate=3000000, maxrate=3210000, gop=60, first=30, audio="-c:a copy")
    low = VIDEO.format(index=1, bitrate=1300000, maxrate=1391000, gop=60, first=30, audio="-c:a copy")
    assert argv == [
        *HEAD.split(),
        *("-filter_complex", graph),
        *(high + FRAGMENTS.format(duration=198000, pipe=5)).split(),
        *(low + FRAGMENTS.format(duration=198000, pipe=6)).split(),
        *TAP.split(),
    ]


def test_small_source_with_other_sound() -> None:
    argv = command.build(_job(width=640, height=360, fps=Fraction(24), copy=False))

    video = VIDEO.format(
        index=0, bitrate=974619, maxrate=1042842, gop=48, first=24, audio="-c:a aac -b:a 128k -ac 2 -ar 48000"
    )
    assert argv == [
        *HEAD.split(),
        *("-filter_complex", "[0:v:0]fps=24/1,split=1[s0];[s0]scale=640:360:flags=bilinear,setsar=1[o0]"),
        *(video + FRAGMENTS.format(duration=206333, pipe=5)).split(),
        *TAP.split(),
    ]


def test_hd_source_passed_through() -> None:
    built = ladder.passing(Quality.HD, width=1280, height=720, fps=Fraction(30))
    assert built is not None
    pipes = {"720p": 5, "480p": 6}
    argv = command.build(command.Job("ffmpeg", "rtmp://h/live/x", built, pipes, 8, 9, copy_audio=True))

    graph = "[0:v:0]split=1[s1];[s1]scale=854:480:flags=bilinear,setsar=1[o1]"
    high = "-map 0:v:0 -map 0:a:0? -c:v copy -c:a copy "
    low = (
        "-map [o1] -map 0:a:0? -c:v libx264 -preset superfast -tune zerolatency -profile:v high -pix_fmt yuv420p "
        "-b:v 1300000 -maxrate 1391000 -bufsize 1300000 -force_key_frames source -g 600 -keyint_min 600 "
        "-sc_threshold 0 -enc_time_base -1 -x264-params fps=30/1 -fps_mode passthrough -c:a copy "
    )
    assert argv == [
        *HEAD.split(),
        *("-filter_complex", graph),
        *(high + FRAGMENTS.format(duration=198000, pipe=5)).split(),
        *(low + FRAGMENTS.format(duration=198000, pipe=6)).split(),
        *TAP.split(),
    ]


def test_picture_that_passes_alone_is_not_decoded() -> None:
    built = ladder.passing(Quality.UHD, width=3840, height=2160, fps=Fraction(30))
    assert built is not None
    alone = replace(built, renditions=built.renditions[:1])
    argv = command.build(command.Job("ffmpeg", "rtmp://h/live/x", alone, {"2160p": 5}, 8, 9, copy_audio=True))

    assert "-filter_complex" not in argv
    assert "libx264" not in argv


def test_source_that_is_no_rtmp_gets_no_rtmp_options() -> None:
    argv = command.build(_job(width=640, height=360, fps=Fraction(30), url="class.mp4"))

    assert "-re" in argv
    assert not [word for word in argv if word.startswith(("-rtmp", "-tcp"))]


def test_fragment_ends_just_before_a_whole_number_of_frames() -> None:
    for fps in (Fraction(30), Fraction(25), Fraction(24), Fraction(30000, 1001), Fraction(10)):
        built = ladder.build(Quality.HD, width=640, height=360, fps=fps)
        whole = float(built.fragment_frames / fps) * 1_000_000

        assert 1000 < whole - command.fragment_microseconds(built) < 5000
