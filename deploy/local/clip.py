"""The synthetic class: a minute of moving picture with a running clock and a beep, made once.

Broadcasters copy it without encoding, so it is made as the ingest wants it: H.264 without B-frames, a keyframe
every two seconds, AAC. The last frame leads back to the first.
"""

import subprocess
from pathlib import Path

from deploy.local import programs
from deploy.local.errors import StackError

NAME = "class.flv"
SECONDS = 60
RATE = 30
WIDTH, HEIGHT, DISC = 1280, 720, 140
CORAL, NIGHT, SAND = "0xff7a59", "0x1d1614", "0xf6e9df"
FONTS = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf",
    "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans-Bold.ttf",
    "/usr/share/fonts/TTF/DejaVuSans-Bold.ttf",
)


def make(path: Path) -> None:
    """Write the clip unless it is there already; a half-written one never takes its name."""
    if path.exists():
        return
    partial = path.with_name(f"new-{path.name}")
    argv = [programs.find("ffmpeg"), "-hide_banner", "-nostdin", "-y", "-loglevel", "error", *_sources()]
    argv += ["-filter_complex", _picture(), "-map", "[v]", "-map", "2:a", *_encoding(), str(partial)]
    result = subprocess.run(argv, capture_output=True, text=True, check=False)
    if result.returncode:
        raise StackError(f"ffmpeg could not make the demo clip:\n{result.stderr[-2000:]}")
    partial.replace(path)


def push_command(path: Path, address: str) -> list[str]:
    """Loop the clip to an ingest in real time, without encoding."""
    # fatal: at every lower level ffmpeg writes the address, which holds the key, into its log.
    argv = [programs.find("ffmpeg"), "-hide_banner", "-nostdin", "-loglevel", "fatal", "-re"]
    return [*argv, "-stream_loop", "-1", "-i", str(path), "-c", "copy", "-f", "flv", address]


def _sources() -> list[str]:
    canvas = f"color=c={NIGHT}:size={WIDTH}x{HEIGHT}:rate={RATE}:duration={SECONDS}"
    disc = f"color=c={CORAL}:size={DISC}x{DISC}:rate={RATE}:duration={SECONDS}"
    # A beep of 80 ms at every full second, an octave higher at every tenth.
    beep = r"0.2*sin(2*PI*if(lt(mod(t\,10)\,1)\,1320\,660)*t)*lt(mod(t\,1)\,0.08)"
    sound = f"aevalsrc=exprs={beep}|{beep}:sample_rate=48000:duration={SECONDS}"
    return [word for source in (canvas, disc, sound) for word in ("-f", "lavfi", "-i", source)]


def _picture() -> str:
    """A coral ball that jumps once a second and wanders to and fro over a line, with the clock below."""
    half = DISC // 2
    edge = f"clip({half}-hypot(X-{half},Y-{half}),0,1)"
    round_off = f"format=yuva420p,geq=lum='p(X,Y)':cb='p(X,Y)':cr='p(X,Y)':a='255*{edge}'"
    # Every motion has a period that divides the clip, so the last frame leads back to the first.
    across = f"(W-w)/2+(W/2-w)*sin(2*PI*t/{SECONDS / 10:g})"
    jump = "H*0.60-h-H*0.28*abs(sin(PI*t))"
    floor = f"drawbox=x=0:y=ih*0.60:w=iw:h=4:color={SAND}:t=fill"
    # geq works through every pixel: one picture of the ball is enough, and is shown for the whole minute.
    ball = f"[1:v]trim=end_frame=1,{round_off},loop=loop=-1:size=1,setpts=N/({RATE}*TB)[ball]"
    play = f"[stage][ball]overlay=x='{across}':y='{jump}':shortest=1{_clock()},format=yuv420p[v]"
    return f"{ball};[0:v]{floor}[stage];{play}"


def _clock() -> str:
    font = next((path for path in FONTS if Path(path).exists()), None)
    if font is None:
        return ""
    text = r"00\:%{eif\:mod(t\,60)\:d\:2}"
    return f",drawtext=fontfile={font}:text='{text}':fontsize=128:fontcolor={SAND}:x=(w-text_w)/2:y=h*0.70"


def _encoding() -> list[str]:
    video = ["-c:v", "libx264", "-preset", "veryfast", "-profile:v", "main", "-pix_fmt", "yuv420p", "-bf", "0"]
    video += ["-g", str(2 * RATE), "-keyint_min", str(2 * RATE), "-sc_threshold", "0"]
    video += ["-b:v", "1500k", "-maxrate", "1800k", "-bufsize", "3000k"]
    return [*video, "-c:a", "aac", "-b:a", "96k", "-ar", "48000", "-ac", "2", "-f", "flv"]
