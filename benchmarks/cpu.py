"""What a stream costs: a whole run of ours against bare ffmpeg with the same work into the null muxer.

    var/venv/bin/python -m benchmarks.cpu [--seconds 20] [--rounds 2]

Each case in turn, in real time, on the same clip; core-seconds of every process that takes part (user and system).
Ours is the supervisor with packager, pipes, tap and files; bare ffmpeg does the same work and keeps nothing.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from media_worker import cost, ladder
from media_worker.enums import Quality
from media_worker.ffmpeg import command
from media_worker.ladder import Ladder
from media_worker.layout import RoomLayout
from media_worker.plan import EncoderHistory
from media_worker.process.contract import Limits, RunControl, RunSpec, Tools
from media_worker.process.supervisor import supervise

GOAL = 1.05
SIZE = {"width": 1280, "height": 720}
CASES = ("ladder", "passthrough")


class _Meter:
    """Counts from the moment that the source is known: a clip needs ffprobe for that, a broadcast does not."""

    def __init__(self) -> None:
        self.before = 0.0

    def chosen(self, *_: object) -> None:
        self.before = _used()

    def playable(self) -> None: ...

    def progress(self, _facts: object) -> None: ...


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--seconds", type=int, default=20)
    options.add_argument("--rounds", type=int, default=2)
    options.add_argument("--carry", nargs=2, metavar=("CASE", "CLIP"), help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.carry:
        _carry(asked.carry[0], Path(asked.carry[1]))
        return
    with tempfile.TemporaryDirectory(prefix="ffc-cpu-") as folder:
        clip = _clip(Path(folder) / "clip.flv", asked.seconds)
        found = [_measure(case, clip, asked.seconds, asked.rounds) for case in CASES]
    _show(found)


def _measure(case: str, clip: Path, seconds: int, rounds: int) -> dict[str, float | str | bool]:
    """The cheapest round of each: whatever else the machine does only ever adds."""
    pairs = [(_bare(case, clip), _ours(case, clip)) for _ in range(rounds)]
    bare, ours = (min(values) / seconds for values in zip(*pairs, strict=True))
    guess = cost.of(_ladder(case), **SIZE, fps=30)
    return {
        "case": case,
        "bare_cores": round(bare, 3),
        "ours_cores": round(ours, 3),
        "ratio": round(ours / bare, 3),
        "reckoned_cores": guess,
        "goal": GOAL,
        "reached": ours / bare <= GOAL,
    }


def _ours(case: str, clip: Path) -> float:
    """In a process of its own, which counts what it and its ffmpeg used, without its own start."""
    argv = [sys.executable, "-m", "benchmarks.cpu", "--carry", case, str(clip)]
    done = subprocess.run(argv, check=True, capture_output=True, text=True)
    return float(done.stdout)


def _carry(case: str, clip: Path) -> None:
    history = EncoderHistory(1280, 720, Fraction(30), copy_audio=True, safe=case == "passthrough")
    with tempfile.TemporaryDirectory(prefix="ffc-cpu-hls-") as folder:
        layout = RoomLayout(Path(folder), "room-benchmark")
        spec = RunSpec(1, layout, str(clip), Quality.HD, 600, Tools(), Limits(), history=history)
        meter = _Meter()
        supervise(spec, events=meter, control=lambda: RunControl.CONTINUE)
        sys.stdout.write(f"{_used() - meter.before}\n")


def _used() -> float:
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _bare(case: str, clip: Path) -> float:
    with subprocess.Popen(_into_nothing(case, clip), stdin=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"bare ffmpeg failed with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def _into_nothing(case: str, clip: Path) -> list[str]:
    """Our own command line, with the null muxer instead of fragments and without tap and progress."""
    chosen = _ladder(case)
    pipes = {item.name: 100 + index for index, item in enumerate(chosen.renditions)}
    words = command.build(command.Job("ffmpeg", str(clip), chosen, pipes, 200, 201, copy_audio=True))
    del words[words.index("-progress") : words.index("-progress") + 2]
    outputs: list[str] = []
    while "-f" in words:
        at = words.index("-f")
        end = next(index for index in range(at, len(words)) if words[index].startswith("pipe:"))
        outputs += [*words[:at], "-f", "null", "-"]
        last, words = words[end], words[end + 1 :]
        if last == f"pipe:{pipes[chosen.renditions[-1].name]}":
            break  # what follows is the copy of the source
    return outputs


def _ladder(case: str) -> Ladder:
    passing = ladder.passing(Quality.HD, **SIZE, fps=Fraction(30))
    if case == "passthrough" and passing is not None:
        return passing
    return replace(ladder.build(Quality.HD, **SIZE, fps=Fraction(30)))


def _clip(path: Path, seconds: int) -> Path:
    """A moving synthetic picture with some noise, 720p30 at 2.5 Mbit/s, a keyframe every 2 s, AAC."""
    picture = "testsrc2=s=1280x720:r=30,noise=alls=6:allf=t,format=yuv420p"
    command_line = [
        *("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", "sine=f=440:r=48000"),
        *("-t", str(seconds), "-c:v", "libx264", "-preset", "veryfast", "-b:v", "2500k", "-maxrate", "2500k"),
        *("-bufsize", "2500k", "-g", "60", "-keyint_min", "60", "-sc_threshold", "0", "-c:a", "aac", "-ac", "2"),
        str(path),
    ]
    subprocess.run(command_line, check=True)
    return path


def _show(found: list[dict[str, float | str | bool]]) -> None:
    print(f"{'case':<12} {'bare':>7} {'ours':>7} {'ratio':>7} {'reckoned':>9}   goal <= {GOAL}")
    for row in found:
        print(
            f"{row['case']:<12} {row['bare_cores']:>7} {row['ours_cores']:>7} {row['ratio']:>7} "
            f"{row['reckoned_cores']:>9}   {'reached' if row['reached'] else 'missed'}"
        )
    print(json.dumps({"benchmark": "cpu", "cores": os.cpu_count(), "results": found}))


if __name__ == "__main__":
    main()
