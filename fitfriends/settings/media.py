"""Settings of streams, of watching them, and of the media workers."""

from fitfriends.core import env
from fitfriends.settings.paths import STATE_DIR

RECONNECT_WINDOW_SECONDS = env.number(
    "RECONNECT_WINDOW_SECONDS", 60, minimum=5, meaning="How long a class is held after the signal stopped."
)
HARD_STOP_MARGIN_MINUTES = env.number(
    "HARD_STOP_MARGIN_MINUTES", 30, meaning="A class ends by itself this long after its scheduled end."
)
SEAT_SILENCE_SECONDS = env.number(
    "SEAT_SILENCE_SECONDS", 45, minimum=5, meaning="A seat that was not heard of for this long is free again."
)
PLACES_PER_PERSON = env.number(
    "PLACES_PER_PERSON", 2, meaning="Devices on which one person may watch a class at once; 0: as many as they like."
)
PLAYBACK_TOKEN_HOURS = env.number("PLAYBACK_TOKEN_HOURS", 4, minimum=1, meaning="Longest life of a playback token.")
ROOM_TOKEN_MINUTES = env.number("ROOM_TOKEN_MINUTES", 15, minimum=1, meaning="Life of a chat or signalling token.")
VERDICT_CACHE_SECONDS = env.number(
    "VERDICT_CACHE_SECONDS", 4, meaning="How long nginx believes that a viewer may watch."
)
VERDICT_STALE_SECONDS = env.number(
    "VERDICT_STALE_SECONDS", 600, meaning="How much longer, while the application cannot be asked."
)
HLS_ROOT = env.text("HLS_ROOT", str(STATE_DIR / "hls"), meaning="Folder of playlists and segments; nginx reads it.")
HLS_PARTS_ROOT = env.text(
    "HLS_PARTS_ROOT", meaning="Folder of the parts of the last seconds, best on tmpfs; empty means HLS_ROOT."
)
HLS_PUSH_URL = env.text(
    "HLS_PUSH_URL", meaning="Where each new playlist is handed to nginx; empty: nginx reads the files."
).rstrip("/")
DVR_WINDOW_MINUTES = env.number(
    "DVR_WINDOW_MINUTES", 10, minimum=1, meaning="How far back a member may rewind; more than 60 makes players slow."
)
RECORDING_RETENTION_DAYS = env.number(
    "RECORDING_RETENTION_DAYS", 7, meaning="How long the files of an ended class are kept."
)
HEALTH_RETENTION_DAYS = env.number(
    "HEALTH_RETENTION_DAYS", 30, meaning="How long the course of an ended class's signal is kept."
)
CHAT_RETENTION_DAYS = env.number(
    "CHAT_RETENTION_DAYS", 180, meaning="How long what was said in an ended class is kept; 0 keeps it."
)
RUN_LEASE_SECONDS = env.number(
    "RUN_LEASE_SECONDS", 6, minimum=2, meaning="A media worker that is silent for this long has lost its stream."
)
NO_VIDEO_SECONDS = env.number(
    "NO_VIDEO_SECONDS", 5, minimum=2, meaning="A broadcaster without usable video is refused after this long."
)
TRANSCODER_PRIORITY = env.number(
    "TRANSCODER_PRIORITY", 5, meaning="How far ffmpeg goes before other processes, 0 to 19, where permitted."
)
MEDIA_WAIT_MINUTES = env.number(
    "MEDIA_WAIT_MINUTES", 10, meaning="How long before and after its start a class's transcoder waits for the signal."
)
MEDIA_WAITING_MOST = env.number(
    "MEDIA_WAITING_MOST", 2, meaning="Transcoders that may wait for a signal at a time; 0 lets none wait."
)
MEDIA_CPU_BUDGET = env.number(
    "MEDIA_CPU_BUDGET", 0, meaning="Cores of a media host that streams may use; 0 means all."
)
FFMPEG_PATH = env.text("FFMPEG_PATH", "ffmpeg", meaning="The ffmpeg program.")
FFPROBE_PATH = env.text("FFPROBE_PATH", "ffprobe", meaning="The ffprobe program, for ingests without statistics.")
