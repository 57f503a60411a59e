"""The demo: embedded defaults and credentials that exist nowhere else."""

import os

os.environ.setdefault("SECRET_KEY", "demo-only-secret-key")
os.environ.setdefault("STREAM_KEY_SECRET", "demo-only-stream-key-secret")
os.environ.setdefault("HOOK_SECRET", "demo-only-hook-secret")
os.environ.setdefault("TURN_SERVER_SECRET", "demo-only-turn-secret")
os.environ.setdefault("SFU_SECRET", "demo-only-sfu-secret")

from fitfriends.settings.base import *

# One machine may bring up many pages and scripts at once: the demo is not a place to be throttled.
THROTTLE_RATES.update({"person": "6000/min", "address": "6000/min", "upload-test": "600/min"})
INSTALLED_APPS += ["fitfriends.demo"]
DEMO_PASSWORD = "move-with-us-2026"
