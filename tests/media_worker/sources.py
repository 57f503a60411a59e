"""Seconds of a moving picture with sound, made by the real ffmpeg, and what ffprobe says about the outcome."""

import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict

from media_worker.layout import PLAYLIST, TOKEN_PLACE, RoomLayout
from media_worker.packager import files


class Packet(TypedDict):
    pts_time: str
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
) -> Path:
    """`sound_late` shifts the sound against the picture, in seconds."""
    sound = ["-itsoffset", str(sound_late), "-f", "lavfi", "-i", "sine=f=440:r=48000"] if audio else []
    exact = ("-preset", "ultrafast", "-bf", "2", "-keyint_min", str(gop), "-sc_threshold", "0")
    command = [
        *("ffmpeg", "-hide_banner", "-loglevel", "error", "-y"),
        *("-f", "lavfi", "-i", f"testsrc2=s={size}:r={rate},format=yuv420p", *sound, "-t", str(seconds)),
        *("-c:v", video, "-b:v", "1M", "-g", str(gop)),
        *(exact if video == "libx264" else ()),
        *(("-c:a", audio, "-ac", "2") if audio else ()),
        str(path),
    ]
    subprocess.run(command, check=True, timeout=60)
    return path


def sound_of(clip: Path) -> Path:
    """The same without a picture."""
    path = clip.with_name("sound.m4a")
    command = ["ffmpeg", "-v", "error", "-i", str(clip), "-vn", "-c", "copy", str(path)]
    subprocess.run(command, check=True, timeout=60)
    return path


def playable_copy(layout: RoomLayout, target: Path) -> Path:
    """The room as a player gets it after the class: the token's place filled, here with nothing."""
    files.finalize(layout, at=datetime.now(UTC), window=1000)
    shutil.copytree(layout.folder, target)
    multivariant = target / PLAYLIST
    multivariant.write_text(multivariant.read_text().replace(f"{TOKEN_PLACE}/", ""))
    return multivariant


def packets(playlist: Path, stream: str = "v:0") -> list[Packet]:
    """Every packet that a player would get, in order."""
    command = [
        *("ffprobe", "-v", "error", "-select_streams", stream),
        *("-show_entries", "packet=pts_time,flags", "-of", "json", str(playlist)),
    ]
    output = subprocess.run(command, check=True, capture_output=True, timeout=60).stdout
    found: list[Packet] = json.loads(output)["packets"]
    return found


def decoded_frames(playlist: Path, stream: str = "v:0") -> tuple[int, str]:
    """How many frames decode, and what the decoder complained about."""
    command = [
        *("ffprobe", "-v", "warning", "-select_streams", stream, "-count_frames"),
        *("-show_entries", "stream=nb_read_frames", "-of", "csv=p=0", str(playlist)),
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    return int(done.stdout.strip().splitlines()[0].strip(",")), done.stderr
