"""Where the code is and where all state lives."""

from pathlib import Path

from fitfriends.core import env

BASE_DIR = Path(__file__).resolve().parents[2]
STATE_DIR = Path(env.text("STATE_DIR", str(BASE_DIR / "var"), meaning="Folder that holds all state."))
