"""Seconds of a moving picture with sound, made by the real ffmpeg, and what ffprobe says about the outcome."""

import hashlib
import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict

from media_worker.layout import PLAYLIST, TOKEN_PLACE, RoomLayout
from media_worker.packager import ended_rooms
from media_worker.packager.journal import Journal
from tests import sharing


class Packet(TypedDict):
    pts_time: str
    size: str
    flags: str


def make(
    path: Path,
    *,
    seconds: int,
    size: str = "640x360",
    rate: str = "30",
    gop: int = 60,
    audio: str = "aac",
    video: str = "libx264",
    sound_late: float = 0,
    b_frames: int = 2,
    tone: float | None = None,
    words: tuple[str, ...] = (),
) -> Path:
    """`sound_late` shifts the sound against the picture, in seconds; `words` go to the encoder.

    `tone` is the amplitude of the sound, 1 as far as it goes; without it, it is 1/8. Several tests' clip is encoded
    once a run.
    """
    heard = "sine=f=440:r=48000"
    if tone is not None:
        one = f"clip({tone}*sin(2*PI*440*t)\\,-1\\,1)"
        heard = f"aevalsrc={one}|{one}:s=48000"
    sound = ["-itsoffset", str(sound_late), "-f", "lavfi", "-i", heard] if audio else []
    exact = ("-preset", "ultrafast", "-bf", str(b_frames), "-keyint_min", str(gop), "-sc_threshold", "0")
    command = [
        *("ffmpeg", "-hide_banner", "-loglevel", "error", "-y"),
        *("-f", "lavfi", "-i", f"testsrc2=s={size}:r={rate},format=yuv420p", *sound, "-t", str(seconds)),
        *("-c:v", video, "-b:v", "1M", "-g", str(gop)),
        *(exact if video == "libx264" else ()),
        *words,
        *(("-c:a", audio, "-ac", "2") if audio else ()),
    ]
    name = f"{hashlib.sha256(repr(command).encode()).hexdigest()}{path.suffix}"
    return sharing.once(name, lambda made: subprocess.run([*command, str(made)], check=True, timeout=170), path)


def sound_of(clip: Path) -> Path:
    """The same without a picture."""
    path = clip.with_name("sound.m4a")
    command = ["ffmpeg", "-v", "error", "-i", str(clip), "-vn", "-c", "copy", str(path)]
    subprocess.run(command, check=True, timeout=170)
    return path


def joined(target: Path, *clips: Path) -> Path:
    """One after the other without a new encode, as a source that changes."""
    plan = target.with_suffix(".txt")
    plan.write_text("".join(f"file '{clip}'\n" for clip in clips))
    command = [
        "ffmpeg",
        "-v",
        "error",
        "-y",
        "-f",
        "concat",
        "-safe",
        "0",
        "-i",
        str(plan),
        "-c",
        "copy",
        str(target),
    ]
    subprocess.run(command, check=True, timeout=170)
    return target


def keyframes(found: list[Packet]) -> list[float]:
    return [round(float(item["pts_time"]), 3) for item in found if item["flags"].startswith("K")]


def playable_copy(layout: RoomLayout, target: Path) -> Path:
    """The room as a player gets it after the class: the token's place filled, here with nothing."""
    ended_rooms.finalize(layout, at=datetime.now(UTC), window=3600)
    shutil.copytree(layout.folder, target)
    multivariant = target / PLAYLIST
    multivariant.write_text(multivariant.read_text().replace(f"{TOKEN_PLACE}/", ""))
    return multivariant


def packets(playlist: Path, stream: str = "v:0") -> list[Packet]:
    """Every packet that a player would get, in order."""
    command = [
        *("ffprobe", "-v", "error", "-select_streams", stream),
        *("-show_entries", "packet=pts_time,size,flags", "-of", "json", str(playlist)),
    ]
    output = subprocess.run(command, check=True, capture_output=True, timeout=170).stdout
    found: list[Packet] = json.loads(output)["packets"]
    return found


def decoded_frames(playlist: Path, stream: str = "v:0") -> tuple[int, str]:
    """How many frames decode, and what the decoder complained about."""
    command = [
        *("ffprobe", "-v", "warning", "-select_streams", stream, "-count_frames"),
        *("-show_entries", "stream=nb_read_frames", "-of", "csv=p=0", str(playlist)),
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=170)
    return int(done.stdout.strip().splitlines()[0].strip(",")), done.stderr


def decoded_run(layout: RoomLayout, past: Journal, rendition: str, *, run: int) -> tuple[int, str]:
    """The same for one run's files in a row: ffprobe keeps the first run's header for all that follow."""
    path = layout.rendition(rendition) / f"whole-{run}.mp4"
    segments = [layout.segment(rendition, line.msn) for line in past.segments if line.run == run]
    path.write_bytes(b"".join(part.read_bytes() for part in (layout.init(rendition, run), *segments)))
    return decoded_frames(path)


def spliced(target: Path, first: Path, second: Path, *, at: float) -> Path:
    """Two FLV files as one broadcast: the second's headers and pictures follow, beginning at this second."""
    head, tags = _flv(first)
    shift = round(at * 1000)
    rest = b"".join(_moved(tag, shift) for tag in _flv(second)[1])
    target.write_bytes(head + b"".join(tags) + rest)
    return target


def _flv(path: Path) -> tuple[bytes, list[bytes]]:
    """Header and tags, each with the four bytes that repeat its length. Its end-of-sequence tag is left out."""
    data = path.read_bytes()
    tags, place = [], 13
    while place < len(data):
        end = place + 11 + int.from_bytes(data[place + 1 : place + 4]) + 4
        if not (data[place] == 9 and data[place + 12] == 2):
            tags.append(data[place:end])
        place = end
    return data[:13], tags


def _moved(tag: bytes, milliseconds: int) -> bytes:
    at = int.from_bytes(tag[7:8] + tag[4:7]) + milliseconds
    raw = at.to_bytes(4)
    return tag[:4] + raw[1:] + raw[:1] + tag[8:]
